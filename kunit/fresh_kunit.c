// SPDX-License-Identifier: GPL-2.0
/*
 * The attribute freshness rule, sentence by sentence (Documentation/design.rst, rule 2).
 */
#include "fresh.h"
#include "snfs_kunit.h"

#define SEC	((u64)NSEC_PER_SEC)

static const struct snfs_ac ac = { .min = 3 * SEC, .max = 60 * SEC };

/* An object whose attributes were asked for at 100 s: state 1, mode 0644, owner 0:0 */
struct world {
	struct snfs_fresh	f;
	struct snfs_wcc		wcc;
};

/* Change identities are told apart by one number; larger is later. */
static struct snfs_change state(u32 n)
{
	return (struct snfs_change){
		.size = n, .mtime = { .tv_sec = n }, .ctime = { .tv_sec = n },
	};
}

static void set_post(struct world *w, u32 n)
{
	struct snfs_change c = state(n);

	w->wcc.post.valid = true;
	w->wcc.post.mode = S_IFREG | 0644;
	w->wcc.post.uid = GLOBAL_ROOT_UID;
	w->wcc.post.gid = GLOBAL_ROOT_GID;
	w->wcc.post.size = c.size;
	w->wcc.post.mtime = c.mtime;
	w->wcc.post.ctime = c.ctime;
}

static unsigned int apply(struct world *w, u64 sent, bool ours)
{
	struct snfs_reply r = { .wcc = &w->wcc, .sent = sent, .ours = ours };

	return snfs_fresh_apply(&w->f, &r, &ac);
}

/* An answer to a question: state @n */
static unsigned int see(struct world *w, u64 sent, u32 n)
{
	set_post(w, n);
	w->wcc.pre_valid = false;
	return apply(w, sent, false);
}

/* The reply to a change of ours, which says what was before: 0, nothing said */
static unsigned int changed(struct world *w, u64 sent, u32 before, u32 after)
{
	set_post(w, after);
	w->wcc.pre_valid = before;
	w->wcc.pre = state(before);
	return apply(w, sent, true);
}

static struct world *make_world(struct kunit *test)
{
	struct world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	KUNIT_EXPECT_EQ(test, see(w, 100 * SEC, 1), (unsigned int)SNFS_FRESH_TAKE);
	return w;
}

static void nothing_known_is_not_fresh(struct kunit *test)
{
	struct snfs_fresh f = {};

	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&f, 0));
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&f, 1));
	KUNIT_EXPECT_FALSE(test, snfs_fresh_since(&f, 0));
}

static void first_reply_is_no_change(struct kunit *test)
{
	struct world *w = make_world(test);

	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	KUNIT_EXPECT_EQ(test, w->f.sent, 100 * SEC);
	KUNIT_EXPECT_EQ(test, w->f.timeo, ac.min);
}

/* stat: now - sent < the cache time, counted from when the request was sent */
static void stat_may_use_them_for_the_cache_time(struct kunit *test)
{
	struct world *w = make_world(test);

	KUNIT_EXPECT_TRUE(test, snfs_fresh_within(&w->f, 100 * SEC));
	KUNIT_EXPECT_TRUE(test, snfs_fresh_within(&w->f, 103 * SEC - 1));
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&w->f, 103 * SEC));
}

static void cache_time_doubles_while_nothing_changes(struct kunit *test)
{
	static const u64 expected[] = { 6, 12, 24, 48, 60, 60 };
	struct world *w = make_world(test);
	u64 sent = 100 * SEC;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		sent += w->f.timeo;
		see(w, sent, 1);
		KUNIT_EXPECT_EQ(test, w->f.timeo, expected[i] * SEC);
	}
	see(w, sent + SEC, 2);
	KUNIT_EXPECT_EQ(test, w->f.timeo, ac.min);
}

/* Asked again before the time has run out: that says little, so the time does not grow. */
static void cache_time_grows_only_when_it_ran_out(struct kunit *test)
{
	struct world *w = make_world(test);

	see(w, 101 * SEC, 1);
	see(w, 102 * SEC, 1);
	KUNIT_EXPECT_EQ(test, w->f.timeo, ac.min);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_within(&w->f, 104 * SEC));
}

