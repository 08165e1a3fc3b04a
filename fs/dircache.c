// SPDX-License-Identifier: GPL-2.0
/*
 * What is cached of a directory's listing: chunks, each what one reply brought, found by the
 * cookie they start at. A reader keeps the chunk it is in, whatever becomes of the cache.
 */
#include <linux/align.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/export.h>
#include <kunit/visibility.h>

#include "dircache.h"

#define REC_ALIGN	sizeof(u64)

/* How many names of the listing may be left out by who visits one after the other */
#define DIRRUN_SKIP	128

static u32 rec_size(u32 namelen)
{
	return ALIGN(offsetof(struct snfs_dirrec, name) + namelen, REC_ALIGN);
}

/**
 * snfs_dirchunk_alloc - make an empty chunk
 * @start: cookie that its entries are asked for with
 * @size: bytes of the reply's list, times snfs_proto_ops.dirent_growth: room for all its entries
 *
 * Return: the chunk with a reference, or NULL.
 */
struct snfs_dirchunk *snfs_dirchunk_alloc(u64 start, u32 size)
{
	struct snfs_dirchunk *chunk = kzalloc(sizeof(*chunk), GFP_KERNEL);

	if (!chunk)
		return NULL;
	chunk->size = ALIGN(size, REC_ALIGN);
	chunk->data = kvmalloc(max_t(u32, chunk->size, REC_ALIGN), GFP_KERNEL);
	if (!chunk->data) {
		kfree(chunk);
		return NULL;
	}
	refcount_set(&chunk->ref, 1);
	RB_CLEAR_NODE(&chunk->node);
	chunk->start = start;
	chunk->next = start;
	return chunk;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_alloc);

/**
 * snfs_dirchunk_get - take a reference
 * @chunk: the chunk
 *
 * Return: @chunk.
 */
struct snfs_dirchunk *snfs_dirchunk_get(struct snfs_dirchunk *chunk)
{
	refcount_inc(&chunk->ref);
	return chunk;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_get);

/**
 * snfs_dirchunk_put - give back a reference
 * @chunk: the chunk, or NULL
 */
void snfs_dirchunk_put(struct snfs_dirchunk *chunk)
{
	if (!chunk || !refcount_dec_and_test(&chunk->ref))
		return;
	kvfree(chunk->data);
	kfree(chunk);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_put);

/**
 * snfs_dirchunk_rec - an entry of a chunk
 * @chunk: the chunk
 * @at: where: 0 is the first, snfs_dirchunk_next() the one after
 *
 * Return: the entry, or NULL if @at is the end.
 */
const struct snfs_dirrec *snfs_dirchunk_rec(const struct snfs_dirchunk *chunk, u32 at)
{
	return at < chunk->used ? chunk->data + at : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_rec);

/**
 * snfs_dirchunk_next - where the entry after another is
 * @chunk: the chunk
 * @at: where an entry is
 *
 * Return: where the next is, or the end.
 */
u32 snfs_dirchunk_next(const struct snfs_dirchunk *chunk, u32 at)
{
	return at + rec_size(snfs_dirchunk_rec(chunk, at)->namelen);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_next);

/* Where to go on behind the entry with this cookie? Negative if it is not here. */
static s64 find_cookie(const struct snfs_dirchunk *chunk, u64 cookie)
{
	const struct snfs_dirrec *rec;
	u32 at = 0;

	while ((rec = snfs_dirchunk_rec(chunk, at))) {
		at = snfs_dirchunk_next(chunk, at);
		if (rec->cookie == cookie)
			return at;
	}
	return -1;
}

/**
 * snfs_dirchunk_find - where is what follows a cookie?
 * @chunk: the chunk
 * @cookie: cookie of an entry
 * @at: OUT: where the entry behind it is, or the end
 *
 * Return: whether the cookie is one of this chunk.
 */
bool snfs_dirchunk_find(const struct snfs_dirchunk *chunk, u64 cookie, u32 *at)
{
	s64 found = find_cookie(chunk, cookie);

	/* The last may be of an entry that is not kept. */
	if (found < 0 && chunk->entries && cookie == chunk->next)
		found = chunk->used;
	*at = found < 0 ? 0 : found;
	return found >= 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_find);

/*
 * Was this cookie here before? Cookies that only grow or only fall, as nearly all do, cannot
 * repeat. A cookie of an entry that was not kept may: the reader's loop check sees that.
 */
