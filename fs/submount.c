// SPDX-License-Identifier: GPL-2.0
/*
 * File systems below the export: a path walk into one mounts it, and it goes when it is idle
 * (expire.c).
 *
 * The server crosses from one of its file systems to another and says so with another fsid in
 * the attributes. Such a directory (S_AUTOMOUNT) becomes the root of a superblock of its own, so
 * that st_dev, statfs and the numbers of inodes are those of the file system they belong to. It
 * goes over the connections of the mount above it, and MNT is not asked.
 */
#include <linux/dcache.h>
#include <linux/fs_context.h>
#include <linux/jhash.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include "snfs.h"
#include "url.h"

/* Protects snfs_submounts, and snfs_server.submount and .above of what is on it */
static DEFINE_SPINLOCK(snfs_submounts_lock);
static LIST_HEAD(snfs_submounts);

/**
 * snfs_submount_list - from now on, umount -f of what is above ends this one's calls too
 * @server: the server of a file system below an export
 * @above: the one that it was reached from
 */
void snfs_submount_list(struct snfs_server *server, struct snfs_server *above)
{
	spin_lock(&snfs_submounts_lock);
	server->above = above;
	list_add_tail(&server->submount, &snfs_submounts);
	spin_unlock(&snfs_submounts_lock);
}

/**
 * snfs_submount_unlist - a server goes: those below it belong to the one above it
 * @server: any server
 */
void snfs_submount_unlist(struct snfs_server *server)
{
	struct snfs_server *below;

	spin_lock(&snfs_submounts_lock);
	list_del_init(&server->submount);
	list_for_each_entry(below, &snfs_submounts, submount) {
		if (below->above == server)
			below->above = server->above;
	}
	spin_unlock(&snfs_submounts_lock);
}

static bool is_below(const struct snfs_server *server, const struct snfs_server *above)
{
	for (server = server->above; server; server = server->above) {
		if (server == above)
			return true;
	}
	return false;
}

static const struct snfs_server *top_of(const struct snfs_server *server)
{
	while (server->above)
		server = server->above;
	return server;
}

/**
 * snfs_submount_same_top - are two file systems below the same mount?
 * @a: one
 * @b: the other
 *
 * Context: Any; the VFS's sb_lock may be held.
 * Return: whether they are.
 */
bool snfs_submount_same_top(const struct snfs_server *a, const struct snfs_server *b)
{
	bool same;

	spin_lock(&snfs_submounts_lock);
	same = top_of(a) == top_of(b);
	spin_unlock(&snfs_submounts_lock);
	return same;
}

/**
 * snfs_submount_kill - end every operation of the file systems below an export
 * @above: the server of the export
 *
 * They could not be reached by name any more once @above is dead.
 */
void snfs_submount_kill(struct snfs_server *above)
{
	struct snfs_server *server;

	spin_lock(&snfs_submounts_lock);
	list_for_each_entry(server, &snfs_submounts, submount) {
		if (is_below(server, above))
			snfs_server_kill(server);
	}
	spin_unlock(&snfs_submounts_lock);
}

/**
 * snfs_submount_ino - the number of a directory that is a file system's root, seen from above
 * @inode: the directory; S_AUTOMOUNT
 *
 * Roots often have the same number in each file system. Seen from above, where st_dev is that of
 * the mount above, find(1) would take such a directory for the root it began with.
 *
 * Return: a number that belongs to no other object, as far as can be told.
 */
u64 snfs_submount_ino(const struct inode *inode)
{
	const struct snfs_inode *si = SNFS_I(inode);

	return si->fileid ^ (u64)jhash(si->fh.data, si->fh.len, 0) << 32;
}

/* "SERVER:/export" or "/export", and a path below it */
static char *join(const char *top, const char *path)
{
	size_t len = strlen(top);

	while (len && top[len - 1] == '/')
		len--;
	return kasprintf(GFP_KERNEL, "%.*s%s", (int)len, top, path);
}

