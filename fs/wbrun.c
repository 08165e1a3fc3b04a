// SPDX-License-Identifier: GPL-2.0
/*
 * Runs: dirty bytes of contiguous folios on their way to stable storage.
 *
 * The folios of a run stay under write-back until the server has promised that their bytes
 * survive a crash of it: at once if it answers FILE_SYNC, else when a COMMIT confirms the
 * verifier of the WRITEs (commit.c). If it does not, the bytes are still here and are sent again.
 */
#include <linux/mempool.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include "writeback.h"

/* Enough runs for write-back to go on when memory is short */
#define SNFS_RUN_RESERVE	16

/* How often bytes are sent to a server that keeps forgetting them */
#define SNFS_RUN_TRIES		8

static struct kmem_cache *snfs_run_cache;
static mempool_t *snfs_run_pool;

/**
 * snfs_run_init - make the cache of runs
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_run_init(void)
{
	snfs_run_cache = KMEM_CACHE(snfs_run, 0);
	if (!snfs_run_cache)
		return -ENOMEM;
	snfs_run_pool = mempool_create_slab_pool(SNFS_RUN_RESERVE, snfs_run_cache);
	if (snfs_run_pool)
		return 0;
	kmem_cache_destroy(snfs_run_cache);
	return -ENOMEM;
}

/**
 * snfs_run_exit - undo snfs_run_init()
 */
void snfs_run_exit(void)
{
	mempool_destroy(snfs_run_pool);
	kmem_cache_destroy(snfs_run_cache);
}

/* Room for a full WRITE; for less if memory is short, but always for the folio at hand. */
static void get_pages_array(struct snfs_run *run, unsigned int want, unsigned int need)
{
	run->max = max(want, need);
	run->pages = kmalloc_array(run->max, sizeof(*run->pages),
				   GFP_NOFS | __GFP_NORETRY | __GFP_NOWARN);
	if (run->pages)
		return;
	if (need <= SNFS_RUN_PAGES) {
		run->max = SNFS_RUN_PAGES;
		run->pages = run->few;
		return;
	}
	run->max = need;
	run->pages = kmalloc_array(need, sizeof(*run->pages), GFP_NOFS | __GFP_NOFAIL);
}

static void enlist(struct snfs_wb *wb, struct snfs_run *run)
{
	spin_lock(&wb->lock);
	run->seq = ++wb->seq;
	list_add_tail(&run->all, &wb->all);
	list_add_tail(&run->list, &wb->flying);
	spin_unlock(&wb->lock);
}

/**
 * snfs_run_make - begin a run
 * @wb: of the file
 * @open: whose data it is, or NULL; the reference is taken over
 * @need: pages of its first folio
 *
 * From now on everybody who waits for the file's write-back waits for this run.
 *
 * Context: Process context; may wait until another run is finished.
 * Return: the run; does not fail.
 */
struct snfs_run *snfs_run_make(struct snfs_wb *wb, struct snfs_open *open, unsigned int need)
{
	struct snfs_server *server = snfs_server(wb->inode);
	struct snfs_run *run = mempool_alloc(snfs_run_pool, GFP_NOFS);

	memset(run, 0, sizeof(*run));
	refcount_set(&run->ref, 1);
	init_completion(&run->finished);
	INIT_LIST_HEAD(&run->batch);
	snfs_wrun_init(&run->range);
	run->wb = wb;
	run->open = open;
	run->x.cred = open ? open->cred : server->cred;
	get_pages_array(run, (server->wsize >> PAGE_SHIFT) + 1, need);
	enlist(wb, run);
	return run;
}

/**
 * snfs_run_put - give back a reference
 * @run: the run
 */
void snfs_run_put(struct snfs_run *run)
{
	if (!refcount_dec_and_test(&run->ref))
		return;
	snfs_open_put(run->open);
	if (run->pages != run->few)
		kfree(run->pages);
	mempool_free(run, snfs_run_pool);
}

/**
 * snfs_run_join - let a folio's dirty bytes join a run
 * @run: the run; has room for the folio if it is empty
 * @folio: locked, not dirty any more
 * @dirty: its dirty bytes
 *
 * Return: true, and the folio is under write-back; false if this run must be sent first.
 */
