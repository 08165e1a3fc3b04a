// SPDX-License-Identifier: GPL-2.0
/*
 * Asking a server's rpcbind for ports: several programs at once, over UDP, and over TCP for
 * what UDP did not answer. sunrpc has a client of its own, but it asks for one program per
 * transport, when that is first used, and does not tell "not registered" from "no rpcbind".
 */
#include <linux/slab.h>
#include <linux/sunrpc/addr.h>
#include <linux/sunrpc/msg_prot.h>
#include <linux/sunrpc/xprt.h>
#include <kunit/visibility.h>
#include "rpcbind.h"
#include "snfs.h"
#include "trace.h"

#define SNFS_NETID_MAX	4

/* In 32-bit words */
#define SNFS_RPCB_getportargs_sz	4
#define SNFS_RPCB_getportres_sz		1
#define SNFS_RPCB_getaddrargs_sz	(2 + 1 + XDR_QUADLEN(SNFS_NETID_MAX) + \
					 1 + XDR_QUADLEN(SNFS_UADDR_MAX) + 1)
#define SNFS_RPCB_getaddrres_sz		(1 + XDR_QUADLEN(SNFS_UADDR_MAX))

static void snfs_rpcb_xdr_enc_getport(struct rpc_rqst *req, struct xdr_stream *xdr,
				      const void *data)
{
	const struct snfs_rpcb_call *call = data;
	__be32 *p = xdr_reserve_space(xdr, SNFS_RPCB_getportargs_sz << 2);

	if (WARN_ON_ONCE(!p))
		return;
	*p++ = cpu_to_be32(call->query->program);
	*p++ = cpu_to_be32(call->query->version);
	*p++ = cpu_to_be32(call->query->proto);
	*p = 0;
}

/**
 * snfs_rpcb_decode_port - decode the answer of GETPORT
 * @xdr: stream at the port
 * @port: OUT: the port, 0 if the program is not registered
 *
 * RFC 1833 section 3: unsigned int.
 *
 * Return: 0; -EBADMSG on a short buffer or a number that is no port.
 */
VISIBLE_IF_KUNIT int snfs_rpcb_decode_port(struct xdr_stream *xdr, unsigned int *port)
{
	u32 value;

	if (xdr_stream_decode_u32(xdr, &value) < 0 || value > U16_MAX)
		return -EBADMSG;
	*port = value;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_rpcb_decode_port);

/**
 * snfs_rpcb_decode_uaddr - decode the answer of GETADDR
 * @xdr: stream at the string
 * @net: for scopes in the address
 * @port: OUT: the port in it, 0 if the string is empty (not registered)
 *
 * RFC 1833 section 2.2.1: string, a universal address. Only its port is used: the address
 * is the one that the user gave.
 *
 * Return: 0; -EBADMSG if it is short, too long or no universal address.
 */
VISIBLE_IF_KUNIT int snfs_rpcb_decode_uaddr(struct xdr_stream *xdr, struct net *net,
					    unsigned int *port)
{
	struct sockaddr_storage addr;
	ssize_t len;
	void *text;

	len = xdr_stream_decode_opaque_inline(xdr, &text, SNFS_UADDR_MAX);
	if (len < 0)
		return -EBADMSG;
	*port = 0;
	if (!len)
		return 0;
	if (!rpc_uaddr2sockaddr(net, text, len, (struct sockaddr *)&addr, sizeof(addr)))
		return -EBADMSG;
	*port = rpc_get_port((struct sockaddr *)&addr);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_rpcb_decode_uaddr);

static int bad_answer(const struct rpc_rqst *req)
{
	trace_snfs_xdr_bad("rpcbind", be32_to_cpu(req->rq_xid));
	return -EIO;
}

static int snfs_rpcb_xdr_dec_getport(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_rpcb_call *call = data;

	return snfs_rpcb_decode_port(xdr, &call->query->port) ? bad_answer(req) : 0;
}

static void encode_string(struct xdr_stream *xdr, const char *text)
{
	WARN_ON_ONCE(xdr_stream_encode_opaque(xdr, text, strlen(text)) < 0);
}

/* RFC 1833 section 2.1: struct rpcb { r_prog, r_vers, r_netid, r_addr, r_owner } */
static void snfs_rpcb_xdr_enc_getaddr(struct rpc_rqst *req, struct xdr_stream *xdr,
				      const void *data)
{
	const struct snfs_rpcb_call *call = data;

	if (WARN_ON_ONCE(xdr_stream_encode_u32(xdr, call->query->program) < 0 ||
			 xdr_stream_encode_u32(xdr, call->query->version) < 0))
		return;
	encode_string(xdr, call->netid);
	encode_string(xdr, call->uaddr);
	encode_string(xdr, "");
}

static int snfs_rpcb_xdr_dec_getaddr(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_rpcb_call *call = data;

	return snfs_rpcb_decode_uaddr(xdr, call->net, &call->query->port) ? bad_answer(req) : 0;
}

