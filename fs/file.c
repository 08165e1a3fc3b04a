// SPDX-License-Identifier: GPL-2.0
/*
 * Regular files: reading through the page cache, seeking, fsync, flush at close, the tables.
 */
#include <linux/uio.h>
#include "snfs.h"
#include "dirty.h"
#include "writeback.h"

/* Before anything cached is shown: attributes within their time, pages that belong to them. */
static int refresh(struct file *file)
{
	struct inode *inode = file_inode(file);
	int err = snfs_revalidate(inode);

	snfs_open_of(file)->used = true;
	return err ? err : snfs_revalidate_mapping(inode);
}

/* What is cached can be read without waiting; the page cache then sees to its folios. */
static bool needs_server(struct kiocb *iocb)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	return iocb->ki_flags & IOCB_DIRECT || !snfs_attr_within(inode) ||
	       !snfs_mapping_is_current(inode);
}

/*
 * What lies behind the last offset of the protocol cannot be read. Who copies a file has to learn
 * that its end was not reached.
 */
static int check_reach(const struct inode *inode, loff_t pos)
{
	return pos >= inode->i_sb->s_maxbytes && pos < i_size_read(inode) ? -EOVERFLOW : 0;
}

static ssize_t read_direct(struct kiocb *iocb, struct iov_iter *to)
{
	const struct inode *inode = file_inode(iocb->ki_filp);
	loff_t left = max_t(loff_t, inode->i_sb->s_maxbytes - iocb->ki_pos, 0);
	int err = check_reach(inode, iocb->ki_pos);

	if (err)
		return err;
	iov_iter_truncate(to, left);
	return snfs_direct_read(iocb, to);
}

static ssize_t snfs_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
	if (iocb->ki_flags & IOCB_NOWAIT && needs_server(iocb))
		return -EAGAIN;
	if ((iocb->ki_flags & IOCB_DIRECT) && snfs_iter_direct(to))
		return read_direct(iocb, to);
	/* Memory that we cannot name the pages of is filled from the page cache. */
	iocb->ki_flags &= ~IOCB_DIRECT;
	ret = refresh(iocb->ki_filp);
	if (!ret)
		ret = check_reach(inode, iocb->ki_pos);
	if (!ret)
		ret = generic_file_read_iter(iocb, to);
	if (ret > 0)
		snfs_count_bytes(snfs_server(inode), SNFS_BYTES_NORMAL_READ, ret);
	return ret;
}

static ssize_t snfs_file_splice_read(struct file *file, loff_t *pos, struct pipe_inode_info *pipe,
				     size_t len, unsigned int flags)
{
	int err = refresh(file);

	if (!err)
		err = check_reach(file_inode(file), *pos);
	return err ? err : snfs_filemap_splice_read(file, pos, pipe, len, flags);
}

static loff_t snfs_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file_inode(file);

	/* All others depend on where the file ends. */
	if (whence != SEEK_SET && whence != SEEK_CUR && !snfs_has_dirty(inode)) {
		int err = snfs_revalidate(inode);

		if (err)
			return err;
	}
	return generic_file_llseek(file, offset, whence);
}

/* Writes back and waits. An error of the WRITEs is told once per open file. */
static int sync_file(struct file *file, loff_t start, loff_t end)
{
	struct inode *inode = file_inode(file);
	int err = filemap_fdatawrite_range(inode->i_mapping, start, end);
	int waited = snfs_writeback_wait(inode);
	int lost = file_check_and_advance_wb_err(file);

	if (lost)
		return lost;
	return waited ? waited : err;
}

static int snfs_file_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	snfs_count(snfs_server(file_inode(file)), SNFS_EV_FSYNC);
	return sync_file(file, start, end);
}

/* Close-to-open: what was written is on the server before close() returns. */
static int snfs_file_flush(struct file *file, fl_owner_t id)
{
	if (!(file->f_mode & FMODE_WRITE))
		return 0;
	snfs_count(snfs_server(file_inode(file)), SNFS_EV_FLUSH);
	return sync_file(file, 0, LLONG_MAX);
}

const struct address_space_operations snfs_file_aops = {
	.read_folio		= snfs_read_folio,
	.readahead		= snfs_readahead,
	.writepages		= snfs_writepages,
	.dirty_folio		= snfs_dirty_folio,
	.invalidate_folio	= snfs_invalidate_folio,
	.release_folio		= snfs_release_folio,
	.launder_folio		= snfs_writeback_folio,
	.migrate_folio		= filemap_migrate_folio,
};

const struct file_operations snfs_file_operations = {
	.llseek			= snfs_file_llseek,
	.read_iter		= snfs_file_read_iter,
	.write_iter		= snfs_file_write_iter,
	SNFS_MMAP(snfs_file_mmap)
	.open			= snfs_open_file,
	.flush			= snfs_file_flush,
	.release		= snfs_file_release,
	.fsync			= snfs_file_fsync,
	.lock			= snfs_file_lock,
	.flock			= snfs_file_flock,
	.splice_read		= snfs_file_splice_read,
	.splice_write		= iter_file_splice_write,
	SNFS_NO_LEASES
	SNFS_FOP_NOWAIT
};

const struct inode_operations snfs_file_inode_operations = {
	.permission		= snfs_permission,
	.getattr		= snfs_getattr,
	.setattr		= snfs_setattr,
	.listxattr		= snfs_listxattr,
	SNFS_ACL_METHODS(snfs_get_acl, snfs_set_acl)
};