bool snfs_run_join(struct snfs_run *run, struct folio *folio, const struct snfs_dirty *dirty)
{
	struct snfs_server *server = snfs_server(run->wb->inode);
	const struct cred *cred = dirty->open ? dirty->open->cred : server->cred;
	unsigned long page = dirty->from >> PAGE_SHIFT;
	unsigned long end = (dirty->to - 1) >> PAGE_SHIFT;

	if (run->npages + (end - page + 1) > run->max)
		return false;
	if (!snfs_wrun_add(&run->range, folio_pos(folio) + dirty->from, dirty->to - dirty->from,
			   cred, server->wsize))
		return false;
	folio_start_writeback(folio);
	for (; page <= end; page++)
		run->pages[run->npages++] = folio_page(folio, page);
	return true;
}

/* All bytes have been answered: they are safe, or to be committed, or lost. */
static void answered(struct snfs_xfer *x)
{
	struct snfs_run *run = container_of(x, struct snfs_run, x);
	struct snfs_server *server = snfs_server(x->inode);

	atomic_long_sub(x->len, &server->wb_bytes);
	wake_up_var(&server->wb_bytes);
	if (x->good < x->len)
		snfs_run_finish(run, x->error ? x->error : -EIO);
	else if (x->mixed)
		snfs_run_resend(run);
	else if (x->committed == SNFS_FILE_SYNC)
		snfs_run_finish(run, 0);
	else
		snfs_commit_park(run);
}

/**
 * snfs_run_send - send a run; no folio can join it any more
 * @run: the run, in snfs_wb.flying
 * @stable: enum snfs_stable_how to ask for
 *
 * @run may be gone when this returns.
 */
void snfs_run_send(struct snfs_run *run, u32 stable)
{
	struct snfs_xfer *x = &run->x;
	struct snfs_server *server = snfs_server(run->wb->inode);

	run->tries++;
	x->inode = run->wb->inode;
	x->offset = run->range.start;
	x->len = snfs_wrun_len(&run->range);
	x->pages = run->pages;
	x->pgbase = offset_in_page(run->range.start);
	x->write = true;
	x->stable = server->caps & SNFS_CAP_COMMIT ? stable : SNFS_FILE_SYNC;
	x->end = answered;
	atomic_long_add(x->len, &server->wb_bytes);
	snfs_xfer_start(x);
}

/**
 * snfs_run_resend - the server has forgotten a run: send it again, to stable storage this time
 * @run: the run, in snfs_wb.flying
 */
void snfs_run_resend(struct snfs_run *run)
{
	if (run->tries < SNFS_RUN_TRIES)
		snfs_run_send(run, SNFS_FILE_SYNC);
	else
		snfs_run_finish(run, -EIO);
}

static void end_writeback(struct snfs_run *run)
{
	unsigned long index = run->range.start >> PAGE_SHIFT;
	unsigned int i = 0;

	while (i < run->npages) {
		struct folio *folio = page_folio(run->pages[i]);
		unsigned long next = folio_next_index(folio);

		folio_end_writeback(folio);
		i += next - index;
		index = next;
	}
}

/**
 * snfs_run_finish - a run is on stable storage, or lost
 * @run: the run
 * @error: why it is lost, or 0
 *
 * What the cache holds of a lost run is no longer what the server has, so it is distrusted. The
 * inode may go away as soon as the last folio leaves write-back.
 */
void snfs_run_finish(struct snfs_run *run, int error)
{
	struct snfs_wb *wb = run->wb;
	struct snfs_run *leader;

	run->error = error;
	if (error) {
		mapping_set_error(wb->inode->i_mapping, error);
		snfs_attr_distrust(wb->inode);
	} else {
		snfs_count_bytes(snfs_server(wb->inode), SNFS_PAGES_WRITE, run->npages);
	}
	end_writeback(run);
	spin_lock(&wb->lock);
	list_del(&run->all);
	list_del(&run->list);
	leader = snfs_commit_due(wb);
	wake_up_all(&wb->wait);
	spin_unlock(&wb->lock);
	if (leader)
		snfs_commit_send(leader);
	complete_all(&run->finished);
	snfs_run_put(run);
}