VISIBLE_IF_KUNIT const struct rpc_procinfo snfs_rpcb_procedures2[] = {
	[SNFS_PMAPPROC_GETPORT] = {
		.p_proc		= SNFS_PMAPPROC_GETPORT,
		.p_encode	= snfs_rpcb_xdr_enc_getport,
		.p_decode	= snfs_rpcb_xdr_dec_getport,
		.p_arglen	= SNFS_RPCB_getportargs_sz,
		.p_replen	= SNFS_RPCB_getportres_sz,
		.p_statidx	= SNFS_PMAPPROC_GETPORT,
		.p_name		= "GETPORT",
	},
};
EXPORT_SYMBOL_IF_KUNIT(snfs_rpcb_procedures2);

VISIBLE_IF_KUNIT const struct rpc_procinfo snfs_rpcb_procedures3[] = {
	[SNFS_RPCBPROC_GETADDR] = {
		.p_proc		= SNFS_RPCBPROC_GETADDR,
		.p_encode	= snfs_rpcb_xdr_enc_getaddr,
		.p_decode	= snfs_rpcb_xdr_dec_getaddr,
		.p_arglen	= SNFS_RPCB_getaddrargs_sz,
		.p_replen	= SNFS_RPCB_getaddrres_sz,
		.p_statidx	= SNFS_RPCBPROC_GETADDR,
		.p_name		= "GETADDR",
	},
};
EXPORT_SYMBOL_IF_KUNIT(snfs_rpcb_procedures3);

static unsigned int snfs_rpcb_counts2[ARRAY_SIZE(snfs_rpcb_procedures2)];
static const struct rpc_version snfs_rpcb_version2 = {
	.number		= SNFS_RPCB_V2,
	.nrprocs	= ARRAY_SIZE(snfs_rpcb_procedures2),
	.procs		= snfs_rpcb_procedures2,
	.counts		= snfs_rpcb_counts2,
};

static unsigned int snfs_rpcb_counts3[ARRAY_SIZE(snfs_rpcb_procedures3)];
static const struct rpc_version snfs_rpcb_version3 = {
	.number		= SNFS_RPCB_V3,
	.nrprocs	= ARRAY_SIZE(snfs_rpcb_procedures3),
	.procs		= snfs_rpcb_procedures3,
	.counts		= snfs_rpcb_counts3,
};

static const struct rpc_version *snfs_rpcb_versions[] = {
	[SNFS_RPCB_V2]	= &snfs_rpcb_version2,
	[SNFS_RPCB_V3]	= &snfs_rpcb_version3,
};

static struct rpc_stat snfs_rpcb_stats;
static const struct rpc_program snfs_rpcb_program = {
	.name		= "rpcbind",
	.number		= SNFS_RPCB_PROGRAM,
	.nrvers		= ARRAY_SIZE(snfs_rpcb_versions),
	.version	= snfs_rpcb_versions,
	.stats		= &snfs_rpcb_stats,
};

/* A lost datagram is sent again once; a firewall that drops them costs 1.5 seconds. */
static const struct rpc_timeout snfs_rpcb_udp_timeout = {
	.to_initval	= HZ / 2,
	.to_maxval	= HZ,
	.to_retries	= 1,
	.to_exponential	= 1,
};

static const struct rpc_timeout snfs_rpcb_tcp_timeout = {
	.to_initval	= 10 * HZ,
	.to_maxval	= 10 * HZ,
};

static void snfs_rpcb_done(struct rpc_task *task, void *data)
{
	struct snfs_rpcb_call *call = data;

	call->query->error = min(task->tk_status, 0);
}

static void snfs_rpcb_release(void *data)
{
	struct snfs_rpcb_call *call = data;

	complete(&call->done);
}

static const struct rpc_call_ops snfs_rpcb_ops = {
	.rpc_call_done	= snfs_rpcb_done,
	.rpc_release	= snfs_rpcb_release,
};

static void start_call(struct snfs_rpcb_call *call, bool ipv6)
{
	struct rpc_message msg = {
		.rpc_proc	= ipv6 ? &snfs_rpcb_procedures3[SNFS_RPCBPROC_GETADDR] :
					 &snfs_rpcb_procedures2[SNFS_PMAPPROC_GETPORT],
		.rpc_argp	= call,
		.rpc_resp	= call,
	};
	struct rpc_task_setup setup = {
		.rpc_client	= call->clnt,
		.rpc_message	= &msg,
		.callback_ops	= &snfs_rpcb_ops,
		.callback_data	= call,
		.workqueue	= snfs_wq,
		.flags		= RPC_TASK_ASYNC | RPC_TASK_SOFT | RPC_TASK_SOFTCONN |
				  RPC_TASK_TIMEOUT | RPC_TASK_NULLCREDS,
	};
	struct rpc_task *task;

	task = rpc_run_task(&setup);
	if (IS_ERR(task)) {
		call->query->error = PTR_ERR(task);
		complete(&call->done);
		return;
	}
	rpc_put_task_async(task);
}

