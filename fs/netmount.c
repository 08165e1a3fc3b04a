// SPDX-License-Identifier: GPL-2.0
/*
 * Mounting below the context-free root, when somebody walks by.
 *
 * Which export does /HOST/a/b/c belong to? The one with the shortest path that the host grants:
 * MNT is asked for "/a", then for "/a/b", and so on, as servers answer it for directories in an
 * export, too. So nothing but MNT is needed, and the usual case (/HOST/export) costs what a mount
 * costs. The list of exports is asked for when MNT refuses a path: it tells a directory on the
 * way to an export from nothing at all, and saves asking MNT for such directories. Without a list
 * whatever was refused may be on the way to an export, and is passed as a directory that cannot be
 * listed. An export in an export is the mount's affair (submount.c), but "/", if it is on the list,
 * is mounted on the host itself.
 */
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "exports.h"
#include "netroot.h"

/* A list of exports so old (seconds) is asked for again before a path is said not to exist. */
#define SNFS_MISS_SECONDS	SNFS_REFUSAL_SECONDS

/* Within this time (jiffies) the VFS has attached a mount that it was given, or never will here. */
#define SNFS_ATTACH_TIME	(HZ / 4)

/*
 * What hosts of the whole world serve is not to be trusted with devices and set-user-id programs.
 * The VFS gives a mount made by ->d_automount the flags of the mount that it is on, so that one
 * gets them, right before. Its flags are changed under a lock that modules cannot take; exchanging
 * them atomically loses no change of others, and if theirs loses ours, the next mount makes it
 * again.
 *
 * Who has a mount namespace of his own can take the flags away there. set-user-id programs then
 * become none but his own users. Devices would be anybody's, so the superblock refuses them, too
 * (SNFS_OPT_NODEV).
 */
static void restrict_mount(struct vfsmount *mnt, struct snfs_netroot *root)
{
	int wanted, flags = READ_ONCE(mnt->mnt_flags);

	mutex_lock(&root->opt_lock);
	wanted = (root->opt.allow & SNFS_ALLOW_SUID ? 0 : MNT_NOSUID) |
		 (root->opt.allow & SNFS_ALLOW_DEV ? 0 : MNT_NODEV);
	mutex_unlock(&root->opt_lock);
	while ((flags & wanted) != wanted) {
		if (try_cmpxchg(&mnt->mnt_flags, &flags, flags | wanted))
			break;
	}
}

/* Has somebody else mounted it meanwhile? */
static bool is_covered(const struct path *path)
{
	struct path below = *path;
	bool covered;

	path_get(&below);
	covered = follow_down_one(&below);
	path_put(&below);
	return covered;
}

/* Anybody can walk by, so the kernel's log gets only what is worth it, and not all of that. */
static void tell(const struct fs_context *fc, int err)
{
	const struct fc_log *log = fc->log.log;
	const char *text = NULL;

	if (log->head != log->tail)
		text = log->buffer[log->tail & (ARRAY_SIZE(log->buffer) - 1)];
	/* It begins with a letter for the level and a space, and ends with a line feed. */
	if (snfs_nethost_is_gone(err) && text && strlen(text) > 3)
		pr_warn_ratelimited("snfs: %*pE: %*pE\n", (int)strlen(fc->source), fc->source,
				    (int)strlen(text) - 3, text + 2);
}

static struct vfsmount *mount_export(const struct path *path, struct snfs_nethost *host,
				     const char *export)
{
	struct snfs_options *opt;
	struct fs_context *fc;
	struct vfsmount *mnt;
	int err;

	fc = snfs_netroot_context(host->root, path->dentry);
	if (IS_ERR(fc))
		return ERR_CAST(fc);
	opt = snfs_fc_options(fc);
	err = snfs_nethost_use(host, opt);
	if (!err) {
		fc->source = kasprintf(GFP_KERNEL, strchr(opt->hostname, ':') ? "[%s]:%s" : "%s:%s",
				       opt->hostname, export);
		err = fc->source ? 0 : -ENOMEM;
	}
	/* It is taken from the source, as for any mount. */
	kfree(opt->hostname);
	opt->hostname = NULL;
	snfs_fc_keep_exports(fc, opt->flags & SNFS_OPT_NOTRAVERSE ? NULL : snfs_nethost_kept(host));
	mnt = err ? ERR_PTR(err) : fc_mount(fc);
	/* Still there if the mount did not come so far as to take it */
	snfs_exports_put(snfs_fc_exports(fc));
	if (!IS_ERR(mnt))
		snfs_nethost_keep(host, SNFS_SB(mnt->mnt_sb)->exports);
	else if (!err)
		tell(fc, PTR_ERR(mnt));
	put_fs_context(fc);
	return mnt;
}

