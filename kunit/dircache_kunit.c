// SPDX-License-Identifier: GPL-2.0
/*
 * The cached listing of a directory: chunks of entries, found by cookie, dropped when the
 * directory changes.
 */
#include <linux/mm.h>
#include <linux/sizes.h>

#include "dircache.h"
#include "snfs_kunit.h"

static int add(struct snfs_dirchunk *chunk, u64 cookie, const char *name, bool keep)
{
	struct snfs_dirent ent = {
		.fileid	= cookie + 1000,
		.cookie	= cookie,
		.name	= { .name = name, .len = strlen(name) },
	};

	return snfs_dirchunk_add(chunk, &ent, DT_REG, keep);
}

static struct snfs_dirchunk *make_chunk(struct kunit *test, u64 start, u32 size)
{
	struct snfs_dirchunk *chunk = snfs_dirchunk_alloc(start, size);

	KUNIT_ASSERT_NOT_NULL(test, chunk);
	return chunk;
}

/* Entries with the cookies @start + 1 to @start + @nr */
static struct snfs_dirchunk *full_chunk(struct kunit *test, u64 start, u32 nr, u32 ver)
{
	struct snfs_dirchunk *chunk = make_chunk(test, start, nr * 32);
	u64 cookie;

	for (cookie = start + 1; cookie <= start + nr; cookie++)
		KUNIT_ASSERT_EQ(test, add(chunk, cookie, "name", true), 0);
	chunk->ver = ver;
	KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, false), 0);
	return chunk;
}

/* A listing of two chunks: a b c, then d e */
static struct snfs_dircache *two_chunks(struct kunit *test)
{
	static const char * const names[] = { "a", "b", "c", "d", "e" };
	struct snfs_dircache *dc = snfs_dircache_alloc();
	struct snfs_dirchunk *chunk;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, dc);
	chunk = make_chunk(test, 0, 256);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (i == 3) {
			KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, false), 0);
			snfs_dircache_insert(dc, chunk, 0, 0);
			snfs_dirchunk_put(chunk);
			chunk = make_chunk(test, 3, 256);
		}
		KUNIT_ASSERT_EQ(test, add(chunk, i + 1, names[i], true), 0);
	}
	KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, true), 0);
	snfs_dircache_insert(dc, chunk, 0, 0);
	snfs_dirchunk_put(chunk);
	return dc;
}

static void names_are_visited_in_order(struct kunit *test)
{
	static const struct {
		const char		*name;
		enum snfs_dirrun_step	step;
		char			next;
	} visits[] = {
		{ "a", SNFS_DIRRUN_ON, 'b' },
		{ "c", SNFS_DIRRUN_ON, 'd' },
		{ "d", SNFS_DIRRUN_ON, 'e' },
		{ "b", SNFS_DIRRUN_NEW, 'c' },
		{ "x", SNFS_DIRRUN_LOST, 'c' },
		{ "e", SNFS_DIRRUN_ON, 0 },
	};
	struct snfs_dircache *dc = two_chunks(test);
	const struct snfs_dirrec *rec;
	struct snfs_dirrun run = { };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(visits); i++) {
		struct snfs_dirrun ahead;

		KUNIT_EXPECT_EQ_MSG(test, (int)snfs_dirrun_visit(dc, &run, visits[i].name, 1),
				    (int)visits[i].step, "%s", visits[i].name);
		ahead = run;
		rec = snfs_dirrun_next(dc, &ahead);
		KUNIT_EXPECT_EQ_MSG(test, rec ? rec->name[0] : 0, visits[i].next, "%s",
				    visits[i].name);
	}
	snfs_dircache_destroy(dc);
}

/* What is kept of a run is not true any more when the listing goes. */
static void a_run_ends_with_its_listing(struct kunit *test)
{
	struct snfs_dircache *dc = two_chunks(test);

	KUNIT_EXPECT_EQ(test, (int)snfs_dirrun_visit(dc, &dc->acl_run, "d", 1),
			(int)SNFS_DIRRUN_ON);
	KUNIT_EXPECT_EQ(test, dc->acl_run.start, 3ULL);
	snfs_dircache_empty(dc);
	KUNIT_EXPECT_EQ(test, dc->acl_run.start, 0ULL);
	KUNIT_EXPECT_EQ(test, dc->acl_run.at, 0U);
	KUNIT_EXPECT_PTR_EQ(test, snfs_dirrun_next(dc, &dc->acl_run),
			    (const struct snfs_dirrec *)NULL);
	snfs_dircache_destroy(dc);
}

