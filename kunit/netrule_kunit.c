// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_netrule: whom the context-free root contacts, what a path below a host is, and what
 * was refused lately.
 */
#include "snfs_kunit.h"
#include "exports.h"
#include "netrule.h"

/* A filter, and addresses that it allows (+) or not (-) */
struct filter_case {
	const char	*hosts;
	const char	*tries[8];
};

static const struct filter_case filter_cases[] = {
	{ "192.0.2.7",		{ "+192.0.2.7", "-192.0.2.6", "-::7", "+::ffff:192.0.2.7" } },
	{ "10.0.0.0/8",		{ "+10.0.0.1", "+10.255.255.255", "-11.0.0.0", "-9.9.9.9" } },
	{ "10.1.2.3/8",		{ "+10.9.9.9", "-11.1.2.3" } },
	{ "192.0.2.128/25",	{ "+192.0.2.128", "+192.0.2.255", "-192.0.2.127" } },
	{ "0.0.0.0/0",		{ "+0.0.0.0", "+255.255.255.255", "-::1", "-2001:db8::1" } },
	{ "::/0",		{ "+::1", "+127.0.0.1" } },
	{ "2001:db8::/32",	{ "+2001:db8:ffff::1", "-2001:db9::1", "-127.0.0.1" } },
	{ "[fe80::1]",		{ "+fe80::1", "-fe80::2", "+[fe80::1]" } },
	{ "::1+127.0.0.0/8+10.0.0.1",
		{ "+::1", "+127.3.2.1", "+10.0.0.1", "-10.0.0.2", "-::2" } },
	{ "fd00::/7",		{ "+fdff::1", "+fc00::1", "-fe00::1" } },
	{ "192.0.2.7/32",	{ "+192.0.2.7", "-192.0.2.6" } },
	{ "2001:db8::1/128",	{ "+2001:db8::1", "-2001:db8::2" } },
};

static void filter_desc(const struct filter_case *c, char *desc)
{
	strscpy(desc, c->hosts, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(filter, filter_cases, filter_desc);

static struct snfs_hostfilter *new_filter(struct kunit *test)
{
	struct snfs_hostfilter *filter = kunit_kzalloc(test, sizeof(*filter), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, filter);
	return filter;
}

static void filter_allows(struct kunit *test)
{
	const struct filter_case *c = test->param_value;
	struct snfs_hostfilter *filter = new_filter(test);
	struct sockaddr_storage addr;
	const char *why = NULL;
	size_t addrlen;
	unsigned int i;

	KUNIT_ASSERT_EQ_MSG(test, snfs_hostfilter_add(filter, c->hosts, &why), 0, "%s", why);
	for (i = 0; i < ARRAY_SIZE(c->tries) && c->tries[i]; i++) {
		const char *text = c->tries[i] + 1;

		KUNIT_ASSERT_EQ(test, snfs_parse_addr(&init_net, text, strlen(text), &addr,
						      &addrlen), 0);
		KUNIT_EXPECT_EQ_MSG(test, snfs_hostfilter_allows(filter, &addr),
				    c->tries[i][0] == '+', "%s", text);
		KUNIT_EXPECT_TRUE(test, snfs_hostfilter_allows(NULL, &addr));
	}
}

static const char * const bad_filters[] = {
	"", "+", "10.0.0.1+", "+10.0.0.1", "10.0.0.1++10.0.0.2", "host", "10.0.0", "10.0.0.0/",
	"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/0008", "10.0.0.0/ 8", "::1/129",
	"10.0.0.0/8/8", "fe80::1%1", "fe80::1%1/64", "10.0.0.1,10.0.0.2", "[::1", "/8",
};

static void filter_refuses(struct kunit *test)
{
	struct snfs_hostfilter *filter;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_filters); i++) {
		const char *why = NULL;

		filter = new_filter(test);
		KUNIT_EXPECT_EQ_MSG(test, snfs_hostfilter_add(filter, bad_filters[i], &why),
				    -EINVAL, "'%s'", bad_filters[i]);
		KUNIT_EXPECT_NOT_NULL(test, why);
	}
}