static bool is_repeated(struct snfs_dirchunk *chunk, u64 cookie)
{
	if (cookie == chunk->start || cookie == chunk->next)
		return true;
	if (!chunk->entries || cookie < chunk->lowest || cookie > chunk->highest)
		return false;
	return find_cookie(chunk, cookie) >= 0;
}

static void note_cookie(struct snfs_dirchunk *chunk, u64 cookie)
{
	chunk->lowest = chunk->entries ? min(chunk->lowest, cookie) : cookie;
	chunk->highest = chunk->entries ? max(chunk->highest, cookie) : cookie;
	chunk->next = cookie;
	chunk->entries++;
}

/**
 * snfs_dirchunk_add - add the next entry of a reply
 * @chunk: the chunk
 * @ent: the entry, well-formed
 * @type: DT_*
 * @keep: whether to keep it; its cookie counts either way
 *
 * Return: 0; -ELOOP if the cookie came up before; -EIO if there is no room, which a reply
 * that keeps to the protocol cannot cause.
 */
int snfs_dirchunk_add(struct snfs_dirchunk *chunk, const struct snfs_dirent *ent, u8 type,
		      bool keep)
{
	struct snfs_dirrec *rec = chunk->data + chunk->used;
	u32 size = rec_size(ent->name.len);

	if (is_repeated(chunk, ent->cookie))
		return -ELOOP;
	note_cookie(chunk, ent->cookie);
	if (!keep)
		return 0;
	if (size > chunk->size - chunk->used)
		return -EIO;
	rec->fileid = ent->fileid;
	rec->cookie = ent->cookie;
	rec->type = type;
	rec->namelen = ent->name.len;
	memcpy(rec->name, ent->name.name, ent->name.len);
	chunk->used += size;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_add);

/*
 * Give back what the entries do not need: those of READDIRPLUS are much smaller here, and a large
 * kmalloc() takes a power of two. vmalloc() is exact to a page.
 */
static void trim(struct snfs_dirchunk *chunk)
{
	void *data;

	if (chunk->used > PAGE_SIZE)
		data = vmalloc(chunk->used);
	else
		data = kmalloc(max_t(u32, chunk->used, REC_ALIGN), GFP_KERNEL);
	if (!data)
		return;
	memcpy(data, chunk->data, chunk->used);
	kvfree(chunk->data);
	chunk->data = data;
	chunk->size = chunk->used;
}

/**
 * snfs_dirchunk_finish - all entries of the reply are there
 * @chunk: the chunk; constant from now on
 * @eof: the directory ends with it
 *
 * Return: 0, or -EIO if it gets a reader nowhere: no entry, and no end either.
 */
int snfs_dirchunk_finish(struct snfs_dirchunk *chunk, bool eof)
{
	chunk->eof = eof;
	if (!chunk->entries && !eof)
		return -EIO;
	trim(chunk);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirchunk_finish);

/**
 * snfs_dircache_alloc - make an empty cache
 *
 * Return: the cache, or NULL.
 */
struct snfs_dircache *snfs_dircache_alloc(void)
{
	struct snfs_dircache *dc = kzalloc(sizeof(*dc), GFP_KERNEL);

	if (!dc)
		return NULL;
	mutex_init(&dc->lock);
	dc->chunks = RB_ROOT;
	snfs_dirindex_init(&dc->index);
	return dc;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dircache_alloc);

static void remove_chunk(struct snfs_dircache *dc, struct snfs_dirchunk *chunk)
{
	rb_erase(&chunk->node, &dc->chunks);
	RB_CLEAR_NODE(&chunk->node);
	/* It may be in this chunk, and what comes in its place has other entries. */
	dc->acl_run = (struct snfs_dirrun){ };
	dc->nr--;
	dc->bytes -= chunk->size;
	snfs_dirchunk_put(chunk);
}

static void remove_all(struct snfs_dircache *dc)
{
	struct rb_node *node;

	while ((node = rb_first(&dc->chunks)))
		remove_chunk(dc, rb_entry(node, struct snfs_dirchunk, node));
	dc->bare = false;
}

/**
 * snfs_dircache_destroy - free a cache
 * @dc: the cache, which nobody uses any more, or NULL
 */
void snfs_dircache_destroy(struct snfs_dircache *dc)
{
	if (!dc)
		return;
	remove_all(dc);
	snfs_dirindex_destroy(&dc->index);
	mutex_destroy(&dc->lock);
	kfree(dc);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dircache_destroy);

