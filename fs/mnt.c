// SPDX-License-Identifier: GPL-2.0
/*
 * The MOUNT protocol, versions 1 to 3: the export's file handle at mount, a goodbye at umount, and
 * what else the server exports.
 */
#include <linux/slab.h>
#include <linux/sunrpc/addr.h>
#include <linux/sunrpc/msg_prot.h>
#include <linux/sunrpc/xprt.h>
#include <kunit/visibility.h>
#include "exports.h"
#include "identity.h"
#include "snfs.h"
#include "trace.h"
#include "xdr2.h"

/* In 32-bit words */
#define SNFS_MNT_dirpath_sz	(1 + XDR_QUADLEN(MNTPATHLEN))
#define SNFS_MNT_fhstatus_sz	(1 + XDR_QUADLEN(FHSIZE))
#define SNFS_MNT_mntres_sz	(1 + 1 + XDR_QUADLEN(FHSIZE3) + 1 + SNFS_MNT_MAXFLAVORS)

static void snfs_mnt_xdr_enc_dirpath(struct rpc_rqst *req, struct xdr_stream *xdr,
				     const void *data)
{
	const char *path = data;

	WARN_ON_ONCE(xdr_stream_encode_opaque(xdr, path, strlen(path)) < 0);
}

static int decode_flavors(struct xdr_stream *xdr, struct snfs_mnt_res *res)
{
	u32 nr, i;

	if (xdr_stream_decode_u32(xdr, &nr) < 0 || nr > SNFS_MNT_MAXFLAVORS)
		return -EBADMSG;
	for (i = 0; i < nr; i++) {
		if (xdr_stream_decode_u32(xdr, &res->flavors[i]) < 0)
			return -EBADMSG;
	}
	res->nr_flavors = nr;
	return 0;
}

/**
 * snfs_mnt_decode_res1 - decode the answer of MNT of version 1 or 2
 * @xdr: stream at the status
 * @res: OUT: status; if that is 0 the handle. Flavours are not told
 *
 * RFC 1094 section A.5: fhstatus.
 *
 * Return: 0; -EBADMSG if it is short.
 */
VISIBLE_IF_KUNIT int snfs_mnt_decode_res1(struct xdr_stream *xdr, struct snfs_mnt_res *res)
{
	res->nr_flavors = 0;
	if (xdr_stream_decode_u32(xdr, &res->status) < 0)
		return -EBADMSG;
	return res->status ? 0 : snfs_decode_fh2(xdr, &res->fh);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_mnt_decode_res1);

/**
 * snfs_mnt_decode_res - decode the answer of MNT
 * @xdr: stream at the status
 * @res: OUT: status; if that is MNT3_OK the handle and the security flavours
 *
 * RFC 1813 appendix I section 5.2.1: mountres3.
 *
 * Return: 0; -EBADMSG if it is short, or the handle is empty or longer than 64 bytes, or the
 * list longer than SNFS_MNT_MAXFLAVORS.
 */
VISIBLE_IF_KUNIT int snfs_mnt_decode_res(struct xdr_stream *xdr, struct snfs_mnt_res *res)
{
	ssize_t len;
	void *data;

	res->nr_flavors = 0;
	if (xdr_stream_decode_u32(xdr, &res->status) < 0)
		return -EBADMSG;
	if (res->status != MNT3_OK)
		return 0;
	len = xdr_stream_decode_opaque_inline(xdr, &data, FHSIZE3);
	if (len <= 0)
		return -EBADMSG;
	res->fh.len = len;
	memcpy(res->fh.data, data, len);
	return decode_flavors(xdr, res);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_mnt_decode_res);

static int end_decode(const struct rpc_rqst *req, int err)
{
	if (!err)
		return 0;
	trace_snfs_xdr_bad("MNT", be32_to_cpu(req->rq_xid));
	return -EIO;
}

static int snfs_mnt_xdr_dec_res1(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	return end_decode(req, snfs_mnt_decode_res1(xdr, data));
}

static int snfs_mnt_xdr_dec_res(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	return end_decode(req, snfs_mnt_decode_res(xdr, data));
}

/* The list goes to pages, which sunrpc allocates as they fill. */
static void snfs_mnt_xdr_enc_export(struct rpc_rqst *req, struct xdr_stream *xdr,
				    const void *data)
{
	const struct snfs_mnt_exports *args = data;

	rpc_prepare_reply_pages(req, args->pages, 0, SNFS_EXPORTS_BYTES, 0);
	req->rq_rcv_buf.flags |= XDRBUF_SPARSE_PAGES;
}

