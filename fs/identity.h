/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uid= and gid=: one user and group for all calls of a mount (identity.c).
 */
#ifndef _SNFS_IDENTITY_H
#define _SNFS_IDENTITY_H

#include "snfs.h"

int snfs_identity_parse(struct fs_context *fc, const char *key, bool user, u32 value);
int snfs_identity_validate(struct fs_context *fc, struct snfs_options *opt, bool user);
int snfs_identity_make(struct snfs_server *server);
void snfs_identity_flavors(const struct snfs_server *server, struct snfs_flavors *sec);

#endif /* _SNFS_IDENTITY_H */
