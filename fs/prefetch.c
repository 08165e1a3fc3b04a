// SPDX-License-Identifier: GPL-2.0
/*
 * The first bytes together with the open: a READ that leaves at the same time as the ACCESS of an
 * open, so that a small file costs one round trip and not two.
 *
 * What it brings is shown to nobody before ACCESS has said yes, and only if the file was the same
 * for both: then it is what a READ after the open would have brought. It is tried for small files
 * that are opened for reading only and not cached, and given up on a mount whose programs open
 * files without reading them.
 */
#include <linux/slab.h>
#include "snfs.h"

/* Files up to this size are worth it, if one READ holds them */
#define PREFETCH_MAX	(64U << 10)

/* How far the score of a mount moves: a miss counts twice, below 0 only each 32nd open tries */
#define SCORE_MAX	16
#define SCORE_RETRY	32

/**
 * struct snfs_prefetch - a READ of a whole file on its way
 * @op: the READ
 * @size: bytes asked for: the size of the file as known at the open
 * @nr: number of @folios
 * @folios: not in the page cache yet
 * @pages: the same, for the READ
 */
struct snfs_prefetch {
	struct snfs_op	*op;
	u32		size;
	unsigned int	nr;
	struct folio	*folios[PREFETCH_MAX / PAGE_SIZE];
	struct page	*pages[PREFETCH_MAX / PAGE_SIZE];
};

static void prefetch_free(struct snfs_prefetch *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		folio_put(p->folios[i]);
	snfs_op_put(p->op);
	kfree(p);
}

/* A mount that has missed too often is asked again now and then. */
static bool is_promising(struct snfs_server *server)
{
	if (atomic_read(&server->prefetch_score) >= 0)
		return true;
	return atomic_inc_return(&server->prefetch_skipped) % SCORE_RETRY == 0;
}

static bool is_worth_it(struct inode *inode, const struct file *file)
{
	struct snfs_server *server = snfs_server(inode);
	loff_t size = i_size_read(inode);

	return (file->f_mode & (FMODE_READ | FMODE_WRITE)) == FMODE_READ &&
	       !(file->f_flags & (O_DIRECT | __FMODE_EXEC)) &&
	       size > 0 && size <= min(PREFETCH_MAX, server->rsize) &&
	       !inode->i_mapping->nrpages && is_promising(server);
}

static struct snfs_prefetch *prefetch_alloc(struct inode *inode, const struct cred *cred,
					    u32 size)
{
	struct snfs_prefetch *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	p->op = snfs_op_alloc(snfs_server(inode), cred, GFP_KERNEL);
	p->size = size;
	while (p->nr < DIV_ROUND_UP(size, PAGE_SIZE)) {
		struct folio *folio = folio_alloc(mapping_gfp_mask(inode->i_mapping), 0);

		if (!folio) {
			prefetch_free(p);
			return NULL;
		}
		p->pages[p->nr] = folio_page(folio, 0);
		p->folios[p->nr++] = folio;
	}
	return p;
}

/**
 * snfs_prefetch_start - a regular file is being opened: ask for its bytes too, if that promises
 * to be of use
 * @inode: the file
 * @file: the open
 *
 * Return: what to give to snfs_prefetch_finish(), or NULL.
 */
struct snfs_prefetch *snfs_prefetch_start(struct inode *inode, const struct file *file)
{
	struct snfs_prefetch *p;
	struct snfs_op *op;

	if (!is_worth_it(inode, file))
		return NULL;
	p = prefetch_alloc(inode, file->f_cred, i_size_read(inode));
	if (!p)
		return NULL;
	op = p->op;
	snfs_op_set_inode(op, 0, inode);
	op->args.io.count = p->size;
	op->args.io.pages = p->pages;
	if (!snfs_op_start(op, op->server->proto->read))
		return p;
	prefetch_free(p);
	return NULL;
}

/* Was the file the same for the READ as it is known now, after ACCESS? */
static bool is_same(struct inode *inode, const struct snfs_fattr *attr)
{
	struct snfs_inode *si = SNFS_I(inode);
	bool same;

	spin_lock(&inode->i_lock);
	same = attr->valid && si->map_ver == si->fresh.data_ver && !si->fresh.own &&
	       attr->size == si->fresh.id.size &&
	       timespec64_equal(&attr->mtime, &si->fresh.id.mtime) &&
	       timespec64_equal(&attr->ctime, &si->fresh.id.ctime);
	spin_unlock(&inode->i_lock);
	return same;
}

static void fill_cache(struct inode *inode, struct snfs_prefetch *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		struct folio *folio = p->folios[i];
		size_t end = p->size - i * PAGE_SIZE;

		if (end < PAGE_SIZE)
			folio_zero_segment(folio, end, PAGE_SIZE);
		if (filemap_add_folio(inode->i_mapping, folio, i, GFP_KERNEL))
			return;
		folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
}

/* While nobody can find the cache empty and call that current (mapping.c) */
static bool fill_if_same(struct inode *inode, struct snfs_prefetch *p)
{
	unsigned long *flags = &SNFS_I(inode)->flags;
	bool good;

	if (test_and_set_bit_lock(SNFS_INO_MAP_BUSY, flags))
		return false;
	good = i_size_read(inode) == p->size && is_same(inode, &p->op->res.wcc[0].post);
	if (good)
		fill_cache(inode, p);
	clear_and_wake_up_bit(SNFS_INO_MAP_BUSY, flags);
	return good;
}

/**
 * snfs_prefetch_finish - the open is decided: keep what was read, or throw it away
 * @p: from snfs_prefetch_start(), or NULL; gone afterwards
 * @inode: the file
 * @opened: the server lets it be opened
 *
 * Return: whether the bytes are in the page cache now.
 */
bool snfs_prefetch_finish(struct snfs_prefetch *p, struct inode *inode, bool opened)
{
	bool good;

	if (!p)
		return false;
	good = !snfs_op_wait(p->op) && opened && p->op->res.io.count == p->size;
	/* Whoever changes the file here holds this lock. */
	if (good && inode_trylock_shared(inode)) {
		good = fill_if_same(inode, p);
		inode_unlock_shared(inode);
	} else {
		good = false;
	}
	prefetch_free(p);
	return good;
}

/**
 * snfs_prefetch_judge - a file whose bytes came with its open is closed
 * @server: the mount
 * @used: somebody read it
 */
void snfs_prefetch_judge(struct snfs_server *server, bool used)
{
	int old = atomic_read(&server->prefetch_score);
	int new = clamp(used ? old + 1 : old - 2, -SCORE_MAX, SCORE_MAX);

	/* Losing a race loses one opinion of many. */
	atomic_cmpxchg(&server->prefetch_score, old, new);
}
