// SPDX-License-Identifier: GPL-2.0
/*
 * A mounted server: its connections, what it can do, and its end.
 *
 * Mounting costs four round trips: rpcbind is asked for the ports while TCP connects to where
 * NFS usually is; then MOUNT is connected to, and asked for the handle; then everything about
 * the root is asked at once. Over UDP there is nothing to connect to: three. See
 * Documentation/design.rst.
 */
#include <linux/slab.h>
#include <linux/sunrpc/addr.h>
#include <linux/sunrpc/xprt.h>
#include "exports.h"
#include "rpcbind.h"
#include "snfs.h"

/*
 * While mounting, for hard mounts too. Calls are sent again after a third of it: knfsd drops a
 * call when an upcall of its own takes long, which the first calls with Kerberos have seen.
 */
#define SNFS_MOUNT_SECONDS	15
static const struct rpc_timeout snfs_mount_tcp_timeout = {
	.to_initval	= SNFS_MOUNT_SECONDS * HZ / 3,
	.to_increment	= SNFS_MOUNT_SECONDS * HZ / 3,
	.to_retries	= 2,
	.to_maxval	= SNFS_MOUNT_SECONDS * HZ,
};

/* The same over UDP, where datagrams are lost: again after 1, 2, 4 and 8 seconds */
static const struct rpc_timeout snfs_mount_udp_timeout = {
	.to_initval	= HZ,
	.to_retries	= 4,
	.to_maxval	= SNFS_MOUNT_SECONDS * HZ,
	.to_exponential	= 1,
};

/* For what is known about the root: rpc.gssd may take its time to get a ticket */
#define SNFS_ROOT_SECONDS	40

/**
 * struct snfs_pings - NULL calls that open the connections, one each
 * @nr: number of @op
 * @op: the calls
 */
struct snfs_pings {
	unsigned int	nr;
	struct snfs_op	*op[SNFS_NCONNECT_MAX];
};

/**
 * snfs_server_alloc - make the record of a mount
 *
 * Return: the record, to be given back with snfs_server_free(), or NULL.
 */
struct snfs_server *snfs_server_alloc(void)
{
	struct snfs_server *server = kzalloc(sizeof(*server), GFP_KERNEL);

	if (!server)
		return NULL;
	server->stats = alloc_percpu(struct snfs_stats);
	if (!server->stats) {
		kfree(server);
		return NULL;
	}
	snfs_version_begin(server);
	INIT_LIST_HEAD(&server->submount);
	server->mount_time = ktime_get_boottime_seconds();
	mutex_init(&server->nlm_mutex);
	strscpy(server->nodename, utsname()->nodename, sizeof(server->nodename));
	return server;
}

static void kill_calls(struct snfs_server *server)
{
	if (server->clnt)
		rpc_killall_tasks(server->clnt);
	if (server->acl_clnt)
		rpc_killall_tasks(server->acl_clnt);
}

/**
 * snfs_server_kill - end every operation, now and from now on
 * @server: the mount
 */
void snfs_server_kill(struct snfs_server *server)
{
	WRITE_ONCE(server->dead, true);
	/* Pairs with rpc_execute(): who sees us alive in snfs_task_prepare() is on the list. */
	smp_mb();
	kill_calls(server);
}

/* What makes connections goes on by itself, with the client of the call that wanted one. */
static void settle(struct snfs_server *server)
{
	if (server->opt.tls == SNFS_TLS_NONE)
		return;
	kill_calls(server);
	rpc_killall_tasks(server->plain);
	snfs_tls_settle(server->plain);
}

/*
 * The clones first: giving up Kerberos contexts starts calls on the plain client, on which the
 * contexts of all mounts that use it hang. Its last user ends them. Then no call uses our program
 * any more.
 */
static void close_clients(struct snfs_server *server)
{
	bool last = server->plain && refcount_dec_and_test(server->plain_users);

	if (last)
		settle(server);
	if (server->clnt && server->clnt != server->plain)
		rpc_shutdown_client(server->clnt);
	server->clnt = NULL;
	if (server->acl_clnt && server->acl_clnt != server->plain)
		rpc_shutdown_client(server->acl_clnt);
	server->acl_clnt = NULL;
	if (last) {
		settle(server);
		rpc_shutdown_client(server->plain);
		kfree(server->plain_users);
	}
	server->plain = NULL;
	server->plain_users = NULL;
}