static int snfs_mnt_xdr_dec_export(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_mnt_exports *res = data;
	int err = snfs_export_list_decode(xdr, res->list);

	if (err != -EBADMSG)
		return err;
	trace_snfs_xdr_bad("EXPORT", be32_to_cpu(req->rq_xid));
	return -EIO;
}

/*
 * The rows of a table: what MNT answers is all that the versions differ in. EXPORT has no
 * arguments, but sunrpc of 6.1 takes a length of 0 for a mistake, and dies.
 */
#define PROCEDURES(mnt_decode, mnt_replen)			\
	[MOUNTPROC3_MNT] = {					\
		.p_proc		= MOUNTPROC3_MNT,		\
		.p_encode	= snfs_mnt_xdr_enc_dirpath,	\
		.p_decode	= mnt_decode,			\
		.p_arglen	= SNFS_MNT_dirpath_sz,		\
		.p_replen	= mnt_replen,			\
		.p_statidx	= MOUNTPROC3_MNT,		\
		.p_name		= "MNT",			\
	},							\
	[MOUNTPROC3_UMNT] = {					\
		.p_proc		= MOUNTPROC3_UMNT,		\
		.p_encode	= snfs_mnt_xdr_enc_dirpath,	\
		.p_arglen	= SNFS_MNT_dirpath_sz,		\
		.p_statidx	= MOUNTPROC3_UMNT,		\
		.p_name		= "UMNT",			\
	},							\
	[MOUNTPROC3_EXPORT] = {					\
		.p_proc		= MOUNTPROC3_EXPORT,		\
		.p_encode	= snfs_mnt_xdr_enc_export,	\
		.p_decode	= snfs_mnt_xdr_dec_export,	\
		.p_arglen	= 1,				\
		.p_replen	= 1,				\
		.p_statidx	= MOUNTPROC3_EXPORT,		\
		.p_name		= "EXPORT",			\
	}

/* Versions 1 and 2 */
VISIBLE_IF_KUNIT const struct rpc_procinfo snfs_mnt_procedures1[] = {
	PROCEDURES(snfs_mnt_xdr_dec_res1, SNFS_MNT_fhstatus_sz),
};
EXPORT_SYMBOL_IF_KUNIT(snfs_mnt_procedures1);

VISIBLE_IF_KUNIT const struct rpc_procinfo snfs_mnt_procedures3[] = {
	PROCEDURES(snfs_mnt_xdr_dec_res, SNFS_MNT_mntres_sz),
};
EXPORT_SYMBOL_IF_KUNIT(snfs_mnt_procedures3);

static unsigned int snfs_mnt_counts1[ARRAY_SIZE(snfs_mnt_procedures1)];
static const struct rpc_version snfs_mnt_version1 = {
	.number		= MOUNT_V1,
	.nrprocs	= ARRAY_SIZE(snfs_mnt_procedures1),
	.procs		= snfs_mnt_procedures1,
	.counts		= snfs_mnt_counts1,
};

static unsigned int snfs_mnt_counts2[ARRAY_SIZE(snfs_mnt_procedures1)];
static const struct rpc_version snfs_mnt_version2 = {
	.number		= MOUNT_V2,
	.nrprocs	= ARRAY_SIZE(snfs_mnt_procedures1),
	.procs		= snfs_mnt_procedures1,
	.counts		= snfs_mnt_counts2,
};

static unsigned int snfs_mnt_counts3[ARRAY_SIZE(snfs_mnt_procedures3)];
static const struct rpc_version snfs_mnt_version3 = {
	.number		= MOUNT_V3,
	.nrprocs	= ARRAY_SIZE(snfs_mnt_procedures3),
	.procs		= snfs_mnt_procedures3,
	.counts		= snfs_mnt_counts3,
};

static const struct rpc_version *snfs_mnt_versions[] = {
	[MOUNT_V1]	= &snfs_mnt_version1,
	[MOUNT_V2]	= &snfs_mnt_version2,
	[MOUNT_V3]	= &snfs_mnt_version3,
};

static struct rpc_stat snfs_mnt_stats;
static const struct rpc_program snfs_mnt_program = {
	.name		= "mount",
	.number		= MOUNT_PROGRAM,
	.nrvers		= ARRAY_SIZE(snfs_mnt_versions),
	.version	= snfs_mnt_versions,
	.stats		= &snfs_mnt_stats,
};

static const struct rpc_timeout snfs_mnt_udp_timeout = {
	.to_initval	= HZ,
	.to_maxval	= 8 * HZ,
	.to_retries	= 3,
	.to_exponential	= 1,
};

static const struct rpc_timeout snfs_mnt_tcp_timeout = {
	.to_initval	= 20 * HZ,
	.to_maxval	= 20 * HZ,
};