static void entries_come_back_in_order(struct kunit *test)
{
	static const char * const names[] = { "a", "bc", "a longer name of an entry", "d" };
	struct snfs_dirchunk *chunk = make_chunk(test, 0, 4096);
	const struct snfs_dirrec *rec;
	u32 at = 0, i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		KUNIT_ASSERT_EQ(test, add(chunk, i + 10, names[i], true), 0);
	KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, true), 0);
	for (i = 0; (rec = snfs_dirchunk_rec(chunk, at)); i++) {
		KUNIT_ASSERT_LT(test, i, (u32)ARRAY_SIZE(names));
		KUNIT_EXPECT_EQ(test, rec->cookie, i + 10ULL);
		KUNIT_EXPECT_EQ(test, rec->fileid, i + 1010ULL);
		KUNIT_EXPECT_EQ(test, (int)rec->type, DT_REG);
		KUNIT_ASSERT_EQ(test, (size_t)rec->namelen, strlen(names[i]));
		KUNIT_EXPECT_EQ(test, memcmp(rec->name, names[i], rec->namelen), 0);
		at = snfs_dirchunk_next(chunk, at);
	}
	KUNIT_EXPECT_EQ(test, i, (u32)ARRAY_SIZE(names));
	KUNIT_EXPECT_EQ(test, chunk->next, 13ULL);
	KUNIT_EXPECT_TRUE(test, chunk->eof);
	snfs_dirchunk_put(chunk);
}

static void cookies_are_found(struct kunit *test)
{
	struct snfs_dirchunk *chunk = make_chunk(test, 5, 4096);
	u32 at = 99;

	KUNIT_EXPECT_FALSE(test, snfs_dirchunk_find(chunk, 5, &at));
	KUNIT_ASSERT_EQ(test, add(chunk, 30, "first", true), 0);
	KUNIT_ASSERT_EQ(test, add(chunk, 20, "second", true), 0);
	KUNIT_ASSERT_EQ(test, add(chunk, 40, "..", false), 0);
	KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, false), 0);
	KUNIT_EXPECT_TRUE(test, snfs_dirchunk_find(chunk, 30, &at));
	KUNIT_EXPECT_EQ(test, at, snfs_dirchunk_next(chunk, 0));
	KUNIT_EXPECT_TRUE(test, snfs_dirchunk_find(chunk, 20, &at));
	KUNIT_EXPECT_EQ(test, at, chunk->used);
	KUNIT_EXPECT_TRUE(test, snfs_dirchunk_find(chunk, 40, &at));
	KUNIT_EXPECT_EQ(test, at, chunk->used);
	KUNIT_EXPECT_FALSE(test, snfs_dirchunk_find(chunk, 5, &at));
	KUNIT_EXPECT_FALSE(test, snfs_dirchunk_find(chunk, 0, &at));
	snfs_dirchunk_put(chunk);
}

/* A list of READDIR on the wire has 4 + 8 + 4 + name + 8 bytes per entry. */
static void wire_size_is_room_enough(struct kunit *test)
{
	char name[256];
	u32 len, i;

	for (len = 1; len <= 255; len++) {
		struct snfs_dirchunk *chunk = make_chunk(test, 0, 3 * (24 + ALIGN(len, 4)));

		memset(name, 'n', len);
		name[len] = '\0';
		for (i = 1; i <= 3; i++)
			KUNIT_EXPECT_EQ_MSG(test, add(chunk, i, name, true), 0, "name of %u", len);
		snfs_dirchunk_put(chunk);
	}
}

static void overfull_chunk_is_refused(struct kunit *test)
{
	struct snfs_dirchunk *chunk = make_chunk(test, 0, 32);

	KUNIT_EXPECT_EQ(test, add(chunk, 1, "a", true), 0);
	KUNIT_EXPECT_EQ(test, add(chunk, 2, "b", true), -EIO);
	snfs_dirchunk_put(chunk);
}

static void repeated_cookies_are_refused(struct kunit *test)
{
	static const struct {
		u64 start, cookies[4];
	} cases[] = {
		{ 5, { 6, 7, 8, 5 } },		/* back to where the reply began */
		{ 5, { 6, 7, 8, 8 } },		/* on the spot */
		{ 5, { 6, 7, 8, 6 } },		/* back to an entry, growing until then */
		{ 5, { 9, 7, 8, 9 } },		/* the same, in no order */
		{ 5, { 9, 7, 8, 7 } },		/* the same, between others */
		{ 0, { 1, 2, 3, 0 } },		/* the beginning of the directory */
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct snfs_dirchunk *chunk = make_chunk(test, cases[i].start, 4096);

		for (j = 0; j < 3; j++)
			KUNIT_EXPECT_EQ(test, add(chunk, cases[i].cookies[j], "n", true), 0);
		KUNIT_EXPECT_EQ_MSG(test, add(chunk, cases[i].cookies[3], "n", true), -ELOOP,
				    "case %u", i);
		snfs_dirchunk_put(chunk);
	}
}

