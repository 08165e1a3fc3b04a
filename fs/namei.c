// SPDX-License-Identifier: GPL-2.0
/*
 * Changing names: create, mkdir, symlink, mknod, link, unlink, rmdir, rename, and open with
 * O_CREAT. No name is looked up before it is created: the creating call reports what exists. Only a
 * server whose CREATE takes what exists is asked first (SNFS_CAP_GUARDED).
 */
#include <linux/namei.h>
#include "snfs.h"

static struct snfs_name name_of(const struct dentry *dentry)
{
	return (struct snfs_name){ .name = dentry->d_name.name, .len = dentry->d_name.len };
}

static struct snfs_op *dir_op(struct inode *dir, const struct dentry *dentry)
{
	struct snfs_op *op = snfs_op_alloc(snfs_server(dir), current_cred(), GFP_KERNEL);

	snfs_op_set_inode(op, 0, dir);
	op->args.name = name_of(dentry);
	return op;
}

static void set_mode(struct snfs_op *op, umode_t mode)
{
	op->args.sattr.valid = SNFS_SATTR_MODE;
	op->args.sattr.mode = mode & S_IALLUGO;
}

/*
 * The inode of what a call has just made. RFC 1813 lets the server leave handle and attributes
 * out.
 */
static int made_inode(struct inode *dir, struct dentry *dentry, struct snfs_op *op,
		      struct inode **inode)
{
	u64 sent = op->sent;
	int err = 0;

	if (!op->res.obj_fh.len) {
		err = snfs_lookup_call(dir, &dentry->d_name, false, inode);
		return err ? err : *inode ? 0 : -ENOENT;
	}
	if (!op->res.obj_attr.valid)
		err = snfs_attr_fetch(op->server, op->cred, &op->res.obj_fh, &op->res.obj_attr,
				      &sent);
	if (err)
		return err;
	*inode = snfs_iget(dir->i_sb, &op->res.obj_fh, &op->res.obj_attr, sent);
	return PTR_ERR_OR_ZERO(*inode);
}

/* What is made in a directory without default ACL has none, and nobody need ask for it. */
static void note_acl(struct inode *dir, struct inode *inode, u64 none_before)
{
	if (none_before && none_before == snfs_acl_none_inherited(dir))
		snfs_acl_set_none(inode);
}

/* Let a name lead to an inode whose reference is handed over. */
static struct dentry *attach(struct dentry *dentry, struct inode *inode, u32 ver)
{
	struct dentry *res;

	if (!d_unhashed(dentry))
		d_drop(dentry);
	res = d_splice_alias(inode, dentry);
	if (!IS_ERR(res))
		snfs_dentry_verified(res ? res : dentry, ver);
	return res;
}

/* The steps of servers' clocks: those of file systems that have fractions of seconds, and others */
#define SNFS_CLOCK_STEP		(20 * NSEC_PER_MSEC)
#define SNFS_CLOCK_STEP_COARSE	(2 * NSEC_PER_SEC)

/**
 * struct snfs_seen - what is known of an object before something is done
 * @changed: its last change, by the server's clock
 * @sent: when that was asked for, by ours
 */
struct snfs_seen {
	struct timespec64	changed;
	u64			sent;
};

static struct snfs_seen last_seen(struct inode *inode)
{
	const struct snfs_fresh *fresh = &SNFS_I(inode)->fresh;
	struct snfs_seen seen;

	spin_lock(&inode->i_lock);
	seen.changed = fresh->id.ctime;
	seen.sent = fresh->sent;
	spin_unlock(&inode->i_lock);
	return seen;
}

/*
 * Was it there before the call went out? Whatever is made changes its directory, so then it is no
 * younger than the last change of the directory that was known. Of the same age it may be ours
 * only if that was known for less than a step of the server's clock.
 */
static bool was_there(struct inode *inode, const struct snfs_op *op, const struct snfs_seen *dir)
{
	struct timespec64 made = last_seen(inode).changed;
	u64 step = made.tv_nsec ? SNFS_CLOCK_STEP : SNFS_CLOCK_STEP_COARSE;
	int cmp = timespec64_compare(&made, &dir->changed);

	return cmp < 0 || (cmp == 0 && op->sent > dir->sent + step);
}

