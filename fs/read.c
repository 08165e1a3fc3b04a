// SPDX-License-Identifier: GPL-2.0
/*
 * Reading into the page cache: contiguous folios become READs of up to rsize bytes, all of a
 * read-ahead window under way at once. Folios are unlocked as their READs finish.
 */
#include <linux/completion.h>
#include <linux/slab.h>
#include <linux/task_io_accounting_ops.h>
#include "snfs.h"
#include "writeback.h"
#include "xfer.h"

/**
 * struct snfs_fill - folios being read
 * @x: the transfer; good for the credential and the pages too
 * @ref: the transfer and a waiter hold one each
 * @done: completed at the end
 * @cred: held
 * @max: pages that there is room for
 * @pages: all pages of all folios, locked
 */
struct snfs_fill {
	struct snfs_xfer	x;
	refcount_t		ref;
	struct completion	done;
	const struct cred	*cred;
	unsigned int		max;
	struct page		*pages[];
};

/* Read-ahead may come without a file: then anyone who has the file open for reading will do. */
static const struct cred *read_cred(struct inode *inode, struct file *file)
{
	const struct cred *cred = NULL;
	struct snfs_open *open;

	if (file)
		return get_cred(snfs_open_of(file)->cred);
	spin_lock(&inode->i_lock);
	list_for_each_entry(open, &SNFS_I(inode)->opens, list) {
		if (open->mode & FMODE_READ) {
			cred = get_cred(open->cred);
			break;
		}
	}
	spin_unlock(&inode->i_lock);
	return cred ? cred : get_cred(snfs_server(inode)->cred);
}

static void put_fill(struct snfs_fill *fill)
{
	if (!refcount_dec_and_test(&fill->ref))
		return;
	put_cred(fill->cred);
	kvfree(fill);
}

static void fill_end(struct snfs_xfer *x)
{
	struct snfs_fill *fill = container_of(x, struct snfs_fill, x);
	size_t at = 0;

	while (at < x->len) {
		struct folio *folio = page_folio(x->pages[at >> PAGE_SHIFT]);

		at += folio_size(folio);
		if (at <= x->good)
			flush_dcache_folio(folio);
		snfs_folio_end_read(folio, at <= x->good);
	}
	complete(&fill->done);
	put_fill(fill);
}

static struct snfs_fill *make_fill(struct inode *inode, const struct cred *cred, u64 offset,
				   unsigned int max)
{
	struct snfs_fill *fill = kvzalloc(struct_size(fill, pages, max), GFP_NOFS);

	if (!fill)
		return NULL;
	refcount_set(&fill->ref, 1);
	init_completion(&fill->done);
	fill->cred = get_cred(cred);
	fill->max = max;
	fill->x.inode = inode;
	fill->x.cred = fill->cred;
	fill->x.offset = offset;
	fill->x.pages = fill->pages;
	fill->x.fill = true;
	fill->x.end = fill_end;
	return fill;
}

static void add_folio(struct snfs_fill *fill, struct folio *folio)
{
	unsigned int n = fill->x.len >> PAGE_SHIFT;
	unsigned long i;

	for (i = 0; i < folio_nr_pages(folio); i++)
		fill->pages[n++] = folio_page(folio, i);
	fill->x.len += folio_size(folio);
}

static bool has_room(const struct snfs_fill *fill, struct folio *folio)
{
	return (fill->x.len >> PAGE_SHIFT) + folio_nr_pages(folio) <= fill->max;
}

static void start_fill(struct snfs_fill *fill)
{
	snfs_count_bytes(snfs_server(fill->x.inode), SNFS_PAGES_READ, fill->x.len >> PAGE_SHIFT);
	task_io_account_read(fill->x.len);
	snfs_xfer_start(&fill->x);
}

/**
 * snfs_readahead - read_ahead method
 * @rac: the window; its folios are locked
 *
 * What is left in the window for want of memory is read when it is needed.
 */
void snfs_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	const struct cred *cred = read_cred(inode, rac->file);
	unsigned int rpages = max(snfs_server(inode)->rsize >> PAGE_SHIFT, 1UL);
	struct snfs_fill *fill = NULL;
	struct folio *folio;

	snfs_count(snfs_server(inode), SNFS_EV_READPAGES);
	while ((folio = readahead_folio(rac))) {
		if (fill && !has_room(fill, folio)) {
			start_fill(fill);
			fill = NULL;
		}
		if (!fill)
			fill = make_fill(inode, cred, folio_pos(folio),
					 max_t(unsigned long, rpages, folio_nr_pages(folio)));
		if (!fill) {
			folio_unlock(folio);
			break;
		}
		add_folio(fill, folio);
	}
	if (fill)
		start_fill(fill);
	put_cred(cred);
}

static int fill_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	const struct cred *cred = read_cred(inode, file);
	struct snfs_fill *fill = make_fill(inode, cred, folio_pos(folio), folio_nr_pages(folio));
	int err;

	put_cred(cred);
	if (!fill) {
		folio_unlock(folio);
		return -ENOMEM;
	}
	add_folio(fill, folio);
	refcount_inc(&fill->ref);
	start_fill(fill);
	err = wait_for_completion_killable(&fill->done);
	if (!err)
		err = fill->x.error;
	put_fill(fill);
	return err;
}

/**
 * snfs_read_folio - read_folio method
 * @file: on whose behalf, or NULL
 * @folio: to be read; locked, and unlocked by us
 *
 * Bytes that were written into the folio while the rest of it is unknown go to the server
 * first. It waits, as the caller learns of the reason of a failure from its return value only.
 *
 * Return: 0, or a negative errno.
 */
int snfs_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	snfs_count(snfs_server(inode), SNFS_EV_READPAGE);
	err = snfs_writeback_folio(folio);
	if (err || folio_test_uptodate(folio)) {
		folio_unlock(folio);
		return err;
	}
	return fill_folio(file, folio);
}
