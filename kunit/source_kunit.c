// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_source: sources, addresses, choices and sizes of the mount command.
 */
#include <linux/fs_parser.h>
#include "snfs_kunit.h"
#include "address.h"

struct source_case {
	const char	*source;
	int		err;
	const char	*hostname;
	const char	*export;
};

static const struct source_case source_cases[] = {
	{ "server:/export",		0, "server", "/export" },
	{ "server:/",			0, "server", "/" },
	{ "server:///",			0, "server", "/" },
	{ "server:/a/b/",		0, "server", "/a/b" },
	{ "server:/a//",		0, "server", "/a" },
	{ "server:export",		0, "server", "export" },
	{ "192.0.2.1:/e",		0, "192.0.2.1", "/e" },
	{ "[2001:db8::1]:/e",		0, "2001:db8::1", "/e" },
	{ "[fe80::1%eth0]:/e",		0, "fe80::1%eth0", "/e" },
	{ "s:/with:colon",		0, "s", "/with:colon" },
	{ "s:/with,comma",		0, "s", "/with,comma" },
	{ "s:/[x]:/y",			0, "s", "/[x]:/y" },
	{ "nfs://server/a/",		0, "server", "/a" },
	{ "nfs://me@server:2050/a%20b?soft", 0, "server", "/a b" },
	{ "nfs://[2001:db8::1]",	0, "2001:db8::1", "/" },
	{ "nfs:/e",			0, "nfs", "/e" },
	{ "nfs://",			-EINVAL },
	{ "nfs:///?soft",		-EINVAL },
	{ "nfs:///e",			-EINVAL },
	{ "nfs://2001:db8::1/e",	-EINVAL },
	{ "",				-EINVAL },
	{ "/no/server",			-EINVAL },
	{ "server",			-EINVAL },
	{ "server:",			-EINVAL },
	{ ":/export",			-EINVAL },
	{ ":",				-EINVAL },
	{ "[]:/export",			-EINVAL },
	{ "[2001:db8::1]/export",	-EINVAL },
	{ "[2001:db8::1:/export",	-EINVAL },
	{ "[2001:db8::1]",		-EINVAL },
	{ "2001:db8::1:/export",	-EINVAL },
	{ "::1:/export",		-EINVAL },
};

static void source_case_name(const struct source_case *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "'%s'", c->source);
}

KUNIT_ARRAY_PARAM(source, source_cases, source_case_name);

static void parse_source(struct kunit *test)
{
	const struct source_case *c = test->param_value;
	struct snfs_options opt = { };
	const char *why = NULL;

	KUNIT_EXPECT_EQ(test, snfs_parse_source(&opt, c->source, &why), c->err);
	if (c->err) {
		KUNIT_EXPECT_PTR_NE(test, why, NULL);
	} else {
		KUNIT_EXPECT_STREQ(test, opt.hostname, c->hostname);
		KUNIT_EXPECT_STREQ(test, opt.export, c->export);
	}
	snfs_options_free(&opt);
}

/* A server's name of @hostlen bytes and a path of @pathlen */
static int parse_long(struct kunit *test, size_t hostlen, size_t pathlen)
{
	char *source = kunit_kzalloc(test, hostlen + 1 + pathlen + 1, GFP_KERNEL);
	struct snfs_options opt = { };
	const char *why;
	int err;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, source);
	memset(source, 'h', hostlen);
	source[hostlen] = ':';
	memset(source + hostlen + 1, 'p', pathlen);
	err = snfs_parse_source(&opt, source, &why);
	snfs_options_free(&opt);
	return err;
}

static void source_limits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_long(test, 255, 1024), 0);
	KUNIT_EXPECT_EQ(test, parse_long(test, 256, 1024), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, parse_long(test, 255, 1025), -ENAMETOOLONG);
}

static int family(const char *text)
{
	struct sockaddr_storage addr;
	size_t len;

	return snfs_parse_addr(&init_net, text, strlen(text), &addr, &len) ? -1 : addr.ss_family;
}

