/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers and limits of NFSACL version 3, the side protocol for POSIX ACLs. It has no RFC: what
 * Solaris and Linux servers speak is written down at the codec (fs/xdr3_acl.c).
 */
#ifndef _SNFS_NFSACL_H
#define _SNFS_NFSACL_H

#define NFSACL_PROGRAM		100227
#define NFSACL_VERSION		3

enum nfsacl3_proc {
	NFSACLPROC3_GETACL	= 1,
	NFSACLPROC3_SETACL	= 2,
};

/* Which of the two ACLs, and whether its entries or only their number */
#define NFSACL_ACCESS		0x1
#define NFSACL_ACCESS_COUNT	0x2
#define NFSACL_DEFAULT		0x4
#define NFSACL_DEFAULT_COUNT	0x8
#define NFSACL_MASK		0xf

/* Entries of one ACL, as all implementations have it */
#define NFSACL_MAXENTRIES	1024

/* In the type of an entry: it is of the default ACL */
#define NFSACL_TYPE_DEFAULT	0x1000

#endif /* _SNFS_NFSACL_H */