static void cookies_in_no_order_are_right(struct kunit *test)
{
	static const u64 cookies[] = { 50, 3, U64_MAX, 7, 1ULL << 63, 2 };
	struct snfs_dirchunk *chunk = make_chunk(test, 100, 4096);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cookies); i++)
		KUNIT_EXPECT_EQ(test, add(chunk, cookies[i], "n", true), 0);
	KUNIT_EXPECT_EQ(test, chunk->next, 2ULL);
	snfs_dirchunk_put(chunk);
}

/* A finished chunk takes what its entries need, whether the reply was large or nearly full. */
static void finished_chunk_is_exact(struct kunit *test)
{
	static const u32 counts[] = { 1, 20, 126, 1000, 30000 };
	u32 i, nr;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		u32 need = counts[i] * 24;
		struct snfs_dirchunk *chunk = make_chunk(test, 0, need + need / 2);

		for (nr = 1; nr <= counts[i]; nr++)
			KUNIT_ASSERT_EQ(test, add(chunk, nr, "n", true), 0);
		KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, true), 0);
		KUNIT_EXPECT_EQ(test, chunk->size, need);
		KUNIT_EXPECT_EQ(test, is_vmalloc_addr(chunk->data), need > PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, snfs_dirchunk_rec(chunk, need - 24)->cookie, (u64)counts[i]);
		snfs_dirchunk_put(chunk);
	}
}

/* Falling cookies are as cheap as growing ones: no entry is looked at twice. */
static void many_falling_cookies(struct kunit *test)
{
	struct snfs_dirchunk *chunk = make_chunk(test, U64_MAX, SZ_1M);
	u64 cookie;

	for (cookie = 30000; cookie; cookie--)
		KUNIT_ASSERT_EQ(test, add(chunk, cookie, "n", true), 0);
	KUNIT_EXPECT_EQ(test, chunk->lowest, 1ULL);
	KUNIT_EXPECT_EQ(test, chunk->highest, 30000ULL);
	KUNIT_EXPECT_EQ(test, add(chunk, 15000, "n", true), -ELOOP);
	snfs_dirchunk_put(chunk);
}

static void dots_are_not_kept_but_counted(struct kunit *test)
{
	struct snfs_dirchunk *chunk = make_chunk(test, 0, 4096);

	KUNIT_EXPECT_EQ(test, add(chunk, 1, ".", false), 0);
	KUNIT_EXPECT_EQ(test, add(chunk, 2, "..", false), 0);
	KUNIT_EXPECT_EQ(test, snfs_dirchunk_finish(chunk, false), 0);
	KUNIT_EXPECT_NULL(test, snfs_dirchunk_rec(chunk, 0));
	KUNIT_EXPECT_EQ(test, chunk->next, 2ULL);
	snfs_dirchunk_put(chunk);
}

/* No entry and no end either: a reader would ask the same again for ever. */
static void reply_that_leads_nowhere_is_refused(struct kunit *test)
{
	struct snfs_dirchunk *chunk = make_chunk(test, 7, 4096);

	KUNIT_EXPECT_EQ(test, snfs_dirchunk_finish(chunk, false), -EIO);
	KUNIT_EXPECT_EQ(test, snfs_dirchunk_finish(chunk, true), 0);
	snfs_dirchunk_put(chunk);
}

static struct snfs_dircache *make_cache(struct kunit *test)
{
	struct snfs_dircache *dc = snfs_dircache_alloc();

	KUNIT_ASSERT_NOT_NULL(test, dc);
	test->priv = dc;
	return dc;
}

static void dircache_exit(struct kunit *test)
{
	snfs_dircache_destroy(test->priv);
}

/* Insert a chunk as a reader does that leaves it afterwards. */
static void insert(struct kunit *test, struct snfs_dircache *dc, u64 start, u32 nr, u32 ver)
{
	struct snfs_dirchunk *chunk = full_chunk(test, start, nr, ver);

	snfs_dircache_insert(dc, chunk, dc->gen, ver);
	snfs_dirchunk_put(chunk);
}