static void no_cache_time_is_never_within(struct kunit *test)
{
	static const struct snfs_ac none = {};
	struct world *w = make_world(test);
	struct snfs_reply r = { .wcc = &w->wcc, .sent = 200 * SEC };

	snfs_fresh_apply(&w->f, &r, &none);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&w->f, 200 * SEC));
	KUNIT_EXPECT_TRUE(test, snfs_fresh_since(&w->f, 200 * SEC));
}

/* open: sent at or after the moment the open began, whatever the reply was to */
static void open_needs_what_was_sent_since(struct kunit *test)
{
	struct world *w = make_world(test);

	KUNIT_EXPECT_TRUE(test, snfs_fresh_since(&w->f, 100 * SEC));
	KUNIT_EXPECT_FALSE(test, snfs_fresh_since(&w->f, 100 * SEC + 1));
	see(w, 101 * SEC, 1);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_since(&w->f, 101 * SEC));
}

static void change_by_others_moves_the_versions(struct kunit *test)
{
	struct world *w = make_world(test);
	u32 perm_ver = w->f.perm_ver;

	KUNIT_EXPECT_EQ(test, see(w, 101 * SEC, 2),
			(unsigned int)(SNFS_FRESH_TAKE | SNFS_FRESH_CHANGED));
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 1U);
	KUNIT_EXPECT_EQ(test, w->f.perm_ver, perm_ver + 1);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 2ULL);
	KUNIT_EXPECT_EQ(test, see(w, 102 * SEC, 2), (unsigned int)SNFS_FRESH_TAKE);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 1U);
}

/* Each of size, mtime and ctime is the identity. */
static void each_part_of_the_identity_counts(struct kunit *test)
{
	struct world *w = make_world(test);

	set_post(w, 1);
	w->wcc.post.size++;
	KUNIT_EXPECT_TRUE(test, apply(w, 101 * SEC, false) & SNFS_FRESH_CHANGED);
	w->wcc.post.mtime.tv_nsec++;
	KUNIT_EXPECT_TRUE(test, apply(w, 102 * SEC, false) & SNFS_FRESH_CHANGED);
	w->wcc.post.ctime.tv_nsec++;
	KUNIT_EXPECT_TRUE(test, apply(w, 103 * SEC, false) & SNFS_FRESH_CHANGED);
	w->wcc.post.atime.tv_nsec++;
	KUNIT_EXPECT_FALSE(test, apply(w, 104 * SEC, false) & SNFS_FRESH_CHANGED);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 3U);
}

/* wcc_data: what was before is what we knew, so what is after is ours. */
static void own_change_keeps_the_version(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	KUNIT_EXPECT_EQ(test, changed(w, 101 * SEC, 1, 2), (unsigned int)SNFS_FRESH_TAKE);
	snfs_fresh_end(&w->f, 102 * SEC, true);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 2ULL);
	KUNIT_EXPECT_EQ(test, see(w, 103 * SEC, 2), (unsigned int)SNFS_FRESH_TAKE);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
}

/* wcc_data: what was before is not what we knew: somebody was there in between. */
static void own_change_after_anothers_moves_it(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	KUNIT_EXPECT_EQ(test, changed(w, 101 * SEC, 2, 3),
			(unsigned int)(SNFS_FRESH_TAKE | SNFS_FRESH_CHANGED));
	snfs_fresh_end(&w->f, 102 * SEC, true);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 1U);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 3ULL);
}

static void own_change_without_before_is_taken_for_ours(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	KUNIT_EXPECT_EQ(test, changed(w, 101 * SEC, 0, 2), (unsigned int)SNFS_FRESH_TAKE);
	snfs_fresh_end(&w->f, 102 * SEC, true);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
}