/**
 * snfs_server_free - end a mount
 * @server: the mount, or NULL; nothing may start operations any more
 *
 * Context: May sleep until the last operation is done.
 */
void snfs_server_free(struct snfs_server *server)
{
	if (!server)
		return;
	snfs_submount_unlist(server);
	snfs_op_drain(server);
	snfs_lock_stop(server);
	snfs_exports_put(server->exports);
	if (server->mnt_clnt)
		rpc_shutdown_client(server->mnt_clnt);
	close_clients(server);
	if (server->net)
		put_net(server->net);
	put_cred(server->identity);
	snfs_userns_uncharge(server);
	put_cred(server->cred);
	snfs_options_free(&server->opt);
	free_percpu(server->stats);
	kfree(server);
}

static void set_ac(struct snfs_ac *ac, const struct snfs_options *opt, unsigned int min,
		   unsigned int max)
{
	if (opt->flags & SNFS_OPT_NOAC) {
		min = 0;
		max = 0;
	}
	ac->min = (u64)min * NSEC_PER_SEC;
	ac->max = (u64)max * NSEC_PER_SEC;
}

static void set_retry_policy(struct rpc_clnt *clnt, const struct snfs_options *opt)
{
	struct rpc_timeout *timeout = &clnt->cl_timeout_default;

	snfs_timeout_set(timeout, opt);
	clnt->cl_timeout = timeout;
	/* What was measured until now is forgotten, as after each major time-out. */
	if (clnt->cl_rtt->timeo != timeout->to_initval)
		rpc_init_rtt(clnt->cl_rtt, timeout->to_initval);
	clnt->cl_softrtry = !!(opt->flags & SNFS_OPT_SOFT);
	clnt->cl_softerr = !!(opt->flags & SNFS_OPT_SOFTERR);
}

/**
 * snfs_server_apply_options - let the options that may change come into force
 * @server: a connected server
 *
 * sunrpc has no setter for the retry policy of a client; nfs.ko sets these fields too.
 */
void snfs_server_apply_options(struct snfs_server *server)
{
	const struct snfs_options *opt = &server->opt;

	set_ac(&server->acreg, opt, opt->acregmin, opt->acregmax);
	set_ac(&server->acdir, opt, opt->acdirmin, opt->acdirmax);
	set_retry_policy(server->clnt, opt);
	if (server->acl_clnt)
		set_retry_policy(server->acl_clnt, opt);
}

/* The connections are opened before MNT tells the flavours: none of them needs a ticket. */
static rpc_authflavor_t plain_flavor(const struct snfs_options *opt)
{
	return opt->sec.nr && opt->sec.flavor[0] == RPC_AUTH_NULL ? RPC_AUTH_NULL : RPC_AUTH_UNIX;
}

static int create_client(struct snfs_server *server, unsigned int port)
{
	struct snfs_options *opt = &server->opt;
	struct rpc_create_args args = {
		.net		= server->net,
		.protocol	= opt->proto,
		.address	= (struct sockaddr *)&opt->addr,
		.addrsize	= opt->addrlen,
		.timeout	= opt->proto == XPRT_TRANSPORT_UDP ? &snfs_mount_udp_timeout :
								     &snfs_mount_tcp_timeout,
		.servername	= opt->hostname,
		.nodename	= server->nodename,
		.program	= server->proto->program,
		.version	= server->proto->version,
		.authflavor	= plain_flavor(opt),
		.nconnect	= snfs_nr_transports(opt),
		.cred		= server->cred,
		.flags		= RPC_CLNT_CREATE_NOPING | RPC_CLNT_CREATE_REUSEPORT |
				  RPC_CLNT_CREATE_SOFTERR,
	};
	struct rpc_clnt *clnt;
	refcount_t *users;

	if (opt->flags & SNFS_OPT_NORESVPORT)
		args.flags |= RPC_CLNT_CREATE_NONPRIVPORT;
	if (opt->tls != SNFS_TLS_NONE)
		snfs_args_use_tls(&args, opt->tls == SNFS_TLS_MUTUAL);
	rpc_set_port((struct sockaddr *)&opt->addr, port);
	users = kmalloc(sizeof(*users), GFP_KERNEL);
	if (!users)
		return -ENOMEM;
	clnt = rpc_create(&args);
	if (IS_ERR(clnt)) {
		kfree(users);
		return PTR_ERR(clnt);
	}
	refcount_set(users, 1);
	server->plain_users = users;
	server->plain = clnt;
	server->clnt = clnt;
	return 0;
}

