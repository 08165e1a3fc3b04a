// SPDX-License-Identifier: GPL-2.0
/*
 * Direct I/O: between the caller's memory and the server, past the page cache. NFS asks for no
 * alignment. The caller waits, also with AIO, which is then told the result at once.
 *
 * A call is done in batches. All READs or WRITEs of a batch are under way at once; a batch of
 * WRITEs is on stable storage before the next begins.
 */
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include "xfer.h"

/**
 * struct snfs_batch - what is under way of a call
 * @parts: struct snfs_part, in order
 * @pending: parts that are not done, and one for the starter
 * @done: completed when @pending falls to 0
 * @inode: the file
 * @cred: the opener's
 * @offset: where it begins
 * @len: bytes
 * @write: WRITE, else READ
 */
struct snfs_batch {
	struct list_head	parts;
	atomic_t		pending;
	struct completion	done;
	struct inode		*inode;
	const struct cred	*cred;
	u64			offset;
	size_t			len;
	bool			write;
};

/**
 * struct snfs_part - memory that is contiguous for the caller
 * @x: its transfer
 * @batch: it is of
 * @list: in @batch->parts
 * @pages: held
 * @npages: of them
 * @pinned: how they are held
 */
struct snfs_part {
	struct snfs_xfer	x;
	struct snfs_batch	*batch;
	struct list_head	list;
	struct page		**pages;
	unsigned int		npages;
	bool			pinned;
};

static void put_pending(struct snfs_batch *batch)
{
	if (atomic_dec_and_test(&batch->pending))
		complete(&batch->done);
}

static void part_end(struct snfs_xfer *x)
{
	put_pending(container_of(x, struct snfs_part, x)->batch);
}

static void init_batch(struct snfs_batch *batch, struct kiocb *iocb, bool write)
{
	INIT_LIST_HEAD(&batch->parts);
	init_completion(&batch->done);
	batch->inode = file_inode(iocb->ki_filp);
	batch->cred = snfs_open_of(iocb->ki_filp)->cred;
	batch->offset = iocb->ki_pos;
	batch->len = 0;
	batch->write = write;
}

static void init_part(struct snfs_part *part, struct snfs_batch *batch, size_t len, size_t pgbase)
{
	part->batch = batch;
	part->npages = DIV_ROUND_UP(pgbase + len, PAGE_SIZE);
	part->x.inode = batch->inode;
	part->x.cred = batch->cred;
	part->x.offset = batch->offset + batch->len;
	part->x.len = len;
	part->x.pages = part->pages;
	part->x.pgbase = pgbase;
	part->x.write = batch->write;
	part->x.end = part_end;
}

/* Takes the next contiguous memory of the iterator. */
static int add_part(struct snfs_batch *batch, struct iov_iter *iter, size_t max)
{
	struct snfs_part *part = kzalloc(sizeof(*part), GFP_KERNEL);
	size_t pgbase;
	ssize_t len;

	if (!part)
		return -ENOMEM;
	len = snfs_iter_get_pages(iter, &part->pages, max, &pgbase, &part->pinned);
	if (len <= 0) {
		kvfree(part->pages);
		kfree(part);
		return len ? len : -EFAULT;
	}
	init_part(part, batch, len, pgbase);
	batch->len += len;
	list_add_tail(&part->list, &batch->parts);
	return 0;
}

/* Less than was asked for is fine, nothing is an error. */
static int gather(struct snfs_batch *batch, struct iov_iter *iter, size_t max)
{
	int err = 0;

	max = min(max, iov_iter_count(iter));
	while (batch->len < max && !err)
		err = add_part(batch, iter, max - batch->len);
	return batch->len ? 0 : err;
}

/*
 * The pages are the caller's: nobody may write into them once the call has returned. So after a
 * fatal signal the requests are ended, not abandoned.
 */
static void wait_batch(struct snfs_batch *batch)
{
	struct snfs_part *part;

	if (!wait_for_completion_killable(&batch->done))
		return;
	do {
		list_for_each_entry(part, &batch->parts, list)
			snfs_xfer_cancel(&part->x);
	} while (!wait_for_completion_timeout(&batch->done, HZ / 10));
}

static void run_batch(struct snfs_batch *batch, u32 stable)
{
	struct snfs_part *part;

	reinit_completion(&batch->done);
	atomic_set(&batch->pending, 1);
	list_for_each_entry(part, &batch->parts, list) {
		part->x.stable = stable;
		atomic_inc(&batch->pending);
		snfs_xfer_start(&part->x);
	}
	put_pending(batch);
	wait_batch(batch);
}

/* Bytes from the start that were moved. @end: the file ends there, or an error does. */
static size_t moved(const struct snfs_batch *batch, int *error, bool *end)
{
	const struct snfs_part *part;
	size_t good = 0;

	*error = 0;
	*end = false;
	list_for_each_entry(part, &batch->parts, list) {
		good += part->x.good;
		*end = part->x.eof;
		if (part->x.good < part->x.len) {
			*error = part->x.error;
			*end = true;
			break;
		}
	}
	return good;
}

static void free_batch(struct snfs_batch *batch)
{
	struct snfs_part *part, *next;

	list_for_each_entry_safe(part, next, &batch->parts, list) {
		snfs_iter_put_pages(part->pages, part->npages, part->pinned, !batch->write);
		kvfree(part->pages);
		kfree(part);
	}
}

static int commit(struct snfs_batch *batch, struct snfs_verf *verf)
{
	struct snfs_server *server = snfs_server(batch->inode);
	struct snfs_op *op = snfs_op_alloc(server, batch->cred, GFP_KERNEL);
	int err;

	snfs_op_set_inode(op, 0, batch->inode);
	err = snfs_op_call(op, server->proto->commit);
	*verf = op->res.io.verf;
	snfs_op_put(op);
	return err;
}

