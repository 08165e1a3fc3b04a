// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/mounts: options that make the same mount again.
 */
#include <linux/seq_file.h>
#include "snfs.h"

/* The context-free root has options that were not given; mounts know them all. */
static void show_given(struct seq_file *m, const char *name, unsigned int value)
{
	if (value)
		seq_printf(m, ",%s=%u", name, value);
}

static void show_size(struct seq_file *m, const struct snfs_options *opt)
{
	show_given(m, "vers", opt->version);
	show_given(m, "rsize", opt->rsize);
	show_given(m, "wsize", opt->wsize);
	show_given(m, "bsize", opt->bsize);
	show_given(m, "dtsize", opt->dtsize);
	show_given(m, "namlen", opt->namlen);
}

static void show_cache(struct seq_file *m, const struct snfs_options *opt)
{
	seq_printf(m, ",acregmin=%u,acregmax=%u,acdirmin=%u,acdirmax=%u", opt->acregmin,
		   opt->acregmax, opt->acdirmin, opt->acdirmax);
}

static void show_flags(struct seq_file *m, unsigned int flags)
{
	static const struct {
		unsigned int	flag;
		const char	*text;
	} names[] = {
		{ SNFS_OPT_SOFTREVAL,		",softreval" },
		{ SNFS_OPT_NOACL,		",noacl" },
		{ SNFS_OPT_NOCTO,		",nocto" },
		{ SNFS_OPT_NOAC,		",noac" },
		{ SNFS_OPT_NORDIRPLUS,		",nordirplus" },
		{ SNFS_OPT_RDIRPLUS_FORCE,	",rdirplus=force" },
		{ SNFS_OPT_NOSHARECACHE,	",nosharecache" },
		{ SNFS_OPT_NORESVPORT,		",noresvport" },
		{ SNFS_OPT_INO32,		",ino32" },
		{ SNFS_OPT_NOTRAVERSE,		",notraverse" },
	};
	unsigned int i;

	if (flags & SNFS_OPT_SOFT)
		seq_puts(m, ",soft");
	else
		seq_puts(m, flags & SNFS_OPT_SOFTERR ? ",softerr" : ",hard");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (flags & names[i].flag)
			seq_puts(m, names[i].text);
	}
}

static void show_locks(struct seq_file *m, unsigned int flags)
{
	switch (flags & SNFS_OPT_LOCAL_LOCKS) {
	case 0:
		seq_puts(m, ",lock,local_lock=none");
		break;
	case SNFS_OPT_LOCAL_FLOCK:
		seq_puts(m, ",lock,local_lock=flock");
		break;
	case SNFS_OPT_LOCAL_POSIX:
		seq_puts(m, ",lock,local_lock=posix");
		break;
	default:
		seq_puts(m, ",nolock,local_lock=all");
	}
}

static const char *proto_option(int proto, const struct sockaddr_storage *addr)
{
	return snfs_proto_option(proto, addr->ss_family == AF_INET6);
}

/* The flavour in force; before one is, those that were asked for */
static void show_sec(struct seq_file *m, const struct snfs_options *opt)
{
	unsigned int i;

	if (opt->authflavor != RPC_AUTH_MAXFLAVOR) {
		seq_printf(m, ",sec=%s", snfs_flavor_name(opt->authflavor));
		return;
	}
	for (i = 0; i < opt->sec.nr; i++)
		seq_printf(m, "%s%s", i ? ":" : ",sec=", snfs_flavor_name(opt->sec.flavor[i]));
}

static void show_transport(struct seq_file *m, const struct snfs_options *opt)
{
	seq_printf(m, ",proto=%s", proto_option(opt->proto, &opt->addr));
	if (opt->nconnect > 1)
		seq_printf(m, ",nconnect=%u", opt->nconnect);
	if (opt->port)
		seq_printf(m, ",port=%u", opt->port);
	seq_printf(m, ",timeo=%u,retrans=%d", opt->timeo, opt->retrans);
	show_sec(m, opt);
	if (opt->tls != SNFS_TLS_NONE)
		seq_printf(m, ",xprtsec=%s", snfs_tls_name(opt->tls));
	if (uid_valid(opt->uid))
		seq_printf(m, ",uid=%u,gid=%u", from_kuid_munged(seq_user_ns(m), opt->uid),
			   from_kgid_munged(seq_user_ns(m), opt->gid));
}

/* An IPv6 scope is not part of %pISc: without it a link-local address means nothing. */
static void show_addr(struct seq_file *m, const char *name, const struct sockaddr_storage *addr)
{
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)addr;

	seq_printf(m, ",%s=%pISc", name, addr);
	if (addr->ss_family == AF_INET6 && sin6->sin6_scope_id)
		seq_printf(m, "%%%u", sin6->sin6_scope_id);
}

static void show_mountd(struct seq_file *m, const struct snfs_options *opt)
{
	if (opt->mountaddr.ss_family != AF_UNSPEC)
		show_addr(m, "mountaddr", &opt->mountaddr);
	if (opt->mounthost)
		seq_show_option(m, "mounthost", opt->mounthost);
	if (opt->mountport)
		seq_printf(m, ",mountport=%u", opt->mountport);
	if (opt->mountvers)
		seq_printf(m, ",mountvers=%u", opt->mountvers);
	if (opt->mountproto)
		seq_printf(m, ",mountproto=%s",
			   proto_option(opt->mountproto, snfs_mount_addr(opt)));
}

/* What nfs.ko shows behind mountd's options */
static void show_late(struct seq_file *m, const struct snfs_options *opt)
{
	static const char * const lookupcache[] = {
		[SNFS_LOOKUPCACHE_POS]	= "pos",
		[SNFS_LOOKUPCACHE_NONE]	= "none",
	};

	if (opt->lookupcache != SNFS_LOOKUPCACHE_ALL)
		seq_printf(m, ",lookupcache=%s", lookupcache[opt->lookupcache]);
	if (opt->flags & (SNFS_OPT_WRITE_EAGER | SNFS_OPT_WRITE_WAIT))
		seq_printf(m, ",write=%s", opt->flags & SNFS_OPT_WRITE_WAIT ? "wait" : "eager");
}

/**
 * snfs_show_common - print the options that mounts and the context-free root have
 * @m: where to
 * @opt: the options
 */
void snfs_show_common(struct seq_file *m, const struct snfs_options *opt)
{
	show_size(m, opt);
	show_cache(m, opt);
	show_flags(m, opt->flags);
	show_locks(m, opt->flags);
	show_transport(m, opt);
	show_mountd(m, opt);
	show_late(m, opt);
}

/**
 * snfs_show_options - print the options of a mount
 * @m: where to
 * @root: root of the mount
 *
 * Return: 0.
 */
int snfs_show_options(struct seq_file *m, struct dentry *root)
{
	const struct snfs_options *opt = &SNFS_SB(root->d_sb)->opt;

	snfs_show_common(m, opt);
	show_addr(m, "addr", &opt->addr);
	return 0;
}