static enum snfs_role role_of(struct snfs_nethost *host, const char *path, bool *has_below)
{
	struct snfs_export_list *list = snfs_nethost_exports(host);
	enum snfs_role role = snfs_role_of(list, path);

	*has_below = snfs_role_has_below(list, path);
	snfs_export_list_put(list);
	return role;
}

/* Is it an error that says nothing about a path? */
static bool is_final(int err)
{
	return snfs_nethost_is_gone(err) || err == -EINTR || err == -ENOMEM;
}

/* With the host to ourselves: a mount, or an ERR_PTR. What is refused makes us ask for the list. */
static struct vfsmount *ask_for_export(const struct path *path, struct snfs_nethost *host,
				       const char *export)
{
	struct vfsmount *mnt;
	int err = snfs_nethost_error(host, export), ask;

	if (!err)
		err = snfs_nethost_resolve(host);
	if (!err) {
		mnt = mount_export(path, host, export);
		if (!IS_ERR(mnt))
			return mnt;
		err = PTR_ERR(mnt);
		snfs_nethost_failed(host, export, err);
	}
	if (is_final(err))
		return ERR_PTR(err);
	ask = snfs_nethost_ask_exports(host, SNFS_MISS_SECONDS);
	return ERR_PTR(ask == -EINTR || ask == -ENOMEM ? ask : err);
}

/* Is the VFS about to attach a mount that another walk has made? */
static bool is_attaching(const struct path *path, const struct snfs_nethost *host)
{
	return host->made == path->dentry &&
	       time_before(jiffies, host->made_at + SNFS_ATTACH_TIME) && !is_covered(path);
}

/* Take host->busy, but leave the VFS the time to attach what was made by who had it before. */
static int lock_host(const struct path *path, struct snfs_nethost *host)
{
	for (;;) {
		if (mutex_lock_killable(&host->busy))
			return -EINTR;
		if (!is_attaching(path, host))
			return 0;
		mutex_unlock(&host->busy);
		if (fatal_signal_pending(current))
			return -EINTR;
		schedule_timeout_killable(1);
	}
}

/*
 * Returns a mount, NULL if there is one already, or an ERR_PTR: -EISDIR if the path was found to be
 * on the way to an export meanwhile.
 */
static struct vfsmount *try_export(const struct path *path, struct snfs_nethost *host,
				   const char *export)
{
	struct vfsmount *mnt = NULL;
	bool has_below;

	if (lock_host(path, host))
		return ERR_PTR(-EINTR);
	if (!is_covered(path)) {
		if (role_of(host, export, &has_below) == SNFS_ROLE_ABOVE)
			mnt = ERR_PTR(-EISDIR);
		else
			mnt = ask_for_export(path, host, export);
		if (!IS_ERR(mnt)) {
			host->made = path->dentry;
			host->made_at = jiffies;
		}
	}
	mutex_unlock(&host->busy);
	return mnt;
}

static int pass(struct dentry *dentry, struct snfs_nethost *host, const char *export, int refused)
{
	struct snfs_netnode *node = snfs_netdir_make(dentry, host, export);

	if (IS_ERR(node))
		return PTR_ERR(node);
	WRITE_ONCE(node->refused, refused);
	WRITE_ONCE(node->pass, true);
	return -EISDIR;
}