/* Asked before our change ended, answered after it: the difference proves nothing. */
static void answer_overlapped_by_own_change(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	KUNIT_EXPECT_EQ(test, see(w, 101 * SEC, 2), (unsigned int)SNFS_FRESH_TAKE);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	changed(w, 101 * SEC, 1, 2);
	snfs_fresh_end(&w->f, 103 * SEC, true);
	KUNIT_EXPECT_EQ(test, see(w, 102 * SEC, 3), (unsigned int)SNFS_FRESH_TAKE);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	/* What was asked after its end proves it. */
	KUNIT_EXPECT_TRUE(test, see(w, 103 * SEC, 4) & SNFS_FRESH_CHANGED);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 1U);
}

/* Overtaken by our change: what it says is history, and what is known is at least as fresh. */
static void old_answer_does_not_undo_own_change(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	changed(w, 101 * SEC, 1, 5);
	snfs_fresh_end(&w->f, 103 * SEC, true);
	KUNIT_EXPECT_EQ(test, see(w, 102 * SEC, 1), 0U);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 5ULL);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_since(&w->f, 102 * SEC));
}

/* Two answers change places on the way: the later question's answer stays. */
static void answers_that_change_places(struct kunit *test)
{
	struct world *w = make_world(test);

	see(w, 105 * SEC, 3);
	KUNIT_EXPECT_EQ(test, see(w, 104 * SEC, 2), 0U);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 3ULL);
	KUNIT_EXPECT_EQ(test, w->f.sent, 105 * SEC);
}

/* Two WRITEs of ours at once: the server's clock says whose reply is the later one. */
static void parallel_own_changes(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	snfs_fresh_begin(&w->f);
	KUNIT_EXPECT_EQ(test, changed(w, 102 * SEC, 0, 3), (unsigned int)SNFS_FRESH_TAKE);
	snfs_fresh_end(&w->f, 103 * SEC, true);
	KUNIT_EXPECT_EQ(test, changed(w, 101 * SEC, 0, 2), 0U);
	snfs_fresh_end(&w->f, 104 * SEC, true);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 3ULL);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	KUNIT_EXPECT_EQ(test, w->f.own, 0U);
}

/* A change of ours to another size, in the tick that state 7 is of; from 102 to 103 s */
static void resized(struct world *w, u64 size)
{
	snfs_fresh_begin(&w->f);
	set_post(w, 7);
	w->wcc.post.size = size;
	apply(w, 102 * SEC, true);
	snfs_fresh_end(&w->f, 103 * SEC, true);
}

/* Within one tick of the server's clock the larger file is the later one. */
static void parallel_writes_in_one_tick(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	resized(w, 8192);
	w->wcc.post.size = 4096;
	KUNIT_EXPECT_EQ(test, apply(w, 101 * SEC, true), 0U);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 8192ULL);
}

/* A question that our truncation overtook within one tick: nobody knows, so it is asked again. */
static void answer_overtaken_in_one_tick(struct kunit *test)
{
	struct world *w = make_world(test);

	resized(w, 0);
	w->wcc.post.size = 100;
	KUNIT_EXPECT_EQ(test, apply(w, 101 * SEC, false), 0U);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 0ULL);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&w->f, 103 * SEC));
	/* What was asked after it is believed, whatever the clock says. */
	KUNIT_EXPECT_TRUE(test, apply(w, 103 * SEC, false) & SNFS_FRESH_TAKE);
	KUNIT_EXPECT_EQ(test, w->f.id.size, 100ULL);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_within(&w->f, 103 * SEC));
}

/* A change of ours that failed changed nothing: its reply is an observation. */
static void failed_change_is_an_observation(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_begin(&w->f);
	snfs_fresh_end(&w->f, 102 * SEC, false);
	KUNIT_EXPECT_EQ(test, see(w, 101 * SEC, 2),
			(unsigned int)(SNFS_FRESH_TAKE | SNFS_FRESH_CHANGED));
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 1U);
}

