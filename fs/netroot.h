/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The context-free root (mount -t snfs nfs:// /net): what its files share.
 *
 * A directory below the root is there while somebody uses it, and no longer: the dcache forgets
 * it with its last user. What was learned of a host is in struct snfs_nethost, of which there is
 * a bounded number.
 */
#ifndef _SNFS_NETROOT_H
#define _SNFS_NETROOT_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "netrule.h"
#include "snfs.h"

/* So many hosts are remembered without being used, and so long (seconds). */
#define SNFS_NETHOSTS_MAX	128U
#define SNFS_NETHOST_SECONDS	600

/**
 * struct snfs_netroot - a context-free root (snfs_server.netroot)
 * @sb: its superblock
 * @born: when it was mounted: the time of its directories
 * @opt: its own options. With the common ones (snfs_server.opt) under @opt_lock
 * @opt_lock: held while options are copied or changed
 * @changes: how often options were changed
 * @lock: protects @hosts, @nr_hosts, snfs_nethost.ref reaching one, nodes and used
 * @hosts: struct snfs_nethost, last used first
 * @nr_hosts: how many
 * @forgotten: those that are being asked something yet, and no longer in @hosts; under @lock
 * @forget: frees @forgotten
 */
struct snfs_netroot {
	struct super_block		*sb;
	struct timespec64		born;
	struct snfs_netroot_options	opt;
	struct mutex			opt_lock;	/* see above */
	unsigned int			changes;
	spinlock_t			lock;		/* see above */
	struct list_head		hosts;
	unsigned int			nr_hosts;
	struct list_head		forgotten;
	struct work_struct		forget;
};

/**
 * struct snfs_nethost - what is known of a host
 * @ref: the root's list holds one, and each directory of the host
 * @root: where it is
 * @list: in snfs_netroot.hosts
 * @nodes: its directories that are in use
 * @used: seconds of CLOCK_BOOTTIME when it was last used
 * @busy: held while the host is asked anything, so that each question is asked once. Locking
 *	order: @busy, a directory's i_rwsem, @lock
 * @made: what was last mounted on; to be compared only. @busy is held
 * @made_at: jiffies then
 * @lock: protects what follows
 * @addr: its addresses; none: they are asked for
 * @nr_addrs: number of @addr
 * @asked: seconds when they were
 * @error: why the host is of no use, a negative errno
 * @error_until: seconds until when that is believed
 * @exports: what it exports, shared with the mounts below, or NULL
 * @exports_of: snfs_netroot.changes when @exports was made
 * @refused: paths that it refused
 * @name: its name below the root
 */
struct snfs_nethost {
	refcount_t			ref;
	struct snfs_netroot		*root;
	struct list_head		list;
	struct list_head		nodes;
	time64_t			used;
	struct mutex			busy;		/* see above */
	const struct dentry		*made;
	unsigned long			made_at;
	struct mutex			lock;		/* see above */
	struct sockaddr_storage		addr[SNFS_ADDRESSES_MAX];
	unsigned int			nr_addrs;
	time64_t			asked;
	int				error;
	time64_t			error_until;
	struct snfs_exports		*exports;
	unsigned int			exports_of;
	struct snfs_refusals		refused;
	char				name[];
};

/**
 * struct snfs_netnode - a directory below the root (inode.i_private)
 * @host: its host; held
 * @list: in snfs_nethost.nodes
 * @pass: it is a directory on the way, and nothing to mount
 * @refused: what MNT said, if it was asked
 * @path: below the host, normalised; "/" for the host itself
 */
struct snfs_netnode {
	struct snfs_nethost	*host;
	struct list_head	list;
	bool			pass;
	int			refused;
	char			path[];
};

static inline struct snfs_netroot *SNFS_NETROOT(const struct super_block *sb)
{
	return SNFS_SB(sb)->netroot;
}

static inline struct snfs_netnode *SNFS_NETNODE(const struct inode *inode)
{
	return inode->i_private;
}

/* netroot.c */
struct fs_context *snfs_netroot_context(struct snfs_netroot *root, struct dentry *dentry);
void snfs_netroot_copy_options(struct snfs_netroot *root, struct snfs_options *opt);
void snfs_fc_keep_exports(struct fs_context *fc, struct snfs_exports *exports);

/* netdir.c */
extern const struct inode_operations snfs_netdir_inode_operations;
extern const struct file_operations snfs_netdir_file_operations;
struct inode *snfs_netdir_root(struct super_block *sb);
struct snfs_netnode *snfs_netdir_make(struct dentry *dentry, struct snfs_nethost *host,
				      const char *path);
void snfs_netdir_evict(struct inode *inode);

/* netmount.c */
struct vfsmount *snfs_netroot_automount(struct path *path);

/* nethost.c */
struct snfs_nethost *snfs_nethost_find(struct snfs_netroot *root, const char *name);
struct snfs_nethost *snfs_nethost_get(struct snfs_netroot *root, const char *name);
void snfs_nethost_put(struct snfs_nethost *host);
void snfs_nethost_prune(struct snfs_netroot *root, unsigned int keep);
void snfs_nethost_forget(struct work_struct *work);
bool snfs_nethost_known(struct snfs_nethost *host);
int snfs_nethost_resolve(struct snfs_nethost *host);
int snfs_nethost_use(struct snfs_nethost *host, struct snfs_options *opt);
int snfs_nethost_error(struct snfs_nethost *host, const char *path);
void snfs_nethost_failed(struct snfs_nethost *host, const char *path, int err);
bool snfs_nethost_is_gone(int err);
struct snfs_exports *snfs_nethost_kept(struct snfs_nethost *host);
void snfs_nethost_keep(struct snfs_nethost *host, struct snfs_exports *exports);
struct snfs_export_list *snfs_nethost_exports(struct snfs_nethost *host);
int snfs_nethost_ask_exports(struct snfs_nethost *host, unsigned int age);

/* strlen() of an array without a size, which sparse cannot make out in 7.2 */
static inline size_t snfs_netroot_len(const char *text)
{
	return strlen(text);
}

#endif /* _SNFS_NETROOT_H */
