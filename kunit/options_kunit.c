// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_options: each mount option stores what it should, and what is wrong is refused.
 */
#include <linux/slab.h>
#include <linux/sunrpc/msg_prot.h>
#include <linux/sunrpc/xprt.h>
#include "snfs_kunit.h"

static int options_init(struct kunit *test)
{
	struct fs_context *fc = kunit_kzalloc(test, sizeof(*fc), GFP_KERNEL);

	if (!fc)
		return -ENOMEM;
	fc->net_ns = &init_net;
	fc->user_ns = &init_user_ns;
	fc->cred = current_cred();
	fc->source = kstrdup("192.0.2.1:/export", GFP_KERNEL);
	test->priv = fc;
	return snfs_init_fs_context(fc);
}

static void options_exit(struct kunit *test)
{
	struct fs_context *fc = test->priv;

	if (!fc)
		return;
	snfs_fc_free(fc);
	kfree(fc->source);
}

/* One option as the VFS hands it over: "key" or "key=value" */
static int parse_one(struct fs_context *fc, const char *text)
{
	const char *value = strchr(text, '=');
	struct fs_parameter param = {
		.type	= value ? fs_value_is_string : fs_value_is_flag,
	};
	char key[32];
	int err;

	strscpy(key, text, value ? value - text + 1 : sizeof(key));
	param.key = key;
	if (value) {
		param.string = kstrdup(value + 1, GFP_KERNEL);
		param.size = strlen(value + 1);
	}
	err = snfs_fc_parse_param(fc, &param);
	kfree(param.string);
	return err;
}

/* A list of options, then the judgement; the first error ends it */
static int parse_all(struct fs_context *fc, const char *options)
{
	char *copy = kstrdup(options, GFP_KERNEL);
	char *rest = copy, *word;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (word = strsep(&rest, ",")) != NULL) {
		if (*word)
			err = parse_one(fc, word);
	}
	kfree(copy);
	return err ? err : snfs_fc_validate(fc);
}

struct stored_case {
	const char	*options;
	size_t		offset;	/* of a word of 32 bits */
	u64		want;
};

#define STORED(options, field, want) \
	{ options, offsetof(struct snfs_options, field), want }

