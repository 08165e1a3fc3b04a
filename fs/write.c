// SPDX-License-Identifier: GPL-2.0
/*
 * Buffered writing: bytes are copied into folios and remembered as dirty. Nothing is read to
 * write a part of a folio (dirty.c), and nothing is sent here unless a folio has dirty bytes that
 * the new ones cannot join.
 *
 * Privileges of the file (set-user-ID, capabilities) are not removed here: the server does it, and
 * the reply of the WRITE says so.
 */
#include <linux/highmem.h>
#include <linux/uio.h>
#include "dirty.h"
#include "writeback.h"

static bool has_tail(loff_t size, loff_t pos)
{
	return offset_in_page(size) && pos > size;
}

/*
 * The last folio may hold bytes that were stored behind the end of the file through a mapping.
 * They become part of the file if it grows over them, and must then be zero.
 */
static void zero_tail(struct inode *inode, loff_t size, loff_t pos)
{
	struct folio *folio;
	size_t from, to;

	if (!has_tail(size, pos))
		return;
	folio = snfs_find_lock_folio(inode->i_mapping, size >> PAGE_SHIFT);
	if (!folio)
		return;
	from = offset_in_folio(folio, size);
	to = min_t(loff_t, pos - folio_pos(folio), folio_size(folio));
	if (folio_test_uptodate(folio) && !snfs_writeback_settle(folio) && from < to)
		folio_zero_segment(folio, from, to);
	folio_unlock(folio);
	folio_put(folio);
}

/**
 * snfs_extend - a file is going to grow: see to it that the gap reads as zeroes
 * @inode: the file
 * @pos: where the new bytes begin, or the new size
 *
 * Context: Process context; inode lock held.
 */
void snfs_extend(struct inode *inode, loff_t pos)
{
	zero_tail(inode, i_size_read(inode), pos);
}

/**
 * snfs_grow - bytes were written up to here
 * @inode: the file
 * @size: behind the last of them
 */
void snfs_grow(struct inode *inode, loff_t size)
{
	if (size <= i_size_read(inode))
		return;
	spin_lock(&inode->i_lock);
	if (size > i_size_read(inode))
		i_size_write(inode, size);
	spin_unlock(&inode->i_lock);
	snfs_count(snfs_server(inode), SNFS_EV_EXTENDWRITE);
}

/**
 * snfs_write_make_room - get a folio ready for more dirty bytes
 * @folio: locked
 * @open: who is going to write
 * @from: first byte in the folio
 * @to: behind the last one
 *
 * Bytes must not change while they are on their way: a retransmission would send others. Those
 * that the new ones cannot join are written back first.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM; -EINTR after a fatal signal; why the other bytes could not be written.
 */
int snfs_write_make_room(struct folio *folio, struct snfs_open *open, size_t from, size_t to)
{
	int err = snfs_writeback_settle(folio);

	if (!err && !snfs_dirty_fits(folio, open, from, to))
		err = snfs_writeback_folio(folio);
	return err ? err : snfs_dirty_prepare(folio, open);
}

/* snfs_write_make_room() for who may be one that does not wait. */
static int make_room(struct kiocb *iocb, struct folio *folio, size_t from, size_t to)
{
	struct snfs_open *open = snfs_open_of(iocb->ki_filp);

	if (iocb->ki_flags & IOCB_NOWAIT &&
	    (folio_test_writeback(folio) || !snfs_dirty_fits(folio, open, from, to)))
		return -EAGAIN;
	return snfs_write_make_room(folio, open, from, to);
}

/* Copies into one folio. Returns the bytes copied; 0: their page must be faulted in again. */
static ssize_t write_folio(struct kiocb *iocb, loff_t pos, size_t len, struct iov_iter *from)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	struct folio *folio = snfs_grab_folio(mapping, pos >> PAGE_SHIFT, len,
					      iocb->ki_flags & IOCB_NOWAIT);
	size_t offset, copied;
	ssize_t ret;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	offset = offset_in_folio(folio, pos);
	len = min(len, folio_size(folio) - offset);
	ret = make_room(iocb, folio, offset, offset + len);
	if (!ret) {
		copied = snfs_copy_to_folio(folio, offset, len, from);
		flush_dcache_folio(folio);
		if (copied) {
			snfs_dirty_add(folio, offset, offset + copied);
			snfs_grow(mapping->host, pos + copied);
		}
		ret = copied;
	}
	folio_unlock(folio);
	folio_put(folio);
	return ret;
}

