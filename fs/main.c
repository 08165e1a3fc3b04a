// SPDX-License-Identifier: GPL-2.0
/*
 * snfs: an NFS client that pays the network once. Module init and exit.
 */
#include <linux/module.h>
#include "snfs.h"
#include "snfs/version.h"

struct workqueue_struct *snfs_wq;

struct file_system_type snfs_fs_type = {
	.owner			= THIS_MODULE,
	.name			= "snfs",
	.init_fs_context	= snfs_init_fs_context,
	.parameters		= snfs_fs_parameters,
	.kill_sb		= snfs_kill_sb,
	/* Not for every user namespace: userns.c */
	.fs_flags		= FS_RENAME_DOES_D_MOVE | FS_USERNS_MOUNT,
};

static int __init snfs_init(void)
{
	int err;

	err = snfs_rpc_init();
	if (err)
		return err;
	err = snfs_inode_cache_init();
	if (err)
		goto err_rpc;
	err = snfs_writeback_init();
	if (err)
		goto err_inode;
	err = register_filesystem(&snfs_fs_type);
	if (err)
		goto err_writeback;
	return 0;

err_writeback:
	snfs_writeback_exit();
err_inode:
	snfs_inode_cache_exit();
err_rpc:
	snfs_rpc_exit();
	return err;
}

static void __exit snfs_exit(void)
{
	unregister_filesystem(&snfs_fs_type);
	snfs_expire_exit();
	/* The tails of the last operations may still hold records of the caches below. */
	snfs_rpc_exit();
	snfs_writeback_exit();
	snfs_inode_cache_exit();
}

module_init(snfs_init);
module_exit(snfs_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("the snfs developers");
MODULE_DESCRIPTION("NFS client that pays the network once");
MODULE_VERSION(SNFS_VERSION);
MODULE_ALIAS_FS("snfs");
