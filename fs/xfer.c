// SPDX-License-Identifier: GPL-2.0
/*
 * Transfers: contiguous bytes of a file between pages and the server.
 *
 * A transfer is cut into READs or WRITEs of at most rsize or wsize bytes, which are all under
 * way at once. A reply that moved less than was asked is followed by a request for the rest.
 * Read-ahead, write-back and direct I/O differ in what they do before and after only.
 */
#include <linux/highmem.h>
#include <linux/sched/mm.h>
#include "xfer.h"

/* A server that moves no byte, and tells neither error nor end, is asked again this often. */
#define SNFS_XFER_STALLS	3

/* The transfer is good only up to @at. Of several errors the one nearest to the start counts. */
static void stop_at(struct snfs_xfer *x, size_t at, int error)
{
	spin_lock(&x->lock);
	if (at < x->good || (at == x->good && !x->error)) {
		x->good = at;
		x->error = error;
	}
	spin_unlock(&x->lock);
}

static void put_pending(struct snfs_xfer *x)
{
	if (atomic_dec_and_test(&x->pending))
		x->end(x);
}

static void zero_bytes(struct snfs_xfer *x, size_t at, size_t len)
{
	while (len) {
		size_t pos = x->pgbase + at;
		struct page *page = x->pages[pos >> PAGE_SHIFT];
		size_t n = min_t(size_t, len, PAGE_SIZE - offset_in_page(pos));

		memzero_page(page, offset_in_page(pos), n);
		at += n;
		len -= n;
	}
}

static void start_piece(struct snfs_xfer *x, size_t at, u32 len);

static bool is_stalled(struct snfs_xfer *x)
{
	bool stalled;

	spin_lock(&x->lock);
	stalled = ++x->stalls > SNFS_XFER_STALLS;
	spin_unlock(&x->lock);
	return stalled;
}

/*
 * RFC 1813 3.3.6: a short READ is the end of the file only if it says so. An empty one that does
 * not may have been overtaken by a write that made the file grow.
 */
static void read_done(struct snfs_xfer *x, const struct snfs_op *op, size_t at)
{
	u32 asked = op->args.io.count, got = op->res.io.count;

	snfs_count_bytes(op->server, SNFS_BYTES_SERVER_READ, got);
	if (op->res.io.eof)
		WRITE_ONCE(x->eof, true);
	if (got == asked)
		return;
	if (op->res.io.eof) {
		if (x->fill)
			zero_bytes(x, at + got, asked - got);
		else
			stop_at(x, at + got, 0);
		return;
	}
	snfs_count(op->server, SNFS_EV_SHORTREAD);
	if (got || !is_stalled(x))
		start_piece(x, at + got, asked - got);
	else
		stop_at(x, at, -EIO);
}

static void note_verifier(struct snfs_xfer *x, const struct snfs_op *op)
{
	const struct snfs_verf *verf = &op->res.io.verf;

	spin_lock(&x->lock);
	if (!x->replied) {
		x->replied = true;
		x->verf = *verf;
	} else if (memcmp(&x->verf, verf, sizeof(*verf))) {
		x->mixed = true;
	}
	x->committed = min(x->committed, op->res.io.committed);
	spin_unlock(&x->lock);
}

static void write_done(struct snfs_xfer *x, const struct snfs_op *op, size_t at)
{
	u32 asked = op->args.io.count, got = op->res.io.count;

	snfs_count_bytes(op->server, SNFS_BYTES_SERVER_WRITE, got);
	if (got)
		note_verifier(x, op);
	if (got == asked)
		return;
	snfs_count(op->server, SNFS_EV_SHORTWRITE);
	if (got || !is_stalled(x))
		start_piece(x, at + got, asked - got);
	else
		stop_at(x, at, -EIO);
}

static void piece_done(struct snfs_op *op)
{
	struct snfs_xfer *x = op->private;
	size_t at = op->args.io.offset - x->offset;

	if (x->write)
		snfs_writeback_answered(x->inode, op->sent);
	if (op->error)
		stop_at(x, at, op->error);
	else if (op->res.io.count > op->args.io.count)
		stop_at(x, at, -EIO);
	else if (x->write)
		write_done(x, op, at);
	else
		read_done(x, op, at);
	put_pending(x);
}

/* Starts one request. The pages are those of the transfer, found by their distance from it. */
static void start_piece(struct snfs_xfer *x, size_t at, u32 len)
{
	struct snfs_server *server = snfs_server(x->inode);
	struct snfs_op *op = snfs_op_alloc(server, x->cred, GFP_NOFS);
	size_t pos = x->pgbase + at;
	int err;

	atomic_inc(&x->pending);
	snfs_op_set_inode(op, 0, x->inode);
	op->args.io.offset = x->offset + at;
	op->args.io.count = len;
	op->args.io.stable = x->stable;
	op->args.io.pages = x->pages + (pos >> PAGE_SHIFT);
	op->args.io.pgbase = offset_in_page(pos);
	op->done = piece_done;
	op->private = x;
	err = snfs_op_start(op, x->write ? server->proto->write : server->proto->read);
	snfs_op_put(op);
	if (err) {
		if (x->write)
			snfs_writeback_answered(x->inode, snfs_now());
		stop_at(x, at, err);
		put_pending(x);
	}
}

/**
 * snfs_xfer_start - send a transfer
 * @x: its first fields are set, up to @end
 *
 * @x may be gone when this returns.
 *
 * Context: Process context; sleeps for memory only.
 */
void snfs_xfer_start(struct snfs_xfer *x)
{
	struct snfs_server *server = snfs_server(x->inode);
	size_t max = x->write ? server->wsize : server->rsize;
	unsigned int nofs = memalloc_nofs_save();
	size_t at, len = x->len;

	spin_lock_init(&x->lock);
	atomic_set(&x->pending, 1);
	x->good = len;
	x->error = 0;
	x->eof = false;
	x->stalls = 0;
	x->committed = SNFS_FILE_SYNC;
	x->replied = false;
	x->mixed = false;
	for (at = 0; at < len; at += max)
		start_piece(x, at, min(len - at, max));
	put_pending(x);
	memalloc_nofs_restore(nofs);
}

/**
 * snfs_xfer_cancel - end the requests of a transfer that are under way
 * @x: the transfer; the caller keeps it alive
 *
 * @x->end is still called once. A request for the rest of a short reply may slip through, so
 * the caller should not rely on one call.
 */
void snfs_xfer_cancel(struct snfs_xfer *x)
{
	snfs_op_cancel(snfs_server(x->inode), x);
}