static const struct stored_case stored_cases[] = {
	STORED("",			version,	0),
	STORED("",			flags,		0),
	STORED("",			proto,		XPRT_TRANSPORT_TCP),
	STORED("",			mountproto,	0),
	STORED("",			port,		0),
	STORED("",			mountport,	0),
	STORED("",			rsize,		0),
	STORED("",			wsize,		0),
	STORED("",			timeo,		600),
	STORED("",			retrans,	2),
	STORED("",			nconnect,	1),
	STORED("",			namlen,		0),
	STORED("",			acregmin,	3),
	STORED("",			acregmax,	60),
	STORED("",			acdirmin,	30),
	STORED("",			acdirmax,	60),
	STORED("",			lookupcache,	SNFS_LOOKUPCACHE_ALL),
	STORED("",			authflavor,	RPC_AUTH_MAXFLAVOR),
	STORED("vers=3",		version,	3),
	STORED("nfsvers=3",		version,	3),
	STORED("v3",			version,	3),
	STORED("vers=2",		version,	2),
	STORED("nfsvers=2",		version,	2),
	STORED("v2",			version,	2),
	STORED("v2,vers=3",		version,	3),
	STORED("noac",			flags,		SNFS_OPT_NOAC),
	STORED("noac,ac",		flags,		0),
	STORED("nocto",			flags,		SNFS_OPT_NOCTO),
	STORED("nocto,cto",		flags,		0),
	STORED("soft",			flags,		SNFS_OPT_SOFT),
	STORED("softerr",		flags,		SNFS_OPT_SOFTERR),
	STORED("soft,softerr",		flags,		SNFS_OPT_SOFTERR),
	STORED("softerr,soft",		flags,		SNFS_OPT_SOFT),
	STORED("softerr,hard",		flags,		0),
	STORED("noresvport",		flags,		SNFS_OPT_NORESVPORT),
	STORED("noresvport,resvport",	flags,		0),
	STORED("nordirplus",		flags,		SNFS_OPT_NORDIRPLUS),
	STORED("nordirplus,rdirplus",	flags,		0),
	STORED("nosharecache",		flags,		SNFS_OPT_NOSHARECACHE),
	STORED("lock",			flags,		0),
	STORED("nolock",		flags,		SNFS_OPT_LOCAL_LOCKS),
	STORED("nolock,lock",		flags,		0),
	STORED("local_lock=none",	flags,		0),
	STORED("local_lock=flock",	flags,		SNFS_OPT_LOCAL_FLOCK),
	STORED("local_lock=posix",	flags,		SNFS_OPT_LOCAL_POSIX),
	STORED("local_lock=all",	flags,		SNFS_OPT_LOCAL_LOCKS),
	STORED("nolock,local_lock=flock", flags,	SNFS_OPT_LOCAL_FLOCK),
	STORED("local_lock=posix,nolock", flags,	SNFS_OPT_LOCAL_LOCKS),
	STORED("sloppy",		flags,		SNFS_OPT_SLOPPY),
	STORED("bg,fg,retry=2,intr",	flags,		0),
	STORED("noacl",			flags,		SNFS_OPT_NOACL),
	STORED("noacl,acl",		flags,		0),
	STORED("nointr,nofsc",		flags,		0),
	STORED("",			mountvers,	0),
	STORED("mountvers=1",		mountvers,	1),
	STORED("mountvers=3",		mountvers,	3),
	STORED("port=2050",		port,		2050),
	STORED("port=65535",		port,		65535),
	STORED("mountport=20048",	mountport,	20048),
	STORED("proto=tcp",		proto,		XPRT_TRANSPORT_TCP),
	STORED("tcp",			proto,		XPRT_TRANSPORT_TCP),
	STORED("proto=udp",		proto,		XPRT_TRANSPORT_UDP),
	STORED("udp",			proto,		XPRT_TRANSPORT_UDP),
	STORED("udp,tcp",		proto,		XPRT_TRANSPORT_TCP),
	STORED("addr=2001:db8::1,proto=udp6", proto,	XPRT_TRANSPORT_UDP),
	STORED("addr=2001:db8::1,proto=udp6", flags,	SNFS_OPT_PROTO6),
	STORED("addr=2001:db8::1,udp",	proto,		XPRT_TRANSPORT_UDP),
	STORED("udp",			mountproto,	0),
	STORED("udp",			timeo,		11),
	STORED("udp",			retrans,	3),
	STORED("timeo=7,udp",		timeo,		7),
	STORED("udp,retrans=0",		retrans,	0),
	STORED("udp,timeo=6000",	timeo,		600),
	STORED("timeo=601,tcp",		timeo,		601),
	STORED("udp,tcp",		timeo,		600),
	STORED("udp,tcp",		retrans,	2),
	STORED("nconnect=4,udp",	nconnect,	1),
	STORED("udp,xprtsec=none",	tls,		SNFS_TLS_NONE),
	STORED("addr=2001:db8::1,proto=tcp6", proto,	XPRT_TRANSPORT_TCP),
	STORED("addr=2001:db8::1,proto=tcp", proto,	XPRT_TRANSPORT_TCP),
	STORED("mountproto=udp",	mountproto,	XPRT_TRANSPORT_UDP),
	STORED("mountproto=tcp",	mountproto,	XPRT_TRANSPORT_TCP),
	STORED("mountaddr=2001:db8::1,mountproto=udp6", mountproto, XPRT_TRANSPORT_UDP),
	STORED("rsize=512",		rsize,		512),
	STORED("rsize=1023",		rsize,		512),
	STORED("wsize=512",		wsize,		512),
	STORED("rsize=1024",		rsize,		1024),
	STORED("",			bsize,		0),
	STORED("bsize=512",		bsize,		512),
	STORED("bsize=12288",		bsize,		8192),
	STORED("bsize=999999999",	bsize,		4194304),
	STORED("softreval",		flags,		SNFS_OPT_SOFTREVAL),
	STORED("softreval,nosoftreval",	flags,		0),
	STORED("softreval,hard",	flags,		SNFS_OPT_SOFTREVAL),
	STORED("soft,softreval",	flags,		SNFS_OPT_SOFT | SNFS_OPT_SOFTREVAL),
	STORED("rdirplus=none",		flags,		SNFS_OPT_NORDIRPLUS),
	STORED("rdirplus=force",	flags,		SNFS_OPT_RDIRPLUS_FORCE),
	STORED("rdirplus=none,rdirplus=force", flags,	SNFS_OPT_RDIRPLUS_FORCE),
	STORED("rdirplus=force,rdirplus", flags,	0),
	STORED("rdirplus=force,nordirplus", flags,	SNFS_OPT_NORDIRPLUS),
	STORED("write=lazy",		flags,		0),
	STORED("write=eager",		flags,		SNFS_OPT_WRITE_EAGER),
	STORED("write=eager,write=wait", flags,		SNFS_OPT_WRITE_WAIT),
	STORED("write=wait,write=lazy",	flags,		0),
	STORED("ino32",			flags,		SNFS_OPT_INO32),
	STORED("ino32,noino32",		flags,		0),
	STORED("notraverse",		flags,		SNFS_OPT_NOTRAVERSE),
	STORED("notraverse,traverse",	flags,		0),
	STORED("alignwrite,noalignwrite", flags,	0),
	STORED("posix,noposix",		flags,		0),
	STORED("nomigration,notrunkdiscovery", flags,	0),
	STORED("fatal_neterrors=none",	flags,		0),
	STORED("fatal_neterrors=default", flags,	0),
	STORED("sec=sys:none:sys:unix",	sec.nr,		2),
	STORED("sec=sys:none,sec=none",	sec.nr,		1),
	STORED("sec=sys:unix",		sec.nr,		1),
	STORED("rsize=3000",		rsize,		2048),
	STORED("rsize=1048576",		rsize,		1048576),
	STORED("rsize=4194304",		rsize,		4194304),
	STORED("wsize=4194304",		wsize,		4194304),
	STORED("wsize=99999999",	wsize,		SNFS_IOSIZE_MAX),
	STORED("timeo=1",		timeo,		1),
	STORED("timeo=6001",		timeo,		6000),
	STORED("timeo=4294967295",	timeo,		6000),
	STORED("retrans=0",		retrans,	0),
	STORED("retrans=5",		retrans,	5),
	STORED("nconnect=16",		nconnect,	16),
	STORED("namlen=14",		namlen,		14),
	STORED("namlen=300",		namlen,		255),
	STORED("",			sec.nr,		0),
	STORED("sec=krb5i:sys",		sec.nr,		2),
	STORED("sec=krb5i:sys",		sec.flavor[0],	RPC_AUTH_GSS_KRB5I),
	STORED("sec=krb5i:sys",		sec.flavor[1],	RPC_AUTH_UNIX),
	STORED("sec=krb5,sec=none",	sec.nr,		1),
	STORED("sec=krb5,sec=none",	sec.flavor[0],	RPC_AUTH_NULL),
	STORED("",			tls,		SNFS_TLS_NONE),
	STORED("xprtsec=none",		tls,		SNFS_TLS_NONE),
	STORED("xprtsec=tls",		tls,		SNFS_TLS_SERVER),
	STORED("xprtsec=mtls",		tls,		SNFS_TLS_MUTUAL),
	STORED("lookupcache=none",	lookupcache,	SNFS_LOOKUPCACHE_NONE),
	STORED("lookupcache=pos",	lookupcache,	SNFS_LOOKUPCACHE_POS),
	STORED("lookupcache=positive",	lookupcache,	SNFS_LOOKUPCACHE_POS),
	STORED("lookupcache=none,lookupcache=all", lookupcache, SNFS_LOOKUPCACHE_ALL),
	STORED("acregmin=5",		acregmin,	5),
	STORED("acregmax=120",		acregmax,	120),
	STORED("acdirmin=5",		acdirmin,	5),
	STORED("acdirmax=120",		acdirmax,	120),
	/* The other end of the range follows if it was not given. */
	STORED("acregmin=100",		acregmax,	100),
	STORED("acregmax=1",		acregmin,	1),
	STORED("acdirmax=10",		acdirmin,	10),
	STORED("actimeo=0",		acdirmax,	0),
	STORED("actimeo=7",		acregmin,	7),
	STORED("actimeo=7,acregmin=2",	acregmin,	2),
	STORED("",			uid,		(u32)-1),
	STORED("",			gid,		(u32)-1),
	STORED("uid=0",			uid,		0),
	STORED("uid=4294967294,gid=7",	uid,		4294967294),
	STORED("uid=5,gid=4294967294",	gid,		4294967294),
	STORED("uid=5,gid=7,uid=6",	uid,		6),
	/* The one that is not given is the mounter's: root's. */
	STORED("uid=5",			gid,		0),
	STORED("gid=7",			uid,		0),
	STORED("uid=5,sec=none:sys",	uid,		5),
};

