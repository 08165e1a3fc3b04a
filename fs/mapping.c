// SPDX-License-Identifier: GPL-2.0
/*
 * The page cache follows the change identity: what was read under an older one is dropped.
 */
#include "snfs.h"

static int drop_pages(struct inode *inode)
{
	int err;

	if (!inode->i_mapping->nrpages)
		return 0;
	snfs_count(snfs_server(inode), SNFS_EV_DATA_INVALIDATE);
	/* Dirty pages are ours and newer; an error of theirs is kept for fsync and close. */
	err = snfs_writeback_flush(inode);
	return err ? err : invalidate_inode_pages2(inode->i_mapping);
}

/**
 * snfs_mapping_is_current - does the page cache belong to the attributes that are known
 * @inode: a regular file
 *
 * Return: true if snfs_revalidate_mapping() would have nothing to do.
 */
bool snfs_mapping_is_current(struct inode *inode)
{
	struct snfs_inode *si = SNFS_I(inode);

	return READ_ONCE(si->map_ver) == READ_ONCE(si->fresh.data_ver);
}

/**
 * snfs_revalidate_mapping - drop cached pages that others' changes made old
 * @inode: a regular file; its attributes are as fresh as the caller wants them
 *
 * Return: 0; -EBUSY if a page could not be dropped; -EINTR or -ERESTARTSYS when killed.
 */
int snfs_revalidate_mapping(struct inode *inode)
{
	struct snfs_inode *si = SNFS_I(inode);
	int err = 0;
	u32 ver;

	if (snfs_mapping_is_current(inode))
		return 0;
	if (wait_on_bit_lock(&si->flags, SNFS_INO_MAP_BUSY, TASK_KILLABLE))
		return -ERESTARTSYS;
	ver = READ_ONCE(si->fresh.data_ver);
	if (si->map_ver != ver) {
		err = drop_pages(inode);
		if (!err)
			WRITE_ONCE(si->map_ver, ver);
	}
	clear_and_wake_up_bit(SNFS_INO_MAP_BUSY, &si->flags);
	return err;
}
