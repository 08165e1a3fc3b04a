/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GETACL as something that is started now and waited for later.
 */
#ifndef _SNFS_ACL_H
#define _SNFS_ACL_H

#include "snfs.h"
#include "snfs/nfsacl.h"

/* The longest pair of ACLs */
#define SNFS_ACL_PAGES	DIV_ROUND_UP(2 * (2 + 3 * NFSACL_MAXENTRIES) * XDR_UNIT, PAGE_SIZE)

/**
 * struct snfs_acl_ask - one GETACL on its way
 * @inode: the object
 * @op: the operation
 * @before: snfs_attr_perm_ver() before it
 * @pages: what the reply needs of them is allocated when it comes
 */
struct snfs_acl_ask {
	struct inode	*inode;
	struct snfs_op	*op;
	u32		before;
	struct page	*pages[SNFS_ACL_PAGES];
};

int snfs_acl_ask_start(struct snfs_acl_ask *ask, struct inode *inode);
int snfs_acl_ask_finish(struct snfs_acl_ask *ask, struct posix_acl **access,
			struct posix_acl **def);
bool snfs_acl_is_kept(struct inode *inode);

/* aclahead.c */
struct snfs_acl_batch *snfs_acl_ahead_start(struct inode *inode);
void snfs_acl_ahead_finish(struct snfs_acl_batch *batch);

#endif /* _SNFS_ACL_H */