static void stored_case_name(const struct stored_case *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "'%s' at %zu", c->options, c->offset);
}

KUNIT_ARRAY_PARAM(stored, stored_cases, stored_case_name);

static void option_stored(struct kunit *test)
{
	const struct stored_case *c = test->param_value;
	u32 got;

	KUNIT_ASSERT_EQ(test, parse_all(test->priv, c->options), 0);
	memcpy(&got, (u8 *)snfs_fc_options(test->priv) + c->offset, sizeof(got));
	KUNIT_EXPECT_EQ(test, (u64)got, c->want);
}

static const char * const refused[] = {
	"bogus", "bogus=1", "nobogus", "minorversion=1",
	"vers=1", "vers=4", "vers=4.2", "vers=", "vers=33", "v4", "v4.1", "nfsvers=x",
	"proto=udp6", "udp=1", "udp,xprtsec=tls", "xprtsec=mtls,udp", "udp,nconnect=17",
	"udp,timeo=0", "proto=rdma", "proto=", "proto=tcp6",
	"mountproto=rdma", "mountproto=udp6", "mountvers=0", "mountvers=4",
	"sec=krb4", "sec=lkey", "sec=sys:", "sec=", "xprtsec=", "xprtsec=ssl",
	"lock=1", "local_lock", "local_lock=", "local_lock=fcntl",
	"fsc", "fsc=tag",
	"clientaddr=192.0.2.7", "max_connect=2", "migration", "trunkdiscovery", "rdma",
	"fatal_neterrors=ENETDOWN:ENETUNREACH",
	"rdirplus=", "rdirplus=all", "write", "write=", "write=now", "softreval=1", "bsize=x",
	"rsize", "rsize=", "rsize=x", "rsize=1k", "rsize=-1", "rsize=511", "rsize=4294967296",
	"wsize=511", "bsize=511", "timeo=0", "timeo=x", "retrans=-1", "nconnect=0", "nconnect=17",
	"port=65536", "mountport=65536", "port=-1",
	"acregmin=10,acregmax=5", "acdirmin=61,acdirmax=60", "actimeo=x",
	"lookupcache=", "lookupcache=foo",
	"addr=", "addr=server", "addr=1.2.3", "mountaddr=x",
	"hard=1", "noac=1", "nohard",
	"uid", "uid=", "uid=root", "uid=-1", "uid=4294967295", "gid=4294967295", "nouid",
	"uid=5,sec=krb5", "sec=krb5i,gid=5", "uid=5,gid=5,sec=sys:krb5p",
	"addr", "lookupcache", "sec", "proto",
};