/*
 * After a retransmission EEXIST may be the answer to our own first try (RFC 1813 section 4.5).
 * Then what is there is as we wanted it, and nobody has used it yet.
 */
static bool is_our_own(struct inode *inode, const struct snfs_op *op, umode_t type,
		       const struct snfs_seen *seen)
{
	umode_t mode = inode->i_mode & 0777, asked = op->args.sattr.mode & 0777;

	if ((inode->i_mode & S_IFMT) != type || !uid_eq(inode->i_uid, op->cred->fsuid) ||
	    was_there(inode, op, seen))
		return false;
	if ((type == S_IFCHR || type == S_IFBLK) && inode->i_rdev != op->args.mknod.rdev)
		return false;
	if (type == S_IFLNK)
		return inode->i_nlink == 1 && snfs_symlink_is(inode, op->args.symlink.target);
	/* A default ACL takes bits away. */
	if (IS_POSIXACL(inode) && !snfs_acl_none_inherited(op->inode[0]))
		asked &= mode;
	return mode == asked &&
	       (type == S_IFDIR ? inode->i_nlink <= 2 :
				  inode->i_nlink == 1 && !i_size_read(inode));
}

static int adopt_own(struct inode *dir, struct dentry *dentry, struct snfs_op *op, umode_t type,
		     const struct snfs_seen *seen, struct inode **inode)
{
	int err = snfs_lookup_call(dir, &dentry->d_name, false, inode);

	if (err)
		return err;
	if (*inode && is_our_own(*inode, op, type, seen))
		return 0;
	iput(*inode);
	return -EEXIST;
}

/*
 * Run a call that makes an object of a type, and let the name lead to it. On failure the name is
 * dropped from the dcache: nothing is known of it any more.
 */
static struct dentry *make(struct inode *dir, struct dentry *dentry, struct snfs_op *op,
			   snfs_verb_fn verb, umode_t type)
{
	struct snfs_seen seen = last_seen(dir);
	u64 no_acl = snfs_acl_none_inherited(dir);
	u32 ver = snfs_dir_ver(dir);
	struct dentry *res = NULL;
	struct inode *inode;
	int err;

	err = snfs_op_call(op, verb);
	snfs_dircache_drop(dir);
	if (!err) {
		err = made_inode(dir, dentry, op, &inode);
		/* Another has taken its place, or the server lies: nobody wants to open that. */
		if (!err && (inode->i_mode & S_IFMT) != type) {
			iput(inode);
			err = -ESTALE;
		}
		if (!err)
			note_acl(dir, inode, no_acl);
	} else if (err == -EEXIST && op->retransmitted) {
		err = adopt_own(dir, dentry, op, type, &seen, &inode);
	}
	if (!err)
		res = attach(dentry, inode, ver);
	else
		d_drop(dentry);
	snfs_op_put(op);
	return err ? ERR_PTR(err) : res;
}

/* For methods that cannot return another dentry (only directories have one) */
static int make_plain(struct inode *dir, struct dentry *dentry, struct snfs_op *op,
		      snfs_verb_fn verb, umode_t type)
{
	struct dentry *res = make(dir, dentry, op, verb, type);

	if (IS_ERR(res))
		return PTR_ERR(res);
	dput(res);
	return 0;
}

/*
 * As dir_op(), for what is created with a mode. The VFS has left the umask to us, as a default ACL
 * may take its place.
 */
static struct snfs_op *create_op(struct inode *dir, const struct dentry *dentry, umode_t mode)
{
	int err = snfs_acl_new_mode(dir, &mode);
	struct snfs_op *op;

	if (err)
		return ERR_PTR(err);
	op = dir_op(dir, dentry);
	set_mode(op, mode);
	return op;
}

/*
 * Ask for a name if the creating call would not report it. Whoever makes it in between is not
 * noticed: there is no other way.
 */
static int check_absent(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode;
	int err;

	if (snfs_server(dir)->caps & SNFS_CAP_GUARDED)
		return 0;
	err = snfs_lookup_call(dir, &dentry->d_name, false, &inode);
	if (err || !inode)
		return err;
	iput(inode);
	/* As in make(): it may be cached as absent. */
	d_drop(dentry);
	return -EEXIST;
}

