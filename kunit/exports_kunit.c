// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_exports: the list of a server's exports, its codec, and finding what is below a path.
 */
#include "exports.h"
#include "snfs_kunit.h"

#define NR_PAGES	3

/* An answer in pages, as sunrpc leaves it */
struct answer {
	struct xdr_buf		buf;
	struct xdr_stream	xdr;
	struct page		*pages[NR_PAGES];
	u8			*bytes[NR_PAGES];
	size_t			len;
};

static struct answer *new_answer(struct kunit *test)
{
	struct answer *a = kunit_kzalloc(test, sizeof(*a), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	for (i = 0; i < NR_PAGES; i++) {
		a->bytes[i] = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a->bytes[i]);
		KUNIT_ASSERT_TRUE(test, PAGE_ALIGNED(a->bytes[i]));
		a->pages[i] = virt_to_page(a->bytes[i]);
	}
	return a;
}

static void put(struct kunit *test, struct answer *a, const void *bytes, size_t len)
{
	const u8 *from = bytes;

	KUNIT_ASSERT_LE(test, a->len + len, NR_PAGES * PAGE_SIZE);
	for (; len; len--, a->len++)
		a->bytes[a->len / PAGE_SIZE][a->len % PAGE_SIZE] = *from++;
}

static void put_u32(struct kunit *test, struct answer *a, u32 n)
{
	__be32 word = cpu_to_be32(n);

	put(test, a, &word, sizeof(word));
}

static void put_text(struct kunit *test, struct answer *a, const char *text, size_t len)
{
	static const u8 pad[3];

	put_u32(test, a, len);
	put(test, a, text, len);
	put(test, a, pad, round_up(len, 4) - len);
}

/* exportnode without groups */
static void put_export(struct kunit *test, struct answer *a, const char *path)
{
	put_u32(test, a, 1);
	put_text(test, a, path, strlen(path));
	put_u32(test, a, 0);
}

/* The list of the first @len bytes of the answer; NULL and the error */
static struct snfs_export_list *decode(struct kunit *test, struct answer *a, size_t len, int *err)
{
	struct snfs_export_list *list = snfs_export_list_alloc();

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, list);
	memset(&a->buf, 0, sizeof(a->buf));
	a->buf.head[0].iov_base = a;
	a->buf.pages = a->pages;
	a->buf.page_len = len;
	a->buf.len = len;
	xdr_init_decode(&a->xdr, &a->buf, NULL, NULL);
	*err = snfs_export_list_decode(&a->xdr, list);
	if (!*err)
		return list;
	snfs_export_list_put(list);
	return NULL;
}

/* The list of a whole answer, which is well-formed */
static struct snfs_export_list *list_of(struct kunit *test, struct answer *a)
{
	struct snfs_export_list *list;
	int err;

	put_u32(test, a, 0);
	list = decode(test, a, a->len, &err);
	KUNIT_ASSERT_EQ(test, err, 0);
	return list;
}

/* The exports of "a:b:c" */
static struct snfs_export_list *list_from(struct kunit *test, const char *paths)
{
	struct answer *a = new_answer(test);

	while (*paths) {
		size_t len = strcspn(paths, ":");

		put_u32(test, a, 1);
		put_text(test, a, paths, len);
		put_u32(test, a, 0);
		paths += len + (paths[len] == ':');
	}
	return list_of(test, a);
}

static void expect_paths(struct kunit *test, struct snfs_export_list *list, const char *want)
{
	char *text = kunit_kzalloc(test, NR_PAGES * PAGE_SIZE, GFP_KERNEL);
	unsigned int i;
	size_t len = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	for (i = 0; i < list->nr; i++)
		len += scnprintf(text + len, NR_PAGES * PAGE_SIZE - len, "%s%s", i ? ":" : "",
				 list->path[i]);
	KUNIT_EXPECT_STREQ(test, text, want);
	snfs_export_list_put(list);
}

/* RFC 1813 appendix I section 5.2.6: exportnode and groupnode, as words */
static const u8 exports_wire[] = {
	W(1), W(5), '/', 'e', 'x', 'p', 'o', 0, 0, 0,
		W(1), W(4), 'h', 'o', 's', 't',
		W(1), W(1), '*', 0, 0, 0,
		W(0),
	W(1), W(2), '/', 'a', 0, 0, W(0),
	W(0)
};

static void exports_res(struct kunit *test)
{
	struct answer *a = new_answer(test);
	struct snfs_export_list *list;
	size_t len;
	int err;

	put(test, a, exports_wire, sizeof(exports_wire));
	list = decode(test, a, a->len, &err);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_FALSE(test, list->cut);
	expect_paths(test, list, "/a:/expo");
	for (len = 0; len < sizeof(exports_wire); len++) {
		KUNIT_EXPECT_NULL(test, decode(test, a, len, &err));
		KUNIT_EXPECT_EQ_MSG(test, err, -EBADMSG, "%zu bytes", len);
	}
}