static void refused_name(const char * const *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s", *c);
}

KUNIT_ARRAY_PARAM(refused, refused, refused_name);

static void option_refused(struct kunit *test)
{
	const char * const *options = test->param_value;

	KUNIT_EXPECT_EQ(test, parse_all(test->priv, *options), -EINVAL);
}

/* sloppy may come before or behind what it excuses; it excuses no bad value. */
static void sloppy_before(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_all(test->priv, "sloppy,bogus=1,other"), 0);
}

static void sloppy_behind(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_all(test->priv, "bogus=1,other,sloppy"), 0);
}

static void sloppy_bad_value(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_all(test->priv, "sloppy,rsize=x"), -EINVAL);
}

static void addresses(struct kunit *test)
{
	struct snfs_options *opt = snfs_fc_options(test->priv);

	KUNIT_ASSERT_EQ(test, parse_all(test->priv, "mountaddr=2001:db8::2,mounthost=mnt"), 0);
	KUNIT_EXPECT_EQ(test, (int)opt->addr.ss_family, AF_INET);
	KUNIT_EXPECT_EQ(test, opt->addrlen, sizeof(struct sockaddr_in));
	KUNIT_EXPECT_EQ(test, (int)opt->mountaddr.ss_family, AF_INET6);
	KUNIT_EXPECT_PTR_EQ(test, snfs_mount_addr(opt), &opt->mountaddr);
	KUNIT_EXPECT_STREQ(test, opt->hostname, "192.0.2.1");
	KUNIT_EXPECT_STREQ(test, opt->export, "/export");
	KUNIT_EXPECT_STREQ(test, opt->mounthost, "mnt");
}

