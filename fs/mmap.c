// SPDX-License-Identifier: GPL-2.0
/*
 * Memory mappings of files. Reading goes through the page cache; the first store into a page
 * gives its folio a dirty record, so that write-back knows on whose behalf to write.
 */
#include <linux/mm.h>
#include "dirty.h"
#include "snfs.h"
#include "writeback.h"

/* Returns 0 if the folio may be stored into. */
static int make_writable(struct file *file, struct folio *folio)
{
	struct inode *inode = file_inode(file);
	size_t size = folio_size(folio);
	int err;

	if (folio->mapping != inode->i_mapping || !folio_test_uptodate(folio) ||
	    folio_pos(folio) >= i_size_read(inode))
		return -EAGAIN;
	err = snfs_write_make_room(folio, snfs_open_of(file), 0, size);
	if (err)
		return err;
	WRITE_ONCE(SNFS_I(inode)->wb->mapped, true);
	snfs_dirty_add(folio, 0, size);
	return 0;
}

static vm_fault_t snfs_page_mkwrite(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct folio *folio = page_folio(vmf->page);
	struct super_block *sb = file_inode(file)->i_sb;
	vm_fault_t ret = VM_FAULT_LOCKED;
	int err;

	sb_start_pagefault(sb);
	folio_lock(folio);
	err = make_writable(file, folio);
	if (err) {
		folio_unlock(folio);
		/* Truncated, or to be killed: the fault is taken again if anybody is left. */
		ret = err == -EAGAIN || err == -EINTR ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS;
		if (err == -ENOMEM)
			ret = VM_FAULT_OOM;
	}
	sb_end_pagefault(sb);
	return ret;
}

static const struct vm_operations_struct snfs_vm_operations = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= snfs_page_mkwrite,
};

static int prepare(struct file *file)
{
	int err;

	snfs_open_of(file)->used = true;
	err = snfs_revalidate(file_inode(file));
	return err ? err : snfs_revalidate_mapping(file_inode(file));
}

SNFS_COMPAT_MMAP(snfs_file_mmap, prepare, &snfs_vm_operations)