static void exports_none(struct kunit *test)
{
	expect_paths(test, list_of(test, new_answer(test)), "");
}

static void exports_proc(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, snfs_mnt_procedures1[MOUNTPROC3_EXPORT].p_proc, 5U);
	KUNIT_EXPECT_EQ(test, snfs_mnt_procedures3[MOUNTPROC3_EXPORT].p_proc, 5U);
	/* sunrpc of 6.1 has BUG_ON() for 0. */
	KUNIT_EXPECT_NE(test, snfs_mnt_procedures3[MOUNTPROC3_EXPORT].p_arglen, 0U);
	KUNIT_EXPECT_NE(test, snfs_mnt_procedures1[MOUNTPROC3_EXPORT].p_arglen, 0U);
}

/* What fails to decode when a path has @path bytes and a group @group */
static int decode_sized(struct kunit *test, u32 path, u32 group)
{
	char *text = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	struct answer *a = new_answer(test);
	struct snfs_export_list *list;
	int err;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	memset(text, 'p', PAGE_SIZE);
	text[0] = '/';
	put_u32(test, a, 1);
	put_text(test, a, text, path);
	put_u32(test, a, 1);
	put_text(test, a, text, group);
	put_u32(test, a, 0);
	put_u32(test, a, 0);
	list = decode(test, a, a->len, &err);
	if (list)
		KUNIT_EXPECT_EQ(test, list->nr, path ? 1U : 0U);
	snfs_export_list_put(list);
	return err;
}

static void exports_limits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, decode_sized(test, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, decode_sized(test, MNTPATHLEN, MNTNAMLEN), 0);
	KUNIT_EXPECT_EQ(test, decode_sized(test, MNTPATHLEN + 1, 1), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_sized(test, 1, MNTNAMLEN + 1), -EBADMSG);
}

/* Lengths and bools that lie */
static void exports_lies(struct kunit *test)
{
	static const u32 lies[][3] = {
		{ 2, 0, 0 }, { 1, U32_MAX, 0 }, { 1, 1 << 30, 0 }, { 1, 0, 2 }, { U32_MAX, 0, 0 },
	};
	unsigned int i, j;
	int err;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		struct answer *a = new_answer(test);

		for (j = 0; j < 3; j++)
			put_u32(test, a, lies[i][j]);
		put_u32(test, a, 0);
		KUNIT_EXPECT_NULL(test, decode(test, a, a->len, &err));
		KUNIT_EXPECT_EQ_MSG(test, err, -EBADMSG, "lie %u", i);
	}
}

/* A path that lies in two pages */
static void exports_across(struct kunit *test)
{
	struct answer *a = new_answer(test);
	struct snfs_export_list *list;

	while (a->len + 24 < PAGE_SIZE)
		put_export(test, a, "/same");
	put_export(test, a, "/a/path/of/some/length/that/goes/across");
	list = list_of(test, a);
	KUNIT_EXPECT_GT(test, a->len, PAGE_SIZE);
	expect_paths(test, list, "/a/path/of/some/length/that/goes/across:/same");
}

static void exports_many(struct kunit *test)
{
	struct answer *a = new_answer(test);
	struct snfs_export_list *list;
	unsigned int i;
	char path[16];

	for (i = 0; i < 400; i++) {
		snprintf(path, sizeof(path), "/e%03u", (i * 7) % 400);
		put_export(test, a, path);
	}
	list = list_of(test, a);
	KUNIT_ASSERT_EQ(test, list->nr, 400U);
	for (i = 0; i < 400; i++) {
		snprintf(path, sizeof(path), "/e%03u", i);
		KUNIT_EXPECT_STREQ(test, list->path[i], path);
		KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, path), (int)i);
	}
	snfs_export_list_put(list);
}

/* Each once, in one form; what is no path is left out */
static void exports_forms(struct kunit *test)
{
	struct answer *a = new_answer(test);

	put_export(test, a, "/b/");
	put_export(test, a, "//b");
	put_export(test, a, "relative");
	put_export(test, a, "/c/../d");
	put_export(test, a, "/c/.");
	put_u32(test, a, 1);
	put_text(test, a, "/nul\0", 5);
	put_u32(test, a, 0);
	put_u32(test, a, 1);
	put_text(test, a, "/x\0y", 4);
	put_u32(test, a, 0);
	put_export(test, a, "/");
	expect_paths(test, list_of(test, a), "/:/b:/c:/nul");
}

