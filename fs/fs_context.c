// SPDX-License-Identifier: GPL-2.0
/*
 * Mount options: table, parser, judgement, and what a remount may change.
 *
 * The parser only stores; snfs_fc_validate() judges ranges and combinations once all options
 * are known. An unknown option is remembered rather than refused at once, as "sloppy" may
 * still follow it.
 */
#include <linux/ctype.h>
#include <linux/fs_parser.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/sunrpc/addr.h>
#include <linux/sunrpc/msg_prot.h>
#include <linux/sunrpc/xprt.h>
#include <kunit/visibility.h>
#include "address.h"
#include "fc.h"
#include "identity.h"
#include "snfs.h"
#include "url.h"

#define SNFS_AC_UNSET		UINT_MAX

/* Seconds, as nfs(5) */
#define SNFS_ACREGMIN		3
#define SNFS_ACREGMAX		60
#define SNFS_ACDIRMIN		30
#define SNFS_ACDIRMAX		60

#define SNFS_RETRANS_MAX	1000

#define SNFS_PORT_MAX		65535

enum snfs_param {
	PARAM_AC,
	PARAM_ACDIRMAX,
	PARAM_ACDIRMIN,
	PARAM_ACL,
	PARAM_ACREGMAX,
	PARAM_ACREGMIN,
	PARAM_ACTIMEO,
	PARAM_ADDR,
	PARAM_ALLOW,
	PARAM_BSIZE,
	PARAM_CTO,
	PARAM_DTSIZE,
	PARAM_FATAL_NETERRORS,
	PARAM_FSC,
	PARAM_GID,
	PARAM_HARD,
	PARAM_HOSTS,
	PARAM_IDLE,
	PARAM_IGNORED,
	PARAM_INO32,
	PARAM_LOCAL_LOCK,
	PARAM_LOCK,
	PARAM_LOOKUPCACHE,
	PARAM_MOUNTADDR,
	PARAM_MOUNTHOST,
	PARAM_MOUNTPORT,
	PARAM_MOUNTPROTO,
	PARAM_MOUNTVERS,
	PARAM_NAMLEN,
	PARAM_NCONNECT,
	PARAM_PORT,
	PARAM_PROTO,
	PARAM_RDIRPLUS,
	PARAM_REFUSED,
	PARAM_RESVPORT,
	PARAM_RETRANS,
	PARAM_RSIZE,
	PARAM_SEC,
	PARAM_SHARECACHE,
	PARAM_SLOPPY,
	PARAM_SOFT,
	PARAM_SOFTERR,
	PARAM_SOFTREVAL,
	PARAM_SOURCE,
	PARAM_TCP,
	PARAM_TIMEO,
	PARAM_TRAVERSE,
	PARAM_UDP,
	PARAM_UID,
	PARAM_V2,
	PARAM_V3,
	PARAM_V4,
	PARAM_VERS,
	PARAM_WRITE,
	PARAM_WSIZE,
	PARAM_XPRTSEC,
};

/*
 * Sorted by name. Ignored: bg, fg, retry are for mount helpers, intr and posix for old kernels, as
 * in nfs.ko; alignwrite allows what we never do.
 */