static void replace_source(struct fs_context *fc, const char *source)
{
	kfree(fc->source);
	fc->source = source ? kstrdup(source, GFP_KERNEL) : NULL;
}

static void name_needs_addr(struct kunit *test)
{
	replace_source(test->priv, "no-such-host.invalid:/export");
	KUNIT_EXPECT_EQ(test, parse_all(test->priv, ""), -EDESTADDRREQ);
}

/* It would be asked about something else. */
static void no_name(struct kunit *test)
{
	replace_source(test->priv, "nfs://afsdb%3Aexample.org/export");
	KUNIT_EXPECT_EQ(test, parse_all(test->priv, ""), -EDESTADDRREQ);
}

static void name_with_addr(struct kunit *test)
{
	replace_source(test->priv, "server:/export");
	KUNIT_ASSERT_EQ(test, parse_all(test->priv, "addr=192.0.2.9"), 0);
	KUNIT_EXPECT_STREQ(test, snfs_fc_options(test->priv)->hostname, "server");
}

static void no_source(struct kunit *test)
{
	replace_source(test->priv, NULL);
	KUNIT_EXPECT_EQ(test, parse_all(test->priv, ""), -EINVAL);
}

/* The VFS keeps the source itself. */
static void source_option(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_one(test->priv, "source=server:/export"), -ENOPARAM);
}

/* A URL as the VFS hands it over, then options, then the judgement */
static int parse_url_and(struct fs_context *fc, const char *url, const char *options)
{
	char text[160];
	int err;

	snprintf(text, sizeof(text), "source=%s", url);
	err = parse_one(fc, text);
	if (err != -ENOPARAM)
		return err;
	replace_source(fc, url);
	return parse_all(fc, options);
}

/* -o has the last word. */
static void url_options(struct kunit *test)
{
	struct snfs_options *opt = snfs_fc_options(test->priv);
	struct fs_context *fc = test->priv;

	KUNIT_ASSERT_EQ(test, parse_url_and(fc, "nfs://192.0.2.9:2050/e%20f?rsize=4096&timeo=300&readonly&uid=5&autoreconnect=0",
					    "timeo=150,hard"), 0);
	KUNIT_EXPECT_STREQ(test, opt->hostname, "192.0.2.9");
	KUNIT_EXPECT_STREQ(test, opt->export, "/e f");
	KUNIT_EXPECT_EQ(test, opt->port, 2050);
	KUNIT_EXPECT_EQ(test, opt->rsize, 4096);
	KUNIT_EXPECT_EQ(test, opt->timeo, 150);
	KUNIT_EXPECT_EQ(test, opt->flags, 0);
	KUNIT_EXPECT_EQ(test, opt->retrans, 0);
	KUNIT_EXPECT_EQ(test, __kuid_val(opt->uid), 5U);
	KUNIT_EXPECT_TRUE(test, fc->sb_flags & SB_RDONLY);
}

static void url_argument_port(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, parse_url_and(test->priv, "nfs://192.0.2.9:1/e?nfsport=2", ""), 0);
	KUNIT_EXPECT_EQ(test, snfs_fc_options(test->priv)->port, 2);
}

static void url_transport(struct kunit *test)
{
	struct snfs_options *opt = snfs_fc_options(test->priv);

	KUNIT_ASSERT_EQ(test, parse_url_and(test->priv, "nfs://192.0.2.9/e?version=2&proto=udp",
					    "mountproto=tcp,dtsize=8192"), 0);
	KUNIT_EXPECT_EQ(test, opt->version, NFS2_VERSION);
	KUNIT_EXPECT_EQ(test, opt->proto, XPRT_TRANSPORT_UDP);
	KUNIT_EXPECT_EQ(test, opt->mountproto, XPRT_TRANSPORT_TCP);
	KUNIT_EXPECT_EQ(test, opt->dtsize, 8192);
}