static int wait_pings(struct snfs_pings *pings)
{
	int err = 0;

	while (pings->nr) {
		struct snfs_op *op = pings->op[--pings->nr];
		int this_err = snfs_op_wait(op);

		if (this_err)
			err = this_err;
		snfs_op_put(op);
	}
	return err;
}

static int start_pings(struct snfs_server *server, struct snfs_pings *pings)
{
	int err;

	while (pings->nr < snfs_nr_transports(&server->opt)) {
		struct snfs_op *op = snfs_op_alloc(server, server->cred, GFP_KERNEL);

		err = snfs_op_start(op, server->proto->null);
		if (err) {
			snfs_op_put(op);
			return err;
		}
		pings->op[pings->nr++] = op;
	}
	return 0;
}

/* The connections are of no use: end what waits for them. */
static void hang_up(struct snfs_server *server, struct snfs_pings *pings)
{
	if (!server->clnt)
		return;
	rpc_killall_tasks(server->clnt);
	wait_pings(pings);
	close_clients(server);
}

static int dial(struct snfs_server *server, struct fs_context *fc, unsigned int port,
		struct snfs_pings *pings)
{
	int err = create_client(server, port);

	if (!err)
		err = start_pings(server, pings);
	if (err)
		errorfc(fc, "cannot connect to %pISc: error %d", &server->opt.addr, err);
	return err;
}

static bool is_unreachable(int err)
{
	return err == -ENETUNREACH || err == -EHOSTUNREACH || err == -ENETDOWN ||
	       err == -EHOSTDOWN;
}

static bool ping_answered(const struct snfs_pings *pings)
{
	return completion_done(&pings->op[0]->finished) && !pings->op[0]->error;
}

static int no_rpcbind(struct snfs_server *server, struct fs_context *fc, int err,
		      const struct snfs_pings *pings)
{
	const struct sockaddr_storage *addr = snfs_mount_addr(&server->opt);
	unsigned int port = rpc_get_port((struct sockaddr *)&server->opt.addr);

	if (err == -EINTR)
		return err;
	if (is_unreachable(err)) {
		errorfc(fc, "no route to %pISc (error %d)", addr, err);
		return err;
	}
	if (err == -ECONNREFUSED)
		errorfc(fc, "no rpcbind at %pISc: port %u refused the connection", addr,
			SNFS_RPCB_PORT);
	else if (err != -ETIMEDOUT)
		errorfc(fc, "rpcbind at %pISc gave no usable answer (error %d)", addr, err);
	else
		errorfc(fc, "no answer from rpcbind at %pISc (tried UDP and TCP port %u)", addr,
			SNFS_RPCB_PORT);
	if (ping_answered(pings))
		errorfc(fc, "NFS answers on port %u: give port=%u and mountport=", port, port);
	else
		errorfc(fc, "NFS on %s port %u gave no answer either: is the server up?",
			snfs_proto_name(server->opt.proto), port);
	return err;
}

/* MOUNT is not registered for our transport: unless that was asked for, the other will do. */
static int find_mount_otherwise(struct snfs_server *server, struct snfs_rpcb_query *query)
{
	if (query->port || server->opt.mountproto)
		return 0;
	query->proto = query->proto == XPRT_TRANSPORT_TCP ? XPRT_TRANSPORT_UDP :
							    XPRT_TRANSPORT_TCP;
	server->mountproto = query->proto;
	return snfs_rpcbind(server, snfs_mount_addr(&server->opt), query, 1);
}