/* What is below a URL has the name that needs no escapes. */
static char *plain_source(const struct snfs_options *from, const char *path)
{
	bool ipv6 = strchr(from->hostname, ':');
	char *top = kasprintf(GFP_KERNEL, "%s%s%s:%s", ipv6 ? "[" : "", from->hostname,
			      ipv6 ? "]" : "", from->export);
	char *source = top ? join(top, path) : NULL;

	kfree(top);
	return source;
}

static int copy_names(struct snfs_options *opt, const struct snfs_options *from,
		      struct dentry *dentry)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	char *path;

	if (!buf)
		return -ENOMEM;
	path = dentry_path_raw(dentry, buf, PATH_MAX);
	if (IS_ERR(path)) {
		kfree(buf);
		return PTR_ERR(path);
	}
	opt->source = snfs_is_url(from->source) ? plain_source(from, path) :
						  join(from->source, path);
	opt->export = join(from->export, path);
	opt->hostname = kstrdup(from->hostname, GFP_KERNEL);
	opt->mounthost = kstrdup(from->mounthost, GFP_KERNEL);
	kfree(buf);
	if (!opt->source || !opt->export || !opt->hostname || (from->mounthost && !opt->mounthost))
		return -ENOMEM;
	return 0;
}

/* The options of the mount above; names and limits are the file system's own. */
static int copy_options(struct snfs_options *opt, const struct snfs_options *from,
			struct dentry *dentry)
{
	*opt = *from;
	opt->source = NULL;
	opt->export = NULL;
	opt->hostname = NULL;
	opt->mounthost = NULL;
	opt->namlen = 0;
	return copy_names(opt, from, dentry);
}

/*
 * fs_context_operations.get_tree. Network namespace and credential are those of the mount above;
 * the context has those of whoever walked by.
 */
static int submount_get_tree(struct fs_context *fc)
{
	struct dentry *dentry = fc->fs_private;
	struct snfs_server *above = SNFS_SB(dentry->d_sb);
	struct snfs_fattr root_attr;
	struct snfs_server *server;
	u64 root_sent;
	int err;

	server = snfs_server_alloc();
	if (!server)
		return -ENOMEM;
	err = copy_options(&server->opt, &above->opt, dentry);
	if (!err)
		err = snfs_server_clone(server, above, &SNFS_I(d_inode(dentry))->fh, &root_attr,
					&root_sent);
	if (!err) {
		fc->source = kstrdup(server->opt.source, GFP_KERNEL);
		err = fc->source ? 0 : -ENOMEM;
	}
	if (err) {
		snfs_server_free(server);
		return err;
	}
	return snfs_super_of(fc, server, &root_attr, root_sent);
}

static const struct fs_context_operations snfs_submount_context_ops = {
	.get_tree	= submount_get_tree,
};

/**
 * snfs_submount_init_fs_context - begin the mount of a file system below an export
 * @fc: the context
 */
void snfs_submount_init_fs_context(struct fs_context *fc)
{
	fc->ops = &snfs_submount_context_ops;
}

/**
 * snfs_d_automount - dentry_operations.d_automount
 * @path: a directory that is the root of another file system of the server's
 *
 * Context: May sleep, killable.
 * Return: the mount, for the VFS to attach, or an ERR_PTR.
 */
struct vfsmount *snfs_d_automount(struct path *path)
{
	struct super_block *sb = path->dentry->d_sb;
	struct fs_context *fc;
	struct vfsmount *mnt;

	fc = fs_context_for_submount(sb->s_type, path->dentry);
	if (IS_ERR(fc))
		return ERR_CAST(fc);
	fc->fs_private = path->dentry;
	fc->sb_flags |= sb->s_flags & SNFS_SB_MASK;
	fc->sb_flags_mask |= SNFS_SB_MASK;
	mnt = fc_mount(fc);
	put_fs_context(fc);
	if (IS_ERR(mnt))
		return mnt;
	snfs_automount_hold(mnt);
	snfs_expire_when_idle(mnt, SNFS_SB(sb)->opt.idle);
	return mnt;
}