/**
 * snfs_dircache_empty - drop the listing; what is on its way is not cached either
 * @dc: the cache
 *
 * Context: May sleep.
 */
void snfs_dircache_empty(struct snfs_dircache *dc)
{
	mutex_lock(&dc->lock);
	dc->gen++;
	remove_all(dc);
	mutex_unlock(&dc->lock);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dircache_empty);

/* The caller holds the lock from here on: what is of another version goes. */
static void set_version(struct snfs_dircache *dc, u32 ver)
{
	if (dc->ver == ver)
		return;
	remove_all(dc);
	dc->ver = ver;
}

static struct snfs_dirchunk *find_start(struct snfs_dircache *dc, u64 cookie)
{
	struct rb_node *node = dc->chunks.rb_node;

	while (node) {
		struct snfs_dirchunk *chunk = rb_entry(node, struct snfs_dirchunk, node);

		if (cookie == chunk->start)
			return chunk;
		node = cookie < chunk->start ? node->rb_left : node->rb_right;
	}
	return NULL;
}

static struct snfs_dirchunk *find_inside(struct snfs_dircache *dc, u64 cookie, u32 *at)
{
	struct rb_node *node;

	for (node = rb_first(&dc->chunks); node; node = rb_next(node)) {
		struct snfs_dirchunk *chunk = rb_entry(node, struct snfs_dirchunk, node);
		s64 found = find_cookie(chunk, cookie);

		/* At the end of a chunk what is behind is not in it. */
		if (found < 0 || (found == chunk->used && !chunk->eof))
			continue;
		*at = found;
		return chunk;
	}
	return NULL;
}

/**
 * snfs_dircache_find - find the entries behind a cookie
 * @dc: the cache
 * @cookie: 0, or cookie of an entry
 * @ver: snfs_dir_ver(); chunks of another one are dropped
 * @at: OUT: where in the chunk the entries are
 *
 * A chunk that starts there is found at once. One that has the cookie inside is needed after a
 * seek only.
 *
 * Context: May sleep.
 * Return: the chunk with a reference, or NULL.
 */
struct snfs_dirchunk *snfs_dircache_find(struct snfs_dircache *dc, u64 cookie, u32 ver, u32 *at)
{
	struct snfs_dirchunk *chunk;

	mutex_lock(&dc->lock);
	set_version(dc, ver);
	*at = 0;
	chunk = find_start(dc, cookie);
	if (!chunk)
		chunk = find_inside(dc, cookie, at);
	if (chunk)
		snfs_dirchunk_get(chunk);
	mutex_unlock(&dc->lock);
	return chunk;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dircache_find);

/* Number of a name's record in a chunk; -1 if it is not there. */
static int find_name(const struct snfs_dirchunk *chunk, const char *name, u32 len)
{
	const struct snfs_dirrec *rec;
	u32 at = 0;
	int i;

	for (i = 0; (rec = snfs_dirchunk_rec(chunk, at)); i++) {
		if (rec->namelen == len && !memcmp(rec->name, name, len))
			return i;
		at = snfs_dirchunk_next(chunk, at);
	}
	return -1;
}

/* The cookie to ask with for what follows the first @nr entries of a chunk */
static u64 cookie_after(const struct snfs_dirchunk *chunk, u32 nr)
{
	u64 cookie = chunk->start;
	u32 at = 0;

	for (; nr; nr--) {
		cookie = snfs_dirchunk_rec(chunk, at)->cookie;
		at = snfs_dirchunk_next(chunk, at);
	}
	return cookie;
}

/* Does somebody who visits names one by one go against the order of the listing? */
static bool goes_backwards(struct snfs_dircache *dc, const struct snfs_dirchunk *chunk, int i)
{
	bool back;

	if (chunk->start == dc->last_start)
		back = i < dc->last_nr;
	else
		back = chunk->next == dc->last_start;
	dc->last_start = chunk->start;
	dc->last_nr = i;
	return back;
}

/**
 * snfs_dircache_around - where to ask for the neighbours of a name
 * @dc: the cache; its lock is held
 * @name: a name that was just looked up
 * @len: its length
 * @nr: how many entries one reply has
 * @cookie: OUT: what to ask with. Whoever visits the names in the order of the listing wants
 *	those behind it, whoever goes backwards (find(1) sorts by number, and servers may
 *	list what is newest first) those before it: told by the name of the previous call
 *
 * Return: whether the name is in the cached part of the listing.
 */
