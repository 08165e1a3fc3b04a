// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_url: nfs:// URLs taken apart, and their arguments as mount options.
 */
#include <linux/slab.h>
#include "snfs_kunit.h"
#include "url.h"

struct url_case {
	const char	*url;
	const char	*host;
	unsigned int	port;
	const char	*path;
	const char	*args;	/* NULL: none */
	const char	*user;	/* NULL: none */
};

static const struct url_case url_cases[] = {
	{ "nfs://server/export",		"server", 0, "/export" },
	{ "NFS://server/export",		"server", 0, "/export" },
	{ "nfs://server",			"server", 0, "/" },
	{ "nfs://server/",			"server", 0, "/" },
	{ "nfs://server///",			"server", 0, "/" },
	{ "nfs://server//a/b",			"server", 0, "/a/b" },
	{ "nfs://server/a//b/",			"server", 0, "/a//b/" },
	{ "nfs://server:2050/a",		"server", 2050, "/a" },
	{ "nfs://server:65535",			"server", 65535, "/" },
	{ "nfs://server:0/a",			"server", 0, "/a" },
	{ "nfs://me@server:2050/a",		"server", 2050, "/a", NULL, "me" },
	{ "nfs://@server/a",			"server", 0, "/a" },
	{ "nfs://192.0.2.1/a?version=3",	"192.0.2.1", 0, "/a", "version=3" },
	{ "nfs://s/a?b=1&c=%20d",		"s", 0, "/a", "b=1&c=%20d" },
	{ "nfs://s?soft",			"s", 0, "/", "soft" },
	{ "nfs://s/?soft",			"s", 0, "/", "soft" },
	{ "nfs://s/a?",				"s", 0, "/a", "" },
	{ "nfs://s/a%20b%25",			"s", 0, "/a b%" },
	{ "nfs://s/%E2%82%AC",			"s", 0, "/\xe2\x82\xac" },
	{ "nfs://s/a#b",			"s", 0, "/a#b" },
	{ "nfs://s/a&b=c",			"s", 0, "/a&b=c" },
	{ "nfs://s%65rver/a",			"server", 0, "/a" },
	/* No host: the root of all of them */
	{ "nfs://",				"", 0, "/" },
	{ "nfs:///",				"", 0, "/" },
	{ "nfs://?soft&ro",			"", 0, "/", "soft&ro" },
	{ "nfs:///?soft",			"", 0, "/", "soft" },

	/* What libnfs 7 gets wrong. It decodes first, so these separate: */
	{ "nfs://s/what%3Fversion=3",		"s", 0, "/what?version=3" },
	{ "nfs://s/a%3Ab",			"s", 0, "/a:b" },
	{ "nfs://s/a%2Fb/c",			"s", 0, "/a/b/c" },
	{ "nfs://s/a?b=c%26d",			"s", 0, "/a", "b=c%26d" },
	{ "nfs://me%40realm@s/a",		"s", 0, "/a", NULL, "me@realm" },
	{ "nfs://s/%2541",			"s", 0, "/%41" },
	/* the first colon of all is that of a port: */
	{ "nfs://s/a:b",			"s", 0, "/a:b" },
	{ "nfs://s/a:1/b",			"s", 0, "/a:1/b" },
	{ "nfs://s/a?addr=fe80::1",		"s", 0, "/a", "addr=fe80::1" },
	{ "nfs://[2001:db8::1]/a",		"2001:db8::1", 0, "/a" },
	{ "nfs://[2001:db8::1]:2050/a",		"2001:db8::1", 2050, "/a" },
	{ "nfs://[::1]",			"::1", 0, "/" },
	{ "nfs://[fe80::1%25eth0]/a",		"fe80::1%eth0", 0, "/a" },
	{ "nfs://[fe80::1%eth0]/a",		"fe80::1%eth0", 0, "/a" },
	{ "nfs://me@[::1]:2050/a:b",		"::1", 2050, "/a:b", NULL, "me" },
	/* a port may be empty (RFC 3986 section 3.2.3): */
	{ "nfs://s:/a",				"s", 0, "/a" },
	{ "nfs://s:/",				"s", 0, "/" },
	/* a path may be empty, and a host one letter long: */
	{ "nfs://h",				"h", 0, "/" },
	{ "nfs://h/a",				"h", 0, "/a" },
	/* a '?' in front of a slash is the path's, or is not, as the caller's function has it: */
	{ "nfs://s/my?path/?version=3",		"s", 0, "/my?path/", "version=3" },
	{ "nfs://s/a?b/c",			"s", 0, "/a?b/c" },
	{ "nfs://s/a?b?c=d",			"s", 0, "/a", "b?c=d" },

	/* What it lets pass is let pass here: a '%' that is no escape */
	{ "nfs://s/100%",			"s", 0, "/100%" },
	{ "nfs://s/1%2",			"s", 0, "/1%2" },
	{ "nfs://s/%zz%4",			"s", 0, "/%zz%4" },
};

