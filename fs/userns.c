// SPDX-License-Identifier: GPL-2.0
/*
 * Mounts by root of a user namespace: whether they are allowed, and what they may not do.
 *
 * The network such a mount talks to is its mounter's own: no more can be sent there than by any
 * program of his. Ids are those of his namespace, on the wire too: struct cred of the mount says
 * which that is, and all codecs and sunrpc go by it. What remains is to protect this machine: from
 * what the server says (design.rst, rule 3), from memory and kernel threads held without end, and
 * from programs that change their user.
 */
#include <linux/cred.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include "snfs.h"

/* timeo= and retrans= at most: what waits for a server that is gone ends some day */
#define SNFS_USERNS_TIMEO	600U
#define SNFS_USERNS_RETRANS	5
#define SNFS_USERNS_NCONNECT	4U

static bool snfs_userns_mounts;
module_param_named(userns_mounts, snfs_userns_mounts, bool, 0644);
MODULE_PARM_DESC(userns_mounts, "root of a user namespace may mount (default: no)");

static unsigned int snfs_userns_max = 32;
module_param_named(userns_max, snfs_userns_max, uint, 0644);
MODULE_PARM_DESC(userns_max, "file systems mounted by user namespaces of one user at most");

/**
 * struct snfs_mounter - a user whose namespaces have mounted something
 * @list: in the list of these
 * @uid: the user, in the initial namespace
 * @nr: how many file systems that are
 */
struct snfs_mounter {
	struct list_head	list;
	kuid_t			uid;
	unsigned int		nr;
};

static DEFINE_SPINLOCK(snfs_mounters_lock);
static LIST_HEAD(snfs_mounters);

/* The context has no log yet. */
static void tell(const char *why)
{
	pr_warn_ratelimited("snfs: mount by a user namespace refused (uid %u): %s\n",
			    from_kuid(&init_user_ns, current_uid()), why);
}

/**
 * snfs_userns_begin - may this mount be, and what is it?
 * @fc: the context of a mount, a remount or a mount below another one
 *
 * A mount is allowed by the parameter, and in a network namespace of the mounter's own: there is
 * nobody else's network that he could have the kernel talk to.
 *
 * Return: 0 or -EPERM.
 */
int snfs_userns_begin(struct fs_context *fc)
{
	if (fc->user_ns == &init_user_ns)
		return 0;
	fc->s_iflags |= SB_I_UNTRUSTED_MOUNTER | SB_I_IMA_UNVERIFIABLE_SIGNATURE;
	if (fc->purpose != FS_CONTEXT_FOR_MOUNT)
		return 0;
	if (!READ_ONCE(snfs_userns_mounts)) {
		tell("it takes the module parameter userns_mounts=1");
		return -EPERM;
	}
	if (!ns_capable(fc->net_ns->user_ns, CAP_SYS_ADMIN)) {
		tell("it takes a network namespace of its own");
		return -EPERM;
	}
	return 0;
}

/**
 * snfs_userns_limit - what mounts by user namespaces may not do is taken from the options
 * @fc: the context
 * @opt: its options, ranges and defaults filled
 *
 * Ports are not privileged ones. Locks are local, as lockd would open sockets and keep threads, and
 * there are no ACLs, whose ids need not be known here. Nothing waits for a server for ever.
 */
void snfs_userns_limit(const struct fs_context *fc, struct snfs_options *opt)
{
	if (fc->user_ns == &init_user_ns)
		return;
	opt->flags |= SNFS_OPT_NORESVPORT | SNFS_OPT_LOCAL_LOCKS | SNFS_OPT_NOACL;
	if (!(opt->flags & (SNFS_OPT_SOFT | SNFS_OPT_SOFTERR)))
		opt->flags |= SNFS_OPT_SOFTERR;
	opt->timeo = min(opt->timeo, SNFS_USERNS_TIMEO);
	opt->retrans = min(opt->retrans, SNFS_USERNS_RETRANS);
	opt->nconnect = min(opt->nconnect, SNFS_USERNS_NCONNECT);
}

/* Who is behind a namespace, however many he has made one in the other? */
static kuid_t mounter_of(const struct user_namespace *ns)
{
	while (ns->parent && ns->parent != &init_user_ns)
		ns = ns->parent;
	return ns->owner;
}

static struct snfs_mounter *find_mounter(kuid_t uid)
{
	struct snfs_mounter *mounter;

	list_for_each_entry(mounter, &snfs_mounters, list) {
		if (uid_eq(mounter->uid, uid))
			return mounter;
	}
	return NULL;
}

/**
 * snfs_userns_charge - count a file system, if it is mounted by a user namespace
 * @server: the mount, its cred known
 * @fc: its context, for a message
 *
 * Return: 0; -ENOSPC if its user has too many, as mount(2) says of too many mounts; -ENOMEM.
 */
int snfs_userns_charge(struct snfs_server *server, struct fs_context *fc)
{
	struct snfs_mounter *mounter, *new;
	int err = 0;

	if (server->cred->user_ns == &init_user_ns)
		return 0;
	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->uid = mounter_of(server->cred->user_ns);
	spin_lock(&snfs_mounters_lock);
	mounter = find_mounter(new->uid);
	if (!mounter) {
		mounter = new;
		new = NULL;
		list_add(&mounter->list, &snfs_mounters);
	}
	if (mounter->nr >= READ_ONCE(snfs_userns_max)) {
		err = -ENOSPC;
	} else {
		mounter->nr++;
		server->charged = true;
	}
	if (!mounter->nr) {
		list_del(&mounter->list);
		new = mounter;
	}
	spin_unlock(&snfs_mounters_lock);
	kfree(new);
	if (err)
		errorfc(fc, "this user's namespaces have mounted %u file systems: no more",
			READ_ONCE(snfs_userns_max));
	return err;
}

/**
 * snfs_userns_uncharge - undo snfs_userns_charge()
 * @server: the mount, counted or not
 */
void snfs_userns_uncharge(struct snfs_server *server)
{
	struct snfs_mounter *mounter;

	if (!server->charged)
		return;
	spin_lock(&snfs_mounters_lock);
	mounter = find_mounter(mounter_of(server->cred->user_ns));
	if (--mounter->nr)
		mounter = NULL;
	else
		list_del(&mounter->list);
	spin_unlock(&snfs_mounters_lock);
	kfree(mounter);
	server->charged = false;
}
