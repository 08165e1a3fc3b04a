// SPDX-License-Identifier: GPL-2.0
/*
 * Dirty records: which bytes of a dirty folio were written, and on whose behalf.
 *
 * A write into a folio that is not in the cache is remembered as a byte range; nothing is read
 * for it. The record is the folio's private data from the first write until write-back takes
 * it. Folios that others dirty behind our back (get_user_pages) have the "checked" flag: all
 * of such a folio is dirty, and it is uptodate, as it was mapped.
 */
#include <linux/cred.h>
#include <linux/highmem.h>
#include <linux/slab.h>
#include "writeback.h"

static struct kmem_cache *snfs_dirty_cache;

/**
 * snfs_dirty_init - make the cache of records
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_dirty_init(void)
{
	snfs_dirty_cache = KMEM_CACHE(snfs_dirty, 0);
	return snfs_dirty_cache ? 0 : -ENOMEM;
}

/**
 * snfs_dirty_exit - undo snfs_dirty_init()
 */
void snfs_dirty_exit(void)
{
	kmem_cache_destroy(snfs_dirty_cache);
}

static bool same_writer(const struct snfs_open *a, const struct snfs_open *b)
{
	if (a == b)
		return true;
	if (!a || !b)
		return false;
	return a->cred == b->cred || !cred_fscmp(a->cred, b->cred);
}

/**
 * snfs_dirty_fits - can more bytes of a folio become dirty before it is written back
 * @folio: locked
 * @open: who wants to write
 * @from: first byte in the folio
 * @to: behind the last one
 *
 * Return: false if its dirty bytes belong to somebody else, or if bytes that are not known lie
 * between them and the new ones.
 */
bool snfs_dirty_fits(struct folio *folio, const struct snfs_open *open, size_t from, size_t to)
{
	const struct snfs_dirty *dirty = folio_get_private(folio);

	if (!dirty || dirty->from == dirty->to)
		return true;
	if (!same_writer(dirty->open, open))
		return false;
	return folio_test_uptodate(folio) || (from <= dirty->to && to >= dirty->from);
}

/**
 * snfs_dirty_prepare - see to it that a folio has a record
 * @folio: locked; snfs_dirty_fits() said yes
 * @open: who is going to write
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_dirty_prepare(struct folio *folio, struct snfs_open *open)
{
	struct snfs_dirty *dirty = folio_get_private(folio);

	if (!dirty) {
		dirty = kmem_cache_zalloc(snfs_dirty_cache, GFP_NOFS);
		if (!dirty)
			return -ENOMEM;
		folio_attach_private(folio, dirty);
	}
	if (dirty->from == dirty->to && dirty->open != open) {
		snfs_open_put(dirty->open);
		dirty->open = snfs_open_get(open);
	}
	return 0;
}

/* All of a folio is known once the bytes from its start to the end of the file are ours. */
static void complete_folio(struct folio *folio, const struct snfs_dirty *dirty)
{
	size_t size = folio_size(folio);

	if (dirty->from)
		return;
	if (dirty->to < size) {
		if (folio_pos(folio) + (loff_t)dirty->to < i_size_read(folio->mapping->host))
			return;
		folio_zero_segment(folio, dirty->to, size);
	}
	folio_mark_uptodate(folio);
}

/**
 * snfs_dirty_add - bytes of a folio have been written
 * @folio: locked, prepared
 * @from: first byte in the folio
 * @to: behind the last one
 *
 * The size of the file is still what it was before.
 */
void snfs_dirty_add(struct folio *folio, size_t from, size_t to)
{
	struct snfs_dirty *dirty = folio_get_private(folio);

	if (dirty->from == dirty->to) {
		dirty->from = from;
		dirty->to = to;
	} else {
		dirty->from = min(dirty->from, from);
		dirty->to = max(dirty->to, to);
	}
	if (!folio_test_uptodate(folio))
		complete_folio(folio, dirty);
	filemap_dirty_folio(folio->mapping, folio);
	WRITE_ONCE(SNFS_I(folio->mapping->host)->wb->dirtied, snfs_now());
}

