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
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/posix_acl_xattr.h>
#include <linux/sunrpc/clnt.h>
#include <linux/uio.h>
#include <linux/workqueue.h>
#include <linux/writeback.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "snfs needs Linux 6.1 or newer"
#endif

/* 6.4: hex_to_bin() moved to a header of its own */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <linux/hex.h>
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

/* 7.2: d_alloc_parallel() brings its own wait queue. Before, the caller's is used by others
 * until d_lookup_done(), so it must be declared where it lives that long.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#define SNFS_DECLARE_LOOKUP_QUEUE(wq)			DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq)
#define snfs_d_alloc_parallel(parent, name, wq)		d_alloc_parallel(parent, name, &(wq))
#else
#define SNFS_DECLARE_LOOKUP_QUEUE(wq)			do { } while (0)
#define snfs_d_alloc_parallel(parent, name, wq)		d_alloc_parallel(parent, name)
#endif

/* 6.2: ACLs are set through a dentry, and the method that reads them was renamed */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
typedef struct inode snfs_acl_target_t;
#define snfs_acl_inode(target)		(target)
#define SNFS_ACL_METHODS(get, set)	.get_acl = get, .set_acl = set,
#else
typedef struct dentry snfs_acl_target_t;
#define snfs_acl_inode(target)		d_inode(target)
#define SNFS_ACL_METHODS(get, set)	.get_inode_acl = get, .set_acl = set,
#endif

/* 6.4: ACLs are reached without xattr handlers */
static inline void snfs_set_acl_xattrs(struct super_block *sb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	static const struct xattr_handler *handlers[] = {
		&posix_acl_access_xattr_handler,
		&posix_acl_default_xattr_handler,
		NULL
	};

	sb->s_xattr = handlers;
#endif
}

/* 6.16: a mount from ->d_automount has one reference; before, it had to have a second one, so that
 * it does not expire before it is attached
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define snfs_automount_hold(mnt)	mntget(mnt)
#else
#define snfs_automount_hold(mnt)	do { } while (0)
#endif

/* 6.18: a per-cpu workqueue must be asked for by name */
#ifndef WQ_PERCPU
#define WQ_PERCPU 0
#endif

/* 6.17: the system's unbound workqueue got another name. For work that waits for long. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define snfs_waiting_wq	system_unbound_wq
#else
#define snfs_waiting_wq	system_dfl_wq
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

/* 6.3: locks have a header of their own; 6.9: what locks and leases share is in a struct */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define snfs_fl_type(fl)	((fl)->fl_type)
#define snfs_fl_flags(fl)	((fl)->fl_flags)
#else
#include <linux/filelock.h>
#define snfs_fl_type(fl)	((fl)->c.flc_type)
#define snfs_fl_flags(fl)	((fl)->c.flc_flags)
#endif

/* ------------------------------------------------------------------------------------------
 * file I/O
 */

/* 6.4: __filemap_get_folio() tells its error, before it was NULL; 6.6: it can be asked for a
 * folio as large as the write
 */
static inline struct folio *snfs_grab_folio(struct address_space *mapping, pgoff_t index,
					    size_t len, bool nowait)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	struct folio *folio = __filemap_get_folio(mapping, index,
						  FGP_LOCK | FGP_WRITE | FGP_CREAT |
						  (nowait ? FGP_NOWAIT : 0),
						  mapping_gfp_mask(mapping));

	return IS_ERR_OR_NULL(folio) ? ERR_PTR(nowait ? -EAGAIN : -ENOMEM) : folio;
#else
	return __filemap_get_folio(mapping, index,
				   FGP_LOCK | FGP_WRITE | FGP_CREAT |
				   (nowait ? FGP_NOWAIT : 0) | fgf_set_order(len),
				   mapping_gfp_mask(mapping));
#endif
}

/* 6.10: that buffered writes need not wait moved from open files to their methods */
#ifdef FOP_BUFFER_WASYNC
#define SNFS_FOP_NOWAIT		.fop_flags = FOP_BUFFER_WASYNC,
#define SNFS_FMODE_NOWAIT	FMODE_NOWAIT
#else
#define SNFS_FOP_NOWAIT
#define SNFS_FMODE_NOWAIT	(FMODE_NOWAIT | FMODE_BUF_WASYNC)
#endif

/* The same change: a folio that is in the cache, locked, or NULL */
static inline struct folio *snfs_find_lock_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_lock_folio(mapping, index);

	return IS_ERR_OR_NULL(folio) ? NULL : folio;
}

/* Large folios can be made by writes since 6.6; before 6.9 write-back walks single pages */
static inline void snfs_set_large_folios(struct address_space *mapping)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
	mapping_set_large_folios(mapping);
#endif
}

/* 6.12: bytes are copied into folios, 6.1: into pages; may copy less than asked */
static inline size_t snfs_copy_to_folio(struct folio *folio, size_t offset, size_t len,
					struct iov_iter *from)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return copy_page_from_iter_atomic(&folio->page, offset, len, from);
#else
	return copy_folio_from_iter_atomic(folio, offset, len, from);
