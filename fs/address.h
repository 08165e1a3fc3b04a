/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a server is (address.c), and who knows the addresses of a name (resolve.c).
 */
#ifndef _SNFS_ADDRESS_H
#define _SNFS_ADDRESS_H

#include "snfs.h"

/* address.c */
unsigned int snfs_parse_addrs(struct net *net, const char *text, bool ipv6,
			      struct sockaddr_storage *addrs, unsigned int max);
void snfs_address_use(struct snfs_options *opt, const struct sockaddr_storage *addr);
int snfs_address_find(struct fs_context *fc, struct snfs_options *opt);
bool snfs_address_is_bad(int err);
bool snfs_address_next(struct snfs_server *server, struct fs_context *fc, int err);

/* resolve.c */
#ifdef CONFIG_KEYS
char *snfs_resolve(struct net *net, const struct user_namespace *mounter, const char *name);
#else
static inline char *snfs_resolve(struct net *net, const struct user_namespace *mounter,
				 const char *name)
{
	return ERR_PTR(-EOPNOTSUPP);
}
#endif

#endif /* _SNFS_ADDRESS_H */
