// SPDX-License-Identifier: GPL-2.0
/*
 * Permissions: the server decides, by ACCESS; its answers are kept per credential for as long as
 * the attributes that they depend on are unchanged and fresh.
 *
 * An ACCESS reply carries attributes, so at open one call is the permission check and the
 * close-to-open revalidation together (RFC 1813 section 3.3.4).
 */
#include <linux/cred.h>
#include "snfs.h"

#define FILE_WRITE	(ACCESS3_MODIFY | ACCESS3_EXTEND)
#define FILE_ALL	(ACCESS3_READ | FILE_WRITE | ACCESS3_EXECUTE)
#define DIR_WRITE	(ACCESS3_MODIFY | ACCESS3_EXTEND)
#define DIR_ALL		(ACCESS3_READ | ACCESS3_LOOKUP | DIR_WRITE | ACCESS3_DELETE)

/* All that may be asked of the object: the answer then serves the next question too. */
static u32 all_bits(const struct inode *inode)
{
	return S_ISDIR(inode->i_mode) ? DIR_ALL : FILE_ALL;
}

static u32 wanted_bits(const struct inode *inode, int mask)
{
	bool dir = S_ISDIR(inode->i_mode);
	u32 want = 0;

	if (mask & MAY_READ)
		want |= ACCESS3_READ;
	if (mask & MAY_WRITE)
		want |= dir ? DIR_WRITE : FILE_WRITE;
	if (mask & MAY_EXEC)
		want |= dir ? ACCESS3_LOOKUP : ACCESS3_EXECUTE;
	return want;
}

static struct snfs_access_entry *find_entry(struct snfs_inode *si, const struct cred *cred)
{
	unsigned int i;

	for (i = 0; i < SNFS_ACCESS_SLOTS; i++) {
		struct snfs_access_entry *e = &si->access[i];

		if (e->cred && (e->cred == cred || !cred_fscmp(e->cred, cred)))
			return e;
	}
	return NULL;
}

/* What is known without asking: 1 granted, 0 refused, -ENOENT not known; @old: it may be old */
static int cached_answer(struct inode *inode, const struct cred *cred, u32 want, bool old)
{
	struct snfs_inode *si = SNFS_I(inode);
	struct snfs_access_entry *e;
	int ret = -ENOENT;

	spin_lock(&inode->i_lock);
	e = find_entry(si, cred);
	if (e && e->perm_ver == si->fresh.perm_ver && !(want & ~e->known) &&
	    (old || snfs_fresh_within(&si->fresh, snfs_now())))
		ret = !(want & ~e->granted);
	spin_unlock(&inode->i_lock);
	return ret;
}

/* Keep an answer in front; the one that was used longest ago makes room. */
static void keep_answer(struct inode *inode, const struct cred *cred, u32 known, u32 granted,
			u32 perm_ver)
{
	struct snfs_inode *si = SNFS_I(inode);
	struct snfs_access_entry *e, front = {
		.cred		= get_cred(cred),
		.known		= known,
		.granted	= granted,
		.perm_ver	= perm_ver,
	};
	const struct cred *old;

	spin_lock(&inode->i_lock);
	e = find_entry(si, cred);
	if (!e)
		e = &si->access[SNFS_ACCESS_SLOTS - 1];
	old = e->cred;
	memmove(&si->access[1], &si->access[0], (e - si->access) * sizeof(*e));
	si->access[0] = front;
	spin_unlock(&inode->i_lock);
	put_cred(old);
}

/**
 * snfs_access_forget - drop all answers
 * @inode: the object
 */
void snfs_access_forget(struct inode *inode)
{
	const struct cred *old[SNFS_ACCESS_SLOTS];
	struct snfs_inode *si = SNFS_I(inode);
	unsigned int i;

	spin_lock(&inode->i_lock);
	for (i = 0; i < SNFS_ACCESS_SLOTS; i++) {
		old[i] = si->access[i].cred;
		si->access[i].cred = NULL;
	}
	spin_unlock(&inode->i_lock);
	for (i = 0; i < SNFS_ACCESS_SLOTS; i++)
		put_cred(old[i]);
}

/* Not generic_permission(): it would ask for ACLs, of a server that may have none. */
static bool mode_allows(const struct inode *inode, int mask)
{
	umode_t mode = inode->i_mode;

	if (capable(CAP_DAC_OVERRIDE) &&
	    (!(mask & MAY_EXEC) || S_ISDIR(mode) || mode & 0111))
		return true;
	if (uid_eq(current_fsuid(), inode->i_uid))
		mode >>= 6;
	else if (in_group_p(inode->i_gid))
		mode >>= 3;
	return !(mask & ~mode);
}

/* What the mode says to the caller, or to whom calls are made for. Waits for nothing. */
static u32 granted_by_mode(struct inode *inode)
{
	const struct cred *identity = snfs_server(inode)->identity;
	const struct cred *old = identity ? override_creds(identity) : NULL;
	bool dir = S_ISDIR(inode->i_mode);
	u32 granted = 0;

	if (mode_allows(inode, MAY_READ))
		granted |= ACCESS3_READ;
	if (mode_allows(inode, MAY_WRITE))
		granted |= dir ? DIR_WRITE | ACCESS3_DELETE : FILE_WRITE;
	if (mode_allows(inode, MAY_EXEC))
		granted |= dir ? ACCESS3_LOOKUP : ACCESS3_EXECUTE;
	if (old)
		revert_creds(old);
	return granted;
}

/*
 * A server without ACCESS: what the mode says to the caller, as in NFS version 2. Whoever is let
 * in wrongly is refused by the call that follows.
 */
static int guess(struct inode *inode, u32 *granted)
{
	int err = snfs_attr_perm_within(inode) ? 0 : snfs_revalidate(inode);

	*granted = err ? 0 : granted_by_mode(inode);
	return err;
}