const struct fs_parameter_spec snfs_fs_parameters[] = {
	fsparam_flag_no("ac",		PARAM_AC),
	fsparam_u32("acdirmax",		PARAM_ACDIRMAX),
	fsparam_u32("acdirmin",		PARAM_ACDIRMIN),
	fsparam_flag_no("acl",		PARAM_ACL),
	fsparam_u32("acregmax",		PARAM_ACREGMAX),
	fsparam_u32("acregmin",		PARAM_ACREGMIN),
	fsparam_u32("actimeo",		PARAM_ACTIMEO),
	fsparam_string("addr",		PARAM_ADDR),
	fsparam_flag_no("alignwrite",	PARAM_IGNORED),
	fsparam_string("allow",		PARAM_ALLOW),
	fsparam_flag("bg",		PARAM_IGNORED),
	fsparam_u32("bsize",		PARAM_BSIZE),
	fsparam_string("clientaddr",	PARAM_REFUSED),
	fsparam_flag_no("cto",		PARAM_CTO),
	fsparam_u32("dtsize",		PARAM_DTSIZE),
	fsparam_string("fatal_neterrors", PARAM_FATAL_NETERRORS),
	fsparam_flag("fg",		PARAM_IGNORED),
	fsparam_flag_no("fsc",		PARAM_FSC),
	fsparam_string("fsc",		PARAM_FSC),
	fsparam_u32("gid",		PARAM_GID),
	fsparam_flag("hard",		PARAM_HARD),
	fsparam_string("hosts",		PARAM_HOSTS),
	fsparam_u32("idle",		PARAM_IDLE),
	fsparam_flag_no("ino32",	PARAM_INO32),
	fsparam_flag_no("intr",		PARAM_IGNORED),
	fsparam_string("local_lock",	PARAM_LOCAL_LOCK),
	fsparam_flag_no("lock",		PARAM_LOCK),
	fsparam_string("lookupcache",	PARAM_LOOKUPCACHE),
	fsparam_string("max_connect",	PARAM_REFUSED),
	fsparam_flag_no("migration",	PARAM_REFUSED),
	fsparam_string("minorversion",	PARAM_REFUSED),
	fsparam_string("mountaddr",	PARAM_MOUNTADDR),
	fsparam_string("mounthost",	PARAM_MOUNTHOST),
	fsparam_u32("mountport",	PARAM_MOUNTPORT),
	fsparam_string("mountproto",	PARAM_MOUNTPROTO),
	fsparam_u32("mountvers",	PARAM_MOUNTVERS),
	fsparam_u32("namlen",		PARAM_NAMLEN),
	fsparam_u32("nconnect",		PARAM_NCONNECT),
	fsparam_string("nfsvers",	PARAM_VERS),
	fsparam_u32("port",		PARAM_PORT),
	fsparam_flag_no("posix",	PARAM_IGNORED),
	fsparam_string("proto",		PARAM_PROTO),
	fsparam_flag("rdma",		PARAM_REFUSED),
	fsparam_flag_no("rdirplus",	PARAM_RDIRPLUS),
	fsparam_string("rdirplus",	PARAM_RDIRPLUS),
	fsparam_flag_no("resvport",	PARAM_RESVPORT),
	fsparam_u32("retrans",		PARAM_RETRANS),
	fsparam_string("retry",		PARAM_IGNORED),
	fsparam_u32("rsize",		PARAM_RSIZE),
	fsparam_string("sec",		PARAM_SEC),
	fsparam_flag_no("sharecache",	PARAM_SHARECACHE),
	fsparam_flag("sloppy",		PARAM_SLOPPY),
	fsparam_flag("soft",		PARAM_SOFT),
	fsparam_flag("softerr",		PARAM_SOFTERR),
	fsparam_flag_no("softreval",	PARAM_SOFTREVAL),
	fsparam_string("source",	PARAM_SOURCE),
	fsparam_flag("tcp",		PARAM_TCP),
	fsparam_u32("timeo",		PARAM_TIMEO),
	fsparam_flag_no("traverse",	PARAM_TRAVERSE),
	fsparam_flag_no("trunkdiscovery", PARAM_REFUSED),
	fsparam_flag("udp",		PARAM_UDP),
	fsparam_u32("uid",		PARAM_UID),
	fsparam_flag("v2",		PARAM_V2),
	fsparam_flag("v3",		PARAM_V3),
	fsparam_flag("v4",		PARAM_V4),
	fsparam_flag("v4.0",		PARAM_V4),
	fsparam_flag("v4.1",		PARAM_V4),
	fsparam_flag("v4.2",		PARAM_V4),
	fsparam_string("vers",		PARAM_VERS),
	fsparam_string("write",		PARAM_WRITE),
	fsparam_u32("wsize",		PARAM_WSIZE),
	fsparam_string("xprtsec",	PARAM_XPRTSEC),
	{}
};

static const struct constant_table snfs_write_choices[] = {
	{ "eager",	SNFS_OPT_WRITE_EAGER },
	{ "lazy",	0 },
	{ "wait",	SNFS_OPT_WRITE_WAIT },
	{}
};

static const struct constant_table snfs_rdirplus_choices[] = {
	{ "force",	SNFS_OPT_RDIRPLUS_FORCE },
	{ "none",	SNFS_OPT_NORDIRPLUS },
	{}
};

static const struct constant_table snfs_local_lock_choices[] = {
	{ "all",	SNFS_OPT_LOCAL_LOCKS },
	{ "flock",	SNFS_OPT_LOCAL_FLOCK },
	{ "none",	0 },
	{ "posix",	SNFS_OPT_LOCAL_POSIX },
	{}
};

static const struct constant_table snfs_lookupcache_choices[] = {
	{ "all",	SNFS_LOOKUPCACHE_ALL },
	{ "none",	SNFS_LOOKUPCACHE_NONE },
	{ "pos",	SNFS_LOOKUPCACHE_POS },
	{ "positive",	SNFS_LOOKUPCACHE_POS },
	{}
};

static const struct constant_table snfs_version_choices[] = {
	{ "2",		NFS2_VERSION },
	{ "3",		NFS3_VERSION },
	{}
};

#define SNFS_PROTO_6		0x10000	/* of an IPv6 address */

static const struct constant_table snfs_proto_choices[] = {
	{ "tcp",	XPRT_TRANSPORT_TCP },
	{ "tcp6",	XPRT_TRANSPORT_TCP | SNFS_PROTO_6 },
	{ "udp",	XPRT_TRANSPORT_UDP },
	{ "udp6",	XPRT_TRANSPORT_UDP | SNFS_PROTO_6 },
	{}
};