/* The newest one who may write: for bytes that came through a mapping nobody asked us about. */
static struct snfs_open *any_writer(struct inode *inode)
{
	struct snfs_open *open, *found = NULL;

	spin_lock(&inode->i_lock);
	list_for_each_entry(open, &SNFS_I(inode)->opens, list) {
		if (open->mode & FMODE_WRITE) {
			found = snfs_open_get(open);
			break;
		}
	}
	spin_unlock(&inode->i_lock);
	return found;
}

/**
 * snfs_dirty_take - take the record off a folio that is going to be written back
 * @folio: locked, its dirty flag just cleared
 * @taken: OUT: the bytes to write; @taken->open is given to the caller (and may be NULL)
 *
 * Bytes beyond the end of the file do not exist for the server.
 *
 * Return: false if nothing is left to write; @taken holds no reference then.
 */
bool snfs_dirty_take(struct folio *folio, struct snfs_dirty *taken)
{
	struct inode *inode = folio->mapping->host;
	struct snfs_dirty *dirty = folio_detach_private(folio);
	loff_t rest = i_size_read(inode) - folio_pos(folio);

	if (dirty) {
		*taken = *dirty;
		kmem_cache_free(snfs_dirty_cache, dirty);
	} else {
		*taken = (struct snfs_dirty){ .open = any_writer(inode) };
		folio_set_checked(folio);
	}
	if (folio_test_checked(folio) && folio_test_uptodate(folio)) {
		taken->from = 0;
		taken->to = folio_size(folio);
	}
	folio_clear_checked(folio);
	if (rest < (loff_t)taken->to)
		taken->to = max_t(loff_t, rest, 0);
	if (taken->from < taken->to)
		return true;
	snfs_open_put(taken->open);
	taken->open = NULL;
	return false;
}

/**
 * snfs_dirty_forget - throw away the record of a folio
 * @folio: locked
 */
void snfs_dirty_forget(struct folio *folio)
{
	struct snfs_dirty *dirty = folio_detach_private(folio);

	folio_clear_checked(folio);
	if (!dirty)
		return;
	snfs_open_put(dirty->open);
	kmem_cache_free(snfs_dirty_cache, dirty);
}

/**
 * snfs_dirty_folio - dirty_folio method
 * @mapping: the file's page cache
 * @folio: dirtied by the core: by a store through a mapping, or by get_user_pages
 *
 * Return: whether it was clean before.
 */
bool snfs_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	folio_set_checked(folio);
	return filemap_dirty_folio(mapping, folio);
}

/* The core zeroes the bytes that a truncation takes; a record must not have the server get them. */
static void clip(struct snfs_dirty *dirty, size_t from, size_t to)
{
	if (from <= dirty->from)
		dirty->from = clamp(to, dirty->from, dirty->to);
	else if (to >= dirty->to)
		dirty->to = min(dirty->to, from);
}

/**
 * snfs_invalidate_folio - invalidate_folio method: bytes of a folio are truncated
 * @folio: locked, not under write-back
 * @offset: first byte
 * @len: bytes
 */
void snfs_invalidate_folio(struct folio *folio, size_t offset, size_t len)
{
	struct snfs_dirty *dirty = folio_get_private(folio);

	if (!offset && len == folio_size(folio))
		snfs_dirty_forget(folio);
	else if (dirty)
		clip(dirty, offset, offset + len);
}

/**
 * snfs_release_folio - release_folio method
 * @folio: locked; the core wants to drop it
 * @gfp: of the allocation that needs the memory
 *
 * Return: whether it may be dropped.
 */
bool snfs_release_folio(struct folio *folio, gfp_t gfp)
{
	if (folio_test_dirty(folio) || folio_test_writeback(folio))
		return false;
	snfs_dirty_forget(folio);
	return true;
}
