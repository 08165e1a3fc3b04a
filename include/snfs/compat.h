/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only file that knows kernel versions. Code is written to the 7.2 API; what follows
 * supplies it on older kernels, under names of our own (stable kernels backport the real ones).
 * Each entry says what changed and in which release.
 */
#ifndef _SNFS_COMPAT_H
#define _SNFS_COMPAT_H

#include <linux/version.h>
#include <linux/fs.h>
#include <linux/dcache.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/pagemap.h>
#include <linux/workqueue.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "snfs needs Linux 6.1 or newer"
#endif

/* 6.3: the first argument of inode methods became struct mnt_idmap */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
typedef struct user_namespace snfs_idmap_t;
#define snfs_nop_idmap	(&init_user_ns)
#else
typedef struct mnt_idmap snfs_idmap_t;
#define snfs_nop_idmap	(&nop_mnt_idmap)
#endif

/* 6.6: generic_fillattr() learned which attributes are wanted */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define snfs_generic_fillattr(idmap, mask, inode, stat)	generic_fillattr(idmap, inode, stat)
#else
#define snfs_generic_fillattr	generic_fillattr
#endif

/* 6.7: atime and mtime are reached through accessors only */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
static inline void snfs_inode_set_atime(struct inode *inode, struct timespec64 ts)
{
	inode->i_atime = ts;
}

static inline void snfs_inode_set_mtime(struct inode *inode, struct timespec64 ts)
{
	inode->i_mtime = ts;
}

static inline void snfs_inode_set_ctime(struct inode *inode, struct timespec64 ts)
{
	inode->i_ctime = ts;
}
#else
static inline void snfs_inode_set_atime(struct inode *inode, struct timespec64 ts)
{
	inode_set_atime_to_ts(inode, ts);
}

static inline void snfs_inode_set_mtime(struct inode *inode, struct timespec64 ts)
{
	inode_set_mtime_to_ts(inode, ts);
}

static inline void snfs_inode_set_ctime(struct inode *inode, struct timespec64 ts)
{
	inode_set_ctime_to_ts(inode, ts);
}
#endif

/* 6.19: i_state became a structure with accessors */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define snfs_inode_state(inode)	READ_ONCE((inode)->i_state)
#else
#define snfs_inode_state(inode)	inode_state_read_once(inode)
#endif

/* 6.15: ->mkdir returns a dentry, as some servers give another one than was asked for */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define SNFS_COMPAT_MKDIR(fn)								\
static int fn##_compat(snfs_idmap_t *idmap, struct inode *dir, struct dentry *dentry,	\
		       umode_t mode)							\
{											\
	struct dentry *res = fn(idmap, dir, dentry, mode);				\
											\
	if (IS_ERR(res))								\
		return PTR_ERR(res);							\
	dput(res);									\
	return 0;									\
}
#define SNFS_MKDIR(fn)	fn##_compat
#else
#define SNFS_COMPAT_MKDIR(fn)
#define SNFS_MKDIR(fn)	fn
#endif

/* 6.14: ->d_revalidate is given the directory and a stable name. A path walk under RCU has no
 * stable name: there the callee must not use it.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define SNFS_COMPAT_D_REVALIDATE(fn)							\
static int fn##_compat(struct dentry *dentry, unsigned int flags)			\
{											\
	struct name_snapshot name;							\
	struct dentry *parent;								\
	struct inode *dir;								\
	int ret;									\
											\
	if (flags & LOOKUP_RCU) {							\
		dir = d_inode_rcu(READ_ONCE(dentry->d_parent));				\
		return dir ? fn(dir, NULL, dentry, flags) : -ECHILD;			\
	}										\
	parent = dget_parent(dentry);							\
	take_dentry_name_snapshot(&name, dentry);					\
	ret = fn(d_inode(parent), &name.name, dentry, flags);				\
	release_dentry_name_snapshot(&name);						\
	dput(parent);									\
	return ret;									\
}
#define SNFS_D_REVALIDATE(fn)	fn##_compat
#else
#define SNFS_COMPAT_D_REVALIDATE(fn)
#define SNFS_D_REVALIDATE(fn)	fn
#endif

/* 6.17: dentry operations of a superblock are set by a function */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define snfs_set_default_d_op(sb, ops)	((sb)->s_d_op = (ops))
#else
#define snfs_set_default_d_op		set_default_d_op
#endif

/* 7.2: d_alloc_parallel() brings its own wait queue */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#define snfs_d_alloc_parallel(parent, name)						\
({											\
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(__wq);						\
	d_alloc_parallel(parent, name, &__wq);						\
})
#else
#define snfs_d_alloc_parallel(parent, name)	d_alloc_parallel(parent, name)
#endif

/* 6.18: a per-cpu workqueue must be asked for by name */
#ifndef WQ_PERCPU
#define WQ_PERCPU 0
#endif

/* 6.10: __assign_str() finds its source by itself */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define snfs_assign_str(field, src)	__assign_str(field, src)
#else
#define snfs_assign_str(field, src)	__assign_str(field)
#endif

/* 6.13: the namespace of an import is a string */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define SNFS_IMPORT_NS(ns)	MODULE_IMPORT_NS(ns)
#else
#define SNFS_IMPORT_NS(ns)	MODULE_IMPORT_NS(#ns)
#endif

/* 6.14: without ->setlease a file system grants none; before, local leases, which other
 * clients' changes would not break. 7.2: simple_nosetlease() is gone.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define SNFS_NO_LEASES	.setlease = simple_nosetlease,
#else
#define SNFS_NO_LEASES
#endif

#endif /* _SNFS_COMPAT_H */
