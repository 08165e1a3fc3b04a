// SPDX-License-Identifier: GPL-2.0
/*
 * The attribute cache: one function applies every reply (the rule is fresh.c's), getattr serves
 * from it, setattr changes it on the server.
 */
#include "snfs.h"
#include "trace.h"

/*
 * st_blksize of directories: libc reads as much of a listing at a time. With more, a program would
 * have read all names before it looks at the first, and we could not see that it does.
 */
#define SNFS_DIR_BLKSIZE	32768

static const struct snfs_ac *ac_of(const struct inode *inode)
{
	const struct snfs_server *server = snfs_server(inode);

	return S_ISDIR(inode->i_mode) ? &server->acdir : &server->acreg;
}

/**
 * snfs_attr_begin - a change of ours to the object is about to be sent
 * @inode: the object
 */
void snfs_attr_begin(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	snfs_fresh_begin(&SNFS_I(inode)->fresh);
	spin_unlock(&inode->i_lock);
}

/**
 * snfs_attr_end_apply - a change of ours to the object has ended: apply its reply
 * @inode: the object
 * @reply: its attributes, valid or not; .ours tells whether the change succeeded
 */
void snfs_attr_end_apply(struct inode *inode, const struct snfs_reply *reply)
{
	struct snfs_fresh *f = &SNFS_I(inode)->fresh;
	bool known = reply->wcc->post.valid;

	if (reply->ours && known)
		snfs_attr_apply(inode, reply);
	spin_lock(&inode->i_lock);
	snfs_fresh_end(f, snfs_now(), reply->ours);
	/* Whether it succeeded, or that is not known: there is something new to be learned. */
	if (!known)
		snfs_fresh_expire(f, snfs_now());
	spin_unlock(&inode->i_lock);
	if (!reply->ours && known)
		snfs_attr_apply(inode, reply);
}

/**
 * snfs_attr_ctime_ours - we changed the object's ctime by an operation that does not report it
 * @inode: what was renamed, linked or unlinked
 */
void snfs_attr_ctime_ours(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	SNFS_I(inode)->fresh.ctime_ours = true;
	snfs_fresh_expire(&SNFS_I(inode)->fresh, snfs_now());
	spin_unlock(&inode->i_lock);
}

/**
 * snfs_attr_expire - ask the server before the attributes are served again
 * @inode: the object
 */
void snfs_attr_expire(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	snfs_fresh_expire(&SNFS_I(inode)->fresh, snfs_now());
	spin_unlock(&inode->i_lock);
}

/**
 * snfs_attr_distrust - what is cached of the object must be dropped (a write of it failed)
 * @inode: the object
 */
void snfs_attr_distrust(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	snfs_fresh_distrust(&SNFS_I(inode)->fresh, snfs_now());
	spin_unlock(&inode->i_lock);
}

/**
 * snfs_attr_perm_ver - the version of the permissions that are known
 * @inode: the object
 *
 * Return: snfs_fresh.perm_ver.
 */
u32 snfs_attr_perm_ver(struct inode *inode)
{
	u32 ver;

	spin_lock(&inode->i_lock);
	ver = SNFS_I(inode)->fresh.perm_ver;
	spin_unlock(&inode->i_lock);
	return ver;
}

/**
 * snfs_attr_perm_holds - may an answer about the permissions be kept?
 * @inode: the object
 * @sent: when it was asked for
 * @before: snfs_attr_perm_ver() before that
 * @perm_ver: OUT: the version that it is good for
 *
 * Return: whether it may (snfs_fresh_perm_holds()).
 */
bool snfs_attr_perm_holds(struct inode *inode, u64 sent, u32 before, u32 *perm_ver)
{
	const struct snfs_fresh *f = &SNFS_I(inode)->fresh;
	bool good;

	spin_lock(&inode->i_lock);
	*perm_ver = f->perm_ver;
	good = snfs_fresh_perm_holds(f, sent, before);
	spin_unlock(&inode->i_lock);
	return good;
}

/**
 * snfs_attr_perm_changed - we changed permissions in a way that attributes do not show
 * @inode: the object
 */
void snfs_attr_perm_changed(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	SNFS_I(inode)->fresh.perm_ver++;
	spin_unlock(&inode->i_lock);
}

/*
 * While data are dirty here the size is ours: it may grow by what others appended, but an
 * answer that does not know of our last bytes yet must not cut them off.
 */
static void copy_size(struct inode *inode, u64 size)
{
	if (S_ISREG(inode->i_mode) && size < i_size_read(inode) && snfs_has_dirty(inode))
		return;
	i_size_write(inode, min_t(u64, size, MAX_LFS_FILESIZE));
}

/*
 * A user namespace has no say in who its programs run as: the bits are shown, but the VFS does not
 * see them. Those of directories are another matter.
 */
