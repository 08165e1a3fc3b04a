// SPDX-License-Identifier: GPL-2.0
/*
 * Write-back: dirty folios become runs, and runs become WRITEs.
 *
 * One pass over the dirty folios of a file sends its runs UNSTABLE and in parallel. If a pass
 * finds a single run and nothing else of the file is dirty or under way, that run is asked to go to
 * stable storage at once: one round trip instead of two.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include "writeback.h"

/**
 * struct snfs_pass - a walk over the dirty folios of a file
 * @wb: of the file
 * @run: being built, or NULL
 * @sent: runs sent so far
 */
struct snfs_pass {
	struct snfs_wb		*wb;
	struct snfs_run		*run;
	unsigned int		sent;
};

/**
 * snfs_writeback_init - make what write-back needs
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_writeback_init(void)
{
	int err = snfs_dirty_init();

	if (err)
		return err;
	err = snfs_run_init();
	if (err)
		snfs_dirty_exit();
	return err;
}

/**
 * snfs_writeback_exit - undo snfs_writeback_init()
 */
void snfs_writeback_exit(void)
{
	snfs_run_exit();
	snfs_dirty_exit();
}

/**
 * snfs_writeback_prepare - a file is going to be written
 * @inode: the file
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_writeback_prepare(struct inode *inode)
{
	struct snfs_wb *wb;

	if (READ_ONCE(SNFS_I(inode)->wb))
		return 0;
	wb = kzalloc(sizeof(*wb), GFP_KERNEL);
	if (!wb)
		return -ENOMEM;
	wb->inode = inode;
	spin_lock_init(&wb->lock);
	INIT_LIST_HEAD(&wb->all);
	INIT_LIST_HEAD(&wb->flying);
	init_waitqueue_head(&wb->wait);
	init_waitqueue_head(&wb->told_wait);
	snfs_commit_init(wb);
	if (cmpxchg(&SNFS_I(inode)->wb, NULL, wb))
		kfree(wb);
	return 0;
}

static bool is_idle(struct snfs_wb *wb)
{
	bool idle;

	spin_lock(&wb->lock);
	idle = list_empty(&wb->all);
	spin_unlock(&wb->lock);
	return idle;
}

static void free_wb(struct snfs_wb *wb)
{
	cancel_delayed_work_sync(&wb->kick);
	kfree(wb);
}

/**
 * snfs_wb_free - a file is evicted
 * @inode: the file; it has no folios any more
 *
 * The last run may have let go of its folios, but not of struct snfs_wb yet.
 */
void snfs_wb_free(struct inode *inode)
{
	struct snfs_wb *wb = SNFS_I(inode)->wb;

	if (!wb)
		return;
	wait_event(wb->wait, is_idle(wb));
	SNFS_I(inode)->wb = NULL;
	free_wb(wb);
}

static bool is_open_for_writing(struct inode *inode)
{
	struct snfs_open *open;

	list_for_each_entry(open, &SNFS_I(inode)->opens, list)
		if (open->mode & FMODE_WRITE)
			return true;
	return false;
}

/**
 * snfs_writeback_closed - a file is open for writing once less
 * @inode: the file
 *
 * Most inodes stay cached much longer than anybody writes to them, so struct snfs_wb goes.
 */
void snfs_writeback_closed(struct inode *inode)
{
	struct snfs_wb *wb;

	spin_lock(&inode->i_lock);
	wb = SNFS_I(inode)->wb;
	if (wb && !wb->users && !wb->mapped && !is_open_for_writing(inode) &&
	    !snfs_has_dirty(inode) && is_idle(wb))
		SNFS_I(inode)->wb = NULL;
	else
		wb = NULL;
	spin_unlock(&inode->i_lock);
	if (wb)
		free_wb(wb);
}

/* For those who may not have the file open for writing: it stays until leave_wb(). May be NULL. */
static struct snfs_wb *use_wb(struct inode *inode)
{
	struct snfs_wb *wb;

	if (!READ_ONCE(SNFS_I(inode)->wb))
		return NULL;
	spin_lock(&inode->i_lock);
	wb = SNFS_I(inode)->wb;
	if (wb)
		wb->users++;
	spin_unlock(&inode->i_lock);
	return wb;
}

static void leave_wb(struct inode *inode, struct snfs_wb *wb)
{
	spin_lock(&inode->i_lock);
	wb->users--;
	spin_unlock(&inode->i_lock);
}

