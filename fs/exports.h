/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a server exports: the answer of MOUNT's EXPORT as a list (exportlist.c, pure), and the list
 * that is kept and asked for again (exports.c).
 */
#ifndef _SNFS_EXPORTS_H
#define _SNFS_EXPORTS_H

#include <linux/refcount.h>
#include <linux/sizes.h>
#include <linux/types.h>

struct page;
struct rpc_clnt;
struct snfs_server;
struct xdr_stream;

/* Of a server's answer at most so many bytes and paths are taken. */
#define SNFS_EXPORTS_BYTES	SZ_1M
#define SNFS_EXPORTS_MAX	16384U

/**
 * struct snfs_export_list - the exports of a server, as it told them once; does not change
 * @ref: whoever looks at it holds one
 * @sent: when it was asked for (snfs_now())
 * @cut: the server has more than are taken
 * @nr: number of @path
 * @path: the paths, sorted as strcmp() does, each once; absolute, and without "//", ".", ".." and a
 *	slash at the end ("/" alone has one)
 * @version: tells one list of a server from the next; never 0
 * @denied: bit n: MNT refused path n (nested.c)
 * @room: of @path while it is made
 */
struct snfs_export_list {
	refcount_t	ref;
	u64		sent;
	u32		version;
	bool		cut;
	unsigned int	nr;
	char		**path;
	unsigned long	*denied;
	unsigned int	room;
};

/* exportlist.c: pure */
struct snfs_export_list *snfs_export_list_alloc(void);
struct snfs_export_list *snfs_export_list_get(struct snfs_export_list *list);
void snfs_export_list_put(struct snfs_export_list *list);
int snfs_export_list_decode(struct xdr_stream *xdr, struct snfs_export_list *list);
bool snfs_export_normalise(char *path);
bool snfs_export_is_below(const char *path, const char *dir);
unsigned int snfs_export_list_below(const struct snfs_export_list *list, const char *dir);
int snfs_export_list_find(const struct snfs_export_list *list, const char *path);

/* mnt.c */

/**
 * struct snfs_mnt_exports - argument and answer of EXPORT
 * @list: the exports
 * @pages: what the answer goes to
 */
struct snfs_mnt_exports {
	struct snfs_export_list	*list;
	struct page		**pages;
};

struct rpc_clnt *snfs_mnt_client(struct snfs_server *server);
int snfs_mnt_exports(struct snfs_server *server, struct rpc_clnt *clnt,
		     struct snfs_export_list *list);

/* exports.c */
struct snfs_exports;
int snfs_exports_find_port(struct snfs_server *how);
struct snfs_exports *snfs_exports_alloc(const struct snfs_server *how, struct rpc_clnt *clnt);
struct snfs_exports *snfs_exports_get(struct snfs_exports *exports);
void snfs_exports_put(struct snfs_exports *exports);
void snfs_exports_ask(struct snfs_exports *exports);
int snfs_exports_wait(struct snfs_exports *exports);
struct snfs_export_list *snfs_exports_known(struct snfs_exports *exports);
bool snfs_exports_is_first(const struct snfs_exports *exports);
bool snfs_exports_is_asking(const struct snfs_exports *exports);
bool snfs_exports_older(struct snfs_exports *exports, unsigned int seconds);
struct snfs_export_list *snfs_exports_within(struct snfs_exports *exports, unsigned int seconds);

#endif /* _SNFS_EXPORTS_H */
