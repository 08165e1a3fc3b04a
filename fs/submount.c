// SPDX-License-Identifier: GPL-2.0
/*
 * File systems below the export: a path walk into one mounts it, and it goes when it is idle
 * (expire.c).
 *
 * The server crosses from one of its file systems to another and says so with another fsid in
 * the attributes. Such a directory (S_AUTOMOUNT) becomes the root of a superblock of its own, so
 * that st_dev, statfs and the numbers of inodes are those of the file system they belong to. It
 * goes over the connections of the mount above it, and MNT is not asked.
 *
 * An export that the server does not cross to is mounted in the same way, after MNT was asked for
 * its root (nested.c).
 */
#include <linux/dcache.h>
#include <linux/fs_context.h>
#include <linux/jhash.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include "exports.h"
#include "snfs.h"
#include "url.h"

/* Mounts one below the other at most: a server can make up as many as it likes. */
#define SNFS_SUBMOUNT_DEPTH	32

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

static bool same_handle(const struct snfs_fh *a, const struct snfs_fh *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/**
 * snfs_submount_check_root - may a mount be where it is to be?
 * @server: the mount, its root_fh known
 * @above: the one that it was reached from
 *
 * Return: 0; -ELOOP if its root is that of a mount above it.
 */
int snfs_submount_check_root(const struct snfs_server *server, const struct snfs_server *above)
{
	int err = 0;

	spin_lock(&snfs_submounts_lock);
	for (; above && !err; above = above->above) {
		if (same_handle(&above->root_fh, &server->root_fh))
			err = -ELOOP;
	}
	spin_unlock(&snfs_submounts_lock);
	return err;
}

static bool is_too_deep(const struct snfs_server *above)
{
	unsigned int depth;

	spin_lock(&snfs_submounts_lock);
	for (depth = 1; above; above = above->above)
		depth++;
	spin_unlock(&snfs_submounts_lock);
	return depth > SNFS_SUBMOUNT_DEPTH;
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

/**
 * snfs_submount_stale - the server knows an object no more
 * @inode: the object
 *
 * If it is the root of a mount that was made by walking into it, that is to be made anew: the next
 * walk takes it away.
 */
void snfs_submount_stale(struct inode *inode)
{
	struct snfs_server *server = snfs_server(inode);

	if (!server->below || !same_handle(&SNFS_I(inode)->fh, &server->root_fh))
		return;
	spin_lock(&snfs_submounts_lock);
	if (server->above) {
		server->root_stale = true;
		WRITE_ONCE(server->above->below_stale, true);
	}
	spin_unlock(&snfs_submounts_lock);
}

/* "SERVER:/export" or "/export", and a path below it */
static char *join(const char *top, const char *path)
{
	size_t len = strlen(top);

	while (len && top[len - 1] == '/')
		len--;
	return kasprintf(GFP_KERNEL, "%.*s%s", (int)len, top, path);
}

/**
 * snfs_submount_path - the path of a name, as the server sees it
 * @top: "/export", or "SERVER:/export", of the mount that the name is in
 * @dentry: the name
 *
 * Return: the path, to be freed, or NULL: no memory, or longer than PATH_MAX.
 */
char *snfs_submount_path(const char *top, const struct dentry *dentry)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	char *path, *ret = NULL;

	if (!buf)
		return NULL;
	path = dentry_path_raw((struct dentry *)dentry, buf, PATH_MAX);
	if (!IS_ERR(path))
		ret = join(top, path);
	kfree(buf);
	return ret;
}

/* What is below a URL has the name that needs no escapes. */
static char *plain_source(const struct snfs_options *from, const struct dentry *dentry)
{
	bool ipv6 = strchr(from->hostname, ':');
	char *top = kasprintf(GFP_KERNEL, "%s%s%s:%s", ipv6 ? "[" : "", from->hostname,
			      ipv6 ? "]" : "", from->export);
	char *source = top ? snfs_submount_path(top, dentry) : NULL;

	kfree(top);
	return source;
}

/* The source of what is, or would be, mounted on a name */
static char *source_of(const struct snfs_options *above, const struct dentry *dentry)
{
	return snfs_is_url(above->source) ? plain_source(above, dentry) :
					    snfs_submount_path(above->source, dentry);
}

/**
 * snfs_submount_is_stale - is a mount on a name, and stale?
 * @above: the server of the name
 * @dentry: the name, on which something is mounted
 *
 * Says so once of each mount: it is gone then. What the server exports is asked anew first, as that
 * is likely to have changed.
 *
 * Context: May sleep, killable.
 * Return: whether it is.
 */
bool snfs_submount_is_stale(struct snfs_server *above, const struct dentry *dentry)
{
	char *source = source_of(&above->opt, dentry);
	bool found = false, left = false;
	struct snfs_server *server;

	if (!source)
		return false;
	spin_lock(&snfs_submounts_lock);
	list_for_each_entry(server, &snfs_submounts, submount) {
		if (server->above != above || !server->root_stale)
			continue;
		if (strcmp(server->opt.source, source)) {
			left = true;
			continue;
		}
		server->root_stale = false;
		found = true;
	}
	WRITE_ONCE(above->below_stale, left);
	spin_unlock(&snfs_submounts_lock);
	kfree(source);
	if (found)
		snfs_nested_doubt(above);
	return found;
}

static int copy_names(struct snfs_options *opt, const struct snfs_options *from,
		      const struct dentry *dentry)
{
	opt->source = source_of(from, dentry);
	opt->export = snfs_submount_path(from->export, dentry);
	opt->hostname = kstrdup(from->hostname, GFP_KERNEL);
	opt->mounthost = kstrdup(from->mounthost, GFP_KERNEL);
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

/**
 * struct snfs_walk_in - a walk goes into a directory that is to be mounted on
 * @dentry: the directory
 * @denied: OUT: MNT said that the export is not for us
 */
struct snfs_walk_in {
	struct dentry	*dentry;
	bool		denied;
};

static bool is_denial(int mnt_err)
{
	return mnt_err == -EACCES || mnt_err == -EPERM || mnt_err == -ENOENT ||
	       mnt_err == -ENOTDIR;
}

static int reach(struct snfs_server *server, struct snfs_server *above, struct fs_context *fc,
		 struct snfs_fattr *root_attr, u64 *root_sent)
{
	struct snfs_walk_in *walk = fc->fs_private;
	struct inode *dir = d_inode(walk->dentry);

	if (is_too_deep(above)) {
		errorfc(fc, "%s: %u mounts one below the other are enough", server->opt.source,
			SNFS_SUBMOUNT_DEPTH);
		return -ELOOP;
	}
	if (IS_AUTOMOUNT(dir))
		return snfs_server_clone(server, above, fc, &SNFS_I(dir)->fh, root_attr,
					 root_sent);
	snfs_export_normalise(server->opt.export);
	/* A directory above may have got a longer name since the path was looked at. */
	if (strlen(server->opt.export) > MNTPATHLEN)
		return -ENAMETOOLONG;
	return snfs_server_nest(server, above, fc, root_attr, root_sent);
}

/*
 * fs_context_operations.get_tree. Network namespace and credential are those of the mount above;
 * the context has those of whoever walked by.
 */
static int submount_get_tree(struct fs_context *fc)
{
	struct snfs_walk_in *walk = fc->fs_private;
	struct dentry *dentry = walk->dentry;
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
		err = reach(server, above, fc, &root_attr, &root_sent);
	if (!err) {
		fc->source = kstrdup(server->opt.source, GFP_KERNEL);
		err = fc->source ? 0 : -ENOMEM;
	}
	if (!err)
		return snfs_super_of(fc, server, &root_attr, root_sent);
	walk->denied = is_denial(server->mnt_err);
	snfs_umnt(server);
	snfs_server_free(server);
	return err;
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

static struct vfsmount *try_mount(struct snfs_walk_in *walk)
{
	struct super_block *sb = walk->dentry->d_sb;
	struct fs_context *fc;
	struct vfsmount *mnt;
	bool kept;

	fc = fs_context_for_submount(sb->s_type, walk->dentry);
	if (IS_ERR(fc))
		return ERR_CAST(fc);
	fc->fs_private = walk;
	fc->sb_flags |= sb->s_flags & SNFS_SB_MASK;
	fc->sb_flags_mask |= SNFS_SB_MASK;
	kept = snfs_messages_keep(fc);
	mnt = fc_mount(fc);
	if (kept)
		snfs_messages_tell(fc);
	put_fs_context(fc);
	return mnt;
}

/**
 * snfs_d_automount - dentry_operations.d_automount
 * @path: a directory that is the root of another file system of the server's, or an export
 *
 * Context: May sleep, killable.
 * Return: the mount, for the VFS to attach; ERR_PTR(-EISDIR): the directory itself is to be walked
 * into, as it is no export any more or not one for us; another ERR_PTR.
 */
struct vfsmount *snfs_d_automount(struct path *path)
{
	struct snfs_walk_in walk = { .dentry = path->dentry };
	const struct inode *inode = d_inode(walk.dentry);
	struct vfsmount *mnt;

	/* The mark outlives the directory: rmdir(2) leaves the name, and no inode. */
	if (!(inode && IS_AUTOMOUNT(inode)) && !snfs_nested_is_export(walk.dentry))
		return ERR_PTR(-EISDIR);
	mnt = try_mount(&walk);
	if (walk.denied) {
		snfs_nested_denied(walk.dentry);
		return ERR_PTR(-EISDIR);
	}
	if (IS_ERR(mnt))
		return mnt;
	snfs_automount_hold(mnt);
	snfs_expire_when_idle(mnt, SNFS_SB(path->dentry->d_sb)->opt.idle);
	return mnt;
}
