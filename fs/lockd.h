/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What lockd's client wants to find in our inodes and open files.
 *
 * It takes every inode for one within struct nfs_inode and reads the file handle there, and
 * file->private_data for a struct nfs_open_context of which it reads the credential; nothing
 * else of either. So ours have these two at the same distances, and the room between is ours.
 * struct snfs_fh begins like struct nfs_fh; lockd copies the whole of the latter, and thereby
 * fields of ours behind the handle, but looks at no more bytes than the handle has.
 */
#ifndef _SNFS_LOCKD_H
#define _SNFS_LOCKD_H

#include <linux/nfs_fs.h>
#include "snfs/proto.h"

/* From the handle to the VFS's inode */
#define SNFS_LOCKD_INODE_ROOM	(offsetof(struct nfs_inode, vfs_inode) - \
				 offsetof(struct nfs_inode, fh))

/* From the begin of an open file's record to the credential */
#define SNFS_LOCKD_OPEN_ROOM	offsetof(struct nfs_open_context, cred)

static_assert(offsetof(struct snfs_fh, len) == offsetof(struct nfs_fh, size) &&
	      sizeof_field(struct snfs_fh, len) == sizeof_field(struct nfs_fh, size) &&
	      offsetof(struct snfs_fh, data) == offsetof(struct nfs_fh, data));
static_assert(sizeof(struct nfs_fh) <= SNFS_LOCKD_INODE_ROOM);

#endif /* _SNFS_LOCKD_H */