/**
 * snfs_has_dirty - has the server less of a file than we have
 * @inode: the file
 *
 * Return: true while bytes are dirty or on their way.
 */
bool snfs_has_dirty(struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;

	return mapping_tagged(mapping, PAGECACHE_TAG_DIRTY) ||
	       mapping_tagged(mapping, PAGECACHE_TAG_WRITEBACK);
}

/**
 * snfs_writeback_wait - wait until what was sent of a file is on stable storage, or lost
 * @inode: the file
 *
 * Return: 0; -EINTR after a fatal signal.
 */
int snfs_writeback_wait(struct inode *inode)
{
	struct snfs_wb *wb = use_wb(inode);
	int err;

	if (!wb)
		return 0;
	err = snfs_commit_wait(wb);
	leave_wb(inode, wb);
	return err;
}

/**
 * snfs_writeback_flush - write back all of a file and wait
 * @inode: the file
 *
 * Errors of the WRITEs are kept for those who have the file open.
 *
 * Return: 0; -EINTR after a fatal signal.
 */
int snfs_writeback_flush(struct inode *inode)
{
	if (!snfs_has_dirty(inode))
		return 0;
	filemap_fdatawrite(inode->i_mapping);
	return snfs_writeback_wait(inode);
}

/**
 * snfs_writeback_answered - a WRITE has been answered, or will never be
 * @inode: the file
 * @sent: when it was sent
 */
void snfs_writeback_answered(struct inode *inode, u64 sent)
{
	struct snfs_wb *wb = SNFS_I(inode)->wb;

	spin_lock(&wb->lock);
	wb->told = max(wb->told, sent);
	spin_unlock(&wb->lock);
	if (wq_has_sleeper(&wb->told_wait))
		wake_up_all(&wb->told_wait);
}

static bool is_told(const struct snfs_wb *wb, u64 when)
{
	return READ_ONCE(wb->told) >= when || !snfs_has_dirty(wb->inode);
}

static int tell(struct snfs_wb *wb)
{
	u64 when = READ_ONCE(wb->dirtied);

	while (!is_told(wb, when)) {
		struct writeback_control wbc = {
			.sync_mode	= WB_SYNC_NONE,
			.nr_to_write	= 1,
			.range_end	= LLONG_MAX,
		};

		snfs_writepages(wb->inode->i_mapping, &wbc);
		/* A folio that was truncated meanwhile sends nothing: look again. */
		if (wait_event_killable_timeout(wb->told_wait, is_told(wb, when), HZ) < 0)
			return -EINTR;
	}
	return 0;
}

/**
 * snfs_writeback_tell - let the server know that a file has changed, by as little as it takes
 * @inode: the file
 *
 * One folio is sent if no WRITE since the last write(2) has been answered yet. Its answer moves
 * the server's times, which are then not older than that write(2).
 *
 * Return: 0; -EINTR after a fatal signal.
 */
int snfs_writeback_tell(struct inode *inode)
{
	struct snfs_wb *wb = snfs_has_dirty(inode) ? use_wb(inode) : NULL;
	int err;

	if (!wb)
		return 0;
	err = tell(wb);
	leave_wb(inode, wb);
	return err;
}

/**
 * snfs_writeback_settle - wait until a folio is not under write-back
 * @folio: locked
 *
 * Its COMMIT comes as soon as it can, as somebody waits for it.
 *
 * Return: 0; -EINTR after a fatal signal.
 */
int snfs_writeback_settle(struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct snfs_wb *wb;

	if (!folio_test_writeback(folio))
		return 0;
	wb = use_wb(inode);
	if (wb) {
		snfs_commit_hurry(wb);
		leave_wb(inode, wb);
	}
	return folio_wait_writeback_killable(folio) ? -EINTR : 0;
}

/* Nothing to send: the folio must pass through write-back all the same to lose its tags. */
static void end_empty(struct folio *folio)
{
	folio_start_writeback(folio);
	folio_end_writeback(folio);
}

static int wait_finished(struct snfs_run *run)
{
	int err = wait_for_completion_killable(&run->finished) ? -EINTR : run->error;

	snfs_run_put(run);
	return err;
}

