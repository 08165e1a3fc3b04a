/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SNFS_MAGIC_H
#define _SNFS_MAGIC_H

/*
 * f_type of statfs(2): "SNFS". Not that of nfs: umount(8) would take the file system for nfs
 * and hand it to umount.nfs, which refuses it.
 */
#define SNFS_SUPER_MAGIC	0x534e4653

#endif /* _SNFS_MAGIC_H */
