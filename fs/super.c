// SPDX-License-Identifier: GPL-2.0
/*
 * Superblocks: making, sharing, describing and ending them.
 */
#include <linux/backing-dev.h>
#include <linux/log2.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/sunrpc/addr.h>
#include "address.h"
#include "identity.h"
#include "snfs.h"
#include "snfs/magic.h"
#include "xfer.h"

/* Readahead: at least so many bytes, and so many READs */
#define SNFS_RA_BYTES		(8UL << 20)
#define SNFS_RA_READS		4UL

/* statfs(2) counts in units of this many bytes, unless bsize= is given */
#define SNFS_STATFS_BITS	12

static int snfs_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct snfs_server *server = SNFS_SB(dentry->d_sb);
	const struct snfs_fsstat *stat;
	struct snfs_op *op;
	unsigned int bits;
	int err;

	op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	snfs_op_set_inode(op, 0, d_inode(dentry));
	err = snfs_op_call(op, server->proto->fsstat);
	if (err)
		goto out;
	stat = &op->res.fsstat;
	buf->f_type = SNFS_SUPER_MAGIC;
	bits = server->opt.bsize ? ilog2(server->opt.bsize) : SNFS_STATFS_BITS;
	buf->f_bsize = 1 << bits;
	buf->f_frsize = buf->f_bsize;
	buf->f_blocks = stat->tbytes >> bits;
	buf->f_bfree = stat->fbytes >> bits;
	buf->f_bavail = stat->abytes >> bits;
	buf->f_files = stat->tfiles;
	buf->f_ffree = stat->afiles;
	buf->f_namelen = server->namelen;
	buf->f_fsid = u64_to_fsid(server->fsid ^ huge_encode_dev(dentry->d_sb->s_dev));
out:
	snfs_op_put(op);
	return err;
}

static void snfs_umount_begin(struct super_block *sb)
{
	snfs_server_kill(SNFS_SB(sb));
	snfs_submount_kill(SNFS_SB(sb));
}

static bool same_address(const struct snfs_options *a, const struct snfs_options *b)
{
	const struct sockaddr *addr_a = (const struct sockaddr *)&a->addr;
	const struct sockaddr *addr_b = (const struct sockaddr *)&b->addr;

	return rpc_cmp_addr(addr_a, addr_b) && rpc_get_port(addr_a) == rpc_get_port(addr_b);
}

static bool same_options(const struct snfs_options *a, const struct snfs_options *b)
{
	return !((a->flags ^ b->flags) & ~(SNFS_OPT_SLOPPY | SNFS_OPT_PROTO6 |
					   SNFS_OPT_MOUNTPROTO6)) &&
	       a->version == b->version && a->proto == b->proto && a->rsize == b->rsize &&
	       a->wsize == b->wsize && a->timeo == b->timeo && a->retrans == b->retrans &&
	       a->acregmin == b->acregmin && a->acregmax == b->acregmax &&
	       a->acdirmin == b->acdirmin && a->acdirmax == b->acdirmax &&
	       a->namlen == b->namlen && a->bsize == b->bsize && a->nconnect == b->nconnect &&
	       a->dtsize == b->dtsize && a->lookupcache == b->lookupcache &&
	       a->authflavor == b->authflavor && a->tls == b->tls &&
	       uid_eq(a->uid, b->uid) && gid_eq(a->gid, b->gid);
}