static int no_mount(struct snfs_server *server, struct fs_context *fc)
{
	if (snfs_version_fall(server))
		return -EPROTONOSUPPORT;
	errorfc(fc, "rpcbind at %pISc knows no MOUNT for NFS version %s",
		snfs_mount_addr(&server->opt), snfs_version_tried(server));
	errorfc(fc, "is mountd running there? If it is, give mountport=");
	return -EPROTONOSUPPORT;
}

/* Few servers still offer UDP, and a datagram that nobody takes is not refused but lost. */
static int no_udp(struct snfs_server *server, struct fs_context *fc)
{
	if (snfs_version_fall(server))
		return -EPROTONOSUPPORT;
	errorfc(fc, "rpcbind at %pISc knows no NFS version %s over UDP: use proto=tcp",
		&server->opt.addr, snfs_version_tried(server));
	errorfc(fc, "or let the server offer it (Linux: rpc.nfsd --udp), or give port=");
	return -EPROTONOSUPPORT;
}

/*
 * rpcbind knows no NFS over TCP in the version that is tried. Should it know NFS for UDP only, UDP
 * is taken, unless something was said against it. If it knows nothing at all, or another version,
 * or the NULL call was answered, NFS is tried where it usually is. (Most tell the port of any
 * version they know, and the server then tells that it is another; some are strict.)
 */
static int no_tcp(struct snfs_server *server, const struct snfs_pings *pings)
{
	const struct snfs_options *opt = &server->opt;
	u32 program = server->proto->program->number;
	struct snfs_rpcb_query query[] = {
		{ program, NFS3_VERSION, XPRT_TRANSPORT_TCP },
		{ program, NFS2_VERSION, XPRT_TRANSPORT_TCP },
		{ program, NFS3_VERSION, XPRT_TRANSPORT_UDP },
		{ program, NFS2_VERSION, XPRT_TRANSPORT_UDP },
	};
	bool tcp = false, udp = false;
	unsigned int i;
	int err;

	if (ping_answered(pings))
		return 0;
	err = snfs_rpcbind(server, &opt->addr, query, ARRAY_SIZE(query));
	if (err)
		return err == -EINTR ? err : 0;
	if (!query[0].port && query[1].port && snfs_version_fall(server))
		return -EPROTONOSUPPORT;
	if (opt->proto_given)
		return 0;
	for (i = 0; i < ARRAY_SIZE(query); i++) {
		if (!query[i].port || (opt->version && opt->version != query[i].version))
			continue;
		tcp |= query[i].proto == XPRT_TRANSPORT_TCP;
		udp |= query[i].proto == XPRT_TRANSPORT_UDP;
	}
	return udp && !tcp && snfs_udp_instead(&server->opt) ? -EPROTONOSUPPORT : 0;
}

/*
 * Where are MOUNT and NFS? rpcbind is asked if MOUNT's port was not given. If it knows no NFS,
 * or was not asked, NFS is where it usually is.
 */
static int find_ports(struct snfs_server *server, struct fs_context *fc,
		      const struct snfs_pings *pings, unsigned int *nfs_port)
{
	struct snfs_options *opt = &server->opt;
	struct snfs_rpcb_query query[] = {
		{ MOUNT_PROGRAM, server->mountvers, server->mountproto },
		{ server->proto->program->number, server->proto->version, opt->proto },
	};
	bool ask_nfs = !opt->port && opt->mountaddr.ss_family == AF_UNSPEC;
	int err;

	if (opt->mountport)
		return 0;
	err = snfs_rpcbind(server, snfs_mount_addr(opt), query, ask_nfs ? 2 : 1);
	if (!err)
		err = find_mount_otherwise(server, &query[0]);
	if (err)
		return no_rpcbind(server, fc, err, pings);
	if (!query[0].port)
		return no_mount(server, fc);
	server->mountport = query[0].port;
	if (query[1].port)
		*nfs_port = query[1].port;
	else if (ask_nfs)
		return opt->proto == XPRT_TRANSPORT_UDP ? no_udp(server, fc) :
							  no_tcp(server, pings);
	return 0;
}