static struct rpc_clnt *create_client(struct snfs_server *server,
				      const struct sockaddr_storage *addr, int proto)
{
	struct sockaddr_storage rpcb_addr = *addr;
	bool ipv6 = addr->ss_family == AF_INET6;
	struct rpc_create_args args = {
		.net		= server->net,
		.protocol	= proto,
		.address	= (struct sockaddr *)&rpcb_addr,
		.addrsize	= ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in),
		.timeout	= proto == XPRT_TRANSPORT_UDP ? &snfs_rpcb_udp_timeout :
								&snfs_rpcb_tcp_timeout,
		.servername	= server->opt.hostname,
		.nodename	= server->nodename,
		.program	= &snfs_rpcb_program,
		.version	= ipv6 ? SNFS_RPCB_V3 : SNFS_RPCB_V2,
		.authflavor	= RPC_AUTH_NULL,
		.cred		= server->cred,
		.flags		= RPC_CLNT_CREATE_NOPING | RPC_CLNT_CREATE_NONPRIVPORT |
				  RPC_CLNT_CREATE_QUIET,
	};

	rpc_set_port((struct sockaddr *)&rpcb_addr, SNFS_RPCB_PORT);
	return rpc_create(&args);
}

static const char *netid(const struct snfs_rpcb_query *query)
{
	return query->proto == XPRT_TRANSPORT_UDP ? "udp6" : "tcp6";
}

static void prepare_call(struct snfs_rpcb_call *call, struct snfs_server *server,
			 struct snfs_rpcb_query *query, const struct sockaddr_storage *addr)
{
	init_completion(&call->done);
	call->query = query;
	call->net = server->net;
	call->netid = netid(query);
	snprintf(call->uaddr, sizeof(call->uaddr), "%pI6c.0.%u",
		 &((struct sockaddr_in6 *)addr)->sin6_addr, SNFS_RPCB_PORT);
}

static void ask(struct snfs_server *server, const struct sockaddr_storage *addr, int proto,
		struct snfs_rpcb_call *call, struct snfs_rpcb_query *query)
{
	prepare_call(call, server, query, addr);
	call->clnt = create_client(server, addr, proto);
	if (!IS_ERR(call->clnt)) {
		start_call(call, addr->ss_family == AF_INET6);
		return;
	}
	query->error = PTR_ERR(call->clnt);
	complete(&call->done);
}

/* Wait for the answer; a fatal signal ends the call first. */
static bool hear(struct snfs_rpcb_call *call)
{
	bool killed = wait_for_completion_killable(&call->done);

	if (killed) {
		rpc_killall_tasks(call->clnt);
		wait_for_completion(&call->done);
	}
	if (!IS_ERR(call->clnt))
		rpc_shutdown_client(call->clnt);
	return killed;
}

/* Ask all together over one protocol. */
static int ask_all(struct snfs_server *server, const struct sockaddr_storage *addr, int proto,
		   struct snfs_rpcb_query *queries, unsigned int nr)
{
	struct snfs_rpcb_call *calls;
	bool killed = false;
	unsigned int i;

	calls = kcalloc(nr, sizeof(*calls), GFP_KERNEL);
	if (!calls)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		ask(server, addr, proto, &calls[i], &queries[i]);
	for (i = 0; i < nr; i++)
		killed |= hear(&calls[i]);
	kfree(calls);
	return killed ? -EINTR : 0;
}

/* UDP tells neither a refusal nor a firewall from a lost datagram. */
static bool worth_tcp(int error)
{
	return error == -ETIMEDOUT || error == -ECONNREFUSED || error == -EIO;
}

/**
 * snfs_rpcbind - ask a server's rpcbind for ports
 * @server: the mount it is for
 * @addr: where rpcbind is
 * @queries: the questions, asked together; each gets its answer or error
 * @nr: number of @queries
 *
 * Takes one round trip if UDP works, and at most 12 seconds.
 *
 * Context: May sleep, killable.
 * Return: 0 if each question has an answer; the first error otherwise: -ECONNREFUSED if there
 * is no rpcbind, -ETIMEDOUT, -EINTR, -ENOMEM, an error of the network.
 */
int snfs_rpcbind(struct snfs_server *server, const struct sockaddr_storage *addr,
		 struct snfs_rpcb_query *queries, unsigned int nr)
{
	unsigned int i;
	int err;

	err = ask_all(server, addr, XPRT_TRANSPORT_UDP, queries, nr);
	for (i = 0; i < nr && !err; i++) {
		if (worth_tcp(queries[i].error))
			err = ask_all(server, addr, XPRT_TRANSPORT_TCP, &queries[i], nr - i);
		if (!err)
			err = queries[i].error;
	}
	return err;
}