/* The same without waiting: 1 granted, 0 refused, -ECHILD if the server has to be asked */
static int guess_at_once(struct inode *inode, u32 want)
{
	if (snfs_server(inode)->caps & SNFS_CAP_ACCESS || !snfs_attr_perm_within(inode))
		return -ECHILD;
	return !(want & ~granted_by_mode(inode));
}

static int ask(struct inode *inode, const struct cred *cred, u32 want, u32 *granted)
{
	struct snfs_server *server = snfs_server(inode);
	u32 perm_ver, before = snfs_attr_perm_ver(inode);
	struct snfs_op *op;
	int err, known;

	if (test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags))
		return -ESTALE;
	if (!(server->caps & SNFS_CAP_ACCESS))
		return guess(inode, granted);
	snfs_count(server, SNFS_EV_ACCESS);
	op = snfs_op_alloc(server, cred, GFP_KERNEL);
	snfs_op_set_inode(op, 0, inode);
	op->args.access = all_bits(inode);
	op->fallible = cached_answer(inode, cred, want, true) >= 0;
	err = snfs_op_call(op, server->proto->access);
	if (!err) {
		*granted = op->res.access & op->args.access;
		if (snfs_attr_perm_holds(inode, op->sent, before, &perm_ver))
			keep_answer(inode, cred, op->args.access, *granted, perm_ver);
	} else if (op->res.status == NFS3ERR_NOTSUPP) {
		server->caps &= ~SNFS_CAP_ACCESS;
		err = guess(inode, granted);
	}
	snfs_op_put(op);
	if (!snfs_served_from_cache(server, err))
		return err;
	known = cached_answer(inode, cred, want, true);
	if (known < 0)
		return err;
	*granted = known ? want : 0;
	return 0;
}

/* Did the server refuse what it never refuses root, and what it may refuse the others? */
static bool is_squashed(const struct snfs_op *op)
{
	const struct inode *inode = op->inode[0];
	u32 never = S_ISDIR(inode->i_mode) ? ACCESS3_READ | ACCESS3_LOOKUP : ACCESS3_READ;
	umode_t others = inode->i_mode & 0007;

	if (op->error)
		return op->error == -EACCES && others != 0007;
	if (op->verb != SNFS_ACCESS || !(op->args.access & ~op->res.access & never))
		return false;
	return S_ISDIR(inode->i_mode) ? (others & 5) != 5 : !(others & 4);
}

/**
 * snfs_squash_notice - tell, once per mount, that the server does not let root be root
 * @op: an operation, done
 */
void snfs_squash_notice(const struct snfs_op *op)
{
	struct snfs_server *server = op->server;

	if (!uid_eq(op->cred->fsuid, GLOBAL_ROOT_UID) || !op->inode[0] ||
	    server->opt.authflavor != RPC_AUTH_UNIX || test_bit(0, &server->squash_told) ||
	    !is_squashed(op) || test_and_set_bit(0, &server->squash_told))
		return;
	snfs_warn(server, "the server refuses root: it takes it for another user (root_squash)");
}

/**
 * snfs_permission - inode_operations.permission
 * @idmap: the mount's id mapping
 * @inode: the object
 * @mask: MAY_*
 *
 * Two questions are left to the call that decides them anyway: opening a regular file (its
 * ->open asks, after the open began) and changing a directory.
 *
 * Return: 0, -EACCES, -ECHILD (not without waiting), or a negative errno of ACCESS.
 */
int snfs_permission(snfs_idmap_t *idmap, struct inode *inode, int mask)
{
	u32 want = wanted_bits(inode, mask), granted;
	const struct cred *cred;
	int known, err;

	if (!want || S_ISLNK(inode->i_mode))
		return 0;
	if (S_ISREG(inode->i_mode) && mask & MAY_OPEN)
		return 0;
	if (S_ISDIR(inode->i_mode) && mask & MAY_WRITE && !(mask & MAY_READ))
		return 0;
	cred = snfs_cred_for(snfs_server(inode), current_cred());
	known = cached_answer(inode, cred, want, false);
	if (known < 0 && mask & MAY_NOT_BLOCK)
		known = guess_at_once(inode, want);
	if (known >= 0)
		return known ? 0 : -EACCES;
	if (mask & MAY_NOT_BLOCK)
		return -ECHILD;
	err = ask(inode, cred, want, &granted);
	if (err)
		return err;
	return want & ~granted ? -EACCES : 0;
}

/**
 * snfs_access_open - may a regular file be opened, and what does it look like now?
 * @inode: the file
 * @cred: the opener's
 * @want: ACCESS3_* bits the open needs
 * @cto: the attributes must have been asked for after the open began (close-to-open)
 *
 * Return: 0, -EACCES, or a negative errno.
 */
int snfs_access_open(struct inode *inode, const struct cred *cred, u32 want, bool cto)
{
	u64 began = snfs_now();
	u32 granted;
	int err;

	cred = snfs_cred_for(snfs_server(inode), cred);
	if (!cto) {
		int known = cached_answer(inode, cred, want, false);

		if (known >= 0)
			return known ? 0 : -EACCES;
	}
	/* A guess goes by the attributes, so they come first. */
	if (cto && !(snfs_server(inode)->caps & SNFS_CAP_ACCESS)) {
		err = snfs_revalidate_since(inode, began);
		if (err)
			return err;
	}
	err = ask(inode, cred, want, &granted);
	if (err)
		return err;
	/* RFC 1813 lets a server leave the attributes out. */
	err = cto ? snfs_revalidate_since(inode, began) : 0;
	if (err)
		return err;
	return want & ~granted ? -EACCES : 0;
}
