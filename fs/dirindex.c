// SPDX-License-Identifier: GPL-2.0
/*
 * Positions in a directory. A cookie has 64 bits and belongs to the server, a position has 63
 * and 0 to 2 are taken. Nearly all servers' cookies fit, shifted by 2; the others are numbered.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/export.h>
#include <kunit/visibility.h>

#include "dirindex.h"

struct snfs_dirindex_entry {
	struct rb_node	node;
	u64		cookie;
	u32		nr;
};

/**
 * snfs_dirindex_init - make an empty index
 * @ix: the index
 */
void snfs_dirindex_init(struct snfs_dirindex *ix)
{
	ix->nr = 0;
	xa_init(&ix->by_nr);
	ix->by_cookie = RB_ROOT;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirindex_init);

/**
 * snfs_dirindex_destroy - free what the index holds
 * @ix: the index
 */
void snfs_dirindex_destroy(struct snfs_dirindex *ix)
{
	struct snfs_dirindex_entry *entry;
	unsigned long nr;

	xa_for_each(&ix->by_nr, nr, entry)
		kfree(entry);
	xa_destroy(&ix->by_nr);
	ix->by_cookie = RB_ROOT;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirindex_destroy);

static struct snfs_dirindex_entry *add(struct snfs_dirindex *ix, u64 cookie,
				       struct rb_node *parent, struct rb_node **link)
{
	struct snfs_dirindex_entry *entry;

	if (ix->nr == U32_MAX)
		return NULL;
	entry = kmalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return NULL;
	entry->cookie = cookie;
	entry->nr = ix->nr;
	if (xa_is_err(xa_store(&ix->by_nr, entry->nr, entry, GFP_KERNEL))) {
		kfree(entry);
		return NULL;
	}
	rb_link_node(&entry->node, parent, link);
	rb_insert_color(&entry->node, &ix->by_cookie);
	ix->nr++;
	return entry;
}

static struct snfs_dirindex_entry *find_or_add(struct snfs_dirindex *ix, u64 cookie)
{
	struct rb_node **link = &ix->by_cookie.rb_node, *parent = NULL;

	while (*link) {
		struct snfs_dirindex_entry *entry;

		parent = *link;
		entry = rb_entry(parent, struct snfs_dirindex_entry, node);
		if (cookie == entry->cookie)
			return entry;
		link = cookie < entry->cookie ? &parent->rb_left : &parent->rb_right;
	}
	return add(ix, cookie, parent, link);
}

/**
 * snfs_dirindex_pos - the position behind an entry
 * @ix: the directory's index
 * @cookie: the entry's cookie; 0: the start
 * @table: where numbers begin: SNFS_DIRPOS_TABLE, or SNFS_DIRPOS_TABLE32 for a reader whose
 *	positions must fit 31 bits
 * @pos: OUT: position, SNFS_DIRPOS_START or larger; the same for the same cookie and table
 *
 * Context: May sleep.
 * Return: 0; -ENOMEM if the cookie had to be numbered and could not; -EOVERFLOW if its number
 * does not fit.
 */
int snfs_dirindex_pos(struct snfs_dirindex *ix, u64 cookie, loff_t table, loff_t *pos)
{
	struct snfs_dirindex_entry *entry;

	if (snfs_dirindex_plain(cookie, table)) {
		*pos = cookie + SNFS_DIRPOS_START;
		return 0;
	}
	entry = find_or_add(ix, cookie);
	if (!entry)
		return -ENOMEM;
	if (table == SNFS_DIRPOS_TABLE32 && entry->nr > S32_MAX - SNFS_DIRPOS_TABLE32)
		return -EOVERFLOW;
	*pos = table + entry->nr;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirindex_pos);

/**
 * snfs_dirindex_cookie - the cookie of a position
 * @ix: the directory's index
 * @pos: SNFS_DIRPOS_START or larger
 * @table: as for snfs_dirindex_pos()
 * @cookie: OUT: cookie
 *
 * Context: Any context.
 * Return: 0, or -EINVAL if the position is not one that was ever given out.
 */
int snfs_dirindex_cookie(const struct snfs_dirindex *ix, loff_t pos, loff_t table, u64 *cookie)
{
	const struct snfs_dirindex_entry *entry;

	if (pos < SNFS_DIRPOS_START)
		return -EINVAL;
	if (pos < table) {
		*cookie = pos - SNFS_DIRPOS_START;
		return 0;
	}
	entry = pos - table > U32_MAX ? NULL : xa_load((struct xarray *)&ix->by_nr, pos - table);
	if (!entry)
		return -EINVAL;
	*cookie = entry->cookie;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirindex_cookie);