/**
 * snfs_fc_options - the options of a mount under way
 * @fc: the context
 *
 * Return: the options, complete after snfs_fc_validate().
 */
struct snfs_options *snfs_fc_options(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;

	return &ctx->opt;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fc_options);

/**
 * snfs_options_free - free what options own
 * @opt: the options; left without strings
 */
void snfs_options_free(struct snfs_options *opt)
{
	kfree(opt->source);
	kfree(opt->hostname);
	kfree(opt->export);
	kfree(opt->mounthost);
	kfree(opt->addrs);
	opt->source = NULL;
	opt->hostname = NULL;
	opt->export = NULL;
	opt->mounthost = NULL;
	opt->addrs = NULL;
	opt->nr_addrs = 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_options_free);

static void set_flag(struct snfs_options *opt, unsigned int flag, bool on)
{
	if (on)
		opt->flags |= flag;
	else
		opt->flags &= ~flag;
}

/* Options without a value; @on is false for the "no" form. */
static int parse_flag(struct fs_context *fc, enum snfs_param param, bool on)
{
	struct snfs_options *opt = snfs_fc_options(fc);

	switch (param) {
	case PARAM_AC:
		set_flag(opt, SNFS_OPT_NOAC, !on);
		return 0;
	case PARAM_ACL:
		set_flag(opt, SNFS_OPT_NOACL, !on);
		return 0;
	case PARAM_CTO:
		set_flag(opt, SNFS_OPT_NOCTO, !on);
		return 0;
	case PARAM_FSC:
		return on ? invalfc(fc, "fsc: there is no local disk cache; leave it out") : 0;
	case PARAM_HARD:
		set_flag(opt, SNFS_OPT_SOFT | SNFS_OPT_SOFTERR, false);
		return 0;
	case PARAM_INO32:
		set_flag(opt, SNFS_OPT_INO32, on);
		return 0;
	case PARAM_LOCK:
		set_flag(opt, SNFS_OPT_LOCAL_LOCKS, !on);
		return 0;
	case PARAM_RDIRPLUS:
		set_flag(opt, SNFS_OPT_RDIRPLUS_FORCE, false);
		set_flag(opt, SNFS_OPT_NORDIRPLUS, !on);
		return 0;
	case PARAM_RESVPORT:
		set_flag(opt, SNFS_OPT_NORESVPORT, !on);
		return 0;
	case PARAM_SHARECACHE:
		set_flag(opt, SNFS_OPT_NOSHARECACHE, !on);
		return 0;
	case PARAM_SLOPPY:
		opt->flags |= SNFS_OPT_SLOPPY;
		return 0;
	case PARAM_SOFT:
		set_flag(opt, SNFS_OPT_SOFTERR, false);
		opt->flags |= SNFS_OPT_SOFT;
		return 0;
	case PARAM_SOFTERR:
		set_flag(opt, SNFS_OPT_SOFT, false);
		opt->flags |= SNFS_OPT_SOFTERR;
		return 0;
	case PARAM_SOFTREVAL:
		set_flag(opt, SNFS_OPT_SOFTREVAL, on);
		return 0;
	case PARAM_TCP:
		opt->proto = XPRT_TRANSPORT_TCP;
		opt->proto_given = true;
		return 0;
	case PARAM_TRAVERSE:
		set_flag(opt, SNFS_OPT_NOTRAVERSE, !on);
		return 0;
	case PARAM_UDP:
		opt->proto = XPRT_TRANSPORT_UDP;
		opt->proto_given = true;
		return 0;
	case PARAM_V2:
		opt->version = NFS2_VERSION;
		return 0;
	case PARAM_V3:
		opt->version = NFS3_VERSION;
		return 0;
	case PARAM_V4:
		return invalfc(fc, "v4: snfs speaks NFS versions 3 and 2; use vers=3");
	default:
		return -EINVAL;
	}
}