static void parse_addr(struct kunit *test)
{
	struct sockaddr_storage addr;
	size_t len;

	KUNIT_EXPECT_EQ(test, family("192.0.2.1"), AF_INET);
	KUNIT_EXPECT_EQ(test, family("2001:db8::1"), AF_INET6);
	KUNIT_EXPECT_EQ(test, family("[2001:db8::1]"), AF_INET6);
	KUNIT_EXPECT_EQ(test, family(""), -1);
	KUNIT_EXPECT_EQ(test, family("[]"), -1);
	KUNIT_EXPECT_EQ(test, family("["), -1);
	KUNIT_EXPECT_EQ(test, family("localhost"), -1);
	KUNIT_EXPECT_EQ(test, family("192.0.2"), -1);
	KUNIT_EXPECT_EQ(test, family("192.0.2.1.5"), -1);
	KUNIT_EXPECT_EQ(test, family("192.0.2.256"), -1);
	KUNIT_EXPECT_EQ(test, family("2001:db8:::1"), -1);
	KUNIT_EXPECT_EQ(test, family("192.0.2.1 "), -1);

	/* What is no address leaves none behind. */
	KUNIT_EXPECT_EQ(test, snfs_parse_addr(&init_net, "nope", 4, &addr, &len), -EINVAL);
	KUNIT_EXPECT_EQ(test, (int)addr.ss_family, AF_UNSPEC);
	KUNIT_EXPECT_EQ(test, snfs_parse_addr(&init_net, "192.0.2.7/24", 9, &addr, &len), 0);
	KUNIT_EXPECT_EQ(test, ntohl(((struct sockaddr_in *)&addr)->sin_addr.s_addr), 0xc0000207);
	KUNIT_EXPECT_EQ(test, len, sizeof(struct sockaddr_in));
}

static void expect_addrs(struct kunit *test, const char *text, bool ipv6, const char *want)
{
	struct sockaddr_storage addrs[3];
	unsigned int nr = snfs_parse_addrs(&init_net, text, ipv6, addrs, ARRAY_SIZE(addrs)), i;
	char got[200] = "";

	for (i = 0; i < nr; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%pISc", i ? " " : "",
			 &addrs[i]);
	KUNIT_EXPECT_STREQ(test, got, want);
}

static void parse_addrs(struct kunit *test)
{
	expect_addrs(test, "192.0.2.1", false, "192.0.2.1");
	expect_addrs(test, "192.0.2.1,2001:db8::1", false, "192.0.2.1 2001:db8::1");
	expect_addrs(test, "192.0.2.1,2001:db8::1", true, "2001:db8::1");
	expect_addrs(test, "192.0.2.1", true, "");
	expect_addrs(test, "192.0.2.1,192.0.2.2,192.0.2.1", false, "192.0.2.1 192.0.2.2");
	expect_addrs(test, "192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4", false,
		     "192.0.2.1 192.0.2.2 192.0.2.3");
	expect_addrs(test, ",server,,192.0.2.1,", false, "192.0.2.1");
	expect_addrs(test, "", false, "");
	expect_addrs(test, ",", false, "");
}

static void parse_choice(struct kunit *test)
{
	static const struct constant_table table[] = { { "one", 1 }, { "nought", 0 }, { } };

	KUNIT_EXPECT_EQ(test, snfs_parse_choice(table, "one"), 1);
	KUNIT_EXPECT_EQ(test, snfs_parse_choice(table, "nought"), 0);
	KUNIT_EXPECT_EQ(test, snfs_parse_choice(table, "on"), -EINVAL);
	KUNIT_EXPECT_EQ(test, snfs_parse_choice(table, "ones"), -EINVAL);
	KUNIT_EXPECT_EQ(test, snfs_parse_choice(table, ""), -EINVAL);
}

static void io_size(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, snfs_io_size(0), 512);
	KUNIT_EXPECT_EQ(test, snfs_io_size(511), 512);
	KUNIT_EXPECT_EQ(test, snfs_io_size(1023), 512);
	KUNIT_EXPECT_EQ(test, snfs_io_size(1024), 1024);
	KUNIT_EXPECT_EQ(test, snfs_io_size(2047), 1024);
	KUNIT_EXPECT_EQ(test, snfs_io_size(PAGE_SIZE - 1), PAGE_SIZE / 2);
	KUNIT_EXPECT_EQ(test, snfs_io_size(PAGE_SIZE), PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, snfs_io_size(3 * PAGE_SIZE + 1), 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, snfs_io_size(SNFS_IOSIZE_MAX), SNFS_IOSIZE_MAX);
	KUNIT_EXPECT_EQ(test, snfs_io_size(SNFS_IOSIZE_MAX + 1), SNFS_IOSIZE_MAX);
	KUNIT_EXPECT_EQ(test, snfs_io_size(U32_MAX), SNFS_IOSIZE_MAX);
}

static struct kunit_case source_cases_list[] = {
	KUNIT_CASE_PARAM(parse_source, source_gen_params),
	KUNIT_CASE(source_limits),
	KUNIT_CASE(parse_addr),
	KUNIT_CASE(parse_addrs),
	KUNIT_CASE(parse_choice),
	KUNIT_CASE(io_size),
	{}
};

static struct kunit_suite source_suite = {
	.name		= "snfs_source",
	.test_cases	= source_cases_list,
};

kunit_test_suite(source_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of snfs: sources and values of the mount command");