/* As create_op(), for calls that do not report what exists on every server */
static struct snfs_op *create_absent_op(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int err = check_absent(dir, dentry);

	return err ? ERR_PTR(err) : create_op(dir, dentry, mode);
}

/* GUARDED carries the mode at once and reports EEXIST itself (RFC 1813 section 3.3.8). */
static int create_guarded(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct snfs_op *op = create_absent_op(dir, dentry, mode);

	if (IS_ERR(op))
		return PTR_ERR(op);
	op->args.create.how = SNFS_CREATE_GUARDED;
	return make_plain(dir, dentry, op, op->server->proto->create, S_IFREG);
}

static int snfs_create(snfs_idmap_t *idmap, struct inode *dir, struct dentry *dentry,
		       umode_t mode, bool excl)
{
	return create_guarded(dir, dentry, mode);
}

/* LOOKUP of a name that may be cached as absent: the dentry to go on with */
static struct dentry *lookup_anew(struct inode *dir, struct dentry *dentry)
{
	struct dentry *fresh, *res;
	SNFS_DECLARE_LOOKUP_QUEUE(wq);

	if (d_in_lookup(dentry))
		return snfs_lookup(dir, dentry, 0);
	d_drop(dentry);
	fresh = snfs_d_alloc_parallel(dentry->d_parent, &dentry->d_name, wq);
	if (IS_ERR(fresh) || !d_in_lookup(fresh))
		return fresh;
	res = snfs_lookup(dir, fresh, 0);
	d_lookup_done(fresh);
	if (!res)
		return fresh;
	dput(fresh);
	return res;
}

/*
 * inode_operations.atomic_open, for names that are not known to exist. What exists is opened by
 * ->open, which asks the server for permission.
 */
static int snfs_atomic_open(struct inode *dir, struct dentry *dentry, struct file *file,
			    unsigned int open_flags, umode_t mode)
{
	struct dentry *res;
	int err;

	if (dentry->d_name.len > snfs_server(dir)->namelen)
		return -ENAMETOOLONG;
	if (open_flags & O_CREAT) {
		err = create_guarded(dir, dentry, mode);
		if (!err) {
			file->f_mode |= FMODE_CREATED;
			return finish_open(file, dentry, snfs_open_created);
		}
		if (err != -EEXIST || open_flags & O_EXCL)
			return err;
	}
	res = lookup_anew(dir, dentry);
	if (IS_ERR(res))
		return PTR_ERR(res);
	/* It existed a moment ago and has gone: ESTALE makes the VFS begin anew. */
	if (open_flags & O_CREAT && d_really_is_negative(res ? res : dentry)) {
		dput(res);
		return -ESTALE;
	}
	return finish_no_open(file, res);
}

static struct dentry *snfs_mkdir(snfs_idmap_t *idmap, struct inode *dir, struct dentry *dentry,
				 umode_t mode)
{
	struct snfs_op *op = create_op(dir, dentry, mode);

	if (IS_ERR(op))
		return ERR_CAST(op);
	return make(dir, dentry, op, op->server->proto->mkdir, S_IFDIR);
}

SNFS_COMPAT_MKDIR(snfs_mkdir)

static int snfs_symlink(snfs_idmap_t *idmap, struct inode *dir, struct dentry *dentry,
			const char *target)
{
	struct snfs_op *op;

	if (strlen(target) >= NFS3_MAXPATHLEN)
		return -ENAMETOOLONG;
	op = dir_op(dir, dentry);
	set_mode(op, 0777);
	op->args.symlink.target = target;
	op->args.symlink.len = strlen(target);
	return make_plain(dir, dentry, op, op->server->proto->symlink, S_IFLNK);
}

static int snfs_mknod(snfs_idmap_t *idmap, struct inode *dir, struct dentry *dentry,
		      umode_t mode, dev_t rdev)
{
	struct snfs_op *op = create_absent_op(dir, dentry, mode);

	if (IS_ERR(op))
		return PTR_ERR(op);
	op->args.mknod.type = mode & S_IFMT;
	op->args.mknod.rdev = rdev;
	return make_plain(dir, dentry, op, op->server->proto->mknod, mode & S_IFMT);
}