/* RENAME, LINK and REMOVE move the ctime without saying so. */
static void ctime_after_own_rename_is_ours(struct kunit *test)
{
	struct world *w = make_world(test);

	w->f.ctime_ours = true;
	set_post(w, 1);
	w->wcc.post.ctime.tv_sec = 50;
	KUNIT_EXPECT_EQ(test, apply(w, 101 * SEC, false), (unsigned int)SNFS_FRESH_TAKE);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	/* The next one is not. */
	w->wcc.post.ctime.tv_sec = 51;
	KUNIT_EXPECT_TRUE(test, apply(w, 102 * SEC, false) & SNFS_FRESH_CHANGED);
}

static void data_change_after_own_rename_is_not_ours(struct kunit *test)
{
	struct world *w = make_world(test);

	w->f.ctime_ours = true;
	KUNIT_EXPECT_TRUE(test, see(w, 101 * SEC, 2) & SNFS_FRESH_CHANGED);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 1U);
}

static void write_after_own_rename_is_ours(struct kunit *test)
{
	struct world *w = make_world(test);

	w->f.ctime_ours = true;
	snfs_fresh_begin(&w->f);
	set_post(w, 3);
	w->wcc.pre_valid = true;
	w->wcc.pre = state(1);
	w->wcc.pre.ctime.tv_sec = 2;
	KUNIT_EXPECT_FALSE(test, apply(w, 101 * SEC, true) & SNFS_FRESH_CHANGED);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
}

/* Mode and owner decide permissions, whoever changed them. */
static void permissions_have_a_version_of_their_own(struct kunit *test)
{
	struct world *w = make_world(test);
	u32 perm_ver = w->f.perm_ver;

	snfs_fresh_begin(&w->f);
	set_post(w, 1);
	w->wcc.pre_valid = true;
	w->wcc.pre = state(1);
	w->wcc.post.mode = S_IFREG | 0600;
	w->wcc.post.ctime.tv_sec = 2;
	KUNIT_EXPECT_EQ(test, apply(w, 101 * SEC, true), (unsigned int)SNFS_FRESH_TAKE);
	snfs_fresh_end(&w->f, 102 * SEC, true);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	KUNIT_EXPECT_EQ(test, w->f.perm_ver, perm_ver + 1);
	w->wcc.post.uid = KUIDT_INIT(5);
	apply(w, 103 * SEC, false);
	KUNIT_EXPECT_EQ(test, w->f.perm_ver, perm_ver + 2);
	w->wcc.post.gid = KGIDT_INIT(5);
	apply(w, 104 * SEC, false);
	KUNIT_EXPECT_EQ(test, w->f.perm_ver, perm_ver + 3);
	apply(w, 105 * SEC, false);
	KUNIT_EXPECT_EQ(test, w->f.perm_ver, perm_ver + 3);
}

/* Attributes that must be asked for still say who may enter a directory, for the shortest time. */
static void permissions_of_a_directory_outlive_the_rest(struct kunit *test)
{
	struct world *w = make_world(test);
	struct snfs_fresh unknown = { .mode = S_IFDIR };

	KUNIT_EXPECT_TRUE(test, snfs_fresh_perm_within(&w->f, 103 * SEC - 1, &ac));
	KUNIT_EXPECT_FALSE(test, snfs_fresh_perm_within(&w->f, 103 * SEC, &ac));
	snfs_fresh_expire(&w->f, 100 * SEC);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_perm_within(&w->f, 100 * SEC, &ac));
	w->wcc.post.mode = S_IFDIR | 0755;
	apply(w, 101 * SEC, false);
	snfs_fresh_expire(&w->f, 101 * SEC);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&w->f, 101 * SEC));
	KUNIT_EXPECT_TRUE(test, snfs_fresh_perm_within(&w->f, 104 * SEC - 1, &ac));
	KUNIT_EXPECT_FALSE(test, snfs_fresh_perm_within(&w->f, 104 * SEC, &ac));
	KUNIT_EXPECT_FALSE(test, snfs_fresh_perm_within(&unknown, 1, &ac));
}