static bool is_unstable(const struct snfs_batch *batch)
{
	const struct snfs_part *part;

	list_for_each_entry(part, &batch->parts, list) {
		if (part->x.replied && part->x.committed != SNFS_FILE_SYNC)
			return true;
	}
	return false;
}

static bool is_safe(const struct snfs_batch *batch, const struct snfs_verf *verf)
{
	const struct snfs_part *part;

	list_for_each_entry(part, &batch->parts, list) {
		if (!part->x.replied || part->x.committed == SNFS_FILE_SYNC)
			continue;
		if (part->x.mixed || memcmp(&part->x.verf, verf, sizeof(*verf)))
			return false;
	}
	return true;
}

/* Gets the WRITEs of a batch to stable storage; sends them again if the server forgot them. */
static int secure(struct snfs_batch *batch)
{
	struct snfs_verf verf;
	int err;

	if (!is_unstable(batch))
		return 0;
	err = commit(batch, &verf);
	if (err || is_safe(batch, &verf))
		return err;
	run_batch(batch, SNFS_FILE_SYNC);
	return is_unstable(batch) ? -EIO : 0;
}

static u32 stability(const struct snfs_batch *batch)
{
	const struct snfs_server *server = snfs_server(batch->inode);

	if (!(server->caps & SNFS_CAP_COMMIT))
		return SNFS_FILE_SYNC;
	if (batch->len <= server->wsize && list_is_singular(&batch->parts))
		return SNFS_FILE_SYNC;
	return SNFS_UNSTABLE;
}

/* Does one batch. Returns bytes or an error; @end: nothing can follow. */
static ssize_t do_batch(struct kiocb *iocb, struct iov_iter *iter, size_t max, bool write,
			bool *end)
{
	struct snfs_batch batch;
	size_t good = 0;
	int err, error;

	init_batch(&batch, iocb, write);
	err = gather(&batch, iter, max);
	if (err)
		return err;
	run_batch(&batch, stability(&batch));
	err = write ? secure(&batch) : 0;
	if (!err)
		good = moved(&batch, &err, end);
	error = err;
	iov_iter_revert(iter, batch.len - good);
	free_batch(&batch);
	return good ? good : error;
}

static ssize_t transfer(struct kiocb *iocb, struct iov_iter *iter, bool write)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	struct snfs_server *server = snfs_server(inode);
	size_t most = snfs_flight_bytes(write ? server->wsize : server->rsize);
	loff_t start = iocb->ki_pos;
	ssize_t ret = 0;
	bool end = false;

	while (iov_iter_count(iter) && !end) {
		size_t max = most;

		/* Do not ask for much that is not there, but do ask: the file may have grown. */
		if (!write)
			max = clamp_t(loff_t, i_size_read(inode) - iocb->ki_pos,
				      server->rsize, max);
		ret = do_batch(iocb, iter, max, write, &end);
		if (ret <= 0)
			break;
		iocb->ki_pos += ret;
		if (write)
			snfs_grow(inode, iocb->ki_pos);
	}
	return iocb->ki_pos > start ? iocb->ki_pos - start : ret;
}

/**
 * snfs_direct_read - read_iter with IOCB_DIRECT
 * @iocb: where
 * @to: the caller's memory
 *
 * Return: bytes read, 0 at the end of the file, or a negative errno.
 */
ssize_t snfs_direct_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
	/* All of it: the file may end on the server before where it does here. */
	ret = snfs_writeback_flush(inode);
	if (!ret)
		ret = transfer(iocb, to, false);
	if (ret > 0)
		snfs_count_bytes(snfs_server(inode), SNFS_BYTES_DIRECT_READ, ret);
	return ret;
}

static void drop_range(struct inode *inode, loff_t start, loff_t end)
{
	if (inode->i_mapping->nrpages)
		invalidate_inode_pages2_range(inode->i_mapping, start >> PAGE_SHIFT,
					      end >> PAGE_SHIFT);
}

/* What is cached of the range goes before, and again after: readers may have filled it. */
static ssize_t write_locked(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	loff_t start = iocb->ki_pos, end = start + iov_iter_count(from) - 1;
	ssize_t ret = snfs_writeback_flush(inode);

	if (ret)
		return ret;
	snfs_extend(inode, start);
	drop_range(inode, start, end);
	ret = transfer(iocb, from, true);
	drop_range(inode, start, end);
	return ret;
}

/* Only a write that leaves the size alone may run beside others. */
static bool lock_shared(struct inode *inode, struct kiocb *iocb, size_t len)
{
	if (!(iocb->ki_flags & IOCB_APPEND)) {
		inode_lock_shared(inode);
		if (iocb->ki_pos + (loff_t)len <= i_size_read(inode))
			return true;
		inode_unlock_shared(inode);
	}
	inode_lock(inode);
	return false;
}

/**
 * snfs_direct_write - write_iter with IOCB_DIRECT
 * @iocb: where
 * @from: the caller's memory
 *
 * Return: bytes written and on stable storage, or a negative errno.
 */
ssize_t snfs_direct_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	bool shared = lock_shared(inode, iocb, iov_iter_count(from));
	ssize_t ret = generic_write_checks(iocb, from);

	if (ret > 0)
		ret = write_locked(iocb, from);
	if (shared)
		inode_unlock_shared(inode);
	else
		inode_unlock(inode);
	if (ret > 0)
		snfs_count_bytes(snfs_server(inode), SNFS_BYTES_DIRECT_WRITE, ret);
	return ret;
}
