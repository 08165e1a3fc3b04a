/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the vectors of all protocol versions share (proc2.c, proc3.c).
 */
#ifndef _SNFS_PROC_H
#define _SNFS_PROC_H

#include "snfs.h"

int snfs_check_name(const struct snfs_name *name);
int snfs_check_ids(const struct snfs_op *op);
int snfs_check_readlink(const struct snfs_op *op);
void snfs_dirlist_init(struct snfs_dirlist *list, const struct snfs_op *op);

#endif /* _SNFS_PROC_H */
