// SPDX-License-Identifier: GPL-2.0
/*
 * The context-free root (mount -t snfs nfs:// /net): its superblock, and the options that it hands
 * down.
 *
 * Its superblock has a struct snfs_server as all have, but one that is never connected: it holds
 * options, network namespace and credential of the mounter for the mounts below.
 */
#include <linux/dcache.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "fc.h"
#include "netroot.h"
#include "snfs/magic.h"
#include "url.h"

/* idle=, seconds, as autofs */
#define SNFS_NETROOT_IDLE	300

/**
 * snfs_is_netroot - does a source ask for the context-free root?
 * @source: the text, or NULL
 *
 * Return: whether it does: it is a URL without host.
 */
bool snfs_is_netroot(const char *source)
{
	struct snfs_url url;
	const char *why;
	bool is;

	if (!source || !snfs_is_url(source) || snfs_url_parse(&url, source, &why))
		return false;
	is = !*url.host;
	snfs_url_free(&url);
	return is;
}

/**
 * snfs_netroot_copy_options - take the options of the mounts below
 * @root: the root
 * @opt: OUT: the options, without names and addresses
 */
void snfs_netroot_copy_options(struct snfs_netroot *root, struct snfs_options *opt)
{
	mutex_lock(&root->opt_lock);
	snfs_options_inherit(opt, &SNFS_SB(root->sb)->opt);
	if (!(root->opt.allow & SNFS_ALLOW_DEV))
		opt->flags |= SNFS_OPT_NODEV;
	mutex_unlock(&root->opt_lock);
}

static void use_mounter(struct fs_context *fc, const struct snfs_server *server)
{
	put_cred(fc->cred);
	fc->cred = get_cred(server->cred);
	put_net(fc->net_ns);
	fc->net_ns = get_net(server->net);
}

/* Messages are kept with the context: the kernel's log is no place for what anybody can cause. */
static int keep_messages(struct fs_context *fc)
{
	struct fc_log *log = kzalloc(sizeof(*log), GFP_KERNEL);

	if (!log)
		return -ENOMEM;
	refcount_set(&log->usage, 1);
	fc->log.log = log;
	fc->log.prefix = NULL;
	return 0;
}

/* Let a context for a mount below another have options as any mount has. */
static int preset(struct fs_context *fc, const char *nodename)
{
	struct snfs_fc *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	ctx->nodename = nodename;
	fc->fs_private = ctx;
	fc->ops = &snfs_context_ops;
	return 0;
}

/**
 * snfs_netroot_context - begin a mount below the root
 * @root: the root
 * @dentry: where
 *
 * Network namespace, credential and options are those of who mounted the root; the process that
 * walks by may have others.
 *
 * Return: the context, for put_fs_context(), or an ERR_PTR. Source and address are missing.
 */
struct fs_context *snfs_netroot_context(struct snfs_netroot *root, struct dentry *dentry)
{
	const struct snfs_server *server = SNFS_SB(root->sb);
	struct fs_context *fc = fs_context_for_submount(root->sb->s_type, dentry);
	int err;

	if (IS_ERR(fc))
		return fc;
	use_mounter(fc, server);
	fc->sb_flags |= root->sb->s_flags & SNFS_SB_MASK;
	fc->sb_flags_mask |= SNFS_SB_MASK;
	err = keep_messages(fc);
	if (!err)
		err = preset(fc, server->nodename);
	if (err) {
		put_fs_context(fc);
		return ERR_PTR(err);
	}
	snfs_netroot_copy_options(root, snfs_fc_options(fc));
	return fc;
}

static int netroot_show_options(struct seq_file *m, struct dentry *dentry)
{
	struct snfs_netroot *root = SNFS_NETROOT(dentry->d_sb);

	mutex_lock(&root->opt_lock);
	snfs_show_common(m, &SNFS_SB(dentry->d_sb)->opt);
	seq_printf(m, ",idle=%u", SNFS_SB(dentry->d_sb)->opt.idle);
	snfs_netopt_show(m, &root->opt);
	mutex_unlock(&root->opt_lock);
	return 0;
}

static const struct super_operations snfs_netroot_super_operations = {
	.statfs		= simple_statfs,
	.evict_inode	= snfs_netdir_evict,
	.show_options	= netroot_show_options,
};

/* Names are in the dcache while they are used, and no longer. */
static const struct dentry_operations snfs_netroot_dentry_operations = {
	.d_delete	= always_delete_dentry,
	.d_automount	= snfs_netroot_automount,
};

static int fill_root(struct super_block *sb)
{
	struct inode *inode;

	SNFS_NETROOT(sb)->sb = sb;
	SNFS_SB(sb)->sb = sb;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_magic = SNFS_SUPER_MAGIC;
	sb->s_time_gran = NSEC_PER_SEC;
	sb->s_op = &snfs_netroot_super_operations;
	snfs_set_default_d_op(sb, &snfs_netroot_dentry_operations);
	inode = snfs_netdir_root(sb);
	sb->s_root = d_make_root(inode);
	if (!sb->s_root)
		return -ENOMEM;
	sb->s_flags |= SB_ACTIVE;
	return 0;
}

static struct snfs_netroot *alloc_root(struct snfs_netroot_options *opt)
{
	struct snfs_netroot *root = kzalloc(sizeof(*root), GFP_KERNEL);

	if (!root)
		return NULL;
	root->opt = *opt;
	opt->hosts = NULL;
	opt->hosts_text = NULL;
	root->born.tv_sec = ktime_get_real_seconds();
	mutex_init(&root->opt_lock);
	spin_lock_init(&root->lock);
	INIT_LIST_HEAD(&root->hosts);
	INIT_LIST_HEAD(&root->forgotten);
	INIT_WORK(&root->forget, snfs_nethost_forget);
	return root;
}