/* Options with a number; its range is judged later. */
static int parse_number(struct snfs_options *opt, enum snfs_param param, u32 value)
{
	switch (param) {
	case PARAM_ACDIRMAX:
		opt->acdirmax = value;
		return 0;
	case PARAM_ACDIRMIN:
		opt->acdirmin = value;
		return 0;
	case PARAM_ACREGMAX:
		opt->acregmax = value;
		return 0;
	case PARAM_ACREGMIN:
		opt->acregmin = value;
		return 0;
	case PARAM_ACTIMEO:
		opt->acregmin = value;
		opt->acregmax = value;
		opt->acdirmin = value;
		opt->acdirmax = value;
		return 0;
	case PARAM_BSIZE:
		opt->bsize = value;
		return 0;
	case PARAM_DTSIZE:
		opt->dtsize = value;
		return 0;
	case PARAM_MOUNTPORT:
		opt->mountport = value;
		return 0;
	case PARAM_MOUNTVERS:
		opt->mountvers = value;
		return 0;
	case PARAM_NAMLEN:
		opt->namlen = value;
		return 0;
	case PARAM_NCONNECT:
		opt->nconnect = value;
		return 0;
	case PARAM_PORT:
		opt->port = value;
		return 0;
	case PARAM_RETRANS:
		opt->retrans = min_t(u32, value, SNFS_RETRANS_MAX);
		opt->retrans_filled = false;
		return 0;
	case PARAM_RSIZE:
		opt->rsize = value;
		return 0;
	case PARAM_TIMEO:
		opt->timeo = min_t(u32, value, SNFS_TIMEO_MAX);
		opt->timeo_filled = false;
		return 0;
	case PARAM_WSIZE:
		opt->wsize = value;
		return 0;
	default:
		return -ENOPARAM;
	}
}

static int parse_version(struct fs_context *fc, const char *value)
{
	int version = snfs_parse_choice(snfs_version_choices, value);

	if (version < 0)
		return invalfc(fc, "vers=%s: snfs speaks NFS versions 3 and 2; use vers=3", value);
	snfs_fc_options(fc)->version = version;
	return 0;
}

static int parse_sec(struct fs_context *fc, const char *value)
{
	if (snfs_flavors_parse(&snfs_fc_options(fc)->sec, value))
		return invalfc(fc, "sec=%s: use none, sys, krb5, krb5i, krb5p, or several with ':'",
			       value);
	return 0;
}

/* Of several bits of the flags the one that  chooses */
static int parse_bits(struct fs_context *fc, const char *key, const char *value,
		      const struct constant_table *choices, unsigned int bits, const char *words)
{
	int choice = snfs_parse_choice(choices, value);

	if (choice < 0)
		return invalfc(fc, "%s=%s: use %s", key, value, words);
	set_flag(snfs_fc_options(fc), bits, false);
	set_flag(snfs_fc_options(fc), choice, true);
	return 0;
}

static int parse_fatal_neterrors(struct fs_context *fc, const char *value)
{
	if (!strcmp(value, "default") || !strcmp(value, "none"))
		return 0;
	return invalfc(fc, "fatal_neterrors=%s: a dead network never ends calls of hard mounts; "
		       "use softerr, or fatal_neterrors=none", value);
}

static int parse_proto(struct fs_context *fc, const char *value)
{
	struct snfs_options *opt = snfs_fc_options(fc);
	int proto = snfs_parse_choice(snfs_proto_choices, value);

	if (proto < 0)
		return invalfc(fc, "proto=%s: use tcp, tcp6, udp or udp6", value);
	opt->proto = proto & ~SNFS_PROTO_6;
	opt->proto_given = true;
	set_flag(opt, SNFS_OPT_PROTO6, proto & SNFS_PROTO_6);
	return 0;
}

static int parse_mountproto(struct fs_context *fc, const char *value)
{
	struct snfs_options *opt = snfs_fc_options(fc);
	int proto = snfs_parse_choice(snfs_proto_choices, value);

	if (proto < 0)
		return invalfc(fc, "mountproto=%s: use tcp, tcp6, udp or udp6", value);
	opt->mountproto = proto & ~SNFS_PROTO_6;
	set_flag(opt, SNFS_OPT_MOUNTPROTO6, proto & SNFS_PROTO_6);
	return 0;
}

static int parse_addr(struct fs_context *fc, const char *key, const char *value,
		      struct sockaddr_storage *addr, size_t *addrlen)
{
	if (snfs_parse_addr(fc->net_ns, value, strlen(value), addr, addrlen))
		return invalfc(fc, "%s=%s: it must be an IPv4 or IPv6 address", key, value);
	return 0;
}

static int parse_local_lock(struct fs_context *fc, const char *value)
{
	struct snfs_options *opt = snfs_fc_options(fc);
	int local = snfs_parse_choice(snfs_local_lock_choices, value);

	if (local < 0)
		return invalfc(fc, "local_lock=%s: use none, flock, posix or all", value);
	opt->flags = (opt->flags & ~SNFS_OPT_LOCAL_LOCKS) | local;
	return 0;
}

static int parse_lookupcache(struct fs_context *fc, const char *value)
{
	int choice = snfs_parse_choice(snfs_lookupcache_choices, value);

	if (choice < 0)
		return invalfc(fc, "lookupcache=%s: use all, pos (or positive) or none", value);
	snfs_fc_options(fc)->lookupcache = choice;
	return 0;
}

static int take_string(char **to, struct fs_parameter *param)
{
	kfree(*to);
	*to = param->string;
	param->string = NULL;
	return 0;
}

