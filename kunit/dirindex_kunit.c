// SPDX-License-Identifier: GPL-2.0
/*
 * Positions in a directory: small cookies are their own, large ones are numbered.
 */
#include "dirindex.h"
#include "snfs_kunit.h"

static struct snfs_dirindex *make_index(struct kunit *test)
{
	struct snfs_dirindex *ix = kunit_kzalloc(test, sizeof(*ix), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ix);
	snfs_dirindex_init(ix);
	test->priv = ix;
	return ix;
}

static void dirindex_exit(struct kunit *test)
{
	if (test->priv)
		snfs_dirindex_destroy(test->priv);
}

static loff_t pos_of(struct kunit *test, struct snfs_dirindex *ix, u64 cookie)
{
	loff_t pos = -1;

	KUNIT_ASSERT_EQ(test, snfs_dirindex_pos(ix, cookie, SNFS_DIRPOS_TABLE, &pos), 0);
	return pos;
}

static u64 cookie_of(struct kunit *test, struct snfs_dirindex *ix, loff_t pos)
{
	u64 cookie = 0;

	KUNIT_ASSERT_EQ(test, snfs_dirindex_cookie(ix, pos, SNFS_DIRPOS_TABLE, &cookie), 0);
	return cookie;
}

static void start_is_behind_the_dots(struct kunit *test)
{
	struct snfs_dirindex *ix = make_index(test);

	KUNIT_EXPECT_EQ(test, pos_of(test, ix, 0), 2LL);
	KUNIT_EXPECT_EQ(test, cookie_of(test, ix, 2), 0ULL);
}

static void small_cookies_need_no_table(struct kunit *test)
{
	const u64 last = SNFS_DIRPOS_TABLE - SNFS_DIRPOS_START - 1;
	const u64 cookies[] = { 1, 2, 3, 0x7fffffff, 0xffffffff, 0x100000000ULL, last };
	struct snfs_dirindex *ix = make_index(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cookies); i++) {
		KUNIT_EXPECT_TRUE(test, snfs_dirindex_plain(cookies[i], SNFS_DIRPOS_TABLE));
		KUNIT_EXPECT_EQ(test, pos_of(test, ix, cookies[i]), (loff_t)cookies[i] + 2);
		KUNIT_EXPECT_EQ(test, cookie_of(test, ix, cookies[i] + 2), cookies[i]);
	}
	KUNIT_EXPECT_EQ(test, ix->nr, 0U);
	KUNIT_EXPECT_FALSE(test, snfs_dirindex_plain(last + 1, SNFS_DIRPOS_TABLE));
}

static void large_cookies_are_numbered(struct kunit *test)
{
	const u64 first = SNFS_DIRPOS_TABLE - SNFS_DIRPOS_START;
	const u64 cookies[] = { U64_MAX, first, 1ULL << 63, S64_MAX, U64_MAX - 1, first + 1 };
	struct snfs_dirindex *ix = make_index(test);
	loff_t pos[ARRAY_SIZE(cookies)];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(cookies); i++) {
		pos[i] = pos_of(test, ix, cookies[i]);
		KUNIT_EXPECT_GE(test, pos[i], (loff_t)SNFS_DIRPOS_TABLE);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_NE(test, pos[i], pos[j]);
	}
	/* A position keeps its meaning, and a cookie its position. */
	for (i = 0; i < ARRAY_SIZE(cookies); i++) {
		KUNIT_EXPECT_EQ(test, cookie_of(test, ix, pos[i]), cookies[i]);
		KUNIT_EXPECT_EQ(test, pos_of(test, ix, cookies[i]), pos[i]);
	}
	KUNIT_EXPECT_EQ(test, ix->nr, (u32)ARRAY_SIZE(cookies));
}

static void many_large_cookies(struct kunit *test)
{
	struct snfs_dirindex *ix = make_index(test);
	u64 hash;
	u32 i;

	for (i = 0, hash = 1; i < 5000; i++, hash *= 0x9e3779b97f4a7c15ULL)
		KUNIT_ASSERT_EQ(test, pos_of(test, ix, hash | 1ULL << 63),
				(loff_t)SNFS_DIRPOS_TABLE + i);
	for (i = 0, hash = 1; i < 5000; i++, hash *= 0x9e3779b97f4a7c15ULL)
		KUNIT_ASSERT_EQ(test, cookie_of(test, ix, SNFS_DIRPOS_TABLE + i),
				hash | 1ULL << 63);
}

static void unknown_positions_are_refused(struct kunit *test)
{
	struct snfs_dirindex *ix = make_index(test);
	const loff_t bad[] = { -1, 0, 1, SNFS_DIRPOS_TABLE + 1, S64_MAX };
	unsigned int i;
	u64 cookie;

	pos_of(test, ix, U64_MAX);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, snfs_dirindex_cookie(ix, bad[i], SNFS_DIRPOS_TABLE, &cookie),
				-EINVAL);
}

static void positions_of_31_bits(struct kunit *test)
{
	const u64 last = SNFS_DIRPOS_TABLE32 - SNFS_DIRPOS_START - 1;
	const u64 cookies[] = { 0, 1, last, last + 1, S32_MAX, U32_MAX, S64_MAX, U64_MAX };
	struct snfs_dirindex *ix = make_index(test);
	u64 cookie;
	loff_t pos;
	unsigned int i;

	/* One reader's positions are not another's, but both share the numbers. */
	pos_of(test, ix, U64_MAX);
	for (i = 0; i < ARRAY_SIZE(cookies); i++) {
		KUNIT_ASSERT_EQ(test, snfs_dirindex_pos(ix, cookies[i], SNFS_DIRPOS_TABLE32, &pos),
				0);
		KUNIT_EXPECT_LE(test, pos, (loff_t)S32_MAX);
		KUNIT_ASSERT_EQ(test, snfs_dirindex_cookie(ix, pos, SNFS_DIRPOS_TABLE32, &cookie),
				0);
		KUNIT_EXPECT_EQ(test, cookie, cookies[i]);
	}
	KUNIT_EXPECT_EQ(test, ix->nr, 5U);
	KUNIT_EXPECT_EQ(test, snfs_dirindex_cookie(ix, S32_MAX, SNFS_DIRPOS_TABLE32, &cookie),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, snfs_dirindex_cookie(ix, S64_MAX, SNFS_DIRPOS_TABLE32, &cookie),
			-EINVAL);
}

static struct kunit_case dirindex_tests[] = {
	KUNIT_CASE(start_is_behind_the_dots),
	KUNIT_CASE(small_cookies_need_no_table),
	KUNIT_CASE(large_cookies_are_numbered),
	KUNIT_CASE(many_large_cookies),
	KUNIT_CASE(unknown_positions_are_refused),
	KUNIT_CASE(positions_of_31_bits),
	{}
};

static struct kunit_suite dirindex_suite = {
	.name		= "snfs_dirindex",
	.exit		= dirindex_exit,
	.test_cases	= dirindex_tests,
};

kunit_test_suite(dirindex_suite);

MODULE_DESCRIPTION("KUnit: snfs positions in directories");
MODULE_LICENSE("GPL");
