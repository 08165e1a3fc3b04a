/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asking a server's rpcbind for ports (rpcbind.c).
 */
#ifndef _SNFS_RPCBIND_H
#define _SNFS_RPCBIND_H

#include "snfs.h"

/**
 * struct snfs_rpcb_query - "on which port is this program?"
 * @program: RPC program number
 * @version: its version
 * @proto: XPRT_TRANSPORT_TCP or _UDP
 * @port: answer; 0: not registered
 * @error: 0 if there is an answer, else a negative errno
 */
struct snfs_rpcb_query {
	u32		program;
	u32		version;
	int		proto;
	unsigned int	port;
	int		error;
};

/* A universal address: IPv6 text, ".", two port bytes */
#define SNFS_UADDR_MAX	(INET6_ADDRSTRLEN + sizeof(".255.255"))

/**
 * struct snfs_rpcb_call - one query on its way
 * @clnt: its own transport: over UDP, sunrpc sends the second call of a transport only when
 *	the first is answered
 * @query: what is asked, and the answer
 * @net: for scopes in addresses
 * @netid: transport asked for, as rpcbind names it
 * @uaddr: the server's universal address
 * @done: completed when the call is over
 */
struct snfs_rpcb_call {
	struct rpc_clnt		*clnt;
	struct snfs_rpcb_query	*query;
	struct net		*net;
	const char		*netid;
	char			uaddr[SNFS_UADDR_MAX];
	struct completion	done;
};

int snfs_rpcbind(struct snfs_server *server, const struct sockaddr_storage *addr,
		 struct snfs_rpcb_query *queries, unsigned int nr);
#if IS_ENABLED(CONFIG_KUNIT)
extern const struct rpc_procinfo snfs_rpcb_procedures2[];
extern const struct rpc_procinfo snfs_rpcb_procedures3[];
int snfs_rpcb_decode_port(struct xdr_stream *xdr, unsigned int *port);
int snfs_rpcb_decode_uaddr(struct xdr_stream *xdr, struct net *net, unsigned int *port);
#endif

#endif /* _SNFS_RPCBIND_H */