static void expect_form(struct kunit *test, const char *path, const char *want)
{
	char text[64];

	strscpy(text, path, sizeof(text));
	KUNIT_EXPECT_EQ_MSG(test, snfs_export_normalise(text), !!want, "%s", path);
	if (want)
		KUNIT_EXPECT_STREQ(test, text, want);
}

static void normalise(struct kunit *test)
{
	expect_form(test, "/", "/");
	expect_form(test, "///", "/");
	expect_form(test, "/.", "/");
	expect_form(test, "/a", "/a");
	expect_form(test, "/a/b/", "/a/b");
	expect_form(test, "//a//b//", "/a/b");
	expect_form(test, "/./a/./b/.", "/a/b");
	expect_form(test, "/.a/b./..c/...", "/.a/b./..c/...");
	expect_form(test, "", NULL);
	expect_form(test, "a", NULL);
	expect_form(test, "./a", NULL);
	expect_form(test, "/..", NULL);
	expect_form(test, "/a/../b", NULL);
	expect_form(test, "/a/..", NULL);
}

static void is_below(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, snfs_export_is_below("/a", "/"));
	KUNIT_EXPECT_TRUE(test, snfs_export_is_below("/a/b", "/a"));
	KUNIT_EXPECT_TRUE(test, snfs_export_is_below("/a/b/c", "/a"));
	KUNIT_EXPECT_FALSE(test, snfs_export_is_below("/", "/"));
	KUNIT_EXPECT_FALSE(test, snfs_export_is_below("/a", "/a"));
	KUNIT_EXPECT_FALSE(test, snfs_export_is_below("/ab", "/a"));
	KUNIT_EXPECT_FALSE(test, snfs_export_is_below("/", "/a"));
	KUNIT_EXPECT_FALSE(test, snfs_export_is_below("/a", "/a/b"));
}

/* Which exports does a walk over those below @dir meet? */
static void expect_below(struct kunit *test, const struct snfs_export_list *list, const char *dir,
			 const char *want)
{
	unsigned int i = snfs_export_list_below(list, dir);
	char text[128] = "";
	size_t len = 0;

	for (; i < list->nr && snfs_export_is_below(list->path[i], dir); i++)
		len += scnprintf(text + len, sizeof(text) - len, "%s;", list->path[i]);
	KUNIT_EXPECT_STREQ(test, text, want);
}

/* '-' and '.' sort in front of '/', '0' behind it. */
static void list_below(struct kunit *test)
{
	struct snfs_export_list *list = list_from(test, "/:/a:/a-b:/a.c:/a/b:/a/b/c:/a/x:/a0:/b");

	expect_below(test, list, "/", "/a;/a-b;/a.c;/a/b;/a/b/c;/a/x;/a0;/b;");
	expect_below(test, list, "/a", "/a/b;/a/b/c;/a/x;");
	expect_below(test, list, "/a/b", "/a/b/c;");
	expect_below(test, list, "/a/b/c", "");
	expect_below(test, list, "/b", "");
	expect_below(test, list, "/c", "");
	expect_below(test, list, "/0", "");
	snfs_export_list_put(list);
	list = list_from(test, "/x:/y");
	expect_below(test, list, "/", "/x;/y;");
	snfs_export_list_put(list);
	list = list_from(test, "");
	expect_below(test, list, "/", "");
	snfs_export_list_put(list);
}

static void list_find(struct kunit *test)
{
	struct snfs_export_list *list = list_from(test, "/a:/a-b:/a/b:/a0");

	KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, "/a"), 0);
	KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, "/a/b"), 2);
	KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, "/a0"), 3);
	KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, "/a/"), -ENOENT);
	KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, "/"), -ENOENT);
	KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, "/a/b/c"), -ENOENT);
	snfs_export_list_put(list);
	list = list_from(test, "");
	KUNIT_EXPECT_EQ(test, snfs_export_list_find(list, "/a"), -ENOENT);
	snfs_export_list_put(list);
}

static struct kunit_case exports_cases[] = {
	KUNIT_CASE(exports_res),
	KUNIT_CASE(exports_none),
	KUNIT_CASE(exports_proc),
	KUNIT_CASE(exports_limits),
	KUNIT_CASE(exports_lies),
	KUNIT_CASE(exports_across),
	KUNIT_CASE(exports_many),
	KUNIT_CASE(exports_forms),
	KUNIT_CASE(normalise),
	KUNIT_CASE(is_below),
	KUNIT_CASE(list_below),
	KUNIT_CASE(list_find),
	{}
};

static struct kunit_suite exports_suite = {
	.name		= "snfs_exports",
	.test_cases	= exports_cases,
};

kunit_test_suite(exports_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of snfs: the list of a server's exports");