static void url_case_name(const struct url_case *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s", c->url);
}

KUNIT_ARRAY_PARAM(url, url_cases, url_case_name);

static void url_taken_apart(struct kunit *test)
{
	const struct url_case *c = test->param_value;
	const char *why = "not told";
	struct snfs_url url;
	int err = snfs_url_parse(&url, c->url, &why);

	KUNIT_EXPECT_TRUE(test, snfs_is_url(c->url));
	KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s", why);
	KUNIT_EXPECT_STREQ(test, url.host, c->host);
	KUNIT_EXPECT_EQ(test, url.port, c->port);
	KUNIT_EXPECT_STREQ(test, url.path, c->path);
	KUNIT_EXPECT_STREQ(test, url.args ? url.args : "none", c->args ? c->args : "none");
	KUNIT_EXPECT_STREQ(test, url.user ? url.user : "none", c->user ? c->user : "none");
	snfs_url_free(&url);
	KUNIT_EXPECT_PTR_EQ(test, url.memory, NULL);
}

static const char * const bad_urls[] = {
	"nfs://s:x/a", "nfs://s:-1/a", "nfs://s:+1/a", "nfs://s:65536/a", "nfs://s:20 /a",
	"nfs://s:2049x/a", "nfs://s:99999999999/a",
	"nfs://2001:db8::1/a", "nfs://::1", "nfs://s:1:2/a",
	"nfs://[::1/a", "nfs://[::1]x/a", "nfs://[]/a", "nfs://[::1]:x/a",
	"nfs:///a", "nfs:////a", "nfs://:2049", "nfs://:2049/a", "nfs://me@/a", "nfs://me@",
	"nfs://me:secret@s/a", "nfs://s%00/a", "nfs://s/a%00b", "nfs://m%00@s/a",
	"nfs://a%2Fb/c", "nfs://a b/c", "nfs://a%0a/c",
};

static void bad_url_name(const char * const *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s", *c);
}

KUNIT_ARRAY_PARAM(bad_url, bad_urls, bad_url_name);

static void url_refused(struct kunit *test)
{
	const char * const *c = test->param_value;
	const char *why = NULL;
	struct snfs_url url;

	KUNIT_EXPECT_EQ(test, snfs_url_parse(&url, *c, &why), -EINVAL);
	KUNIT_EXPECT_PTR_NE(test, why, NULL);
	KUNIT_EXPECT_PTR_EQ(test, url.memory, NULL);
}

static void no_url(struct kunit *test)
{
	static const char * const sources[] = {
		"server:/export", "nfs:/export", "nfs:", "nfs", "", "nfs4://s/a", "nfs:/s/a",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sources); i++)
		KUNIT_EXPECT_FALSE_MSG(test, snfs_is_url(sources[i]), "%s", sources[i]);
}

static int collect(void *data, const char *key, const char *value)
{
	char *list = data;
	size_t len = strlen(list);

	if (!strcmp(key, "fail"))
		return -E2BIG;
	snprintf(list + len, 128 - len, "%s%s%s%s", len ? "," : "", key, value ? "=" : "",
		 value ? value : "");
	return 0;
}

struct args_case {
	const char	*args;
	const char	*options;	/* what becomes of them until the error, if there is one */
	int		err;
	bool		why;
};