/* Never so over UDP, where nothing is connected. */
static bool was_connected(struct snfs_server *server)
{
	bool ret;

	rcu_read_lock();
	ret = rcu_dereference(server->clnt->cl_xprt)->stat.connect_count;
	rcu_read_unlock();
	return ret;
}

/* Why NFS does not answer, in words that say what to do */
static int no_nfs(struct snfs_server *server, struct fs_context *fc, int err)
{
	const struct sockaddr_storage *addr = &server->opt.addr;
	unsigned int port = rpc_get_port((struct sockaddr *)addr);
	const char *proto = snfs_proto_name(server->opt.proto);

	if (err == -EINTR)
		return err;
	if (is_unreachable(err)) {
		errorfc(fc, "no route to %pISc (error %d)", addr, err);
		return err;
	}
	if (server->opt.tls != SNFS_TLS_NONE && snfs_tls_explain(server, fc, err))
		return err;
	switch (err) {
	case -ECONNREFUSED:
		errorfc(fc, "NFS at %pISc refused the connection (%s port %u)", addr, proto, port);
		errorfc(fc, "is the server running, and the port right?");
		return err;
	case -EPFNOSUPPORT:
	case -EPROTONOSUPPORT:
	case -EOPNOTSUPP:
		if (snfs_version_fall(server))
			return -EPROTONOSUPPORT;
		errorfc(fc, "the server at %pISc %s port %u does not speak NFS version %s", addr,
			proto, port, snfs_version_tried(server));
		return -EPROTONOSUPPORT;
	case -EACCES:
		errorfc(fc, "NFS at %pISc %s port %u refuses our credentials: try another sec=",
			addr, proto, port);
		return err;
	}
	if (was_connected(server))
		errorfc(fc, "%pISc is connected (%s port %u) but gives no RPC answer (error %d)",
			addr, proto, port, err);
	else
		errorfc(fc, "no answer from NFS at %pISc (tried %s port %u for %u s)", addr, proto,
			port, SNFS_MOUNT_SECONDS);
	return err == -ETIMEDOUT || was_connected(server) ? err : -ETIMEDOUT;
}

static void set_limits(struct snfs_server *server, const struct snfs_fsinfo *info)
{
	struct snfs_options *opt = &server->opt;
	size_t payload = rpc_max_payload(server->clnt);

	server->rsize = snfs_transfer_size(opt->rsize, info->rtmax, payload);
	server->wsize = snfs_transfer_size(opt->wsize, info->wtmax, payload);
	opt->rsize = server->rsize;
	opt->wsize = server->wsize;
	server->dtsize = opt->dtsize ? snfs_listing_size(0, opt->dtsize, payload) :
				       snfs_listing_size(info->dtpref, server->rsize, payload);
	if (opt->dtsize)
		opt->dtsize = server->dtsize;
	server->maxfilesize = MAX_LFS_FILESIZE;
	if (info->maxfilesize && info->maxfilesize < MAX_LFS_FILESIZE)
		server->maxfilesize = info->maxfilesize;
}

static void set_namelen(struct snfs_server *server, const struct snfs_op *op)
{
	u32 namelen = server->opt.namlen;

	if (!namelen && op && !op->error)
		namelen = op->res.pathconf.name_max;
	if (!namelen || namelen > NFS3_MAXNAMLEN)
		namelen = NFS3_MAXNAMLEN;
	server->namelen = namelen;
	server->opt.namlen = namelen;
}

static struct snfs_op *ask_root(struct snfs_server *server, snfs_verb_fn verb)
{
	/* Who walks into what is below has a ticket; who mounted may have none (any more). */
	const struct cred *cred = server->below ? current_cred() : server->cred;
	struct snfs_op *op = snfs_op_alloc(server, cred, GFP_KERNEL);
	int err;

	op->args.fh = &server->root_fh;
	err = snfs_op_start(op, verb);
	if (!err)
		return op;
	snfs_op_put(op);
	return ERR_PTR(err);
}

static int answer(struct snfs_op *op, unsigned long deadline)
{
	if (IS_ERR_OR_NULL(op))
		return PTR_ERR_OR_ZERO(op);
	/* mount(2) is bounded; a walk into what is below waits as the options say. */
	return op->server->below ? snfs_op_wait(op) : snfs_op_wait_until(op, deadline);
}