#endif
}

/* 6.7: one call ends the read of a folio */
static inline void snfs_folio_end_read(struct folio *folio, bool uptodate)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	if (uptodate)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
#else
	folio_end_read(folio, uptodate);
#endif
}

/* 6.9: write-back walks with an iterator; 7.0: write_cache_pages() is gone. @fn gets the
 * folio locked and its dirty flag cleared, and unlocks it.
 */
typedef int (*snfs_walk_fn)(struct folio *folio, struct writeback_control *wbc, void *data);

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
struct snfs_walk {
	snfs_walk_fn	fn;
	void		*data;
};

static inline int snfs_walk_page(struct page *page, struct writeback_control *wbc, void *data)
{
	struct snfs_walk *walk = data;

	return walk->fn(page_folio(page), wbc, walk->data);
}

static inline int snfs_walk_dirty(struct address_space *mapping, struct writeback_control *wbc,
				  snfs_walk_fn fn, void *data)
{
	struct snfs_walk walk = { .fn = fn, .data = data };

	return write_cache_pages(mapping, wbc, snfs_walk_page, &walk);
}
#else
static inline int snfs_walk_dirty(struct address_space *mapping, struct writeback_control *wbc,
				  snfs_walk_fn fn, void *data)
{
	struct folio *folio = NULL;
	int err;

	while ((folio = writeback_iter(mapping, wbc, folio, &err)))
		err = fn(folio, wbc, data);
	return err;
}
#endif

/* 6.3: the memory of an iterator is pinned, if it is user memory, and not referenced. The
 * iterator advances; @pages is allocated. @pinned: what snfs_iter_put_pages() needs to know.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline bool snfs_iter_direct(const struct iov_iter *iter)
{
	return user_backed_iter(iter) || iov_iter_is_bvec(iter);
}

static inline ssize_t snfs_iter_get_pages(struct iov_iter *iter, struct page ***pages, size_t max,
					  size_t *offset, bool *pinned)
{
	*pinned = user_backed_iter(iter);
	return iov_iter_get_pages_alloc2(iter, pages, max, offset);
}

static inline void snfs_iter_put_pages(struct page **pages, unsigned int n, bool pinned,
				       bool dirty)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (pinned && dirty)
			set_page_dirty_lock(pages[i]);
		put_page(pages[i]);
	}
}
#else
static inline bool snfs_iter_direct(const struct iov_iter *iter)
{
	return user_backed_iter(iter) || iov_iter_is_bvec(iter) || iov_iter_is_kvec(iter);
}

static inline ssize_t snfs_iter_get_pages(struct iov_iter *iter, struct page ***pages, size_t max,
					  size_t *offset, bool *pinned)
{
	*pinned = iov_iter_extract_will_pin(iter);
	return iov_iter_extract_pages(iter, pages, max, UINT_MAX, 0, offset);
}

static inline void snfs_iter_put_pages(struct page **pages, unsigned int n, bool pinned,
				       bool dirty)
{
	if (pinned)
		unpin_user_pages_dirty_lock(pages, n, dirty);
}
#endif

/* 6.5: files are spliced out of the page cache by a function of that name */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define snfs_filemap_splice_read	generic_file_splice_read
#else
#define snfs_filemap_splice_read	filemap_splice_read
#endif

/* 6.5: RPC over TLS */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define SNFS_HAVE_TLS	false
static inline void snfs_args_use_tls(struct rpc_create_args *args, bool mutual)
{
}
#else
#define SNFS_HAVE_TLS	true
/* No serials of keys: tlshd then takes the certificate that it is configured with. */
static inline void snfs_args_use_tls(struct rpc_create_args *args, bool mutual)
{
	args->protocol = XPRT_TRANSPORT_TCP_TLS;
	args->xprtsec.policy = mutual ? RPC_XPRTSEC_TLS_X509 : RPC_XPRTSEC_TLS_ANON;
}
#endif

/* 6.16: mmap is prepared in a description of the area; ->mmap is deprecated. @check: what the
 * file system does with the file before it is mapped.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define SNFS_MMAP_ARGS	struct file *file, struct vm_area_struct *vma
#define SNFS_COMPAT_MMAP(name, check, ops)						\
int name(SNFS_MMAP_ARGS)								\
{											\
	int err = generic_file_mmap(file, vma);						\
											\
	if (err)									\
		return err;								\
	vma->vm_ops = (ops);								\
	return check(file);								\
}

#define SNFS_MMAP(name)	.mmap = name,
#else
#define SNFS_MMAP_ARGS	struct vm_area_desc *desc
#define SNFS_COMPAT_MMAP(name, check, ops)						\
int name(SNFS_MMAP_ARGS)								\
{											\
	int err = generic_file_mmap_prepare(desc);					\
											\
	if (err)									\
		return err;								\
	desc->vm_ops = (ops);								\
	return check(desc->file);							\
}

#define SNFS_MMAP(name)	.mmap_prepare = name,
#endif

#endif /* _SNFS_COMPAT_H */