static const struct args_case args_cases[] = {
	{ "",				"" },
	{ "&&",				"" },
	{ "version=3&nfsport=2050",	"vers=3,port=2050" },
	{ "uid=1000&gid=100",		"uid=1000,gid=100" },
	{ "mountport=5&rsize=1&wsize=2", "mountport=5,rsize=1,wsize=2" },
	/* Tenths of a second in both */
	{ "timeo=600&retrans=2",	"timeo=600,retrans=2" },
	{ "sec=krb5i&xprtsec=mtls",	"sec=krb5i,xprtsec=mtls" },
	{ "autoreconnect=-1",		"hard" },
	{ "autoreconnect=0",		"soft,retrans=0" },
	{ "autoreconnect=3",		"soft,retrans=3" },
	{ "autoreconnect=x",		"", -EINVAL, true },
	{ "autoreconnect",		"", -EINVAL, true },
	{ "readdir-buffer=8192",	"dtsize=8192" },
	{ "readdir-buffer=4096,65536",	"dtsize=65536" },
	{ "readdir-buffer",		"", -EINVAL, true },
	{ "dircache=1",			"" },
	{ "dircache=0",			"acdirmin=0,acdirmax=0,lookupcache=none" },
	{ "dircache=on",		"", -EINVAL, true },
	{ "auto-traverse-mounts=1",	"traverse" },
	{ "auto-traverse-mounts=0",	"notraverse" },
	{ "auto-traverse-mounts=no",	"", -EINVAL, true },
	{ "readonly",			"ro" },
	{ "readonly=1",			"ro" },
	{ "readonly=0",			"" },
	{ "readonly=yes",		"", -EINVAL, true },
	{ "debug=0",			"" },
	{ "debug=2",			"", -EINVAL, true },
	{ "tcp-syncnt=3",		"", -EINVAL, true },
	{ "if=eth0",			"", -EINVAL, true },
	{ "source=x:",			"", -EINVAL, true },
	/* Any other is a mount option. */
	{ "nconnect=4&nocto&soft=",	"nconnect=4,nocto,soft=" },
	{ "a%3db=c%3Dd%26e&f",		"a=b=c=d&e,f" },
	{ "a==b",			"a==b" },
	{ "version=3&=x",		"vers=3", -EINVAL, true },
	{ "a=b%00c",			"", -EINVAL, true },
	{ "a%00=b",			"", -EINVAL, true },
	{ "a=1&fail=2&b=3",		"a=1", -E2BIG, false },
};

static void args_case_name(const struct args_case *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "'%s'", c->args);
}

KUNIT_ARRAY_PARAM(args, args_cases, args_case_name);

static void arguments(struct kunit *test)
{
	const struct args_case *c = test->param_value;
	char *text = kunit_kzalloc(test, 128, GFP_KERNEL);
	char *list = kunit_kzalloc(test, 128, GFP_KERNEL);
	const char *name, *value, *why = NULL;
	struct snfs_url url;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_NOT_NULL(test, list);
	snprintf(text, 128, "nfs://s/a?%s", c->args);
	KUNIT_ASSERT_EQ(test, snfs_url_parse(&url, text, &why), 0);
	while ((err = snfs_url_next_arg(&url, &name, &value, &why)) > 0) {
		err = snfs_url_option(name, value, collect, list, &why);
		if (err)
			break;
	}
	snfs_url_free(&url);
	KUNIT_EXPECT_EQ(test, err, c->err);
	KUNIT_EXPECT_STREQ(test, list, c->options);
	KUNIT_EXPECT_EQ(test, !!why, c->why);
}

static struct kunit_case url_test_cases[] = {
	KUNIT_CASE_PARAM(url_taken_apart, url_gen_params),
	KUNIT_CASE_PARAM(url_refused, bad_url_gen_params),
	KUNIT_CASE(no_url),
	KUNIT_CASE_PARAM(arguments, args_gen_params),
	{}
};

static struct kunit_suite url_suite = {
	.name		= "snfs_url",
	.test_cases	= url_test_cases,
};

kunit_test_suite(url_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of snfs: nfs:// URLs");