bool snfs_dircache_around(struct snfs_dircache *dc, const char *name, u32 len, u32 nr, u64 *cookie)
{
	struct rb_node *node;
	int i;

	for (node = rb_first(&dc->chunks); node; node = rb_next(node)) {
		struct snfs_dirchunk *chunk = rb_entry(node, struct snfs_dirchunk, node);

		i = find_name(chunk, name, len);
		if (i < 0)
			continue;
		if (goes_backwards(dc, chunk, i))
			*cookie = cookie_after(chunk, i - min_t(u32, i, nr));
		else
			*cookie = cookie_after(chunk, i + 1);
		return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dircache_around);

/**
 * snfs_dirrun_next - the next name of the listing
 * @dc: the cache; its lock is held
 * @run: where; moves behind it
 *
 * Return: the entry, or NULL at the end of what is cached.
 */
const struct snfs_dirrec *snfs_dirrun_next(struct snfs_dircache *dc, struct snfs_dirrun *run)
{
	const struct snfs_dirchunk *chunk = find_start(dc, run->start);
	const struct snfs_dirrec *rec;
	unsigned int hops = dc->nr;

	/* A chunk may have no entry that was kept, and a server may send us round in circles. */
	while (chunk && run->at >= chunk->used && !chunk->eof && hops--) {
		run->start = chunk->next;
		run->at = 0;
		chunk = find_start(dc, run->start);
	}
	rec = chunk ? snfs_dirchunk_rec(chunk, run->at) : NULL;
	if (rec)
		run->at = snfs_dirchunk_next(chunk, run->at);
	return rec;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirrun_next);

static bool run_to(struct snfs_dircache *dc, struct snfs_dirrun *run, const char *name, u32 len)
{
	struct snfs_dirrun try = *run;
	const struct snfs_dirrec *rec;
	int i;

	for (i = 0; i < DIRRUN_SKIP && (rec = snfs_dirrun_next(dc, &try)); i++) {
		if (rec->namelen == len && !memcmp(rec->name, name, len)) {
			*run = try;
			return true;
		}
	}
	return false;
}

/**
 * snfs_dirrun_visit - a name is visited: is that in the order of the listing?
 * @dc: the cache; its lock is held
 * @run: where the last visit was; moves behind the name
 * @name: the name
 * @len: its length
 *
 * Return: SNFS_DIRRUN_ON if it comes soon after the last one, _NEW if it is one of the first of
 * the listing, else _LOST.
 */
enum snfs_dirrun_step snfs_dirrun_visit(struct snfs_dircache *dc, struct snfs_dirrun *run,
					const char *name, u32 len)
{
	struct snfs_dirrun begin = { };

	if (run_to(dc, run, name, len))
		return SNFS_DIRRUN_ON;
	if (!run_to(dc, &begin, name, len))
		return SNFS_DIRRUN_LOST;
	*run = begin;
	return SNFS_DIRRUN_NEW;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dirrun_visit);

static void link_chunk(struct snfs_dircache *dc, struct snfs_dirchunk *chunk)
{
	struct rb_node **link = &dc->chunks.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (chunk->start < rb_entry(parent, struct snfs_dirchunk, node)->start)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&chunk->node, parent, link);
	rb_insert_color(&chunk->node, &dc->chunks);
	dc->nr++;
	dc->bytes += chunk->size;
	snfs_dirchunk_get(chunk);
}

/**
 * snfs_dircache_insert - cache a chunk, if it is right and there is room
 * @dc: the cache
 * @chunk: the chunk, finished; takes the place of one that starts at the same cookie
 * @gen: dc->gen before it was asked for
 * @ver: snfs_dir_ver() now
 *
 * Context: May sleep.
 */
void snfs_dircache_insert(struct snfs_dircache *dc, struct snfs_dirchunk *chunk, u32 gen,
			  u32 ver)
{
	struct snfs_dirchunk *old;

	mutex_lock(&dc->lock);
	set_version(dc, ver);
	if (dc->gen == gen && chunk->ver == ver) {
		old = find_start(dc, chunk->start);
		if (old)
			remove_chunk(dc, old);
		if (chunk->size <= SNFS_DIRCACHE_BYTES - dc->bytes)
			link_chunk(dc, chunk);
	}
	mutex_unlock(&dc->lock);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_dircache_insert);