static void filter_is_bounded(struct kunit *test)
{
	struct snfs_hostfilter *filter = new_filter(test);
	const char *why;
	unsigned int i;

	for (i = 0; i < SNFS_HOSTS_MAX; i++)
		KUNIT_ASSERT_EQ(test, snfs_hostfilter_add(filter, "10.0.0.0/8", &why), 0);
	KUNIT_EXPECT_EQ(test, snfs_hostfilter_add(filter, "10.0.0.0/8", &why), -EINVAL);
	KUNIT_EXPECT_EQ(test, filter->nr, SNFS_HOSTS_MAX);
}

/* No address at all is nobody who may be contacted. */
static void filter_knows_families(struct kunit *test)
{
	struct sockaddr_storage addr = { .ss_family = AF_UNSPEC };
	struct snfs_hostfilter *filter = new_filter(test);
	const char *why;

	KUNIT_ASSERT_EQ(test, snfs_hostfilter_add(filter, "::/0", &why), 0);
	KUNIT_EXPECT_FALSE(test, snfs_hostfilter_allows(filter, &addr));
}

#define L31	"abcdefghijklmnopqrstuvwxyz01234"
#define L63	L31 "." L31
#define L63_1	L31 "-" L31

static void hostnames(struct kunit *test)
{
	static const char * const good[] = {
		"a", "1", "host", "HOST", "host.example", "my-host", "my_host", "_srv.example",
		"10.0.0.1", "a.b.c.d.e", L63_1, L63 "." L63 "." L63 "." L31,
	};
	static const char * const bad[] = {
		"", ".", "..", ".git", "host.", "a..b", "-a", "a-", "a-.b", "a.-b", "lost+found",
		"a b", "a/b", "h\303\266st", "::1", "[::1]", "a%b", L63_1 "x", "*", "a\n",
		L63 "." L63 "." L63 "." L63 "." L63,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		KUNIT_EXPECT_TRUE_MSG(test, snfs_is_hostname(good[i], strlen(good[i])), "%s",
				      good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_FALSE_MSG(test, snfs_is_hostname(bad[i], strlen(bad[i])), "%s",
				       bad[i]);
	/* The bytes behind the name do not count. */
	KUNIT_EXPECT_TRUE(test, snfs_is_hostname("ab+", 2));
}

/* Sorted, as a list is */
static char *paths[] = { "/a", "/a-b", "/a/c", "/a/c/d", "/e/f/g", "/e/f/h", "/e/i", "/j" };
static struct snfs_export_list list = { .nr = ARRAY_SIZE(paths), .path = paths };
static struct snfs_export_list nothing;
static char *top_path[] = { "/" };
static struct snfs_export_list top = { .nr = 1, .path = top_path };

static void roles(struct kunit *test)
{
	static const struct {
		const char	*path;
		enum snfs_role	role;
		bool		below;
	} cases[] = {
		{ "/",		SNFS_ROLE_ABOVE,	true },
		{ "/a",		SNFS_ROLE_EXPORT,	true },
		{ "/a-b",	SNFS_ROLE_EXPORT,	false },
		{ "/a-",	SNFS_ROLE_NONE,		false },
		{ "/a/c",	SNFS_ROLE_EXPORT,	true },
		{ "/a/c/d",	SNFS_ROLE_EXPORT,	false },
		{ "/a/d",	SNFS_ROLE_NONE,		false },
		{ "/e",		SNFS_ROLE_ABOVE,	true },
		{ "/e/f",	SNFS_ROLE_ABOVE,	true },
		{ "/e/f/g",	SNFS_ROLE_EXPORT,	false },
		{ "/e/g",	SNFS_ROLE_NONE,		false },
		{ "/j",		SNFS_ROLE_EXPORT,	false },
		{ "/k",		SNFS_ROLE_NONE,		false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *path = cases[i].path;

		KUNIT_EXPECT_EQ_MSG(test, (int)snfs_role_of(&list, path), (int)cases[i].role, "%s",
				    path);
		KUNIT_EXPECT_EQ_MSG(test, snfs_role_has_below(&list, path), cases[i].below, "%s",
				    path);
		KUNIT_EXPECT_EQ(test, (int)snfs_role_of(NULL, path), (int)SNFS_ROLE_UNKNOWN);
		KUNIT_EXPECT_EQ(test, (int)snfs_role_of(&nothing, path), (int)SNFS_ROLE_UNKNOWN);
		KUNIT_EXPECT_FALSE(test, snfs_role_has_below(NULL, path));
		KUNIT_EXPECT_FALSE(test, snfs_role_has_below(&nothing, path));
	}
	KUNIT_EXPECT_EQ(test, (int)snfs_role_of(&top, "/"), (int)SNFS_ROLE_EXPORT);
	KUNIT_EXPECT_EQ(test, (int)snfs_role_of(&top, "/a"), (int)SNFS_ROLE_NONE);
}

static void children(struct kunit *test)
{
	static const struct {
		const char	*dir;
		const char	*want;
	} cases[] = {
		{ "/",		" a a-b e j" },
		{ "/a",		" c" },
		{ "/a/c",	" d" },
		{ "/e",		" f i" },
		{ "/e/f",	" g h" },
		{ "/j",		"" },
		{ "/x",		"" },
	};
	const char *name;
	unsigned int i, n;
	char found[64];
	size_t len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		found[0] = '\0';
		for (n = 0; n < list.nr; n++) {
			len = snfs_role_child(&list, cases[i].dir, n, &name);
			if (len)
				snprintf(found + strlen(found), sizeof(found) - strlen(found),
					 " %.*s", (int)len, name);
		}
		KUNIT_EXPECT_STREQ(test, (const char *)found, cases[i].want);
	}
}

static void numbers(struct kunit *test)
{
	u64 ino = snfs_netroot_ino("host", "/a");

	KUNIT_EXPECT_EQ(test, ino, snfs_netroot_ino("host", "/a"));
	KUNIT_EXPECT_NE(test, ino, snfs_netroot_ino("host", "/b"));
	KUNIT_EXPECT_NE(test, ino, snfs_netroot_ino("host", "/"));
	KUNIT_EXPECT_NE(test, ino, snfs_netroot_ino("hosu", "/a"));
	KUNIT_EXPECT_GT(test, ino, 1ULL);
}

static void refusal_is_brief(struct kunit *test)
{
	struct snfs_refusals refusals = { };

	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/a", 100), 0);
	snfs_refusals_note(&refusals, "/a", -EACCES, 100);
	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/a", 100), -EACCES);
	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/a", 100 + SNFS_REFUSAL_SECONDS - 1),
			-EACCES);
	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/a", 100 + SNFS_REFUSAL_SECONDS), 0);
	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/ab", 100), 0);
	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/", 100), 0);
	/* Again, with another error */
	snfs_refusals_note(&refusals, "/a", -ENOENT, 105);
	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/a", 100 + SNFS_REFUSAL_SECONDS),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, refusals.next, 1U);
	snfs_refusals_forget(&refusals);
	KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, "/a", 105), 0);
}