static void forget(struct snfs_op *op)
{
	if (!IS_ERR_OR_NULL(op))
		snfs_op_put(op);
}

/* What FSINFO tells has defaults. What is wrong with the root itself, GETATTR tells too. */
static bool lacks_limits(const struct snfs_op *fsinfo)
{
	return !IS_ERR(fsinfo) && fsinfo->res.status &&
	       (fsinfo->error == -EIO || fsinfo->error == -EOPNOTSUPP);
}

/* Everything about the root, asked at once. Returns -ENOTDIR if it is no directory. */
static int probe_root(struct snfs_server *server, struct snfs_fattr *root_attr, u64 *root_sent)
{
	unsigned long deadline = jiffies + SNFS_ROOT_SECONDS * HZ;
	const struct snfs_proto_ops *proto = server->proto;
	struct snfs_op *getattr = ask_root(server, proto->getattr);
	struct snfs_op *fsinfo = ask_root(server, proto->fsinfo);
	struct snfs_op *pathconf = proto->pathconf && !server->opt.namlen ?
				   ask_root(server, proto->pathconf) : NULL;
	int err = answer(getattr, deadline);
	int fsinfo_err = answer(fsinfo, deadline);

	if (!err && !lacks_limits(fsinfo))
		err = fsinfo_err;
	/* Servers may lack PATHCONF; a kill is told by the others. */
	if (answer(pathconf, deadline) == -EINTR && !err)
		err = -EINTR;
	if (err)
		goto out;
	*root_attr = getattr->res.wcc[0].post;
	if (!S_ISDIR(root_attr->mode)) {
		err = -ENOTDIR;
		goto out;
	}
	*root_sent = getattr->sent;
	server->fsid = root_attr->fsid;
	set_limits(server, &fsinfo->res.fsinfo);
	set_namelen(server, IS_ERR(pathconf) ? NULL : pathconf);
out:
	forget(getattr);
	forget(fsinfo);
	forget(pathconf);
	return err;
}

/*
 * RFC 2623 section 2.3.2: a server tells what mounting asks for to those without a ticket too,
 * so that a machine without a keytab can mount for users who have tickets.
 */
static int probe_without_ticket(struct snfs_server *server, struct fs_context *fc, int err,
				struct snfs_fattr *root_attr, u64 *root_sent)
{
	struct rpc_clnt *clnt = server->clnt;
	bool mounted;

	if (err == -ETIMEDOUT) {
		snfs_security_no_ticket(server, fc, err, false);
		return err;
	}
	server->clnt = server->plain;
	mounted = !probe_root(server, root_attr, root_sent);
	server->clnt = clnt;
	snfs_security_no_ticket(server, fc, err, mounted);
	return mounted ? 0 : err;
}

static int size_buffer(struct rpc_clnt *clnt, struct rpc_xprt *xprt, void *data)
{
	const struct snfs_server *server = data;

	/* sunrpc reaches for the socket. */
	if (xprt->ops->set_buffer_size && xprt_connected(xprt))
		xprt->ops->set_buffer_size(xprt, server->wsize, server->rsize);
	return 0;
}

/*
 * UDP: a socket must hold the datagrams of all its slots, or loses what arrives together. (As
 * rpc_setbufsize(), which knows of one socket.)
 */
static void size_buffers(struct snfs_server *server)
{
	rpc_clnt_iterate_for_each_xprt(server->clnt, size_buffer, server);
}

static int no_root(struct snfs_server *server, struct fs_context *fc, int err)
{
	const struct snfs_options *opt = &server->opt;

	if (err == -ENOTDIR)
		errorfc(fc, "%s:%s is not a directory", opt->hostname, opt->export);
	else
		errorfc(fc, "%s:%s is exported, but its root cannot be used: error %d",
			opt->hostname, opt->export, err);
	return err;
}

static int find_root(struct snfs_server *server, struct fs_context *fc,
		     struct snfs_fattr *root_attr, u64 *root_sent)
{
	int err = probe_root(server, root_attr, root_sent);

