// SPDX-License-Identifier: GPL-2.0
/*
 * Names: LOOKUP, and when a cached name (there or not there) may be believed.
 *
 * A dentry remembers in d_time the version of its directory (snfs_fresh.data_ver) that it was
 * looked up under. It is believed while that is the current one and the directory's attributes
 * are within their cache time; our own changes do not move the version. A name that was not there
 * is believed for acregmin at most: others make names, and who asks again hopes to find one.
 */
#include <linux/namei.h>
#include "snfs.h"

/**
 * snfs_dir_ver - the version of a directory's names
 * @dir: the directory
 *
 * Return: the version. Read it before asking for a name, and give it to snfs_dentry_verified()
 * afterwards.
 */
u32 snfs_dir_ver(struct inode *dir)
{
	return READ_ONCE(SNFS_I(dir)->fresh.data_ver);
}

/**
 * snfs_dentry_verified - note under which version of its directory a name is right
 * @dentry: the name
 * @ver: snfs_dir_ver() from before the question
 */
void snfs_dentry_verified(struct dentry *dentry, u32 ver)
{
	WRITE_ONCE(dentry->d_time, ver);
}

/**
 * snfs_lookup_call - ask the server for a name
 * @dir: the directory
 * @name: the name
 * @fallible: an answer is known already (snfs_op.fallible)
 * @inode: OUT: what it is, with a reference; NULL if there is no such name
 *
 * Return: 0 (also when there is no such name) or a negative errno.
 */
int snfs_lookup_call(struct inode *dir, const struct qstr *name, bool fallible,
		     struct inode **inode)
{
	struct snfs_server *server = snfs_server(dir);
	struct snfs_op *op;
	u64 sent;
	int err;

	*inode = NULL;
	snfs_count(server, SNFS_EV_LOOKUP);
	op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	snfs_op_set_inode(op, 0, dir);
	op->args.name = (struct snfs_name){ .name = name->name, .len = name->len };
	op->fallible = fallible;
	err = snfs_op_call(op, server->proto->lookup);
	if (err == -ENOENT) {
		err = 0;
		goto out;
	}
	if (err)
		goto out;
	sent = op->sent;
	if (!op->res.obj_attr.valid)
		err = snfs_attr_fetch(server, op->cred, &op->res.obj_fh, &op->res.obj_attr, &sent);
	if (err)
		goto out;
	*inode = snfs_iget(dir->i_sb, &op->res.obj_fh, &op->res.obj_attr, sent);
	if (IS_ERR(*inode)) {
		err = PTR_ERR(*inode);
		*inode = NULL;
	}
out:
	snfs_op_put(op);
	return err;
}

/**
 * snfs_lookup - inode_operations.lookup
 * @dir: the directory
 * @dentry: the name, not hashed
 * @flags: LOOKUP_*
 *
 * A name that is about to be created, or to become the target of a rename, is not asked for: the
 * creating call itself reports what exists. It is left unhashed, as nothing is known of it.
 *
 * Return: NULL, another dentry of the same directory, or an ERR_PTR.
 */
struct dentry *snfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	u32 ver = snfs_dir_ver(dir);
	struct dentry *res;
	struct inode *inode;
	int err;

	if (dentry->d_name.len > snfs_server(dir)->namelen)
		return ERR_PTR(-ENAMETOOLONG);
	if (flags & LOOKUP_RENAME_TARGET ||
	    (flags & (LOOKUP_CREATE | LOOKUP_EXCL)) == (LOOKUP_CREATE | LOOKUP_EXCL))
		return NULL;
	err = snfs_lookup_call(dir, &dentry->d_name, false, &inode);
	if (err)
		return ERR_PTR(err);
	snfs_nested_note(dentry, inode);
	res = d_splice_alias(inode, dentry);
	if (IS_ERR(res))
		return res;
	/* A directory has one name: it was found under another one before. */
	if (res)
		snfs_nested_note(res, d_inode(res));
	snfs_dentry_verified(res ? res : dentry, ver);
	if (inode)
		snfs_dir_ahead(dentry->d_parent, &dentry->d_name);
	return res;
}

/* Readers of the directory want to know whether names are used; tested first, as it is hot. */
static void note_use(struct inode *dir)
{
	unsigned long *flags = &SNFS_I(dir)->flags;

	if (!test_bit(SNFS_INO_DIR_USED, flags))
		set_bit(SNFS_INO_DIR_USED, flags);
}

static bool dir_is_fresh(struct inode *dir, bool positive)
{
	return positive ? snfs_attr_within(dir) :
			  snfs_attr_younger(dir, snfs_server(dir)->acreg.min);
}