static void copy_mode(struct inode *inode, umode_t mode)
{
	struct snfs_inode *si = SNFS_I(inode);

	if (inode->i_sb->s_user_ns != &init_user_ns && !S_ISDIR(mode)) {
		assign_bit(SNFS_INO_SUID, &si->flags, mode & S_ISUID);
		assign_bit(SNFS_INO_SGID, &si->flags, mode & S_ISGID);
		mode &= ~(S_ISUID | S_ISGID);
	}
	inode->i_mode = mode;
}

static umode_t shown_mode(const struct inode *inode)
{
	const struct snfs_inode *si = SNFS_I(inode);
	umode_t mode = inode->i_mode;

	if (test_bit(SNFS_INO_SUID, &si->flags))
		mode |= S_ISUID;
	if (test_bit(SNFS_INO_SGID, &si->flags))
		mode |= S_ISGID;
	return mode;
}

static void copy_attributes(struct inode *inode, const struct snfs_fattr *fa)
{
	copy_mode(inode, fa->mode);
	inode->i_uid = fa->uid;
	inode->i_gid = fa->gid;
	set_nlink(inode, fa->nlink);
	inode->i_blocks = (fa->used + 511) >> 9;
	snfs_inode_set_atime(inode, fa->atime);
	snfs_inode_set_mtime(inode, fa->mtime);
	snfs_inode_set_ctime(inode, fa->ctime);
	copy_size(inode, fa->size);
}

/* Not of the file system that the superblock is for: a mount point, or met with notraverse */
static bool is_of_other_fs(const struct inode *inode)
{
	return IS_AUTOMOUNT(inode) || test_bit(SNFS_INO_FOREIGN, &SNFS_I(inode)->flags);
}

/* The server gave the file system another number: it is not another file system by that. */
static void follow_fsid(const struct inode *inode, const struct snfs_fattr *fa)
{
	struct snfs_server *server = snfs_server(inode);

	if (S_ISDIR(inode->i_mode) && !is_of_other_fs(inode) &&
	    fa->fsid != READ_ONCE(server->fsid))
		WRITE_ONCE(server->fsid, fa->fsid);
}

/**
 * snfs_attr_apply - apply the attributes of a reply
 * @inode: the object they are of
 * @reply: attributes (valid) and their circumstances
 *
 * Every reply that carries attributes comes through here (design.rst, rule 2).
 */
void snfs_attr_apply(struct inode *inode, const struct snfs_reply *reply)
{
	const struct snfs_fattr *fa = &reply->wcc->post;
	struct snfs_inode *si = SNFS_I(inode);
	unsigned int ret = 0;

	if ((fa->mode ^ inode->i_mode) & S_IFMT || fa->fileid != si->fileid) {
		snfs_inode_set_stale(inode);
		return;
	}
	follow_fsid(inode, fa);
	spin_lock(&inode->i_lock);
	ret = snfs_fresh_apply(&si->fresh, reply, ac_of(inode));
	if (ret & SNFS_FRESH_TAKE)
		copy_attributes(inode, fa);
	spin_unlock(&inode->i_lock);
	if (ret & SNFS_FRESH_CHANGED) {
		snfs_count(snfs_server(inode), SNFS_EV_ATTR_INVALIDATE);
		trace_snfs_inode_changed(inode);
	}
}

/**
 * snfs_attr_apply_found - apply attributes that came with a name or a new handle
 * @inode: the object
 * @attr: its attributes; valid
 * @sent: when the request that brought them was sent
 */
void snfs_attr_apply_found(struct inode *inode, const struct snfs_fattr *attr, u64 sent)
{
	struct snfs_wcc wcc = { .post = *attr };
	struct snfs_reply reply = { .wcc = &wcc, .sent = sent };

	snfs_attr_apply(inode, &reply);
}

/**
 * snfs_attr_fetch - ask for the attributes of a handle that has no inode yet
 * @server: the mounted server
 * @cred: on whose behalf
 * @fh: the handle
 * @attr: OUT: attributes
 * @sent: OUT: when they were asked for
 *
 * Return: 0 or a negative errno.
 */
int snfs_attr_fetch(struct snfs_server *server, const struct cred *cred,
		    const struct snfs_fh *fh, struct snfs_fattr *attr, u64 *sent)
{
	struct snfs_op *op = snfs_op_alloc(server, cred, GFP_KERNEL);
	int err;

	op->args.fh = fh;
	err = snfs_op_call(op, server->proto->getattr);
	*attr = op->res.wcc[0].post;
	*sent = op->sent;
	if (!err && !attr->valid)
		err = -EIO;
	snfs_op_put(op);
	return err;
}

