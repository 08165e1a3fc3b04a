/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nfs:// URLs: taking them apart, and what mount options their arguments are. Pure: no mount
 * context, no network.
 */
#ifndef _SNFS_URL_H
#define _SNFS_URL_H

#include <linux/types.h>

/**
 * struct snfs_url - a URL, taken apart
 * @memory: of the strings
 * @user: what stands before '@', or NULL
 * @host: without brackets; empty: no host, the root of all of them
 * @port: 0: not given
 * @path: begins with one slash
 * @args: arguments that snfs_url_next_arg() has not given yet, not decoded; NULL: none
 */
struct snfs_url {
	char		*memory;
	char		*user;
	char		*host;
	unsigned int	port;
	char		*path;
	char		*args;
};

/* Takes one mount option; @value is NULL for a flag. Returns 0 or a negative errno. */
typedef int (*snfs_url_set_fn)(void *data, const char *key, const char *value);

bool snfs_is_url(const char *source);
int snfs_url_parse(struct snfs_url *url, const char *source, const char **why);
void snfs_url_free(struct snfs_url *url);
int snfs_url_next_arg(struct snfs_url *url, const char **name, const char **value,
		      const char **why);
int snfs_url_option(const char *name, const char *value, snfs_url_set_fn set, void *data,
		    const char **why);

#endif /* _SNFS_URL_H */