static bool is_found(struct snfs_dircache *dc, u64 cookie, u32 ver, u64 start, u64 first)
{
	struct snfs_dirchunk *chunk;
	const struct snfs_dirrec *rec;
	bool ok;
	u32 at;

	chunk = snfs_dircache_find(dc, cookie, ver, &at);
	rec = chunk ? snfs_dirchunk_rec(chunk, at) : NULL;
	ok = rec && chunk->start == start && rec->cookie == first;
	snfs_dirchunk_put(chunk);
	return ok;
}

static bool is_absent(struct snfs_dircache *dc, u64 cookie, u32 ver)
{
	struct snfs_dirchunk *chunk;
	u32 at;

	chunk = snfs_dircache_find(dc, cookie, ver, &at);
	snfs_dirchunk_put(chunk);
	return !chunk;
}

static void chunks_are_found_by_start_and_inside(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);

	insert(test, dc, 20, 10, 0);
	insert(test, dc, 0, 10, 0);
	insert(test, dc, 10, 10, 0);
	KUNIT_EXPECT_TRUE(test, is_found(dc, 0, 0, 0, 1));
	KUNIT_EXPECT_TRUE(test, is_found(dc, 10, 0, 10, 11));
	KUNIT_EXPECT_TRUE(test, is_found(dc, 20, 0, 20, 21));
	KUNIT_EXPECT_TRUE(test, is_found(dc, 5, 0, 0, 6));
	KUNIT_EXPECT_TRUE(test, is_found(dc, 29, 0, 20, 30));
	/* What is behind the last entry is not known. */
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 30, 0));
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 31, 0));
}

static void end_of_directory_is_found(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);
	struct snfs_dirchunk *chunk = make_chunk(test, 0, 4096), *found;
	u32 at;

	KUNIT_ASSERT_EQ(test, add(chunk, 1, "only", true), 0);
	KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, true), 0);
	snfs_dircache_insert(dc, chunk, dc->gen, 0);
	found = snfs_dircache_find(dc, 1, 0, &at);
	KUNIT_EXPECT_PTR_EQ(test, found, chunk);
	if (found)
		KUNIT_EXPECT_NULL(test, snfs_dirchunk_rec(found, at));
	snfs_dirchunk_put(found);
	snfs_dirchunk_put(chunk);
}

static void other_version_drops_all(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);

	insert(test, dc, 0, 10, 0);
	insert(test, dc, 10, 10, 0);
	KUNIT_EXPECT_EQ(test, dc->nr, 2U);
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 0, 1));
	KUNIT_EXPECT_EQ(test, dc->nr, 0U);
	KUNIT_EXPECT_EQ(test, dc->bytes, 0U);
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 0, 0));
}

/* Of another version by the time the reply is there: not cached. */
static void outdated_reply_is_not_cached(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);
	struct snfs_dirchunk *chunk = full_chunk(test, 0, 10, 0);

	snfs_dircache_insert(dc, chunk, dc->gen, 1);
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 0, 1));
	snfs_dirchunk_put(chunk);
}

/* We changed the directory while the reply was on its way: not cached, and all else dropped. */
static void own_change_drops_all_and_what_comes(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);
	struct snfs_dirchunk *chunk;
	u32 gen;

	insert(test, dc, 10, 10, 0);
	gen = dc->gen;
	chunk = full_chunk(test, 0, 10, 0);
	snfs_dircache_empty(dc);
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 10, 0));
	snfs_dircache_insert(dc, chunk, gen, 0);
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 0, 0));
	/* Its reader goes on with it. */
	KUNIT_EXPECT_NOT_NULL(test, snfs_dirchunk_rec(chunk, 0));
	snfs_dirchunk_put(chunk);
}

static void readers_keep_dropped_chunks(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);
	struct snfs_dirchunk *chunk;
	u32 at;

	insert(test, dc, 0, 10, 0);
	chunk = snfs_dircache_find(dc, 3, 0, &at);
	KUNIT_ASSERT_NOT_NULL(test, chunk);
	snfs_dircache_empty(dc);
	KUNIT_EXPECT_EQ(test, snfs_dirchunk_rec(chunk, at)->cookie, 4ULL);
	snfs_dirchunk_put(chunk);
}

static void newer_chunk_takes_the_place(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);

	insert(test, dc, 0, 10, 0);
	insert(test, dc, 0, 20, 0);
	KUNIT_EXPECT_EQ(test, dc->nr, 1U);
	KUNIT_EXPECT_TRUE(test, is_found(dc, 15, 0, 0, 16));
}