/* Options with a text */
static int parse_text(struct fs_context *fc, enum snfs_param opt_id, struct fs_parameter *param)
{
	struct snfs_options *opt = snfs_fc_options(fc);

	switch (opt_id) {
	case PARAM_ADDR:
		return parse_addr(fc, param->key, param->string, &opt->addr, &opt->addrlen);
	case PARAM_FATAL_NETERRORS:
		return parse_fatal_neterrors(fc, param->string);
	case PARAM_LOCAL_LOCK:
		return parse_local_lock(fc, param->string);
	case PARAM_LOOKUPCACHE:
		return parse_lookupcache(fc, param->string);
	case PARAM_MOUNTADDR:
		return parse_addr(fc, param->key, param->string, &opt->mountaddr,
				  &opt->mountaddrlen);
	case PARAM_MOUNTHOST:
		return take_string(&opt->mounthost, param);
	case PARAM_MOUNTPROTO:
		return parse_mountproto(fc, param->string);
	case PARAM_PROTO:
		return parse_proto(fc, param->string);
	case PARAM_RDIRPLUS:
		return parse_bits(fc, param->key, param->string, snfs_rdirplus_choices,
				  SNFS_OPT_NORDIRPLUS | SNFS_OPT_RDIRPLUS_FORCE, "none or force");
	case PARAM_SEC:
		return parse_sec(fc, param->string);
	case PARAM_VERS:
		return parse_version(fc, param->string);
	case PARAM_WRITE:
		return parse_bits(fc, param->key, param->string, snfs_write_choices,
				  SNFS_OPT_WRITE_EAGER | SNFS_OPT_WRITE_WAIT,
				  "lazy, eager or wait");
	case PARAM_XPRTSEC:
		return snfs_tls_parse(fc, param->string, &opt->tls);
	default:
		return -EINVAL;
	}
}

static int remember_unknown(struct fs_context *fc, const char *key)
{
	struct snfs_fc *ctx = fc->fs_private;

	if (ctx->unknown)
		return 0;
	ctx->unknown = kstrdup(key, GFP_KERNEL);
	return ctx->unknown ? 0 : -ENOMEM;
}

/* fs_parse() has said which option; say what it wants. */
static int bad_value(struct fs_context *fc, const struct fs_parameter *param)
{
	if (param->type == fs_value_is_string && param->string)
		return invalfc(fc, "%s=%s: it takes a whole number, or no value: see snfs(5)",
			       param->key, param->string);
	return invalfc(fc, "%s: it needs a value: see snfs(5)", param->key);
}

/* A URL brings options along: those that stand in front of it would lose against them. */
static int take_source(struct fs_context *fc, const char *source)
{
	struct snfs_fc *ctx = fc->fs_private;
	int err = 0;

	if (fc->purpose != FS_CONTEXT_FOR_RECONFIGURE && snfs_is_url(source)) {
		if (ctx->begun)
			return invalfc(fc, "source: a URL comes before all options");
		err = snfs_fc_parse_url(fc, source, &ctx->user);
	}
	return err ? err : -ENOPARAM;
}

/* Of mounts that need no privilege */
static void keep_messages(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;

	if (fc->user_ns != &init_user_ns && snfs_messages_keep(fc))
		ctx->kept = true;
}

/**
 * snfs_fc_parse_param - store one option
 * @fc: the context
 * @param: the option; its string may be taken over
 *
 * Return: 0; -ENOPARAM for "source", which the VFS keeps; -EINVAL, -ENOMEM.
 */
VISIBLE_IF_KUNIT int snfs_fc_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct snfs_fc *ctx = fc->fs_private;
	struct fs_parse_result res;
	int opt;

	keep_messages(fc);
	opt = fs_parse(fc, snfs_fs_parameters, param, &res);

	if (opt == -ENOPARAM)
		return remember_unknown(fc, param->key);
	if (opt == -EINVAL)
		return bad_value(fc, param);
	if (opt < 0)
		return opt;
	if (opt == PARAM_SOURCE)
		return take_source(fc, param->string);
	ctx->begun = true;
	if (opt == PARAM_IGNORED)
		return 0;
	if (opt == PARAM_REFUSED)
		return snfs_fc_refuse(fc, param, res.negated);
	if (opt == PARAM_MOUNTVERS && (!res.uint_32 || res.uint_32 > MOUNT_V3))
		return invalfc(fc, "mountvers=%u: it must be 1 to 3", res.uint_32);
	if (opt == PARAM_HOSTS || opt == PARAM_ALLOW)
		return snfs_netopt_text(fc, &ctx->net, param);
	if (opt == PARAM_IDLE) {
		snfs_netopt_idle(fc, &ctx->net, res.uint_32);
		return 0;
	}
	if (opt == PARAM_UID || opt == PARAM_GID)
		return snfs_identity_parse(fc, param->key, opt == PARAM_UID, res.uint_32);
	if (parse_number(snfs_fc_options(fc), opt, res.uint_32) == 0)
		return 0;
	if (param->type == fs_value_is_string && opt != PARAM_FSC)
		return parse_text(fc, opt, param);
	return parse_flag(fc, opt, !res.negated);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fc_parse_param);

