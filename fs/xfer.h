/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transfers: contiguous bytes of a file between pages and the server, for all of file I/O.
 */
#ifndef _SNFS_XFER_H
#define _SNFS_XFER_H

#include "snfs.h"

/* What may be under way at a time: bytes, and requests if rsize or wsize is small */
#define SNFS_FLIGHT_BYTES	(64ul << 20)
#define SNFS_FLIGHT_OPS		4096ul

/**
 * struct snfs_xfer - one contiguous range of a file on its way
 * @inode: the file; kept alive by the caller
 * @cred: on whose behalf; kept alive by the caller
 * @offset: first byte
 * @len: bytes
 * @pages: they are here, @pgbase bytes into the first page
 * @pgbase: see @pages
 * @write: WRITE, else READ
 * @fill: READ: zero what lies behind the end of the file, and count it as read
 * @stable: WRITE: enum snfs_stable_how that is asked for
 * @end: called once, when all is done; it may free the transfer. Runs where the last reply is
 *	processed, or in snfs_xfer_start() if nothing could be sent
 * @pending: requests under way
 * @lock: guards what follows
 * @good: bytes from the start that were moved
 * @error: why it is fewer than @len, 0 if the file ends there
 * @eof: READ: the file was seen to end within or right behind the range
 * @stalls: replies that moved nothing
 * @committed: WRITE: the least stable of the replies
 * @replied: WRITE: @verf is set
 * @mixed: WRITE: not all verifiers were the same, so the server restarted meanwhile
 * @verf: WRITE: their verifier
 *
 * Set the fields up to @end, the others belong to xfer.c until @end is called.
 */
struct snfs_xfer {
	struct inode		*inode;
	const struct cred	*cred;
	u64			offset;
	size_t			len;
	struct page		**pages;
	unsigned int		pgbase;
	bool			write;
	bool			fill;
	u32			stable;
	void			(*end)(struct snfs_xfer *x);

	atomic_t		pending;
	spinlock_t		lock;	/* guards what follows */
	size_t			good;
	int			error;
	bool			eof;
	unsigned int		stalls;
	u32			committed;
	bool			replied;
	bool			mixed;
	struct snfs_verf	verf;
};

/**
 * snfs_flight_bytes - how much may be under way at a time
 * @iosize: bytes of a request
 *
 * Return: bytes.
 */
static inline size_t snfs_flight_bytes(u32 iosize)
{
	return min_t(u64, SNFS_FLIGHT_BYTES, (u64)SNFS_FLIGHT_OPS * iosize);
}

void snfs_xfer_start(struct snfs_xfer *x);
void snfs_xfer_cancel(struct snfs_xfer *x);

#endif /* _SNFS_XFER_H */