/**
 * snfs_netroot_free - free a root
 * @root: the root; its superblock has no inode any more
 */
void snfs_netroot_free(struct snfs_netroot *root)
{
	snfs_nethost_prune(root, 0);
	flush_work(&root->forget);
	WARN_ON_ONCE(!list_empty(&root->hosts));
	snfs_netopt_free(&root->opt);
	kfree(root);
}

static int refuse_hosts(struct fs_context *fc, const struct snfs_options *opt)
{
	const char *name = NULL;

	if (opt->addr.ss_family != AF_UNSPEC)
		name = "addr";
	else if (opt->mountaddr.ss_family != AF_UNSPEC)
		name = "mountaddr";
	else if (opt->mounthost)
		name = "mounthost";
	if (!name)
		return 0;
	return invalfc(fc, "%s=: below nfs:// the path says which host: leave it out", name);
}

static struct snfs_server *make_server(struct fs_context *fc, struct snfs_netroot_options *opt)
{
	struct snfs_server *server = snfs_server_alloc();

	if (!server)
		return NULL;
	server->opt = *snfs_fc_options(fc);
	memset(snfs_fc_options(fc), 0, sizeof(server->opt));
	server->net = get_net(fc->net_ns);
	server->cred = get_cred(fc->cred);
	server->opt.source = kstrdup(fc->source, GFP_KERNEL);
	if (server->opt.idle == SNFS_EXPIRY_DEFAULT)
		server->opt.idle = SNFS_NETROOT_IDLE;
	server->netroot = alloc_root(opt);
	if (server->opt.source && server->netroot)
		return server;
	if (server->netroot)
		snfs_netroot_free(server->netroot);
	snfs_server_free(server);
	return NULL;
}

/**
 * snfs_netroot_get_tree - make a context-free root
 * @fc: the context, its common options validated
 * @opt: its own options; strings are taken over
 *
 * Each mount of it is one of its own.
 *
 * Return: 0, -EINVAL, -ENOMEM, -ENOSPC (see snfs_userns_charge()), told through @fc.
 */
int snfs_netroot_get_tree(struct fs_context *fc, struct snfs_netroot_options *opt)
{
	int err = refuse_hosts(fc, snfs_fc_options(fc));
	struct snfs_server *server;
	struct super_block *sb;

	if (err)
		return err;
	server = make_server(fc, opt);
	if (!server)
		return -ENOMEM;
	err = snfs_userns_charge(server, fc);
	fc->s_fs_info = server;
	sb = err ? ERR_PTR(err) : sget_fc(fc, NULL, set_anon_super_fc);
	fc->s_fs_info = NULL;
	if (IS_ERR(sb)) {
		snfs_netroot_free(server->netroot);
		snfs_server_free(server);
		return PTR_ERR(sb);
	}
	err = fill_root(sb);
	if (err) {
		deactivate_locked_super(sb);
		return err;
	}
	fc->root = dget(sb->s_root);
	return 0;
}

/**
 * snfs_netroot_current - begin a remount with the options in force
 * @root: the root
 * @opt: OUT: its own options, but for hosts=
 */
void snfs_netroot_current(struct snfs_netroot *root, struct snfs_netroot_options *opt)
{
	mutex_lock(&root->opt_lock);
	opt->allow = root->opt.allow;
	mutex_unlock(&root->opt_lock);
}

/**
 * snfs_netroot_reconfigure - let changed options count for what is mounted from now on
 * @fc: the context of a remount, its common options validated
 * @new: the root's own options; what was not given is as before, @new->hosts NULL then
 *
 * Return: 0 or -EINVAL.
 */
int snfs_netroot_reconfigure(struct fs_context *fc, struct snfs_netroot_options *new)
{
	struct snfs_netroot *root = SNFS_NETROOT(fc->root->d_sb);
	struct snfs_options *opt = &SNFS_SB(root->sb)->opt;
	char *source = opt->source;
	int err = refuse_hosts(fc, snfs_fc_options(fc));

	if (err)
		return err;
	mutex_lock(&root->opt_lock);
	snfs_options_inherit(opt, snfs_fc_options(fc));
	opt->source = source;
	WRITE_ONCE(root->changes, root->changes + 1);
	root->opt.allow = new->allow;
	if (new->hosts) {
		swap(root->opt.hosts, new->hosts);
		swap(root->opt.hosts_text, new->hosts_text);
	}
	mutex_unlock(&root->opt_lock);
	return 0;
}

/**
 * snfs_fc_nodename - our host's name for the server
 * @fc: the context, its options parsed or preset
 *
 * Return: the name; NULL: that of the caller's UTS namespace.
 */
const char *snfs_fc_nodename(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;

	return ctx->nodename;
}

/**
 * snfs_fc_exports - take what is kept of the server's exports already
 * @fc: the context, its options parsed or preset
 *
 * Return: it, with the context's reference; NULL if nothing is.
 */
struct snfs_exports *snfs_fc_exports(struct fs_context *fc)
{
	struct snfs_fc *ctx = fc->fs_private;
	struct snfs_exports *exports = ctx->exports;

	ctx->exports = NULL;
	return exports;
}

/**
 * snfs_fc_keep_exports - let a mount share what is kept of the server's exports
 * @fc: the context, its options preset
 * @exports: it, or NULL; the reference is for snfs_fc_exports()
 */
void snfs_fc_keep_exports(struct fs_context *fc, struct snfs_exports *exports)
{
	struct snfs_fc *ctx = fc->fs_private;

	ctx->exports = exports;
}