static int fetch(struct inode *inode)
{
	struct snfs_server *server = snfs_server(inode);
	struct snfs_op *op;
	int err;

	if (test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags))
		return -ESTALE;
	snfs_count(server, SNFS_EV_INODE_REVALIDATE);
	op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	snfs_op_set_inode(op, 0, inode);
	op->fallible = true;
	err = snfs_op_call(op, server->proto->getattr);
	snfs_op_put(op);
	if (snfs_served_from_cache(server, err))
		err = 0;
	if (!err && test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags))
		err = -ESTALE;
	return err;
}

/**
 * snfs_revalidate_since - make sure that the attributes were asked for after a moment
 * @inode: the object
 * @when: ns, CLOCK_BOOTTIME
 *
 * Return: 0 or a negative errno.
 */
int snfs_revalidate_since(struct inode *inode, u64 when)
{
	bool ok;

	spin_lock(&inode->i_lock);
	ok = snfs_fresh_since(&SNFS_I(inode)->fresh, when);
	spin_unlock(&inode->i_lock);
	return ok ? 0 : fetch(inode);
}

/**
 * snfs_attr_within - may the attributes be served without asking?
 * @inode: the object
 *
 * Return: whether they may.
 */
bool snfs_attr_within(struct inode *inode)
{
	bool ok;

	spin_lock(&inode->i_lock);
	ok = snfs_fresh_within(&SNFS_I(inode)->fresh, snfs_now());
	spin_unlock(&inode->i_lock);
	return ok;
}

/**
 * snfs_attr_perm_within - may the permissions be gone by without asking?
 * @inode: the object
 *
 * Return: whether they may (snfs_fresh_perm_within()).
 */
bool snfs_attr_perm_within(struct inode *inode)
{
	bool ok;

	if (test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags))
		return false;
	spin_lock(&inode->i_lock);
	ok = snfs_fresh_perm_within(&SNFS_I(inode)->fresh, snfs_now(), ac_of(inode));
	spin_unlock(&inode->i_lock);
	return ok;
}

/**
 * snfs_attr_younger - may the attributes be served, and were they asked for not long ago?
 * @inode: the object
 * @age: how long ago at most, ns
 *
 * Return: whether both are so.
 */
bool snfs_attr_younger(struct inode *inode, u64 age)
{
	struct snfs_fresh *f = &SNFS_I(inode)->fresh;
	u64 now;
	bool ok;

	spin_lock(&inode->i_lock);
	now = snfs_now();
	ok = snfs_fresh_within(f, now) && now - f->sent < age;
	spin_unlock(&inode->i_lock);
	return ok;
}

/**
 * snfs_revalidate - make sure that the attributes are within the cache time
 * @inode: the object
 *
 * Return: 0 or a negative errno.
 */
int snfs_revalidate(struct inode *inode)
{
	return snfs_attr_within(inode) ? 0 : fetch(inode);
}

static u32 blksize_of(const struct inode *inode, const struct snfs_server *server)
{
	if (S_ISDIR(inode->i_mode))
		return SNFS_DIR_BLKSIZE;
	return server->opt.bsize ? server->opt.bsize : max_t(u32, server->wsize, PAGE_SIZE);
}

/*
 * The times of a file with dirty data are what the server makes of the WRITEs. While somebody
 * else still writes the file they are not final anyway: it is enough that they are not older than
 * the last write(2). Else all is written, so that they stay what they are shown to be; and in any
 * case if the caller wants all to be as the server has it.
 */
static void settle_times(struct inode *inode, u32 request_mask, unsigned int flags)
{
	bool wanted = request_mask & (STATX_MTIME | STATX_CTIME | STATX_BLOCKS);

	if (!S_ISREG(inode->i_mode))
		return;
	if (flags & AT_STATX_FORCE_SYNC || (wanted && !snfs_only_others_write(inode)))
		snfs_writeback_flush(inode);
	else if (wanted)
		snfs_writeback_tell(inode);
}

/* A file without blocks is taken for one without data (tar -S, cp): count those to be written. */
static u64 blocks_of(struct inode *inode, const struct kstat *stat)
{
	u64 pages = (u64)inode->i_mapping->nrpages << (PAGE_SHIFT - 9);

	if (!S_ISREG(inode->i_mode) || !snfs_has_dirty(inode))
		return stat->blocks;
	return max_t(u64, stat->blocks, min_t(u64, stat->blocks + pages, (stat->size + 511) >> 9));
}

/**
 * snfs_getattr - inode_operations.getattr
 * @idmap: the mount's id mapping
 * @path: the object
 * @stat: OUT: attributes
 * @request_mask: STATX_* wanted
 * @flags: AT_STATX_*
 *
 * AT_STATX_DONT_SYNC waits for nothing. AT_STATX_FORCE_SYNC writes all dirty data and asks the
 * server. The size is known here in any case; for the times see settle_times().
 *
 * Return: 0 or a negative errno.
 */