/* What was answered about permissions is as good as what is known of them. */
static void answers_about_permissions(struct kunit *test)
{
	struct world *w = make_world(test);
	u32 before = w->f.perm_ver;

	KUNIT_EXPECT_TRUE(test, snfs_fresh_perm_holds(&w->f, 101 * SEC, before));
	snfs_fresh_begin(&w->f);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_perm_holds(&w->f, 101 * SEC, before));
	snfs_fresh_end(&w->f, 102 * SEC, true);
	see(w, 105 * SEC, 2);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_perm_holds(&w->f, 104 * SEC, before));
	/* That brought what is known now. */
	KUNIT_EXPECT_TRUE(test, snfs_fresh_perm_holds(&w->f, 105 * SEC, before));
	snfs_fresh_begin(&w->f);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_perm_holds(&w->f, 105 * SEC, before));
	snfs_fresh_end(&w->f, 106 * SEC, false);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_perm_holds(&w->f, 105 * SEC, before));
	snfs_fresh_begin(&w->f);
	snfs_fresh_end(&w->f, 106 * SEC, true);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_perm_holds(&w->f, 105 * SEC, before));
}

static void expired_are_asked_for_again(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_expire(&w->f, 100 * SEC);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&w->f, 100 * SEC));
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 0U);
	see(w, 101 * SEC, 1);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_within(&w->f, 101 * SEC));
}

/* A lock is granted while a question is under way: its answer is of before, and not served. */
static void answers_of_before_are_expired_too(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_distrust(&w->f, 102 * SEC);
	see(w, 101 * SEC, 1);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&w->f, 102 * SEC));
	see(w, 102 * SEC, 1);
	KUNIT_EXPECT_TRUE(test, snfs_fresh_within(&w->f, 102 * SEC));
}

static void distrusted_are_of_another_version(struct kunit *test)
{
	struct world *w = make_world(test);

	snfs_fresh_distrust(&w->f, 100 * SEC);
	KUNIT_EXPECT_EQ(test, w->f.data_ver, 1U);
	KUNIT_EXPECT_FALSE(test, snfs_fresh_within(&w->f, 100 * SEC));
}

static struct kunit_case fresh_tests[] = {
	KUNIT_CASE(nothing_known_is_not_fresh),
	KUNIT_CASE(first_reply_is_no_change),
	KUNIT_CASE(stat_may_use_them_for_the_cache_time),
	KUNIT_CASE(cache_time_doubles_while_nothing_changes),
	KUNIT_CASE(cache_time_grows_only_when_it_ran_out),
	KUNIT_CASE(no_cache_time_is_never_within),
	KUNIT_CASE(open_needs_what_was_sent_since),
	KUNIT_CASE(change_by_others_moves_the_versions),
	KUNIT_CASE(each_part_of_the_identity_counts),
	KUNIT_CASE(own_change_keeps_the_version),
	KUNIT_CASE(own_change_after_anothers_moves_it),
	KUNIT_CASE(own_change_without_before_is_taken_for_ours),
	KUNIT_CASE(answer_overlapped_by_own_change),
	KUNIT_CASE(old_answer_does_not_undo_own_change),
	KUNIT_CASE(answers_that_change_places),
	KUNIT_CASE(parallel_own_changes),
	KUNIT_CASE(parallel_writes_in_one_tick),
	KUNIT_CASE(answer_overtaken_in_one_tick),
	KUNIT_CASE(failed_change_is_an_observation),
	KUNIT_CASE(ctime_after_own_rename_is_ours),
	KUNIT_CASE(data_change_after_own_rename_is_not_ours),
	KUNIT_CASE(write_after_own_rename_is_ours),
	KUNIT_CASE(permissions_have_a_version_of_their_own),
	KUNIT_CASE(permissions_of_a_directory_outlive_the_rest),
	KUNIT_CASE(answers_about_permissions),
	KUNIT_CASE(expired_are_asked_for_again),
	KUNIT_CASE(answers_of_before_are_expired_too),
	KUNIT_CASE(distrusted_are_of_another_version),
	{}
};

static struct kunit_suite fresh_suite = {
	.name		= "snfs_fresh",
	.test_cases	= fresh_tests,
};

kunit_test_suite(fresh_suite);

MODULE_DESCRIPTION("KUnit: snfs attribute freshness rule");
MODULE_LICENSE("GPL");