static int validate_ac_pair(struct fs_context *fc, const char *what, unsigned int *min,
			    unsigned int *max, unsigned int min_default, unsigned int max_default)
{
	if (*min == SNFS_AC_UNSET)
		*min = min(min_default, *max);
	if (*max == SNFS_AC_UNSET)
		*max = max(max_default, *min);
	if (*min > *max)
		return invalfc(fc, "%smin=%u is longer than %smax=%u", what, *min, what, *max);
	return 0;
}

static int validate_times(struct fs_context *fc, struct snfs_options *opt)
{
	int err;

	err = validate_ac_pair(fc, "acreg", &opt->acregmin, &opt->acregmax,
			       SNFS_ACREGMIN, SNFS_ACREGMAX);
	if (err)
		return err;
	err = validate_ac_pair(fc, "acdir", &opt->acdirmin, &opt->acdirmax,
			       SNFS_ACDIRMIN, SNFS_ACDIRMAX);
	if (err)
		return err;
	if (!opt->timeo)
		return invalfc(fc, "timeo=0: it is in tenths of a second, from 1 to %u",
			       SNFS_TIMEO_MAX);
	snfs_timeo_fill(opt);
	return 0;
}

static int validate_iosize(struct fs_context *fc, const char *what, unsigned int *bytes)
{
	if (!*bytes)
		return 0;
	if (*bytes < SNFS_IOSIZE_MIN)
		return invalfc(fc, "%s=%u: it is in bytes, at least %u", what, *bytes,
			       SNFS_IOSIZE_MIN);
	*bytes = snfs_io_size(*bytes);
	return 0;
}

static int validate_numbers(struct fs_context *fc, struct snfs_options *opt)
{
	int err;

	if (opt->port > SNFS_PORT_MAX)
		return invalfc(fc, "port=%u: the highest port is %u", opt->port, SNFS_PORT_MAX);
	if (opt->mountport > SNFS_PORT_MAX)
		return invalfc(fc, "mountport=%u: the highest port is %u", opt->mountport,
			       SNFS_PORT_MAX);
	if (!opt->nconnect || opt->nconnect > SNFS_NCONNECT_MAX)
		return invalfc(fc, "nconnect=%u: it must be 1 to %u", opt->nconnect,
			       SNFS_NCONNECT_MAX);
	opt->namlen = min_t(unsigned int, opt->namlen, NFS3_MAXNAMLEN);
	err = validate_iosize(fc, "rsize", &opt->rsize);
	if (!err)
		err = validate_iosize(fc, "wsize", &opt->wsize);
	if (!err)
		err = validate_iosize(fc, "bsize", &opt->bsize);
	if (!err)
		err = validate_iosize(fc, "dtsize", &opt->dtsize);
	if (!err && opt->bsize)
		opt->bsize = rounddown_pow_of_two(opt->bsize);
	return err;
}

/* As in nfs(5), more connections are for what has connections. */
static int validate_transport(struct fs_context *fc, struct snfs_options *opt)
{
	if (opt->proto != XPRT_TRANSPORT_UDP)
		return 0;
	opt->nconnect = 1;
	if (opt->tls != SNFS_TLS_NONE)
		return invalfc(fc, "xprtsec=%s: RPC over TLS needs TCP; use proto=tcp",
			       snfs_tls_name(opt->tls));
	return 0;
}

/* Messages quote it. */
static bool is_printable(const char *text)
{
	while (*text && !iscntrl(*text))
		text++;
	return !*text;
}

static int validate_source(struct fs_context *fc, struct snfs_options *opt)
{
	const char *why = "out of memory";
	int err;

	if (!fc->source || !*fc->source)
		return invalfc(fc, "no source: say what to mount as SERVER:/path");
	opt->source = kstrdup(fc->source, GFP_KERNEL);
	if (!opt->source)
		return -ENOMEM;
	if (fc->user_ns != &init_user_ns && !is_printable(opt->source))
		return invalfc(fc, "source: control characters are refused");
	err = snfs_parse_source(opt, opt->source, &why);
	if (err && err != -ENOMEM)
		errorfc(fc, "source %.100s: %s", opt->source, why);
	return err;
}

static int validate_addresses(struct fs_context *fc, struct snfs_options *opt)
{
	int err = snfs_address_find(fc, opt);

	if (err)
		return err;
	if ((opt->flags & SNFS_OPT_PROTO6) && opt->addr.ss_family != AF_INET6)
		return invalfc(fc, "proto=%s: %pISc is no IPv6 address",
			       snfs_proto_option(opt->proto, true), &opt->addr);
	if (!(opt->flags & SNFS_OPT_MOUNTPROTO6))
		return 0;
	if (snfs_mount_addr(opt)->ss_family != AF_INET6)
		return invalfc(fc, "mountproto: %pISc is no IPv6 address", snfs_mount_addr(opt));
	return 0;
}