/* Behind options it would have the last word itself. */
static void url_behind_options(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, parse_one(test->priv, "soft"), 0);
	KUNIT_EXPECT_EQ(test, parse_one(test->priv, "source=nfs://192.0.2.9/e?hard"), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse_one(test->priv, "source=192.0.2.9:/e"), -ENOPARAM);
}

static const char * const refused_urls[] = {
	"nfs://", "nfs://?soft", "nfs://192.0.2.9/e?unheard", "nfs://192.0.2.9/e?unheard=1",
	"nfs://192.0.2.9/e?rsize=x", "nfs://192.0.2.9/e?version=4", "nfs://192.0.2.9/e?if=eth0",
	"nfs://192.0.2.9/e?source=x:", "nfs://me@192.0.2.9/e?sec=krb5",
	"nfs://192.0.2.9/e?uid=5&sec=krb5", "nfs://192.0.2.9/e?readonly=maybe",
};

KUNIT_ARRAY_PARAM(refused_url, refused_urls, refused_name);

static void url_options_refused(struct kunit *test)
{
	const char * const *url = test->param_value;

	KUNIT_EXPECT_EQ(test, parse_url_and(test->priv, *url, ""), -EINVAL);
}

/* A mount by a user namespace: what it may not have is not in force, whatever was said. */
static void user_namespace(struct kunit *test)
{
	struct snfs_options *opt = snfs_fc_options(test->priv);
	struct fs_context *fc = test->priv;

	KUNIT_ASSERT_EQ(test, parse_one(fc, "hard"), 0);
	KUNIT_ASSERT_EQ(test, parse_one(fc, "resvport"), 0);
	KUNIT_ASSERT_EQ(test, parse_one(fc, "timeo=6000"), 0);
	KUNIT_ASSERT_EQ(test, parse_one(fc, "nconnect=16"), 0);
	fc->user_ns = kunit_kzalloc(test, sizeof(*fc->user_ns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, fc->user_ns);
	KUNIT_ASSERT_EQ(test, snfs_fc_validate(fc), 0);
	KUNIT_EXPECT_EQ(test, opt->flags, SNFS_OPT_SOFTERR | SNFS_OPT_NORESVPORT |
					  SNFS_OPT_LOCAL_LOCKS | SNFS_OPT_NOACL);
	KUNIT_EXPECT_EQ(test, opt->timeo, 600U);
	KUNIT_EXPECT_LE(test, opt->retrans, 5);
	KUNIT_EXPECT_GT(test, opt->retrans, 0);
	KUNIT_EXPECT_EQ(test, opt->nconnect, 4U);
}

static void user_namespace_source(struct kunit *test)
{
	struct fs_context *fc = test->priv;

	replace_source(fc, "192.0.2.1:/a\nb");
	fc->user_ns = kunit_kzalloc(test, sizeof(*fc->user_ns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, fc->user_ns);
	KUNIT_EXPECT_EQ(test, snfs_fc_validate(fc), -EINVAL);
}

static struct kunit_case options_cases[] = {
	KUNIT_CASE_PARAM(option_stored, stored_gen_params),
	KUNIT_CASE_PARAM(option_refused, refused_gen_params),
	KUNIT_CASE(sloppy_before),
	KUNIT_CASE(sloppy_behind),
	KUNIT_CASE(sloppy_bad_value),
	KUNIT_CASE(addresses),
	KUNIT_CASE(name_needs_addr),
	KUNIT_CASE(no_name),
	KUNIT_CASE(name_with_addr),
	KUNIT_CASE(no_source),
	KUNIT_CASE(source_option),
	KUNIT_CASE(url_options),
	KUNIT_CASE(url_argument_port),
	KUNIT_CASE(url_transport),
	KUNIT_CASE(url_behind_options),
	KUNIT_CASE_PARAM(url_options_refused, refused_url_gen_params),
	KUNIT_CASE(user_namespace),
	KUNIT_CASE(user_namespace_source),
	{}
};

static struct kunit_suite options_suite = {
	.name		= "snfs_options",
	.init		= options_init,
	.exit		= options_exit,
	.test_cases	= options_cases,
};

kunit_test_suite(options_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of snfs: mount options");