int snfs_getattr(snfs_idmap_t *idmap, const struct path *path, struct kstat *stat,
		 u32 request_mask, unsigned int flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct snfs_server *server = snfs_server(inode);
	int err = 0;

	if (flags & AT_STATX_DONT_SYNC)
		goto fill;
	settle_times(inode, request_mask, flags);
	if (flags & AT_STATX_FORCE_SYNC)
		err = snfs_revalidate_since(inode, snfs_now());
	else
		err = snfs_revalidate(inode);
	if (err)
		return err;
fill:
	snfs_generic_fillattr(snfs_nop_idmap, request_mask, inode, stat);
	stat->mode = shown_mode(inode);
	stat->ino = snfs_ino(server, IS_AUTOMOUNT(inode) ? snfs_submount_ino(inode) :
				     snfs_foreign_ino(inode, SNFS_I(inode)->fileid));
	stat->blocks = blocks_of(inode, stat);
	stat->blksize = blksize_of(inode, server);
	return 0;
}

static void set_time(struct snfs_sattr *sattr, const struct iattr *attr)
{
	if (attr->ia_valid & ATTR_ATIME) {
		sattr->valid |= SNFS_SATTR_ATIME;
		if (attr->ia_valid & ATTR_ATIME_SET)
			sattr->valid |= SNFS_SATTR_ATIME_SET;
		sattr->atime = attr->ia_atime;
	}
	if (attr->ia_valid & ATTR_MTIME) {
		sattr->valid |= SNFS_SATTR_MTIME;
		if (attr->ia_valid & ATTR_MTIME_SET)
			sattr->valid |= SNFS_SATTR_MTIME_SET;
		sattr->mtime = attr->ia_mtime;
	}
}

static void sattr_from_iattr(struct snfs_sattr *sattr, const struct iattr *attr)
{
	unsigned int valid = attr->ia_valid;

	/* Clearing setuid and setgid at a write or chown is the server's business. */
	if (valid & (ATTR_KILL_SUID | ATTR_KILL_SGID))
		valid &= ~ATTR_MODE;
	if (valid & ATTR_MODE) {
		sattr->valid |= SNFS_SATTR_MODE;
		sattr->mode = attr->ia_mode & S_IALLUGO;
	}
	if (valid & ATTR_UID) {
		sattr->valid |= SNFS_SATTR_UID;
		sattr->uid = attr->ia_uid;
	}
	if (valid & ATTR_GID) {
		sattr->valid |= SNFS_SATTR_GID;
		sattr->gid = attr->ia_gid;
	}
	if (valid & ATTR_SIZE) {
		sattr->valid |= SNFS_SATTR_SIZE;
		sattr->size = attr->ia_size;
	}
	set_time(sattr, attr);
}

/* The server has cut or extended the file; now the page cache. */
static void follow_size(struct inode *inode, loff_t old, loff_t size)
{
	spin_lock(&inode->i_lock);
	i_size_write(inode, size);
	spin_unlock(&inode->i_lock);
	/* Extending: what was beyond the end in the last page must read as zeroes. */
	truncate_pagecache(inode, min(old, size));
}

/**
 * snfs_setattr - inode_operations.setattr
 * @idmap: the mount's id mapping
 * @dentry: the object
 * @attr: what to change
 *
 * The server decides whether the caller may. Dirty data go first: written later they would
 * undo the times or the size that are set here.
 *
 * Return: 0 or a negative errno.
 */
int snfs_setattr(snfs_idmap_t *idmap, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	struct snfs_server *server = snfs_server(inode);
	const struct cred *cred = attr->ia_valid & ATTR_FILE ? attr->ia_file->f_cred :
							       current_cred();
	loff_t old = i_size_read(inode);
	struct snfs_op *op;
	int err = 0;

	if (attr->ia_valid & ATTR_SIZE) {
		err = inode_newsize_ok(inode, attr->ia_size);
		if (err)
			return err;
		snfs_count(server, SNFS_EV_SETATTRTRUNC);
	}
	if (S_ISREG(inode->i_mode)) {
		err = snfs_writeback_flush(inode);
		/* A truncation may be what makes room again. */
		if (err && !(attr->ia_valid & ATTR_SIZE))
			return err;
	}
	snfs_count(server, SNFS_EV_SETATTR);
	op = snfs_op_alloc(server, cred, GFP_KERNEL);
	snfs_op_set_inode(op, 0, inode);
	sattr_from_iattr(&op->args.sattr, attr);
	err = 0;
	if (op->args.sattr.valid)
		err = snfs_op_call(op, server->proto->setattr);
	if (!err && attr->ia_valid & ATTR_SIZE)
		follow_size(inode, old, attr->ia_size);
	snfs_op_put(op);
	return err;
}