static ssize_t write_folios(struct kiocb *iocb, struct iov_iter *from)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	unsigned int pace = iocb->ki_flags & IOCB_NOWAIT ? BDP_ASYNC : 0;
	size_t max = mapping_max_folio_size(mapping);
	loff_t pos = iocb->ki_pos;
	ssize_t ret = 0;

	while (iov_iter_count(from)) {
		size_t len = min(iov_iter_count(from), max - (pos & (max - 1)));
		size_t missing = fault_in_iov_iter_readable(from, len);

		ret = -EFAULT;
		if (missing == len)
			break;
		ret = -EINTR;
		if (fatal_signal_pending(current))
			break;
		ret = write_folio(iocb, pos, len - missing, from);
		if (ret < 0)
			break;
		pos += ret;
		ret = balance_dirty_pages_ratelimited_flags(mapping, pace);
		if (ret)
			break;
		cond_resched();
	}
	if (pos == iocb->ki_pos)
		return ret;
	ret = pos - iocb->ki_pos;
	iocb->ki_pos = pos;
	return ret;
}

static ssize_t write_locked(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret = generic_write_checks(iocb, from);

	if (ret <= 0)
		return ret;
	if (iocb->ki_flags & IOCB_NOWAIT && has_tail(i_size_read(inode), iocb->ki_pos))
		return -EAGAIN;
	snfs_extend(inode, iocb->ki_pos);
	return write_folios(iocb, from);
}

/*
 * O_APPEND: where the end is, as the server knows it; but while it has less than we have, we
 * know better.
 */
static int find_end(struct kiocb *iocb)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	if (!(iocb->ki_flags & IOCB_APPEND) || snfs_has_dirty(inode))
		return 0;
	return snfs_revalidate(inode);
}

/* Must a write ask the server something, or wait for it, before or after it fills the cache? */
static bool needs_server(struct kiocb *iocb)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	if (iocb->ki_flags & IOCB_DIRECT || iocb_is_dsync(iocb))
		return true;
	if (snfs_server(inode)->opt.flags & (SNFS_OPT_WRITE_WAIT | SNFS_OPT_WRITE_EAGER))
		return true;
	if (iocb->ki_flags & IOCB_APPEND && !snfs_has_dirty(inode) && !snfs_attr_within(inode))
		return true;
	return !snfs_mapping_is_current(inode);
}

static int lock_inode(struct kiocb *iocb)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	if (!(iocb->ki_flags & IOCB_NOWAIT))
		inode_lock(inode);
	else if (!inode_trylock(inode))
		return -EAGAIN;
	return 0;
}

/* write=eager sends at once, write=wait as sync does, but for write(2) alone. */
static void write_on(struct kiocb *iocb)
{
	unsigned int flags = snfs_server(file_inode(iocb->ki_filp))->opt.flags;

	if (flags & SNFS_OPT_WRITE_WAIT)
		iocb->ki_flags |= IOCB_DSYNC;
	else if (flags & SNFS_OPT_WRITE_EAGER)
		filemap_flush(iocb->ki_filp->f_mapping);
}

/**
 * snfs_file_write_iter - write_iter method
 * @iocb: where
 * @from: what
 *
 * An error of earlier WRITEs of this open file is told once, here or by fsync or close.
 *
 * Return: bytes written, or a negative errno.
 */
ssize_t snfs_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct inode *inode = file_inode(file);
	ssize_t ret;

	if (iocb->ki_flags & IOCB_NOWAIT && needs_server(iocb))
		return -EAGAIN;
	ret = file_check_and_advance_wb_err(file);
	if (!ret)
		ret = find_end(iocb);
	if (ret)
		return ret;
	if ((iocb->ki_flags & IOCB_DIRECT) && snfs_iter_direct(from))
		return snfs_direct_write(iocb, from);
	/* Bytes must not join those of a cache that is no longer believed. */
	ret = snfs_revalidate_mapping(inode);
	if (!ret)
		ret = lock_inode(iocb);
	if (ret)
		return ret;
	ret = write_locked(iocb, from);
	inode_unlock(inode);
	if (ret < 0) {
		/* What made it fail may be a WRITE that is remembered too: it is told here. */
		int lost = file_check_and_advance_wb_err(file);

		return lost ? lost : ret;
	}
	if (!ret)
		return 0;
	snfs_count_bytes(snfs_server(inode), SNFS_BYTES_NORMAL_WRITE, ret);
	write_on(iocb);
	return generic_write_sync(iocb, ret);
}