	if (snfs_flavor_is_gss(server->opt.authflavor) &&
	    (err == -EACCES || err == -EKEYEXPIRED || err == -ETIMEDOUT)) {
		if (snfs_security_use_other(server, fc, err))
			err = probe_root(server, root_attr, root_sent);
		else
			err = probe_without_ticket(server, fc, err, root_attr, root_sent);
	}
	return err ? no_root(server, fc, err) : 0;
}

/* Connections, and MOUNT meanwhile */
static int connect_all(struct snfs_server *server, struct fs_context *fc,
		       struct snfs_pings *pings)
{
	unsigned int first = server->opt.port ? server->opt.port : SNFS_NFS_PORT;
	unsigned int port = first;
	int err;

	err = dial(server, fc, port, pings);
	if (err)
		return err;
	err = find_ports(server, fc, pings, &port);
	if (err)
		return err;
	if (port != first) {
		hang_up(server, pings);
		err = dial(server, fc, port, pings);
		if (err)
			return err;
	}
	err = snfs_mnt(server, fc);
	if (err)
		return err;
	err = wait_pings(pings);
	return err ? no_nfs(server, fc, err) : snfs_security_use(server, fc);
}

/* The version and the transport that were asked for, or the best that the server has */
static int connect_version(struct snfs_server *server, struct fs_context *fc,
			   struct snfs_pings *pings)
{
	const struct snfs_options *opt = &server->opt;
	const struct snfs_proto_ops *tried;
	int err, proto;

	snfs_version_begin(server);
	for (;;) {
		tried = server->proto;
		proto = opt->proto;
		server->mountport = opt->mountport;
		server->mountproto = opt->mountproto ? opt->mountproto : opt->proto;
		server->mountvers = opt->mountvers ? opt->mountvers : server->proto->mountvers;
		err = connect_all(server, fc, pings);
		if (tried == server->proto && proto == opt->proto)
			return err;
		hang_up(server, pings);
	}
}

/**
 * snfs_server_connect - connect to a server and learn about the export
 * @server: the mount; its options are as the user gave them, and afterwards as in force
 * @fc: for messages: each failure says what was tried and what to do
 * @root_attr: OUT: attributes of the root
 * @root_sent: OUT: when they were asked for (snfs_now())
 *
 * Bounded in time, for hard mounts too: a server that does not answer at all costs 12 to
 * 20 seconds, and the worst, one that answers each question in its last second, 62; another 22
 * if it has version 2 only, and nobody said so; likewise if it has UDP only.
 *
 * Context: May sleep, killable.
 * Return: 0 or a negative errno.
 */
int snfs_server_connect(struct snfs_server *server, struct fs_context *fc,
			struct snfs_fattr *root_attr, u64 *root_sent)
{
	struct snfs_options *opt = &server->opt;
	struct snfs_pings pings = { };
	int err;

	server->mounting = true;
	/* MNT may be asked for one version after the other, and fills opt.sec. */
	server->any_sec = !opt->sec.nr;
	err = connect_version(server, fc, &pings);
	if (!err)
		err = find_root(server, fc, root_attr, root_sent);
	if (!err)
		err = snfs_acl_connect(server);
	if (err) {
		hang_up(server, &pings);
		return err;
	}
	/* As nfs.ko shows it; the same mount again then asks in the same way. */
	if (opt->proto == XPRT_TRANSPORT_UDP)
		opt->mountproto = server->mountproto;
	size_buffers(server);
	server->mounting = false;
	snfs_version_settle(server);
	if (opt->proto == XPRT_TRANSPORT_UDP && !opt->proto_given)
		snfs_warn(server, "the server has NFS over UDP only: mounted with proto=udp");
	snfs_server_apply_options(server);
	return 0;
}