/*
 * As adopt_own(), of a call that lets a name lead to what exists: it was done if the name does so.
 * Handles may tell the directory, so that a file that was moved gets another.
 */
static int adopt_name(struct inode *dir, const struct dentry *dentry, const struct inode *inode,
		      int otherwise)
{
	struct inode *there = NULL;
	bool same;
	int err = snfs_lookup_call(dir, &dentry->d_name, false, &there);

	if (err)
		return err;
	same = there && (there == inode || (SNFS_I(there)->fileid == SNFS_I(inode)->fileid &&
					    !((there->i_mode ^ inode->i_mode) & S_IFMT)));
	iput(there);
	return same ? 0 : otherwise;
}

static int snfs_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old);
	struct snfs_server *server = snfs_server(dir);
	u32 ver = snfs_dir_ver(dir);
	struct snfs_op *op;
	struct dentry *res;
	int err;

	op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	snfs_op_set_inode(op, 0, inode);
	snfs_op_set_inode(op, 1, dir);
	op->args.name2 = name_of(dentry);
	err = snfs_op_call(op, server->proto->link);
	if (!err && !op->res.wcc[0].post.valid)
		snfs_attr_ctime_ours(inode);
	else if (err == -EEXIST && op->retransmitted)
		err = adopt_name(dir, dentry, inode, err);
	snfs_op_put(op);
	snfs_dircache_drop(dir);
	if (err) {
		d_drop(dentry);
		return err;
	}
	ihold(inode);
	res = attach(dentry, inode, ver);
	if (IS_ERR(res))
		return PTR_ERR(res);
	dput(res);
	return 0;
}

/* One name of a file has gone: its link count and ctime have changed on the server. */
static void lost_link(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	if (inode->i_nlink)
		drop_nlink(inode);
	spin_unlock(&inode->i_lock);
	snfs_attr_ctime_ours(inode);
}

/*
 * Take a file's name out of the dcache unless it is in use: whoever opens it from now on has to
 * look it up, and so waits for the directory's lock that we hold. One who has found the name
 * already may be about to open it, so that is use too.
 */
static bool hide_unless_busy(struct dentry *dentry, int users)
{
	bool busy;

	spin_lock(&dentry->d_lock);
	/* Nothing of other objects is lost with their name. */
	busy = d_is_reg(dentry) && d_count(dentry) > users;
	if (!busy)
		__d_drop(dentry);
	spin_unlock(&dentry->d_lock);
	return busy;
}

static int snfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct snfs_op *op;
	int err;

	snfs_dircache_drop(dir);
	if (hide_unless_busy(dentry, 1)) {
		err = snfs_sillyrename(dir, dentry);
		snfs_dircache_drop(dir);
		return err;
	}
	op = dir_op(dir, dentry);
	err = snfs_gone_anyway(op, snfs_op_call(op, op->server->proto->remove));
	snfs_op_put(op);
	snfs_dircache_drop(dir);
	if (!err)
		lost_link(inode);
	else if (err != -ENOENT && err != -ESTALE)
		d_rehash(dentry);
	return err;
}

static int rmdir_call(struct inode *dir, struct dentry *dentry)
{
	struct snfs_op *op = dir_op(dir, dentry);
	int err;

	err = snfs_gone_anyway(op, snfs_op_call(op, op->server->proto->rmdir));
	snfs_op_put(op);
	return err;
}

static int snfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	bool removing = snfs_sillyrename_removing(d_inode(dentry), NULL);
	int err = rmdir_call(dir, dentry), settled;

	/*
	 * What is in it may be a file of ours that was closed, and is about to go; or is gone by
	 * now, if the server did the REMOVE after this call and answered it before.
	 */
	if (err == -ENOTEMPTY || err == -EEXIST) {
		settled = snfs_sillyrename_settle(d_inode(dentry));
		if (settled < 0)
			err = settled;
		else if (settled || removing)
			err = rmdir_call(dir, dentry);
	}
	snfs_dircache_drop(dir);
	if (!err)
		clear_nlink(d_inode(dentry));
	else if (err == -ENOENT || err == -ESTALE)
		d_drop(dentry);
	return err;
}