static int validate_unknown(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;

	if (!ctx->unknown || (ctx->opt.flags & SNFS_OPT_SLOPPY))
		return 0;
	return invalfc(fc, "unknown option '%s': see snfs(5), or sloppy to ignore it",
		       ctx->unknown);
}

/* What needs no server to be judged */
static int validate_options(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;
	struct snfs_options *opt = &ctx->opt;
	int err;

	err = validate_unknown(fc);
	if (err)
		return err;
	err = validate_times(fc, opt);
	if (err)
		return err;
	err = validate_numbers(fc, opt);
	if (err)
		return err;
	err = validate_transport(fc, opt);
	if (err)
		return err;
	err = snfs_identity_validate(fc, opt, ctx->user);
	if (!err)
		snfs_userns_limit(fc, opt);
	return err;
}

/**
 * snfs_fc_validate - judge the options of a mount as a whole and fill in defaults
 * @fc: the context, all options parsed
 *
 * Return: 0, -EINVAL, -ENAMETOOLONG, -EDESTADDRREQ, -ENOMEM.
 */
VISIBLE_IF_KUNIT int snfs_fc_validate(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;
	int err = validate_options(fc);

	if (err)
		return err;
	if (ctx->net.given)
		return invalfc(fc, "%s= is for the context-free root (nfs://) only",
			       ctx->net.given);
	err = validate_source(fc, &ctx->opt);
	return err ? err : validate_addresses(fc, &ctx->opt);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fc_validate);

static int snfs_fc_get_tree(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;
	int err;

	keep_messages(fc);
	if (snfs_is_netroot(fc->source)) {
		err = validate_options(fc);
		return err ? err : snfs_netroot_get_tree(fc, &ctx->net);
	}
	err = snfs_fc_validate(fc);
	return err ? err : snfs_get_tree(fc);
}

/* What a remount cannot change, as the server or the connections would have to be set up anew */
static int refuse_change(struct fs_context *fc, const struct snfs_options *old,
			 const struct snfs_options *new)
{
	const struct {
		const char	*name;
		bool		differs;
	} fixed[] = {
		{ "acl",	(old->flags ^ new->flags) & SNFS_OPT_NOACL },
		{ "addr",	!rpc_cmp_addr((struct sockaddr *)&old->addr,
					      (struct sockaddr *)&new->addr) },
		{ "lock or local_lock",
				(old->flags ^ new->flags) & SNFS_OPT_LOCAL_LOCKS },
		{ "mountaddr",	memcmp(&old->mountaddr, &new->mountaddr, sizeof(old->mountaddr)) },
		{ "bsize",	old->bsize != new->bsize },
		{ "dtsize",	old->dtsize != new->dtsize },
		{ "ino32",	(old->flags ^ new->flags) & SNFS_OPT_INO32 },
		{ "mounthost",	new->mounthost && (!old->mounthost ||
						   strcmp(old->mounthost, new->mounthost)) },
		{ "mountport",	old->mountport != new->mountport },
		{ "mountproto",	old->mountproto != new->mountproto },
		{ "mountvers",	old->mountvers != new->mountvers },
		{ "namlen",	old->namlen != new->namlen },
		{ "nconnect",	old->nconnect != new->nconnect },
		{ "port",	old->port != new->port },
		{ "proto",	old->proto != new->proto ||
				(new->flags & SNFS_OPT_PROTO6 && old->addr.ss_family != AF_INET6) },
		{ "resvport",	(old->flags ^ new->flags) & SNFS_OPT_NORESVPORT },
		{ "rsize",	old->rsize != new->rsize },
		{ "sec",	!snfs_flavors_have(&new->sec, old->authflavor) },
		{ "sharecache",	(old->flags ^ new->flags) & SNFS_OPT_NOSHARECACHE },
		{ "traverse",	(old->flags ^ new->flags) & SNFS_OPT_NOTRAVERSE },
		{ "uid or gid",	!uid_eq(old->uid, new->uid) || !gid_eq(old->gid, new->gid) },
		{ "vers",	old->version != new->version },
		{ "wsize",	old->wsize != new->wsize },
		{ "xprtsec",	old->tls != new->tls },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++) {
		if (fixed[i].differs)
			return invalfc(fc, "a remount cannot change %s: unmount and mount again",
				       fixed[i].name);
	}
	return 0;
}

#define SNFS_OPT_CHANGEABLE	(SNFS_OPT_SOFT | SNFS_OPT_SOFTERR | SNFS_OPT_NOCTO | \
				 SNFS_OPT_NOAC | SNFS_OPT_NORDIRPLUS | \
				 SNFS_OPT_SOFTREVAL | SNFS_OPT_RDIRPLUS_FORCE | \
				 SNFS_OPT_WRITE_EAGER | SNFS_OPT_WRITE_WAIT)

