/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Dirty records: which bytes of a dirty folio were written, and on whose behalf.
 */
#ifndef _SNFS_DIRTY_H
#define _SNFS_DIRTY_H

#include "snfs.h"

/**
 * struct snfs_dirty - the dirty bytes of a folio; its private data, under the folio lock
 * @open: who wrote them, or NULL: whoever may write the file; held
 * @from: first byte in the folio
 * @to: behind the last one; == @from if a truncation took them all
 *
 * Bytes outside are not known if the folio is not uptodate, so a record never grows over any.
 */
struct snfs_dirty {
	struct snfs_open	*open;
	size_t			from;
	size_t			to;
};

int snfs_dirty_init(void);
void snfs_dirty_exit(void);
bool snfs_dirty_fits(struct folio *folio, const struct snfs_open *open, size_t from, size_t to);
int snfs_dirty_prepare(struct folio *folio, struct snfs_open *open);
void snfs_dirty_add(struct folio *folio, size_t from, size_t to);
bool snfs_dirty_take(struct folio *folio, struct snfs_dirty *taken);
void snfs_dirty_forget(struct folio *folio);
bool snfs_dirty_folio(struct address_space *mapping, struct folio *folio);
void snfs_invalidate_folio(struct folio *folio, size_t offset, size_t len);
bool snfs_release_folio(struct folio *folio, gfp_t gfp);

#endif /* _SNFS_DIRTY_H */
