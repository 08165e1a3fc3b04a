// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_flavor: names of security flavours, and which of them a mount tries.
 */
#include "snfs_kunit.h"

static const char * const good_names[] = {
	"none", "sys", "krb5", "krb5i", "krb5p", "krb5:sys", "krb5p:krb5i:krb5:sys:none",
};

/* What is parsed is shown again. */
static void names(struct kunit *test)
{
	char shown[64];
	unsigned int n, i;

	for (n = 0; n < ARRAY_SIZE(good_names); n++) {
		struct snfs_flavors list;
		size_t len = 0;

		KUNIT_ASSERT_EQ(test, snfs_flavors_parse(&list, good_names[n]), 0);
		for (i = 0; i < list.nr; i++)
			len += scnprintf(shown + len, sizeof(shown) - len, "%s%s", i ? ":" : "",
					 snfs_flavor_name(list.flavor[i]));
		KUNIT_EXPECT_STREQ(test, shown, good_names[n]);
	}
	KUNIT_EXPECT_STREQ(test, snfs_flavor_name(RPC_AUTH_SHORT), "unknown");
	KUNIT_EXPECT_STREQ(test, snfs_flavor_name(U32_MAX), "unknown");
}

static void other_names(struct kunit *test)
{
	struct snfs_flavors list;

	KUNIT_ASSERT_EQ(test, snfs_flavors_parse(&list, "null:unix:none:sys:null"), 0);
	KUNIT_ASSERT_EQ(test, list.nr, 2U);
	KUNIT_EXPECT_EQ(test, list.flavor[0], (u32)RPC_AUTH_NULL);
	KUNIT_EXPECT_EQ(test, list.flavor[1], (u32)RPC_AUTH_UNIX);
}

static void bad_names(struct kunit *test)
{
	static const char * const bad[] = {
		"", ":", "sys:", ":sys", "sys::krb5", "krb", "krb5q", "krb5:lkey", "sys,krb5",
	};
	struct snfs_flavors list;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, snfs_flavors_parse(&list, "krb5p"), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, snfs_flavors_parse(&list, bad[i]), -EINVAL);
	/* A failure leaves the list alone. */
	KUNIT_EXPECT_EQ(test, list.nr, 1U);
	KUNIT_EXPECT_TRUE(test, snfs_flavors_have(&list, RPC_AUTH_GSS_KRB5P));
}

#define LIST(...)								\
	.nr_offered = sizeof((const u32[]){ __VA_ARGS__ }) / sizeof(u32),	\
	.offered = { __VA_ARGS__ }

struct choose_case {
	const char	*asked;		/* NULL: no sec= */
	u32		nr_offered;
	u32		offered[8];
	const char	*want;		/* "": none */
};

static const struct choose_case choose_cases[] = {
	/* The server's order, what we cannot do and AUTH_NULL aside */
	{ NULL,		0, { },						"sys" },
	{ NULL,		LIST(RPC_AUTH_UNIX),				"sys" },
	{ NULL,		LIST(RPC_AUTH_NULL),				"none" },
	{ NULL,		LIST(RPC_AUTH_NULL, RPC_AUTH_UNIX),		"sys:none" },
	{ NULL,		LIST(RPC_AUTH_GSS_KRB5),			"krb5" },
	{ NULL,		LIST(RPC_AUTH_GSS_KRB5P, RPC_AUTH_UNIX),	"krb5p:sys" },
	{ NULL,		LIST(RPC_AUTH_UNIX, RPC_AUTH_GSS_KRB5I),	"sys:krb5i" },
	{ NULL,		LIST(RPC_AUTH_DES, RPC_AUTH_GSS_KRB5),		"krb5" },
	{ NULL,		LIST(RPC_AUTH_DES, RPC_AUTH_GSS_LKEYP),		"" },
	{ NULL,		LIST(RPC_AUTH_UNIX, RPC_AUTH_UNIX),		"sys" },
	/* The order of sec= */
	{ "sys",	0, { },						"sys" },
	{ "krb5p",	0, { },						"krb5p" },
	{ "krb5:sys",	LIST(RPC_AUTH_UNIX, RPC_AUTH_GSS_KRB5),		"krb5:sys" },
	{ "krb5i:krb5:sys", LIST(RPC_AUTH_UNIX, RPC_AUTH_GSS_KRB5),	"krb5:sys" },
	{ "krb5",	LIST(RPC_AUTH_UNIX),				"" },
	{ "sys",	LIST(RPC_AUTH_GSS_KRB5),			"" },
	/* AUTH_NULL: the server does not look; and it may always be tried. */
	{ "sys",	LIST(RPC_AUTH_NULL),				"sys" },
	{ "krb5",	LIST(RPC_AUTH_UNIX, RPC_AUTH_NULL),		"krb5" },
	{ "none",	LIST(RPC_AUTH_UNIX),				"none" },
	{ "none:sys",	LIST(RPC_AUTH_UNIX),				"sys" },
};

static void choose_case_name(const struct choose_case *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s of %u, first %s", c->asked ?: "any",
		 c->nr_offered, c->nr_offered ? snfs_flavor_name(c->offered[0]) : "-");
}

KUNIT_ARRAY_PARAM(choose, choose_cases, choose_case_name);

static void choose(struct kunit *test)
{
	const struct choose_case *c = test->param_value;
	struct snfs_flavors asked = { }, want = { }, list;
	struct snfs_mnt_res res = { .nr_flavors = c->nr_offered };
	unsigned int i;

	memcpy(res.flavors, c->offered, sizeof(c->offered));
	if (c->asked)
		KUNIT_ASSERT_EQ(test, snfs_flavors_parse(&asked, c->asked), 0);
	if (*c->want)
		KUNIT_ASSERT_EQ(test, snfs_flavors_parse(&want, c->want), 0);

	snfs_flavors_choose(&asked, &res, &list);

	KUNIT_ASSERT_EQ(test, list.nr, want.nr);
	for (i = 0; i < want.nr; i++)
		KUNIT_EXPECT_EQ(test, list.flavor[i], want.flavor[i]);
}

static struct kunit_case flavor_cases[] = {
	KUNIT_CASE(names),
	KUNIT_CASE(other_names),
	KUNIT_CASE(bad_names),
	KUNIT_CASE_PARAM(choose, choose_gen_params),
	{}
};

static struct kunit_suite flavor_suite = {
	.name		= "snfs_flavor",
	.test_cases	= flavor_cases,
};

kunit_test_suite(flavor_suite);

MODULE_DESCRIPTION("KUnit tests of snfs: security flavours");
MODULE_LICENSE("GPL");