static int rename_call(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
		       struct dentry *new_dentry)
{
	struct snfs_op *op = dir_op(old_dir, old_dentry);
	int err;

	/* Within one directory there is one object, and one wcc_data is enough. */
	if (new_dir != old_dir)
		snfs_op_set_inode(op, 1, new_dir);
	else
		op->args.fh2 = &SNFS_I(new_dir)->fh;
	op->args.name2 = name_of(new_dentry);
	err = snfs_op_call(op, op->server->proto->rename);
	if (err == -ENOENT && op->retransmitted)
		err = adopt_name(new_dir, new_dentry, d_inode(old_dentry), err);
	snfs_op_put(op);
	snfs_dircache_drop(old_dir);
	snfs_dircache_drop(new_dir);
	return err;
}

/*
 * The file that is about to be overwritten: silly-renamed if it is open (then nothing is
 * overwritten any more), else out of the dcache until the rename is done.
 */
static int clear_target(struct inode *new_dir, struct dentry **new_dentry, struct dentry **spare)
{
	struct dentry *dentry = *new_dentry;
	int err;

	if (d_really_is_negative(dentry) || d_is_dir(dentry) || !hide_unless_busy(dentry, 2))
		return 0;
	*spare = d_alloc(dentry->d_parent, &dentry->d_name);
	if (!*spare)
		return -ENOMEM;
	err = snfs_sillyrename(new_dir, dentry);
	if (!err)
		*new_dentry = *spare;
	return err;
}

static int snfs_rename(snfs_idmap_t *idmap, struct inode *old_dir, struct dentry *old_dentry,
		       struct inode *new_dir, struct dentry *new_dentry, unsigned int flags)
{
	struct inode *inode = d_inode(old_dentry), *target;
	struct dentry *spare = NULL;
	u32 ver = snfs_dir_ver(new_dir);
	int err;

	/* RFC 1813 section 3.3.14: RENAME always replaces, and cannot exchange. */
	if (flags)
		return -EINVAL;
	/* Its removal at the last close goes by the name that it has now. */
	if (old_dentry->d_flags & DCACHE_NFSFS_RENAMED)
		return -EBUSY;
	err = clear_target(new_dir, &new_dentry, &spare);
	if (err)
		goto out;
	target = d_inode(new_dentry);
	err = rename_call(old_dir, old_dentry, new_dir, new_dentry);
	if (!err) {
		snfs_attr_ctime_ours(inode);
		if (target && S_ISDIR(target->i_mode))
			clear_nlink(target);
		else if (target)
			lost_link(target);
		d_move(old_dentry, new_dentry);
		snfs_dentry_verified(old_dentry, ver);
	} else if (target && d_unhashed(new_dentry)) {
		d_rehash(new_dentry);
	} else if (!target) {
		d_drop(new_dentry);
	}
out:
	dput(spare);
	return err;
}

const struct inode_operations snfs_dir_inode_operations = {
	.lookup		= snfs_lookup,
	.atomic_open	= snfs_atomic_open,
	.create		= snfs_create,
	.link		= snfs_link,
	.unlink		= snfs_unlink,
	.symlink	= snfs_symlink,
	.mkdir		= SNFS_MKDIR(snfs_mkdir),
	.rmdir		= snfs_rmdir,
	.mknod		= snfs_mknod,
	.rename		= snfs_rename,
	.permission	= snfs_permission,
	.getattr	= snfs_getattr,
	.setattr	= snfs_setattr,
	.listxattr	= snfs_listxattr,
	SNFS_ACL_METHODS(snfs_get_acl, snfs_set_acl)
};

const struct inode_operations snfs_special_inode_operations = {
	.permission	= snfs_permission,
	.getattr	= snfs_getattr,
	.setattr	= snfs_setattr,
	.listxattr	= snfs_listxattr,
	SNFS_ACL_METHODS(snfs_get_acl, snfs_set_acl)
};
