/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mounts below other mounts, and mounts by user namespaces: a part of snfs.h, which includes it.
 */
#ifndef _SNFS_SUBMOUNT_H
#define _SNFS_SUBMOUNT_H

#include <linux/types.h>

struct dentry;
struct fs_context;
struct inode;
struct path;
struct snfs_options;
struct snfs_server;
struct vfsmount;

/* expire.c */
#define SNFS_EXPIRY_DEFAULT	UINT_MAX
void snfs_expire_when_idle(struct vfsmount *mnt, unsigned int seconds);
void snfs_expire_exit(void);

/* submount.c */
void snfs_submount_list(struct snfs_server *server, struct snfs_server *above);
void snfs_submount_unlist(struct snfs_server *server);
int snfs_submount_check_root(const struct snfs_server *server, const struct snfs_server *above);
bool snfs_submount_same_top(const struct snfs_server *a, const struct snfs_server *b);
void snfs_submount_kill(struct snfs_server *above);
u64 snfs_submount_ino(const struct inode *inode);
char *snfs_submount_path(const char *top, const struct dentry *dentry);
void snfs_submount_stale(struct inode *inode);
bool snfs_submount_is_stale(struct snfs_server *above, const struct dentry *dentry);
void snfs_submount_init_fs_context(struct fs_context *fc);
struct vfsmount *snfs_d_automount(struct path *path);

/* messages.c */
bool snfs_messages_keep(struct fs_context *fc);
void snfs_messages_tell(const struct fs_context *fc);

/* nested.c */
void snfs_nested_begin(struct snfs_server *server);
void snfs_nested_note(struct dentry *dentry, const struct inode *inode);
bool snfs_nested_is_pending(const struct snfs_server *server);
void snfs_nested_doubt(struct snfs_server *server);
void snfs_nested_denied(struct dentry *dentry);
bool snfs_nested_is_export(struct dentry *dentry);

/* userns.c */
int snfs_userns_begin(struct fs_context *fc);
void snfs_userns_limit(const struct fs_context *fc, struct snfs_options *opt);
int snfs_userns_charge(struct snfs_server *server, struct fs_context *fc);
void snfs_userns_uncharge(struct snfs_server *server);

#endif /* _SNFS_SUBMOUNT_H */