/**
 * snfs_writeback_folio - write back one folio and wait; launder_folio method
 * @folio: locked, and stays so
 *
 * Context: Process context.
 * Return: 0, the error of the WRITE, or -EINTR after a fatal signal.
 */
int snfs_writeback_folio(struct folio *folio)
{
	struct snfs_dirty dirty;
	struct snfs_run *run;
	unsigned int nofs;
	int err = snfs_writeback_settle(folio);

	if (err || !folio_clear_dirty_for_io(folio))
		return err;
	if (!snfs_dirty_take(folio, &dirty)) {
		end_empty(folio);
		return 0;
	}
	nofs = memalloc_nofs_save();
	run = snfs_run_make(SNFS_I(folio->mapping->host)->wb, dirty.open, folio_nr_pages(folio));
	refcount_inc(&run->ref);
	snfs_run_join(run, folio, &dirty);
	snfs_run_send(run, SNFS_FILE_SYNC);
	memalloc_nofs_restore(nofs);
	return wait_finished(run);
}

static void send_run(struct snfs_pass *pass, u32 stable)
{
	if (!pass->run)
		return;
	snfs_run_send(pass->run, stable);
	pass->run = NULL;
	pass->sent++;
}

/*
 * Too much is in flight already: more would only wait in the transport, out of our control. A
 * run that is being built goes first, as its folios are waited for.
 */
static int wait_for_flight(struct snfs_pass *pass)
{
	struct snfs_server *server = snfs_server(pass->wb->inode);
	atomic_long_t *bytes = &server->wb_bytes;
	long most = snfs_flight_bytes(server->wsize);

	if (atomic_long_read(bytes) < most)
		return 0;
	send_run(pass, SNFS_UNSTABLE);
	snfs_count(server, SNFS_EV_CONGESTIONWAIT);
	if (snfs_is_dying())
		return -EINTR;
	if (wait_var_event_killable(bytes, atomic_long_read(bytes) < most))
		return -EINTR;
	return 0;
}

static int add_folio(struct folio *folio, struct writeback_control *wbc, void *data)
{
	struct snfs_pass *pass = data;
	struct snfs_dirty dirty;
	int err = wait_for_flight(pass);

	if (err) {
		folio_redirty_for_writepage(wbc, folio);
		folio_unlock(folio);
		return err;
	}
	if (!snfs_dirty_take(folio, &dirty)) {
		end_empty(folio);
		folio_unlock(folio);
		return 0;
	}
	if (pass->run && snfs_run_join(pass->run, folio, &dirty)) {
		snfs_open_put(dirty.open);
	} else {
		send_run(pass, SNFS_UNSTABLE);
		pass->run = snfs_run_make(pass->wb, dirty.open, folio_nr_pages(folio));
		snfs_run_join(pass->run, folio, &dirty);
	}
	folio_unlock(folio);
	return 0;
}

/* Is the run of this pass all that the server does not have yet? */
static bool is_lone(const struct snfs_pass *pass)
{
	struct snfs_wb *wb = pass->wb;
	bool lone;

	if (!pass->run || pass->sent || mapping_tagged(wb->inode->i_mapping, PAGECACHE_TAG_DIRTY))
		return false;
	if (snfs_wrun_len(&pass->run->range) > snfs_server(wb->inode)->wsize)
		return false;
	spin_lock(&wb->lock);
	lone = list_is_singular(&wb->all);
	spin_unlock(&wb->lock);
	return lone;
}

/**
 * snfs_writepages - writepages method
 * @mapping: the file's page cache
 * @wbc: what to write
 *
 * Return: 0; -EINTR after a fatal signal. Errors of the WRITEs are kept in the mapping.
 */
int snfs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct snfs_pass pass = { .wb = use_wb(mapping->host) };
	unsigned int nofs;
	int err;

	if (!pass.wb)
		return 0;
	snfs_count(snfs_server(mapping->host), SNFS_EV_WRITEPAGES);
	nofs = memalloc_nofs_save();
	snfs_commit_plug(pass.wb);
	err = snfs_walk_dirty(mapping, wbc, add_folio, &pass);
	send_run(&pass, is_lone(&pass) ? SNFS_FILE_SYNC : SNFS_UNSTABLE);
	snfs_commit_unplug(pass.wb, wbc->sync_mode == WB_SYNC_ALL);
	memalloc_nofs_restore(nofs);
	leave_wb(mapping->host, pass.wb);
	return err;
}