static int snfs_fc_reconfigure(struct fs_context *fc)
{
	struct snfs_server *server = SNFS_SB(fc->root->d_sb);
	struct snfs_options *new = snfs_fc_options(fc);
	struct snfs_options *opt = &server->opt;
	struct snfs_fc *ctx = fc->fs_private;
	int err;

	if (server->netroot) {
		err = validate_options(fc);
		return err ? err : snfs_netroot_reconfigure(fc, &ctx->net);
	}
	err = validate_unknown(fc);
	if (!err)
		err = validate_times(fc, new);
	if (!err)
		err = validate_numbers(fc, new);
	if (!err)
		err = validate_transport(fc, new);
	snfs_userns_limit(fc, new);
	if (!err)
		err = refuse_change(fc, opt, new);
	if (err)
		return err;
	/* noac brings sync, which goes with it unless it was named too. */
	if (new->flags & SNFS_OPT_NOAC)
		fc->sb_flags |= SB_SYNCHRONOUS;
	if ((opt->flags | new->flags) & SNFS_OPT_NOAC)
		fc->sb_flags_mask |= SB_SYNCHRONOUS;
	opt->flags = (opt->flags & ~SNFS_OPT_CHANGEABLE) | (new->flags & SNFS_OPT_CHANGEABLE);
	opt->acregmin = new->acregmin;
	opt->acregmax = new->acregmax;
	opt->acdirmin = new->acdirmin;
	opt->acdirmax = new->acdirmax;
	opt->timeo = new->timeo;
	opt->retrans = new->retrans;
	opt->lookupcache = new->lookupcache;
	snfs_server_apply_options(server);
	return 0;
}

VISIBLE_IF_KUNIT void snfs_fc_free(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;

	if (!ctx)
		return;
	if (ctx->kept)
		snfs_messages_tell(fc);
	snfs_options_free(&ctx->opt);
	snfs_netopt_free(&ctx->net);
	kfree(ctx->unknown);
	kfree(ctx);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fc_free);

const struct fs_context_operations snfs_context_ops = {
	.free		= snfs_fc_free,
	.parse_param	= snfs_fc_parse_param,
	.get_tree	= snfs_fc_get_tree,
	.reconfigure	= snfs_fc_reconfigure,
};

static void set_defaults(struct snfs_options *opt)
{
	opt->proto = XPRT_TRANSPORT_TCP;
	opt->timeo = SNFS_TIMEO_UNSET;
	opt->retrans = -1;
	opt->nconnect = 1;
	opt->idle = SNFS_EXPIRY_DEFAULT;
	opt->authflavor = RPC_AUTH_MAXFLAVOR;
	opt->uid = INVALID_UID;
	opt->gid = INVALID_GID;
	opt->acregmin = SNFS_AC_UNSET;
	opt->acregmax = SNFS_AC_UNSET;
	opt->acdirmin = SNFS_AC_UNSET;
	opt->acdirmax = SNFS_AC_UNSET;
}

/**
 * snfs_options_inherit - begin with the options of another mount
 * @opt: OUT: the options, without names and lists
 * @from: those of the other mount
 */
void snfs_options_inherit(struct snfs_options *opt, const struct snfs_options *from)
{
	*opt = *from;
	opt->source = NULL;
	opt->hostname = NULL;
	opt->export = NULL;
	opt->mounthost = NULL;
	opt->addrs = NULL;
}

/**
 * snfs_init_fs_context - begin a mount or a remount
 * @fc: the context
 *
 * Return: 0, -ENOMEM, or -EPERM for a user namespace.
 */
int snfs_init_fs_context(struct fs_context *fc)
{
	struct snfs_fc *ctx;
	int err = snfs_userns_begin(fc);

	if (err)
		return err;
	/* Pages must not change while they are sent again or checksummed. */
	fc->s_iflags |= SB_I_STABLE_WRITES;
	if (fc->purpose == FS_CONTEXT_FOR_SUBMOUNT) {
		snfs_submount_init_fs_context(fc);
		return 0;
	}
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	/* A remount starts from what is in force: what it does not name stays as it is. */
	if (fc->purpose == FS_CONTEXT_FOR_RECONFIGURE)
		snfs_options_inherit(&ctx->opt, &SNFS_SB(fc->root->d_sb)->opt);
	else
		set_defaults(&ctx->opt);
	if (fc->purpose == FS_CONTEXT_FOR_RECONFIGURE && SNFS_SB(fc->root->d_sb)->netroot)
		snfs_netroot_current(SNFS_SB(fc->root->d_sb)->netroot, &ctx->net);
	fc->fs_private = ctx;
	fc->ops = &snfs_context_ops;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_init_fs_context);