/* However many there are, the last ones are known, and no more. */
static void refusals_are_bounded(struct kunit *test)
{
	struct snfs_refusals refusals = { };
	unsigned int i;
	char path[16];

	for (i = 0; i < 1000; i++) {
		snprintf(path, sizeof(path), "/%u", i);
		snfs_refusals_note(&refusals, path, -EACCES, 100);
	}
	for (i = 0; i < 1000; i++) {
		snprintf(path, sizeof(path), "/%u", i);
		KUNIT_EXPECT_EQ(test, snfs_refusals_find(&refusals, path, 100),
				i < 1000 - SNFS_REFUSALS ? 0 : -EACCES);
	}
	snfs_refusals_forget(&refusals);
}

static struct kunit_case netrule_cases[] = {
	KUNIT_CASE_PARAM(filter_allows, filter_gen_params),
	KUNIT_CASE(filter_refuses),
	KUNIT_CASE(filter_is_bounded),
	KUNIT_CASE(filter_knows_families),
	KUNIT_CASE(hostnames),
	KUNIT_CASE(roles),
	KUNIT_CASE(children),
	KUNIT_CASE(numbers),
	KUNIT_CASE(refusal_is_brief),
	KUNIT_CASE(refusals_are_bounded),
	{}
};

static struct kunit_suite netrule_suite = {
	.name		= "snfs_netrule",
	.test_cases	= netrule_cases,
};

kunit_test_suite(netrule_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suite snfs_netrule");
