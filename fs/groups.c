// SPDX-License-Identifier: GPL-2.0
/*
 * More than 16 groups: AUTH_SYS carries 16 (RFC 5531 appendix A), and sunrpc sends the first ones.
 * If the groups that an operation is about are among the others, they take the first places.
 */
#include <linux/cred.h>
#include <linux/sched/mm.h>
#include <linux/sunrpc/auth.h>
#include "snfs.h"

static bool has_group(const kgid_t *groups, unsigned int nr, kgid_t gid)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (gid_eq(groups[i], gid))
			return true;
	}
	return false;
}

/* Is the caller in the group, without the server being told? */
static bool is_untold(const struct group_info *all, kgid_t gid)
{
	return !has_group(all->gid, UNX_NGROUPS, gid) &&
	       has_group(all->gid + UNX_NGROUPS, all->ngroups - UNX_NGROUPS, gid);
}

/* Puts the UNX_NGROUPS groups to send in @out. Returns false if they are the first ones. */
static bool choose(const struct group_info *all, const struct snfs_op *op, kgid_t *out)
{
	unsigned int i, nr = 0;

	for (i = 0; i < ARRAY_SIZE(op->inode); i++) {
		if (op->inode[i] && is_untold(all, op->inode[i]->i_gid))
			out[nr++] = op->inode[i]->i_gid;
	}
	if (op->args.sattr.valid & SNFS_SATTR_GID && is_untold(all, op->args.sattr.gid))
		out[nr++] = op->args.sattr.gid;
	if (!nr)
		return false;
	for (i = 0; nr < UNX_NGROUPS; i++)
		out[nr++] = all->gid[i];
	return true;
}

static const struct cred *make_cred(const struct cred *from, const kgid_t *groups)
{
	/* Reclaim must not wait for a COMMIT, which may be what this is for. */
	unsigned int nofs = memalloc_nofs_save();
	struct group_info *info = groups_alloc(UNX_NGROUPS);
	struct cred *cred = info ? prepare_creds() : NULL;

	memalloc_nofs_restore(nofs);
	if (cred) {
		memcpy(info->gid, groups, UNX_NGROUPS * sizeof(*groups));
		set_groups(cred, info);
		cred->fsuid = from->fsuid;
		cred->fsgid = from->fsgid;
	}
	if (info)
		put_group_info(info);
	return cred;
}

/**
 * snfs_groups_cred - the credential to send an operation with
 * @op: the operation, its arguments filled
 *
 * It is of use to AUTH_SYS only: apart from user and groups it is the calling process's. Without
 * memory the first groups are sent.
 *
 * Context: Process context; may sleep.
 * Return: the credential, to be given back with put_cred().
 */
const struct cred *snfs_groups_cred(const struct snfs_op *op)
{
	const struct group_info *all = op->cred->group_info;
	const struct cred *cred = NULL;
	kgid_t groups[UNX_NGROUPS];

	if (op->server->opt.authflavor == RPC_AUTH_UNIX && all && all->ngroups > UNX_NGROUPS &&
	    choose(all, op, groups))
		cred = make_cred(op->cred, groups);
	return cred ? cred : get_cred(op->cred);
}
