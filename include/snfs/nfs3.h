/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers and limits of NFS version 3, named as in RFC 1813.
 */
#ifndef _SNFS_NFS3_H
#define _SNFS_NFS3_H

#include <linux/limits.h>

/* RFC 1813 section 2.1 and 3 */
#define NFS3_PROGRAM		100003
#define NFS3_VERSION		3

/* RFC 1813 section 2.4: sizes in bytes */
#define NFS3_FHSIZE		64
#define NFS3_COOKIEVERFSIZE	8
#define NFS3_CREATEVERFSIZE	8
#define NFS3_WRITEVERFSIZE	8

/* Not in the RFC (filename3 and nfspath3 are unbounded there): what Linux can use. */
#define NFS3_MAXNAMLEN		NAME_MAX
#define NFS3_MAXPATHLEN		PATH_MAX

/* RFC 1813 section 3: procedure numbers, in order */
enum snfs3_proc {
	NFSPROC3_NULL		= 0,
	NFSPROC3_GETATTR	= 1,
	NFSPROC3_SETATTR	= 2,
	NFSPROC3_LOOKUP		= 3,
	NFSPROC3_ACCESS		= 4,
	NFSPROC3_READLINK	= 5,
	NFSPROC3_READ		= 6,
	NFSPROC3_WRITE		= 7,
	NFSPROC3_CREATE		= 8,
	NFSPROC3_MKDIR		= 9,
	NFSPROC3_SYMLINK	= 10,
	NFSPROC3_MKNOD		= 11,
	NFSPROC3_REMOVE		= 12,
	NFSPROC3_RMDIR		= 13,
	NFSPROC3_RENAME		= 14,
	NFSPROC3_LINK		= 15,
	NFSPROC3_READDIR	= 16,
	NFSPROC3_READDIRPLUS	= 17,
	NFSPROC3_FSSTAT		= 18,
	NFSPROC3_FSINFO		= 19,
	NFSPROC3_PATHCONF	= 20,
	NFSPROC3_COMMIT		= 21,
	NFSPROC3_NR		= 22,

	/* NFSACL's two: behind the others in our table, as statistics have one */
	SNFS3_ROW_GETACL	= 22,
	SNFS3_ROW_SETACL	= 23,
	SNFS3_ROWS		= 24,
};

/* RFC 1813 section 2.6: nfsstat3 */
enum snfs_nfsstat3 {
	NFS3_OK			= 0,
	NFS3ERR_PERM		= 1,
	NFS3ERR_NOENT		= 2,
	NFS3ERR_IO		= 5,
	NFS3ERR_NXIO		= 6,
	NFS3ERR_ACCES		= 13,
	NFS3ERR_EXIST		= 17,
	NFS3ERR_XDEV		= 18,
	NFS3ERR_NODEV		= 19,
	NFS3ERR_NOTDIR		= 20,
	NFS3ERR_ISDIR		= 21,
	NFS3ERR_INVAL		= 22,
	NFS3ERR_FBIG		= 27,
	NFS3ERR_NOSPC		= 28,
	NFS3ERR_ROFS		= 30,
	NFS3ERR_MLINK		= 31,
	NFS3ERR_NAMETOOLONG	= 63,
	NFS3ERR_NOTEMPTY	= 66,
	NFS3ERR_DQUOT		= 69,
	NFS3ERR_STALE		= 70,
	NFS3ERR_REMOTE		= 71,
	NFS3ERR_BADHANDLE	= 10001,
	NFS3ERR_NOT_SYNC	= 10002,
	NFS3ERR_BAD_COOKIE	= 10003,
	NFS3ERR_NOTSUPP		= 10004,
	NFS3ERR_TOOSMALL	= 10005,
	NFS3ERR_SERVERFAULT	= 10006,
	NFS3ERR_BADTYPE		= 10007,
	NFS3ERR_JUKEBOX		= 10008,
};

/*
 * RFC 1813 section 2.3.1: ftype3 (NF3REG ...) is the kernel's. Its header makes macros of the
 * procedures' names, so it must be read behind their enumeration.
 */
#include <linux/nfs3.h>

/* RFC 1813 section 3.3.4: ACCESS bits */
#define ACCESS3_READ		0x0001
#define ACCESS3_LOOKUP		0x0002
#define ACCESS3_MODIFY		0x0004
#define ACCESS3_EXTEND		0x0008
#define ACCESS3_DELETE		0x0010
#define ACCESS3_EXECUTE		0x0020
#define ACCESS3_ALL		0x003f

/* RFC 1813 section 3.3.7: stable_how */
enum snfs_stable_how {
	SNFS_UNSTABLE	= 0,
	SNFS_DATA_SYNC	= 1,
	SNFS_FILE_SYNC	= 2,
};

/* RFC 1813 section 3.3.8: createmode3 */
enum snfs_createmode3 {
	SNFS_CREATE_UNCHECKED	= 0,
	SNFS_CREATE_GUARDED	= 1,
	SNFS_CREATE_EXCLUSIVE	= 2,
};

/* RFC 1813 section 2.6 (sattr3): time_how */
enum snfs_time_how {
	SNFS_DONT_CHANGE	= 0,
	SNFS_SET_TO_SERVER_TIME	= 1,
	SNFS_SET_TO_CLIENT_TIME	= 2,
};

/* RFC 1813 section 3.3.19: FSINFO properties */
#define FSF3_LINK		0x0001
#define FSF3_SYMLINK		0x0002
#define FSF3_HOMOGENEOUS	0x0008
#define FSF3_CANSETTIME		0x0010

#endif /* _SNFS_NFS3_H */
