/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A mount or remount under way, for the files that make one: fs_context.c and what helps it.
 */
#ifndef _SNFS_FC_H
#define _SNFS_FC_H

#include <linux/fs_context.h>
#include "netrule.h"
#include "snfs.h"

/**
 * struct snfs_fc - a mount or remount under way
 * @opt: the options
 * @unknown: first option that nobody knows, or NULL
 * @begun: an option was parsed
 * @user: the source is a URL that names a user
 * @kept: messages are kept in the context
 * @net: options of the context-free root
 * @nodename: our host's name, if it is not the caller's, or NULL
 * @exports: what the server exports, if that is kept already, or NULL
 */
struct snfs_fc {
	struct snfs_options	opt;
	char			*unknown;
	bool			begun;
	bool			user;
	bool			kept;
	struct snfs_netroot_options	net;
	const char		*nodename;
	struct snfs_exports	*exports;
};

/* fs_context.c */
extern const struct fs_context_operations snfs_context_ops;

/* fc_url.c */
int snfs_fc_parse_url(struct fs_context *fc, const char *source, bool *user);

/* fc_refuse.c */
int snfs_fc_refuse(struct fs_context *fc, const struct fs_parameter *param, bool negated);

/* netopt.c */
void snfs_netopt_free(struct snfs_netroot_options *opt);
int snfs_netopt_text(struct fs_context *fc, struct snfs_netroot_options *opt,
		     struct fs_parameter *param);
void snfs_netopt_idle(struct fs_context *fc, struct snfs_netroot_options *opt,
		      unsigned int seconds);
void snfs_netopt_show(struct seq_file *m, const struct snfs_netroot_options *opt);

/* netroot.c */
bool snfs_is_netroot(const char *source);
int snfs_netroot_get_tree(struct fs_context *fc, struct snfs_netroot_options *opt);
void snfs_netroot_current(struct snfs_netroot *root, struct snfs_netroot_options *opt);
int snfs_netroot_reconfigure(struct fs_context *fc, struct snfs_netroot_options *new);

#endif /* _SNFS_FC_H */
