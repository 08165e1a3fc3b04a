/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Write-back: what writeback.c and commit.c share.
 */
#ifndef _SNFS_WRITEBACK_H
#define _SNFS_WRITEBACK_H

#include <linux/sched.h>
#include "dirty.h"
#include "wrun.h"
#include "xfer.h"

/* Pages that a run has room for even when memory is short */
#define SNFS_RUN_PAGES		16

/**
 * struct snfs_wb - write-back of one file: its runs under way
 * @inode: the file
 * @lock: guards all of this; nests inside nothing but the folio lock and the inode's i_lock
 * @users: who looks at it without having the file open for writing; under the inode's i_lock
 * @seq: number of the last run made
 * @sync_seq: somebody waits for the runs up to this one
 * @plugs: walks that are adding runs
 * @mapped: bytes were stored through a mapping: whoever has pinned a page of it (get_user_pages())
 *	may make it dirty even when the file is closed
 * @all: unfinished runs, oldest first
 * @flying: runs that have no answer yet, or are being built
 * @parked: runs that the server has, but not on stable storage
 * @parked_bytes: of them
 * @parked_seq: smallest number among them
 * @wait: woken when a run is finished
 * @kick: commits what has been parked for too long
 * @dirtied: when bytes were last written to the file here (ns, CLOCK_BOOTTIME)
 * @told: the server has answered a WRITE that was sent then: its times are of then or later
 * @told_wait: woken when @told moves
 *
 * The last folio that leaves write-back may be all that keeps the inode, so @inode must not be
 * touched after that; the structure itself lives until @all is empty: until the file is evicted
 * (snfs_wb_free()), or clean and open for writing no more (snfs_writeback_closed()).
 */
struct snfs_wb {
	struct inode		*inode;
	spinlock_t		lock;	/* guards all of this */
	unsigned int		users;
	u64			seq;
	u64			sync_seq;
	unsigned int		plugs;
	bool			mapped;
	struct list_head	all;
	struct list_head	flying;
	struct list_head	parked;
	size_t			parked_bytes;
	u64			parked_seq;
	wait_queue_head_t	wait;
	struct delayed_work	kick;
	u64			dirtied;
	u64			told;
	wait_queue_head_t	told_wait;
};

/**
 * struct snfs_run - dirty bytes of contiguous folios on their way to stable storage
 * @x: the transfer
 * @ref: the write-back machinery and a waiter hold one each
 * @wb: of the file
 * @all: in snfs_wb.all
 * @list: in snfs_wb.flying or .parked, or in the list that a COMMIT owns
 * @batch: while this run leads a COMMIT: the runs it is for
 * @range: bytes
 * @seq: number
 * @open: whose data it is, or NULL; held
 * @tries: how often it was sent
 * @error: how it ended, once finished
 * @finished: completed at the end
 * @npages: used of @pages
 * @max: room in @pages
 * @pages: pages of the folios, all under write-back
 * @few: @pages if there is no memory for more
 */
struct snfs_run {
	struct snfs_xfer	x;
	refcount_t		ref;
	struct snfs_wb		*wb;
	struct list_head	all;
	struct list_head	list;
	struct list_head	batch;
	struct snfs_wrun	range;
	u64			seq;
	struct snfs_open	*open;
	unsigned int		tries;
	int			error;
	struct completion	finished;
	unsigned int		npages;
	unsigned int		max;
	struct page		**pages;
	struct page		*few[SNFS_RUN_PAGES];
};

/*
 * A process that a signal has ended closes its files when no signal can reach it any more. If
 * the server is gone it would wait for ever, so it gets a moment only; the bytes stay dirty or
 * on their way, and are written when the server is back.
 */
static inline bool snfs_is_dying(void)
{
	return current->flags & PF_EXITING && current->exit_code & 0x7f;
}

/* writeback.c */
int snfs_writeback_folio(struct folio *folio);
int snfs_writepages(struct address_space *mapping, struct writeback_control *wbc);

/* wbrun.c */
int snfs_run_init(void);
void snfs_run_exit(void);
struct snfs_run *snfs_run_make(struct snfs_wb *wb, struct snfs_open *open, unsigned int need);
void snfs_run_put(struct snfs_run *run);
bool snfs_run_join(struct snfs_run *run, struct folio *folio, const struct snfs_dirty *dirty);
void snfs_run_send(struct snfs_run *run, u32 stable);
void snfs_run_resend(struct snfs_run *run);
void snfs_run_finish(struct snfs_run *run, int error);

/* commit.c */
void snfs_commit_init(struct snfs_wb *wb);
void snfs_commit_park(struct snfs_run *run);
struct snfs_run *snfs_commit_due(struct snfs_wb *wb);
void snfs_commit_send(struct snfs_run *leader);
void snfs_commit_plug(struct snfs_wb *wb);
void snfs_commit_unplug(struct snfs_wb *wb, bool sync);
void snfs_commit_hurry(struct snfs_wb *wb);
int snfs_commit_wait(struct snfs_wb *wb);

#endif /* _SNFS_WRITEBACK_H */
