// SPDX-License-Identifier: GPL-2.0
/*
 * Checks of arguments that no protocol version can encode, and the walk through a listing as far as
 * all versions have it.
 */
#include <linux/sunrpc/clnt.h>
#include <linux/uidgid.h>

#include "proc.h"
#include "snfs/nfs2.h"
#include "snfs/nfs3.h"

static_assert(NFS2_MAXNAMLEN == NFS3_MAXNAMLEN);

/**
 * snfs_check_name - can a name be encoded?
 * @name: the name
 *
 * Return: 0; -ENOENT if it is empty, -ENAMETOOLONG if it is longer than 255 bytes.
 */
int snfs_check_name(const struct snfs_name *name)
{
	if (!name->len)
		return -ENOENT;
	return name->len <= NFS3_MAXNAMLEN ? 0 : -ENAMETOOLONG;
}

/**
 * snfs_check_ids - can the owner and the group that are to be set be encoded?
 * @op: its args.sattr is looked at
 *
 * An id that the server's users do not have must not become another's.
 *
 * Return: 0 or -EOVERFLOW.
 */
int snfs_check_ids(const struct snfs_op *op)
{
	struct user_namespace *user_ns = op->server->clnt->cl_cred->user_ns;
	const struct snfs_sattr *sattr = &op->args.sattr;

	if ((sattr->valid & SNFS_SATTR_UID) && !kuid_has_mapping(user_ns, sattr->uid))
		return -EOVERFLOW;
	if ((sattr->valid & SNFS_SATTR_GID) && !kgid_has_mapping(user_ns, sattr->gid))
		return -EOVERFLOW;
	return 0;
}

/**
 * snfs_check_readlink - is there one page for the target of a symbolic link?
 * @op: its args.io is looked at
 *
 * The target is checked and terminated in one page.
 *
 * Return: 0 or -EINVAL.
 */
int snfs_check_readlink(const struct snfs_op *op)
{
	return op->args.io.pgbase + op->args.io.count > PAGE_SIZE ? -EINVAL : 0;
}

/**
 * snfs_dirlist_init - begin to walk through the listing in a reply
 * @list: OUT: at the first entry; what only one version has of it is left as it was
 * @op: the answered call
 */
void snfs_dirlist_init(struct snfs_dirlist *list, const struct snfs_op *op)
{
	xdr_init_decode_pages(&list->xdr, &list->buf, op->args.readdir.pages,
			      op->res.readdir.bytes);
	/* Entries may lie across pages. */
	xdr_set_scratch_buffer(&list->xdr, list->scratch, sizeof(list->scratch));
	list->eof = false;
}
