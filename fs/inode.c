// SPDX-License-Identifier: GPL-2.0
/*
 * Inodes: found by file handle, made from the attributes that came with it, evicted.
 */
#include <linux/jhash.h>
#include <linux/slab.h>
#include "snfs.h"

static struct kmem_cache *snfs_inode_cache;

static void snfs_inode_init_once(void *p)
{
	struct snfs_inode *si = p;

	inode_init_once(&si->vfs_inode);
}

/**
 * snfs_inode_cache_init - make the inode cache
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_inode_cache_init(void)
{
	snfs_inode_cache = kmem_cache_create("snfs_inode", sizeof(struct snfs_inode), 0,
					     SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT,
					     snfs_inode_init_once);
	return snfs_inode_cache ? 0 : -ENOMEM;
}

/**
 * snfs_inode_cache_exit - destroy the inode cache
 */
void snfs_inode_cache_exit(void)
{
	/* Inodes are freed after a grace period. */
	rcu_barrier();
	kmem_cache_destroy(snfs_inode_cache);
}

/**
 * snfs_alloc_inode - super_operations.alloc_inode
 * @sb: the superblock
 *
 * Return: the inode, or NULL without memory.
 */
struct inode *snfs_alloc_inode(struct super_block *sb)
{
	struct snfs_inode *si = alloc_inode_sb(sb, snfs_inode_cache, GFP_KERNEL);

	if (!si)
		return NULL;
	si->fh.len = 0;
	si->fileid = 0;
	si->flags = 0;
	memset(&si->fresh, 0, sizeof(si->fresh));
	si->map_ver = 0;
	memset(si->access, 0, sizeof(si->access));
	memset(&si->acls, 0, sizeof(si->acls));
	INIT_LIST_HEAD(&si->opens);
	si->dir = NULL;
	si->wb = NULL;
	return &si->vfs_inode;
}

/**
 * snfs_free_inode - super_operations.free_inode
 * @inode: evicted, after a grace period
 */
void snfs_free_inode(struct inode *inode)
{
	kmem_cache_free(snfs_inode_cache, SNFS_I(inode));
}

/**
 * snfs_evict_inode - super_operations.evict_inode
 * @inode: nobody uses it any more
 */
void snfs_evict_inode(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	snfs_access_forget(inode);
	snfs_acl_forget(inode);
	snfs_dircache_free(inode);
	snfs_wb_free(inode);
}

/**
 * snfs_drop_inode - super_operations.drop_inode
 * @inode: its last reference goes
 *
 * Return: whether to evict it now: nobody can reach it by name, or its handle is dead.
 */
int snfs_drop_inode(struct inode *inode)
{
	return test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags) || !inode->i_nlink ||
	       inode_unhashed(inode);
}

/* What identifies an inode: the handle, and the type so that a reused handle is another object */
struct snfs_iget_key {
	const struct snfs_fh	*fh;
	umode_t			type;
	u64			fileid;
};

static int snfs_iget_test(struct inode *inode, void *data)
{
	const struct snfs_iget_key *key = data;
	const struct snfs_inode *si = SNFS_I(inode);

	return si->fh.len == key->fh->len && si->fileid == key->fileid &&
	       !memcmp(si->fh.data, key->fh->data, si->fh.len) &&
	       (inode->i_mode & S_IFMT) == key->type &&
	       !test_bit(SNFS_INO_STALE, &si->flags);
}

static int snfs_iget_set(struct inode *inode, void *data)
{
	const struct snfs_iget_key *key = data;
	struct snfs_inode *si = SNFS_I(inode);

	si->fh.len = key->fh->len;
	memcpy(si->fh.data, key->fh->data, key->fh->len);
	si->fileid = key->fileid;
	inode->i_mode = key->type;
	inode->i_ino = snfs_ino(snfs_server(inode), key->fileid);
	return 0;
}

static bool is_foreign(const struct inode *inode, const struct snfs_fattr *attr)
{
	return attr->fsid != READ_ONCE(snfs_server(inode)->fsid);
}

/* Numbers of files repeat in different file systems: see snfs_foreign_ino(). */
static void set_foreign(struct inode *inode, u64 fsid)
{
	set_bit(SNFS_INO_FOREIGN, &SNFS_I(inode)->flags);
	inode->i_generation = jhash_2words(lower_32_bits(fsid), upper_32_bits(fsid), 0);
}

/* Is this the root of another file system of the server's? (submount.c) */
static bool is_crossing(const struct inode *inode, const struct snfs_fattr *attr)
{
	return S_ISDIR(inode->i_mode) && is_foreign(inode, attr) &&
	       !(snfs_server(inode)->opt.flags & SNFS_OPT_NOTRAVERSE);
}

/* What is in it belongs to the mount on it: no lookup and no listing here. */
static void init_crossing(struct inode *inode)
{
	inode->i_flags |= S_AUTOMOUNT;
	inode->i_op = &snfs_special_inode_operations;
}

static void init_methods(struct inode *inode, dev_t rdev)
{
	switch (inode->i_mode & S_IFMT) {
	case S_IFREG:
		inode->i_op = &snfs_file_inode_operations;
		inode->i_fop = &snfs_file_operations;
		inode->i_mapping->a_ops = &snfs_file_aops;
		snfs_set_large_folios(inode->i_mapping);
		break;
	case S_IFDIR:
		inode->i_op = &snfs_dir_inode_operations;
		inode->i_fop = &snfs_dir_file_operations;
		break;
	case S_IFLNK:
		inode->i_op = &snfs_symlink_inode_operations;
		inode->i_mapping->a_ops = &snfs_symlink_aops;
		inode_nohighmem(inode);
		break;
	default:
		inode->i_op = &snfs_special_inode_operations;
		init_special_inode(inode, inode->i_mode, rdev);
	}
}

/**
 * snfs_iget - find or make the inode of a handle
 * @sb: the superblock
 * @fh: the handle
 * @attr: its attributes; valid
 * @sent: when the request that brought them was sent
 *
 * Return: the inode with a reference, or ERR_PTR(-ENOMEM).
 */
struct inode *snfs_iget(struct super_block *sb, const struct snfs_fh *fh,
			const struct snfs_fattr *attr, u64 sent)
{
	struct snfs_iget_key key = {
		.fh	= fh,
		.type	= attr->mode & S_IFMT,
		.fileid	= attr->fileid,
	};
	struct inode *inode;

	inode = iget5_locked(sb, jhash(fh->data, fh->len, 0), snfs_iget_test, snfs_iget_set, &key);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (snfs_inode_state(inode) & I_NEW) {
		/* The server keeps the times. */
		inode->i_flags |= S_NOATIME | S_NOCMTIME;
		snfs_acl_init_inode(inode);
		if (is_crossing(inode, attr))
			init_crossing(inode);
		else
			init_methods(inode, attr->rdev);
		if (snfs_server(inode)->opt.flags & SNFS_OPT_NOTRAVERSE &&
		    is_foreign(inode, attr))
			set_foreign(inode, attr->fsid);
		snfs_attr_apply_found(inode, attr, sent);
		unlock_new_inode(inode);
	} else {
		snfs_attr_apply_found(inode, attr, sent);
	}
	return inode;
}

/**
 * snfs_inode_set_stale - the server knows the handle no more, or it became another object
 * @inode: the inode; what is reached by name is looked up anew
 */
void snfs_inode_set_stale(struct inode *inode)
{
	set_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags);
	snfs_attr_expire(inode);
	snfs_submount_stale(inode);
}