/* MNT refused the path: is it on the way to an export? */
static int refused(struct dentry *dentry, struct snfs_nethost *host, const char *export, int err)
{
	const struct snfs_netnode *above;
	enum snfs_role role;
	bool has_below;

	if (is_final(err))
		return err;
	role = role_of(host, export, &has_below);
	if (has_below || role == SNFS_ROLE_UNKNOWN)
		return pass(dentry, host, export, role == SNFS_ROLE_ABOVE ? 0 : err);
	if (role == SNFS_ROLE_EXPORT)
		return err;
	/* In an export that we are denied it may well exist. */
	above = SNFS_NETNODE(d_inode(dentry->d_parent));
	return above && READ_ONCE(above->refused) ? above->refused : -ENOENT;
}

/* Returns a mount, NULL if somebody has mounted it, or an ERR_PTR: -EISDIR for a mere directory */
static struct vfsmount *enter(const struct path *path, struct snfs_nethost *host,
			      const char *export)
{
	struct dentry *dentry = path->dentry;
	struct snfs_netnode *node = NULL;
	struct vfsmount *mnt;
	enum snfs_role role;
	bool has_below;

	if (d_really_is_positive(dentry))
		node = SNFS_NETNODE(d_inode(dentry));
	role = role_of(host, export, &has_below);
	if (node && READ_ONCE(node->pass) && (role != SNFS_ROLE_EXPORT || node->refused))
		return ERR_PTR(-EISDIR);
	if (role != SNFS_ROLE_EXPORT && (role == SNFS_ROLE_ABOVE || !export[1]))
		return ERR_PTR(pass(dentry, host, export, 0));
	mnt = try_export(path, host, export);
	if (IS_ERR(mnt))
		return ERR_PTR(refused(dentry, host, export, PTR_ERR(mnt)));
	if (!mnt)
		return NULL;
	node = snfs_netdir_make(dentry, host, export);
	if (IS_ERR(node)) {
		mntput(mnt);
		return ERR_CAST(node);
	}
	restrict_mount(path->mnt, host->root);
	snfs_automount_hold(mnt);
	snfs_expire_when_idle(mnt, SNFS_SB(host->root->sb)->opt.idle);
	return mnt;
}

/* A name below the root becomes a host as soon as it has an address. */
static int find_host(struct dentry *dentry, struct snfs_nethost *host)
{
	int err;

	if (d_really_is_positive(dentry))
		return 0;
	if (mutex_lock_killable(&host->busy))
		return -EINTR;
	err = snfs_nethost_resolve(host);
	mutex_unlock(&host->busy);
	return err ? err : PTR_ERR_OR_ZERO(snfs_netdir_make(dentry, host, "/"));
}

static struct vfsmount *enter_host(const struct path *path, struct snfs_netroot *root)
{
	struct snfs_nethost *host = snfs_nethost_get(root, path->dentry->d_name.name);
	struct vfsmount *mnt;
	int err;

	if (!host)
		return ERR_PTR(-ENOMEM);
	err = find_host(path->dentry, host);
	mnt = err ? ERR_PTR(err) : enter(path, host, "/");
	snfs_nethost_put(host);
	return mnt;
}

static struct vfsmount *enter_below(const struct path *path)
{
	const struct snfs_netnode *above = SNFS_NETNODE(d_inode(path->dentry->d_parent));
	char *export = kasprintf(GFP_KERNEL, "%s/%s", above->path[1] ? above->path : "",
				 path->dentry->d_name.name);
	struct vfsmount *mnt;

	if (!export)
		return ERR_PTR(-ENOMEM);
	mnt = enter(path, above->host, export);
	kfree(export);
	return mnt;
}

/**
 * snfs_netroot_automount - dentry_operations.d_automount below the context-free root
 * @path: a name: of a host, or below one
 *
 * A name of which nothing was known is a directory afterwards, or does not exist.
 *
 * Context: May sleep, killable; no lock is held.
 * Return: the mount, for the VFS to attach; NULL if somebody else has attached one; or an ERR_PTR:
 * -EISDIR if there is nothing to mount, and the walk goes on in the directory.
 */
struct vfsmount *snfs_netroot_automount(struct path *path)
{
	if (IS_ROOT(path->dentry->d_parent))
		return enter_host(path, SNFS_NETROOT(path->dentry->d_sb));
	return enter_below(path);
}
