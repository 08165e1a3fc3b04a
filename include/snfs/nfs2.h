/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers and limits of NFS version 2 (RFC 1094). Sizes (NFS2_FHSIZE ...), procedure numbers
 * (NFSPROC_GETATTR ...) and ftype (NF2REG ...) are the kernel's, whose lockd headers bring them
 * in anyway.
 */
#ifndef _SNFS_NFS2_H
#define _SNFS_NFS2_H

#include <linux/nfs2.h>

/* RFC 1094 section 2.1 */
#define NFS2_PROGRAM		100003

/* Not in the RFC, whose sizes are unsigned: what Linux and others take for the largest file. */
#define NFS2_MAXFILESIZE	0x7fffffffU

/* Not in the RFC: fattr.blocks are of 512 bytes, whatever fattr.blocksize says. */
#define NFS2_BLOCK_SHIFT	9

/* RFC 1094 section 2.2: how many procedures; ROOT and WRITECACHE are obsolete */
#define NFSPROC_NR		(NFSPROC_STATFS + 1)

/* Procedures that we use in a second way: behind the others in our table */
enum snfs2_row {
	SNFS2_ROW_MKNOD		= NFSPROC_NR,		/* CREATE */
	SNFS2_ROW_FSINFO	= NFSPROC_NR + 1,	/* STATFS */
	SNFS2_ROWS		= NFSPROC_NR + 2,
};

/* RFC 1094 section 2.3.1: stat. All but this one are nfsstat3 (nfs3.h), too. */
#define NFS2_OK			0
#define NFS2ERR_WFLUSH		99

/* RFC 1094 section 2.3.6: in a field of sattr, "do not change" */
#define NFS2_SATTR_UNSET	0xffffffffU

/* Not in the RFC. A device number that makes a fifo of an NF2CHR, by SunOS. */
#define SNFS2_FIFO_DEV		((u32)NFS2_FIFO_DEV)

/* Not in the RFC. As sattr.mtime.useconds: "your time, for both times", by SunOS, too. */
#define NFS2_SERVER_TIME	1000000U

#endif /* _SNFS_NFS2_H */
