// SPDX-License-Identifier: GPL-2.0
/*
 * A mount's security flavour comes into force, or does not: then what to do is said.
 *
 * The flavours that need rpc.gssd use a clone of the client that opened the connections. On whose
 * behalf a call is made is the operation's credential, for every flavour: rpc.gssd takes the
 * machine's keytab for root, a user's tickets for anybody else.
 */
#include "snfs.h"
#include <linux/sunrpc/rpc_pipe_fs.h>

/* Which rpc_pipefs rpc.gssd reads is a matter of the network namespace. */
static bool no_gssd(struct snfs_server *server, struct fs_context *fc, const char *name)
{
	if (gssd_running(server->net))
		return false;
	errorfc(fc, "sec=%s needs rpc.gssd, which is not running: systemctl start rpc-gssd", name);
	return true;
}

/* sunrpc says no more than that it cannot. */
static int no_flavor(struct snfs_server *server, struct fs_context *fc, int err)
{
	const char *name = snfs_flavor_name(server->opt.sec.flavor[0]);

	if (err != -EINVAL)
		errorfc(fc, "sec=%s cannot be used: error %d", name, err);
	else if (!no_gssd(server, fc, name))
		errorfc(fc, "sec=%s: this kernel has no Kerberos: modprobe rpcsec_gss_krb5", name);
	return err == -EINVAL ? -EACCES : err;
}

static int try_flavor(struct snfs_server *server, rpc_authflavor_t flavor)
{
	struct rpc_clnt *plain = server->plain, *clnt;

	if (plain->cl_auth->au_flavor != flavor) {
		clnt = rpc_clone_client_set_auth(plain, flavor);
		if (IS_ERR(clnt))
			return PTR_ERR(clnt);
		clnt->cl_timeout_default = *plain->cl_timeout;
		clnt->cl_timeout = &clnt->cl_timeout_default;
		server->clnt = clnt;
	}
	server->opt.authflavor = flavor;
	return 0;
}

/**
 * snfs_security_use - let the best flavour that works come into force
 * @server: a server with connections; opt.sec has what both sides can do. OUT: opt.authflavor
 * @fc: for messages
 *
 * Return: 0; -EACCES if this machine lacks what the flavours need; -ENOMEM.
 */
int snfs_security_use(struct snfs_server *server, struct fs_context *fc)
{
	const struct snfs_flavors *sec = &server->opt.sec;
	int err = 0, first_err = 0;
	unsigned int i;

	for (i = 0; i < sec->nr; i++) {
		err = try_flavor(server, sec->flavor[i]);
		if (!err)
			return 0;
		if (!first_err)
			first_err = err;
	}
	return no_flavor(server, fc, first_err);
}

/**
 * snfs_security_use_other - there is no ticket: use a flavour that needs none, if we may choose
 * @server: the server, with a flavour that needs tickets in force
 * @fc: for messages
 * @err: how the calls failed
 *
 * A flavour of sec= is never left for another.
 *
 * Return: whether another one is in force now.
 */
bool snfs_security_use_other(struct snfs_server *server, struct fs_context *fc, int err)
{
	struct snfs_flavors *sec = &server->opt.sec;
	const char *name = snfs_flavor_name(server->opt.authflavor);
	struct rpc_clnt *clnt = server->clnt;
	unsigned int i;

	for (i = 0; i < sec->nr; i++) {
		if (snfs_flavor_is_gss(sec->flavor[i]))
			continue;
		if (!server->any_sec || try_flavor(server, sec->flavor[i]))
			return false;
		if (server->clnt == clnt)
			server->clnt = server->plain;
		rpc_shutdown_client(clnt);
		sec->flavor[0] = sec->flavor[i];
		sec->nr = 1;
		warnfc(fc, "sec=%s, which the server prefers, does not work here (error %d): sec=%s is used",
		       name, err, snfs_flavor_name(sec->flavor[0]));
		return true;
	}
	return false;
}

/**
 * snfs_security_no_ticket - say why calls with the flavour in force fail
 * @server: the server, with a flavour that needs tickets
 * @fc: for messages
 * @err: how the calls failed
 * @mounted: the mount is made nevertheless
 */
void snfs_security_no_ticket(struct snfs_server *server, struct fs_context *fc, int err,
			     bool mounted)
{
	const char *name = snfs_flavor_name(server->opt.authflavor);

	if (mounted) {
		warnfc(fc, "sec=%s: mounted without a ticket of the mounting user (error %d)", name,
		       err);
		warnfc(fc, "root needs a keytab of this machine, users need tickets");
		return;
	}
	if (no_gssd(server, fc, name))
		return;
	if (err == -EKEYEXPIRED)
		errorfc(fc, "sec=%s: the ticket has expired: renew it (kinit)", name);
	else if (err == -ETIMEDOUT)
		errorfc(fc, "sec=%s: no answer in time from rpc.gssd or the server", name);
	else
		errorfc(fc, "sec=%s: no valid ticket, or the server takes it not", name);
	errorfc(fc, "root needs a keytab of this machine, users need tickets: see rpc.gssd's log");
}