static bool same_root(const struct snfs_fh *a, const struct snfs_fh *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/*
 * A file system below an export is the same whichever way it was reached, but what one umount -f
 * ends is not shared with what it does not: mounts by MNT, and file systems below other exports.
 */
static bool same_export(const struct snfs_server *a, const struct snfs_server *b)
{
	return a->below == b->below && (a->below ? snfs_submount_same_top(a, b) :
				       !strcmp(a->opt.export, b->opt.export));
}

/* May this mount share that superblock? Only if nobody could tell the difference. */
static int snfs_test_super(struct super_block *sb, struct fs_context *fc)
{
	const struct snfs_server *old = SNFS_SB(sb);
	const struct snfs_server *new = fc->s_fs_info;

	return !old->netroot && !READ_ONCE(old->dead) &&
	       !((sb->s_flags ^ fc->sb_flags) & SNFS_SB_MASK) &&
	       net_eq(old->net, new->net) && old->cred->user_ns == new->cred->user_ns &&
	       sb->s_user_ns == fc->user_ns &&
	       same_address(&old->opt, &new->opt) && same_root(&old->root_fh, &new->root_fh) &&
	       old->fsid == new->fsid && same_export(old, new) &&
	       same_options(&old->opt, &new->opt) &&
	       !(fc->security && security_sb_mnt_opts_compat(sb, fc->security));
}

static int setup_bdi(struct super_block *sb, const struct snfs_server *server)
{
	unsigned long ra = min(max(SNFS_RA_READS * server->rsize, SNFS_RA_BYTES),
			       snfs_flight_bytes(server->rsize));
	int err;

	/* Named by the device number, as tools that tune readahead look it up by that */
	err = super_setup_bdi_name(sb, "%u:%u", MAJOR(sb->s_dev), MINOR(sb->s_dev));
	if (err)
		return err;
	sb->s_bdi->ra_pages = ra >> PAGE_SHIFT;
	sb->s_bdi->io_pages = DIV_ROUND_UP(server->rsize, PAGE_SIZE);
	return 0;
}

static void set_limits(struct super_block *sb, const struct snfs_server *server)
{
	unsigned long blocksize = rounddown_pow_of_two(clamp(server->wsize, 4096U, 1U << 20));

	/* What a program should write at a time; snfs_getattr() tells it */
	sb->s_blocksize = blocksize;
	sb->s_blocksize_bits = ilog2(blocksize);
	sb->s_maxbytes = server->maxfilesize;
	/* Not FSINFO's time_delta: knfsd says a second there and keeps nanoseconds */
	sb->s_time_gran = server->proto->time_gran;
	sb->s_time_min = 0;
	sb->s_time_max = U32_MAX;
	sb->s_magic = SNFS_SUPER_MAGIC;
}

static int fill_super(struct super_block *sb, struct snfs_server *server,
		      const struct snfs_fattr *root_attr, u64 root_sent)
{
	struct inode *root;
	int err;

	server->sb = sb;
	set_limits(sb, server);
	sb->s_op = &snfs_super_operations;
	if (server->opt.flags & SNFS_OPT_NODEV)
		sb->s_iflags |= SB_I_NODEV;
	snfs_acl_init_super(sb);
	snfs_set_default_d_op(sb, &snfs_dentry_operations);
	err = setup_bdi(sb, server);
	if (err)
		return err;
	root = snfs_iget(sb, &server->root_fh, root_attr, root_sent);
	if (IS_ERR(root))
		return PTR_ERR(root);
	sb->s_root = d_make_root(root);
	if (!sb->s_root)
		return -ENOMEM;
	sb->s_flags |= SB_ACTIVE;
	return 0;
}

/* Connect as the options say; the options are the server's afterwards. */
static struct snfs_server *connect_server(struct fs_context *fc, struct snfs_fattr *root_attr,
					  u64 *root_sent)
{
	struct snfs_server *server = snfs_server_alloc();
	const char *nodename = snfs_fc_nodename(fc);
	int err;

	if (!server)
		return ERR_PTR(-ENOMEM);
	server->opt = *snfs_fc_options(fc);
	memset(snfs_fc_options(fc), 0, sizeof(server->opt));
	server->exports = snfs_fc_exports(fc);
	server->keep_mnt_clnt = !server->exports && !(server->opt.flags & SNFS_OPT_NOTRAVERSE);
	server->net = get_net(fc->net_ns);
	server->cred = get_cred(fc->cred);
	if (nodename)
		strscpy(server->nodename, nodename, sizeof(server->nodename));
	err = snfs_userns_charge(server, fc);
	if (!err)
		err = snfs_identity_make(server);
	if (!err) {
		do {
			err = snfs_server_connect(server, fc, root_attr, root_sent);
		} while (err && snfs_address_next(server, fc, err));
	}
	kfree(server->opt.addrs);
	server->opt.addrs = NULL;
	server->opt.nr_addrs = 0;
	if (!err)
		return server;
	snfs_umnt(server);
	snfs_server_free(server);
	return ERR_PTR(err);
}

/**
 * snfs_super_of - make the superblock of a connected server, or find one to share
 * @fc: the context
 * @server: the server; taken over, also in case of an error
 * @root_attr: attributes of its root
 * @root_sent: when they were asked for
 *
 * Return: 0 or a negative errno.
 */
int snfs_super_of(struct fs_context *fc, struct snfs_server *server,
		  const struct snfs_fattr *root_attr, u64 root_sent)
{
	int (*test)(struct super_block *sb, struct fs_context *fc) = snfs_test_super;
	struct super_block *sb;
	int err;

	if (server->opt.flags & SNFS_OPT_NOSHARECACHE)
		test = NULL;
	if (server->opt.flags & SNFS_OPT_NOAC)
		fc->sb_flags |= SB_SYNCHRONOUS;
	fc->s_fs_info = server;
	sb = sget_fc(fc, test, set_anon_super_fc);
	fc->s_fs_info = NULL;
	if (IS_ERR(sb)) {
		snfs_server_free(server);
		return PTR_ERR(sb);
	}
	/* Servers count how often an export is mounted: take our MNT back. */
	if (SNFS_SB(sb) != server) {
		snfs_umnt(server);
		snfs_server_free(server);
	}
	if (!sb->s_root) {
		err = fill_super(sb, server, root_attr, root_sent);
		if (err) {
			deactivate_locked_super(sb);
			return err;
		}
		if (!server->below)
			snfs_nested_begin(server);
	}
	fc->root = dget(sb->s_root);
	return 0;
}

/**
 * snfs_get_tree - make the superblock of a mount, or find one to share
 * @fc: the context, its options validated
 *
 * MNT is asked for each mount, so that the server decides on each.
 *
 * Context: May sleep, killable.
 * Return: 0 or a negative errno, told through @fc.
 */
int snfs_get_tree(struct fs_context *fc)
{
	struct snfs_fattr root_attr;
	struct snfs_server *server;
	u64 root_sent;

	server = connect_server(fc, &root_attr, &root_sent);
	if (IS_ERR(server))
		return PTR_ERR(server);
	return snfs_super_of(fc, server, &root_attr, root_sent);
}

/**
 * snfs_kill_sb - end a superblock
 * @sb: the superblock; its last reference is gone
 */
void snfs_kill_sb(struct super_block *sb)
{
	struct snfs_server *server = SNFS_SB(sb);

	/* Removals of silly-renamed files still hold their directories. */
	snfs_op_drain(server);
	kill_anon_super(sb);
	if (server->netroot)
		snfs_netroot_free(server->netroot);
	snfs_umnt(server);
	snfs_server_free(server);
}

const struct super_operations snfs_super_operations = {
	.alloc_inode	= snfs_alloc_inode,
	.free_inode	= snfs_free_inode,
	.evict_inode	= snfs_evict_inode,
	.drop_inode	= snfs_drop_inode,
	.statfs		= snfs_statfs,
	.umount_begin	= snfs_umount_begin,
	.show_options	= snfs_show_options,
	.show_stats	= snfs_show_stats,
};
