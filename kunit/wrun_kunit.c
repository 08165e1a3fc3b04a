// SPDX-License-Identifier: GPL-2.0
/*
 * Write-run building: which dirty ranges travel in one WRITE.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include "snfs/compat.h"
#include "wrun.h"

#define PG 4096u

static const int alice, bob;

static void wrun_first_range_begins_the_run(struct kunit *test)
{
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	KUNIT_EXPECT_EQ(test, snfs_wrun_len(&run), 0);

	KUNIT_EXPECT_TRUE(test, snfs_wrun_add(&run, 3 * PG + 7, 100, &alice, 64 * PG));

	KUNIT_EXPECT_EQ(test, run.start, 3 * PG + 7);
	KUNIT_EXPECT_EQ(test, run.end, 3 * PG + 107);
	KUNIT_EXPECT_PTR_EQ(test, run.key, (const void *)&alice);
	KUNIT_EXPECT_EQ(test, snfs_wrun_len(&run), 100);
}

static void wrun_joins_what_touches(struct kunit *test)
{
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	snfs_wrun_add(&run, PG - 10, 10, &alice, 64 * PG);

	KUNIT_EXPECT_TRUE(test, snfs_wrun_add(&run, PG, PG, &alice, 64 * PG));
	KUNIT_EXPECT_TRUE(test, snfs_wrun_add(&run, 2 * PG, 1, &alice, 64 * PG));

	KUNIT_EXPECT_EQ(test, run.start, PG - 10);
	KUNIT_EXPECT_EQ(test, run.end, 2 * PG + 1);
}

static void wrun_refuses_a_gap(struct kunit *test)
{
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	snfs_wrun_add(&run, 0, PG - 1, &alice, 64 * PG);

	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, PG, PG, &alice, 64 * PG));

	KUNIT_EXPECT_EQ(test, run.end, PG - 1);
}

static void wrun_refuses_what_lies_before_or_over_it(struct kunit *test)
{
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	snfs_wrun_add(&run, 4 * PG, PG, &alice, 64 * PG);

	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, 3 * PG, PG, &alice, 64 * PG));
	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, 4 * PG, PG, &alice, 64 * PG));
	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, 5 * PG - 1, PG, &alice, 64 * PG));

	KUNIT_EXPECT_EQ(test, run.start, 4 * PG);
	KUNIT_EXPECT_EQ(test, run.end, 5 * PG);
}

static void wrun_keeps_writers_apart(struct kunit *test)
{
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	snfs_wrun_add(&run, 0, PG, &alice, 64 * PG);

	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, PG, PG, &bob, 64 * PG));
	KUNIT_EXPECT_TRUE(test, snfs_wrun_add(&run, PG, PG, &alice, 64 * PG));
}

static void wrun_is_full_at_the_limit_and_not_before(struct kunit *test)
{
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	snfs_wrun_add(&run, 0, 3 * PG, &alice, 4 * PG);

	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, 3 * PG, PG + 1, &alice, 4 * PG));
	KUNIT_EXPECT_TRUE(test, snfs_wrun_add(&run, 3 * PG, PG, &alice, 4 * PG));
	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, 4 * PG, 1, &alice, 4 * PG));
	KUNIT_EXPECT_EQ(test, snfs_wrun_len(&run), 4 * PG);
}

/* wsize=512, or a large folio: it must not be shared with a second run. */
static void wrun_takes_one_long_range_alone(struct kunit *test)
{
	struct snfs_wrun run;

	snfs_wrun_init(&run);

	KUNIT_EXPECT_TRUE(test, snfs_wrun_add(&run, PG, PG, &alice, 512));
	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, 2 * PG, 1, &alice, 512));
	KUNIT_EXPECT_EQ(test, snfs_wrun_len(&run), PG);
}

static void wrun_goes_beyond_4_gib(struct kunit *test)
{
	const u64 far = (1ull << 32) - PG;
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	snfs_wrun_add(&run, far, PG, &alice, 64 * PG);

	KUNIT_EXPECT_TRUE(test, snfs_wrun_add(&run, far + PG, PG, &alice, 64 * PG));
	KUNIT_EXPECT_FALSE(test, snfs_wrun_add(&run, 0, PG, &alice, 64 * PG));
	KUNIT_EXPECT_EQ(test, run.end, far + 2 * PG);
}

/* A sequential file: every run but the last is as long as a WRITE can be. */
static void wrun_cuts_a_file_into_full_writes(struct kunit *test)
{
	const unsigned int pages = 1000, max = 256 * PG;
	unsigned int page, runs = 1;
	struct snfs_wrun run;

	snfs_wrun_init(&run);
	for (page = 0; page < pages; page++) {
		if (snfs_wrun_add(&run, (u64)page * PG, PG, &alice, max))
			continue;
		KUNIT_EXPECT_EQ(test, snfs_wrun_len(&run), max);
		snfs_wrun_init(&run);
		runs++;
		KUNIT_ASSERT_TRUE(test, snfs_wrun_add(&run, (u64)page * PG, PG, &alice, max));
	}

	KUNIT_EXPECT_EQ(test, runs, 4);
	KUNIT_EXPECT_EQ(test, snfs_wrun_len(&run), (pages - 3 * 256) * PG);
}

static struct kunit_case wrun_cases[] = {
	KUNIT_CASE(wrun_first_range_begins_the_run),
	KUNIT_CASE(wrun_joins_what_touches),
	KUNIT_CASE(wrun_refuses_a_gap),
	KUNIT_CASE(wrun_refuses_what_lies_before_or_over_it),
	KUNIT_CASE(wrun_keeps_writers_apart),
	KUNIT_CASE(wrun_is_full_at_the_limit_and_not_before),
	KUNIT_CASE(wrun_takes_one_long_range_alone),
	KUNIT_CASE(wrun_goes_beyond_4_gib),
	KUNIT_CASE(wrun_cuts_a_file_into_full_writes),
	{}
};

static struct kunit_suite wrun_suite = {
	.name		= "snfs_wrun",
	.test_cases	= wrun_cases,
};

kunit_test_suite(wrun_suite);

SNFS_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suite of snfs: write-run building");
