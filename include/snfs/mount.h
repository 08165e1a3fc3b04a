/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers and limits of the MOUNT protocol (RFC 1094 appendix A, RFC 1813
 * appendix I) and of rpcbind (RFC 1833).
 */
#ifndef _SNFS_MOUNT_H
#define _SNFS_MOUNT_H

#define MOUNT_PROGRAM		100005
#define MOUNT_V1		1
#define MOUNT_V2		2
#define MOUNT_V3		3

/* RFC 1813 appendix I section 5.1.1: sizes in bytes */
#define MNTPATHLEN		1024
#define MNTNAMLEN		255
#define FHSIZE3			64
/* RFC 1094 section A.4: of each handle of versions 1 and 2 */
#define FHSIZE			32
/* Not in the RFC: auth_flavors<> is unbounded there. */
#define SNFS_MNT_MAXFLAVORS	32

/* RFC 1813 appendix I section 5.2: procedure numbers; those of versions 1 and 2, too */
enum snfs_mountproc3 {
	MOUNTPROC3_NULL		= 0,
	MOUNTPROC3_MNT		= 1,
	MOUNTPROC3_DUMP		= 2,
	MOUNTPROC3_UMNT		= 3,
	MOUNTPROC3_UMNTALL	= 4,
	MOUNTPROC3_EXPORT	= 5,
};

/* RFC 1813 appendix I section 5.1.5: mountstat3. Versions 1 and 2 say an errno of UNIX. */
enum snfs_mountstat3 {
	MNT3_OK			= 0,
	MNT3ERR_PERM		= 1,
	MNT3ERR_NOENT		= 2,
	MNT3ERR_IO		= 5,
	MNT3ERR_ACCES		= 13,
	MNT3ERR_NOTDIR		= 20,
	MNT3ERR_INVAL		= 22,
	MNT3ERR_NAMETOOLONG	= 63,
	MNT3ERR_NOTSUPP		= 10004,
	MNT3ERR_SERVERFAULT	= 10006,
};

/* RFC 1833: rpcbind, and its version 2, the port mapper */
#define SNFS_RPCB_PROGRAM	100000
#define SNFS_RPCB_PORT		111
#define SNFS_RPCB_V2		2
#define SNFS_RPCB_V3		3
#define SNFS_PMAPPROC_GETPORT	3	/* version 2 */
#define SNFS_RPCBPROC_GETADDR	3	/* version 3 and 4 */

/* The port of NFS when nobody says otherwise (RFC 1813 section 4.9.1 names it). */
#define SNFS_NFS_PORT		2049

#endif /* _SNFS_MOUNT_H */
