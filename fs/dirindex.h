/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Positions in a directory: what user space seeks to, for what the server calls cookies.
 * A pure unit: it knows neither inodes nor RPC and takes no lock.
 */
#ifndef _SNFS_DIRINDEX_H
#define _SNFS_DIRINDEX_H

#include <linux/rbtree.h>
#include <linux/types.h>
#include <linux/xarray.h>

/* "." is at 0, ".." at 1, the server's first entry here */
#define SNFS_DIRPOS_START	2

/*
 * Positions from here on are numbers of cookies that are too large to be positions: those of a
 * reader with 63 bits for them, and of a 32-bit program, which has 31.
 */
#define SNFS_DIRPOS_TABLE	(S64_MAX - U32_MAX)
#define SNFS_DIRPOS_TABLE32	((loff_t)1 << 30)

/**
 * struct snfs_dirindex - the large cookies of a directory
 * @nr: how many there are
 * @by_nr: struct snfs_dirindex_entry, by number
 * @by_cookie: the same, by cookie
 *
 * An entry stays as long as the directory's inode: a position once given out keeps its meaning.
 *
 * Locking: the owner's.
 */
struct snfs_dirindex {
	u32		nr;
	struct xarray	by_nr;
	struct rb_root	by_cookie;
};

void snfs_dirindex_init(struct snfs_dirindex *ix);
void snfs_dirindex_destroy(struct snfs_dirindex *ix);
int snfs_dirindex_pos(struct snfs_dirindex *ix, u64 cookie, loff_t table, loff_t *pos);
int snfs_dirindex_cookie(const struct snfs_dirindex *ix, loff_t pos, loff_t table, u64 *cookie);

/* Is @cookie its own position? Then neither the table nor its lock is needed. */
static inline bool snfs_dirindex_plain(u64 cookie, loff_t table)
{
	return cookie < table - SNFS_DIRPOS_START;
}

#endif /* _SNFS_DIRINDEX_H */