/* A goodbye is not worth waiting for. */
static const struct rpc_timeout snfs_umnt_timeout = {
	.to_initval	= HZ,
	.to_maxval	= 2 * HZ,
	.to_increment	= HZ,
	.to_retries	= 1,
};

static struct rpc_clnt *create_client(struct snfs_server *server,
				      const struct rpc_timeout *timeout)
{
	struct sockaddr_storage addr = *snfs_mount_addr(&server->opt);
	struct rpc_create_args args = {
		.net		= server->net,
		.protocol	= server->mountproto,
		.address	= (struct sockaddr *)&addr,
		.addrsize	= addr.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
							       sizeof(struct sockaddr_in),
		.timeout	= timeout,
		.servername	= server->opt.hostname,
		.nodename	= server->nodename,
		.program	= &snfs_mnt_program,
		.version	= server->mountvers,
		.authflavor	= RPC_AUTH_UNIX,
		.cred		= server->cred,
		.flags		= RPC_CLNT_CREATE_NOPING | RPC_CLNT_CREATE_QUIET,
	};

	if (server->opt.flags & SNFS_OPT_NORESVPORT)
		args.flags |= RPC_CLNT_CREATE_NONPRIVPORT;
	rpc_set_port((struct sockaddr *)&addr, server->mountport);
	return rpc_create(&args);
}

static const struct rpc_timeout *answer_timeout(const struct snfs_server *server)
{
	return server->mountproto == XPRT_TRANSPORT_UDP ? &snfs_mnt_udp_timeout :
							  &snfs_mnt_tcp_timeout;
}

static int call(struct snfs_server *server, struct rpc_clnt *clnt, unsigned int proc, void *arg,
		void *res)
{
	struct rpc_message msg = {
		.rpc_proc	= &snfs_mnt_versions[server->mountvers]->procs[proc],
		.rpc_argp	= arg,
		.rpc_resp	= res,
		.rpc_cred	= snfs_cred_for(server, server->cred),
	};
	int err;

	err = rpc_call_sync(clnt, &msg, RPC_TASK_SOFT | RPC_TASK_SOFTCONN | RPC_TASK_TIMEOUT);
	return err == -ERESTARTSYS ? -EINTR : err;
}

/* MNT. The connection is kept for a question about other exports, if there is to be one. */
static int call_mnt(struct snfs_server *server, struct snfs_mnt_res *res)
{
	struct rpc_clnt *clnt = create_client(server, answer_timeout(server));
	int err;

	if (IS_ERR(clnt))
		return PTR_ERR(clnt);
	/* Of a try with another version */
	if (server->mnt_clnt)
		rpc_shutdown_client(server->mnt_clnt);
	server->mnt_clnt = NULL;
	err = call(server, clnt, MOUNTPROC3_MNT, server->opt.export, res);
	if (err || !server->keep_mnt_clnt)
		rpc_shutdown_client(clnt);
	else
		server->mnt_clnt = clnt;
	return err;
}

/* Why there was no answer, in words that say what to do */
static int no_answer(struct snfs_server *server, struct fs_context *fc, int err)
{
	const struct sockaddr_storage *addr = snfs_mount_addr(&server->opt);
	const char *proto = snfs_proto_name(server->mountproto);

	switch (err) {
	case -ECONNREFUSED:
		errorfc(fc, "MOUNT at %pISc refused the connection (%s port %u)", addr, proto,
			server->mountport);
		errorfc(fc, "is mountd running there, and mountport= right?");
		return err;
	case -ETIMEDOUT:
		errorfc(fc, "no answer from MOUNT at %pISc (tried %s port %u)", addr, proto,
			server->mountport);
		return err;
	case -EPFNOSUPPORT:
	case -EPROTONOSUPPORT:
	case -EOPNOTSUPP:
		if (snfs_version_fall(server))
			return -EPROTONOSUPPORT;
		errorfc(fc, "no MOUNT version %u at %pISc (%s port %u): give the right mountport=",
			server->mountvers, addr, proto, server->mountport);
		return -EPROTONOSUPPORT;
	case -EACCES:
		errorfc(fc, "MOUNT at %pISc refuses our credentials (%s port %u)", addr, proto,
			server->mountport);
		return err;
	case -EINTR:
		return err;
	default:
		errorfc(fc, "MNT at %pISc failed with error %d (%s port %u)", addr, err, proto,
			server->mountport);
		return err;
	}
}

static int not_granted(struct snfs_server *server, struct fs_context *fc, u32 status)
{
	int err;
	const char *text = snfs_mountstat_text(status, &err);

	errorfc(fc, "%pISc denied the mount of %s: %s", snfs_mount_addr(&server->opt),
		server->opt.export, text);
	if ((err == -EACCES || err == -EPERM) && (server->opt.flags & SNFS_OPT_NORESVPORT))
		errorfc(fc, "the server may want a privileged port: leave out noresvport");
	return err;
}