/* Entries "0" to "99" of two chunks: whoever goes up wants what is behind, down what is before. */
static void neighbours_of_a_name(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);
	u64 start, cookie = 0, i;
	char name[8];

	for (start = 0; start < 100; start += 50) {
		struct snfs_dirchunk *chunk = make_chunk(test, start, 4096);

		for (i = start; i < start + 50; i++) {
			snprintf(name, sizeof(name), "%llu", i);
			KUNIT_ASSERT_EQ(test, add(chunk, i + 1, name, true), 0);
		}
		KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, false), 0);
		snfs_dircache_insert(dc, chunk, dc->gen, 0);
		snfs_dirchunk_put(chunk);
	}
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "20", 2, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 21ULL);
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "90", 2, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 91ULL);
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "89", 2, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 79ULL);
	/* Not over the beginning of the chunk; from there into the one before */
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "55", 2, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 50ULL);
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "49", 2, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 39ULL);
	KUNIT_EXPECT_FALSE(test, snfs_dircache_around(dc, "100", 3, 10, &cookie));
}

/*
 * The same where the server's cookies fall, and the last one is a mark of its own (tmpfs): the
 * order of the listing counts, not theirs.
 */
static void neighbours_in_a_falling_listing(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);
	struct snfs_dirchunk *chunk = make_chunk(test, 0, 4096);
	u64 cookie = 0, i;
	char name[8];

	for (i = 50; i; i--) {
		snprintf(name, sizeof(name), "%llu", i);
		KUNIT_ASSERT_EQ(test, add(chunk, i == 1 ? S32_MAX : i, name, true), 0);
	}
	KUNIT_ASSERT_EQ(test, snfs_dirchunk_finish(chunk, true), 0);
	snfs_dircache_insert(dc, chunk, dc->gen, 0);
	snfs_dirchunk_put(chunk);
	snfs_dircache_around(dc, "1", 1, 10, &cookie);
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "2", 1, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 13ULL);
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "13", 2, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 24ULL);
	KUNIT_EXPECT_TRUE(test, snfs_dircache_around(dc, "12", 2, 10, &cookie));
	KUNIT_EXPECT_EQ(test, cookie, 12ULL);
}

static void memory_is_bounded(struct kunit *test)
{
	struct snfs_dircache *dc = make_cache(test);
	u64 start;

	for (start = 0; start < 200000; start += 1000)
		insert(test, dc, start, 1000, 0);
	KUNIT_EXPECT_LE(test, dc->bytes, (u32)SNFS_DIRCACHE_BYTES);
	KUNIT_EXPECT_GT(test, dc->bytes, (u32)SNFS_DIRCACHE_BYTES / 2);
	KUNIT_EXPECT_TRUE(test, is_found(dc, 0, 0, 0, 1));
	KUNIT_EXPECT_TRUE(test, is_absent(dc, 199000, 0));
	snfs_dircache_empty(dc);
	KUNIT_EXPECT_EQ(test, dc->bytes, 0U);
}

static struct kunit_case dircache_tests[] = {
	KUNIT_CASE(entries_come_back_in_order),
	KUNIT_CASE(names_are_visited_in_order),
	KUNIT_CASE(a_run_ends_with_its_listing),
	KUNIT_CASE(cookies_are_found),
	KUNIT_CASE(wire_size_is_room_enough),
	KUNIT_CASE(overfull_chunk_is_refused),
	KUNIT_CASE(repeated_cookies_are_refused),
	KUNIT_CASE(cookies_in_no_order_are_right),
	KUNIT_CASE(finished_chunk_is_exact),
	KUNIT_CASE(many_falling_cookies),
	KUNIT_CASE(dots_are_not_kept_but_counted),
	KUNIT_CASE(reply_that_leads_nowhere_is_refused),
	KUNIT_CASE(chunks_are_found_by_start_and_inside),
	KUNIT_CASE(end_of_directory_is_found),
	KUNIT_CASE(other_version_drops_all),
	KUNIT_CASE(outdated_reply_is_not_cached),
	KUNIT_CASE(own_change_drops_all_and_what_comes),
	KUNIT_CASE(readers_keep_dropped_chunks),
	KUNIT_CASE(newer_chunk_takes_the_place),
	KUNIT_CASE(neighbours_of_a_name),
	KUNIT_CASE(neighbours_in_a_falling_listing),
	KUNIT_CASE(memory_is_bounded),
	{}
};

static struct kunit_suite dircache_suite = {
	.name		= "snfs_dircache",
	.exit		= dircache_exit,
	.test_cases	= dircache_tests,
};

kunit_test_suite(dircache_suite);

MODULE_DESCRIPTION("KUnit: snfs cached directory listings");
MODULE_LICENSE("GPL");