/* What a mount below another one has in common with it */
static int inherit(struct snfs_server *server, struct snfs_server *above, struct fs_context *fc)
{
	struct rpc_clnt *clnt = rpc_clone_client(above->clnt);
	int err;

	if (IS_ERR(clnt))
		return PTR_ERR(clnt);
	refcount_inc(above->plain_users);
	server->plain_users = above->plain_users;
	server->plain = above->plain;
	server->clnt = clnt;
	server->net = get_net(above->net);
	server->cred = get_cred(above->cred);
	server->identity = get_cred(above->identity);
	err = snfs_userns_charge(server, fc);
	if (err)
		return err;
	strscpy(server->nodename, above->nodename, sizeof(server->nodename));
	server->mountport = above->mountport;
	server->mountproto = above->mountproto;
	server->mountvers = above->mountvers;
	server->exports = snfs_exports_get(above->exports);
	snfs_version_begin(server);
	server->below = true;
	snfs_server_apply_options(server);
	return 0;
}

static int probe_below(struct snfs_server *server, struct snfs_server *above,
		       struct snfs_fattr *root_attr, u64 *root_sent)
{
	int err;

	/* umount -f of what is above must end the questions below, too. */
	snfs_submount_list(server, above);
	if (READ_ONCE(above->dead))
		return -EIO;
	err = probe_root(server, root_attr, root_sent);
	if (!err)
		err = snfs_acl_connect(server);
	if (!err)
		snfs_server_apply_options(server);
	return err;
}

/* The flavour of the mount above, unless the server takes another one only. */
static int use_flavor_of(struct snfs_server *server, struct snfs_server *above,
			 struct fs_context *fc)
{
	struct rpc_clnt *clnt = server->clnt, *own;
	int err;

	if (snfs_flavors_have(&server->opt.sec, above->opt.authflavor))
		return 0;
	server->clnt = NULL;
	rpc_shutdown_client(clnt);
	err = snfs_security_use(server, fc);
	if (err || server->clnt != server->plain)
		return err;
	/* Not the plain one itself: umount -f ends the calls of a mount's client. */
	own = rpc_clone_client(server->plain);
	if (IS_ERR(own)) {
		server->clnt = NULL;
		return PTR_ERR(own);
	}
	server->clnt = own;
	return 0;
}

/**
 * snfs_server_clone - reach another file system of a server that is mounted
 * @server: the new record, with its options
 * @above: the mounted server; its connections are shared
 * @fc: for messages
 * @root_fh: root of the file system
 * @root_attr: OUT: attributes of the root
 * @root_sent: OUT: when they were asked for (snfs_now())
 *
 * Waits for a server that does not answer as any operation of the mount does.
 *
 * Context: May sleep, killable.
 * Return: 0 or a negative errno.
 */
int snfs_server_clone(struct snfs_server *server, struct snfs_server *above,
		      struct fs_context *fc, const struct snfs_fh *root_fh,
		      struct snfs_fattr *root_attr, u64 *root_sent)
{
	int err = inherit(server, above, fc);

	server->root_fh = *root_fh;
	return err ? err : probe_below(server, above, root_attr, root_sent);
}

/**
 * snfs_server_nest - reach another export of a server that is mounted
 * @server: the new record, with its options
 * @above: the mounted server; its connections are shared
 * @fc: for messages
 * @root_attr: OUT: attributes of the root
 * @root_sent: OUT: when they were asked for (snfs_now())
 *
 * Context: May sleep, killable.
 * Return: 0; as snfs_mnt() (which .mnt_err then tells); -ELOOP if the export leads back to one that
 * is above it; another negative errno.
 */
int snfs_server_nest(struct snfs_server *server, struct snfs_server *above, struct fs_context *fc,
		     struct snfs_fattr *root_attr, u64 *root_sent)
{
	int err = inherit(server, above, fc);

	if (err)
		return err;
	if (above->any_sec)
		server->opt.sec.nr = 0;
	server->mnt_err = snfs_mnt(server, fc);
	/* mountd may have been started anew, on another port. */
	if (server->mnt_err == -ECONNREFUSED && !server->opt.mountport &&
	    !snfs_exports_find_port(server))
		server->mnt_err = snfs_mnt(server, fc);
	if (server->mnt_err)
		return server->mnt_err;
	err = snfs_submount_check_root(server, above);
	if (err == -ELOOP)
		errorfc(fc, "%s: the export leads back to one above it", server->opt.source);
	if (!err)
		err = use_flavor_of(server, above, fc);
	return err ? err : probe_below(server, above, root_attr, root_sent);
}