static int no_common_flavor(struct snfs_server *server, struct fs_context *fc,
			    const struct snfs_mnt_res *res)
{
	char offered[64];
	size_t len = 0;
	u32 i;

	for (i = 0; i < res->nr_flavors && len < sizeof(offered); i++)
		len += scnprintf(offered + len, sizeof(offered) - len, "%s%s", i ? ":" : "",
				 snfs_flavor_name(res->flavors[i]));
	errorfc(fc, "%s:%s is offered with sec=%s only", server->opt.hostname,
		server->opt.export, offered);
	return -EACCES;
}

/*
 * Versions of MOUNT and of NFS can be mixed. Where handles have one length only, a shorter one is
 * filled up: servers know their own.
 */
static int take_handle(struct snfs_server *server, struct fs_context *fc, struct snfs_fh *fh)
{
	u16 size = server->proto->fhsize;

	if (size && fh->len > size) {
		errorfc(fc, "the handle of MOUNT version %u is too long: leave out mountvers=",
			server->mountvers);
		return -EPROTO;
	}
	server->root_fh = *fh;
	if (size)
		server->root_fh.len = size;
	return 0;
}

/**
 * snfs_mnt - get the handle of the export
 * @server: the mount; mountport, mountproto and mountvers say what MOUNT is asked. OUT: root_fh,
 *	and opt.sec: what both can do
 * @fc: for messages
 *
 * Takes at most 20 seconds.
 *
 * Context: May sleep, killable.
 * Return: 0; the errno of MNT's status; -EACCES if no security flavour is common to both;
 * -ECONNREFUSED, -ETIMEDOUT, -EPROTONOSUPPORT, -EIO, -EINTR, -ENOMEM, an error of the network.
 */
int snfs_mnt(struct snfs_server *server, struct fs_context *fc)
{
	struct snfs_mnt_res *res;
	struct snfs_flavors sec;
	int err;

	res = kzalloc(sizeof(*res), GFP_KERNEL);
	if (!res)
		return -ENOMEM;
	err = call_mnt(server, res);
	if (err) {
		err = no_answer(server, fc, err);
		goto out;
	}
	if (res->status != MNT3_OK) {
		err = not_granted(server, fc, res->status);
		goto out;
	}
	server->listed = true;
	snfs_flavors_choose(&server->opt.sec, res, &sec);
	snfs_identity_flavors(server, &sec);
	if (!sec.nr) {
		err = no_common_flavor(server, fc, res);
		goto out;
	}
	server->opt.sec = sec;
	err = take_handle(server, fc, &res->fh);
out:
	kfree(res);
	return err;
}

/**
 * snfs_umnt - tell the server that the export is no longer mounted
 * @server: the mount
 *
 * Advisory: it only keeps the server's list right. Takes at most 3 seconds; failures are
 * ignored.
 *
 * Context: May sleep.
 */
void snfs_umnt(struct snfs_server *server)
{
	struct rpc_clnt *clnt;

	if (!server->listed || server->dead)
		return;
	server->listed = false;
	clnt = create_client(server, &snfs_umnt_timeout);
	if (IS_ERR(clnt))
		return;
	call(server, clnt, MOUNTPROC3_UMNT, server->opt.export, NULL);
	rpc_shutdown_client(clnt);
}

/**
 * snfs_mnt_client - make a client for MOUNT
 * @server: mountport, mountproto and mountvers say where
 *
 * Return: the client, or an ERR_PTR.
 */
struct rpc_clnt *snfs_mnt_client(struct snfs_server *server)
{
	return create_client(server, answer_timeout(server));
}

/**
 * snfs_mnt_exports - ask what the server exports
 * @server: whose MOUNT it is
 * @clnt: client for that
 * @list: OUT: the exports; an empty list before
 *
 * Takes at most 20 seconds.
 *
 * Context: May sleep, killable.
 * Return: 0; -ENOMEM, -EIO if the answer is malformed, an error of the network.
 */
int snfs_mnt_exports(struct snfs_server *server, struct rpc_clnt *clnt,
		     struct snfs_export_list *list)
{
	unsigned int nr = SNFS_EXPORTS_BYTES / PAGE_SIZE, i;
	struct snfs_mnt_exports args = { .list = list };
	int err;

	args.pages = kvcalloc(nr, sizeof(*args.pages), GFP_KERNEL);
	if (!args.pages)
		return -ENOMEM;
	err = call(server, clnt, MOUNTPROC3_EXPORT, &args, &args);
	for (i = 0; i < nr && args.pages[i]; i++)
		__free_page(args.pages[i]);
	kvfree(args.pages);
	return err;
}