static bool name_is_fresh(struct inode *dir, const struct dentry *dentry, bool positive)
{
	return READ_ONCE(dentry->d_time) == snfs_dir_ver(dir) && dir_is_fresh(dir, positive);
}

/* Which cached names does lookupcache= allow to be believed? */
static bool may_believe(struct inode *dir, bool positive, unsigned int flags)
{
	if (flags & LOOKUP_REVAL)
		return false;
	switch (snfs_server(dir)->opt.lookupcache) {
	case SNFS_LOOKUPCACHE_ALL:
		return true;
	case SNFS_LOOKUPCACHE_POS:
		return positive;
	default:
		return false;
	}
}

/* Does the name still lead to the same object? 1 yes, 0 no. */
static int ask_again(struct inode *dir, const struct qstr *name, struct dentry *dentry)
{
	u32 ver = snfs_dir_ver(dir);
	struct inode *inode;
	int err;

	err = snfs_lookup_call(dir, name, true, &inode);
	if (snfs_served_from_cache(snfs_server(dir), err))
		return 1;
	if (err)
		return err == -ESTALE ? 0 : err;
	err = inode && inode == d_inode(dentry);
	if (err)
		snfs_dentry_verified(dentry, ver);
	iput(inode);
	return err;
}

static int revalidate_slowly(struct inode *dir, const struct qstr *name, struct dentry *dentry,
			     unsigned int flags)
{
	struct inode *inode = d_inode(dentry);
	int err;

	/* A name that is to be created: the creating call reports what exists. */
	if (!inode && flags & (LOOKUP_CREATE | LOOKUP_RENAME_TARGET) &&
	    may_believe(dir, false, flags))
		return 1;
	if (inode && test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags))
		return 0;
	if (may_believe(dir, inode, flags)) {
		if (name_is_fresh(dir, dentry, inode))
			return 1;
		/* One GETATTR of the directory can confirm all its names. */
		err = dir_is_fresh(dir, inode) ? 0 : snfs_revalidate_since(dir, snfs_now());
		if (err)
			return err == -ESTALE ? 0 : err;
		if (READ_ONCE(dentry->d_time) == snfs_dir_ver(dir))
			return 1;
	}
	return inode ? ask_again(dir, name, dentry) : 0;
}

/* dentry_operations.d_revalidate; under RCU @name may be NULL and nothing is asked */
static int snfs_d_revalidate(struct inode *dir, const struct qstr *name, struct dentry *dentry,
			     unsigned int flags)
{
	struct inode *inode = d_inode_rcu(dentry);
	int ret;

	if (unlikely(READ_ONCE(snfs_server(dir)->below_stale)) && d_mountpoint(dentry)) {
		if (flags & LOOKUP_RCU)
			return -ECHILD;
		if (snfs_submount_is_stale(snfs_server(dir), dentry))
			return 0;
	}
	if (flags & LOOKUP_RCU) {
		if (inode && test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags))
			return -ECHILD;
		if (!may_believe(dir, inode, flags) || !name_is_fresh(dir, dentry, inode))
			return -ECHILD;
		if (inode)
			note_use(dir);
		return 1;
	}
	/* What we silly-renamed is ours alone. */
	if (dentry->d_flags & DCACHE_NFSFS_RENAMED)
		return 1;
	if (inode)
		note_use(dir);
	snfs_count(snfs_server(dir), SNFS_EV_DENTRY_REVALIDATE);
	ret = revalidate_slowly(dir, name, dentry, flags);
	if (ret == 1)
		snfs_nested_note(dentry, inode);
	return ret;
}

SNFS_COMPAT_D_REVALIDATE(snfs_d_revalidate)

static int snfs_d_delete(const struct dentry *dentry)
{
	const struct inode *inode = d_inode(dentry);

	/* The last user of a silly-renamed file goes: remove it now, in d_iput. */
	if (dentry->d_flags & DCACHE_NFSFS_RENAMED)
		return 1;
	return inode && test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags);
}

static void snfs_d_iput(struct dentry *dentry, struct inode *inode)
{
	if (dentry->d_flags & DCACHE_NFSFS_RENAMED)
		snfs_sillyrename_finish(dentry, inode);
	iput(inode);
}

static void snfs_d_release(struct dentry *dentry)
{
	snfs_sillyrename_free(dentry->d_fsdata);
}

const struct dentry_operations snfs_dentry_operations = {
	.d_revalidate	= SNFS_D_REVALIDATE(snfs_d_revalidate),
	.d_delete	= snfs_d_delete,
	.d_iput		= snfs_d_iput,
	.d_release	= snfs_d_release,
	.d_automount	= snfs_d_automount,
};
