// SPDX-License-Identifier: GPL-2.0
/*
 * RPC over TLS (RFC 9289): xprtsec=. tlshd, which the kernel calls, does the handshakes. The NFS
 * connections are secured; rpcbind and MOUNT are asked in the clear.
 */
#include <linux/delay.h>
#include <linux/sunrpc/xprt.h>
#include "snfs.h"

/* How often to look whether a connection is still being made */
#define SNFS_TLS_POLL_MS	50

static const struct constant_table tls_choices[] = {
	{ "none",	SNFS_TLS_NONE },
	{ "tls",	SNFS_TLS_SERVER },
	{ "mtls",	SNFS_TLS_MUTUAL },
	{}
};

/**
 * snfs_tls_parse - read the value of xprtsec=
 * @fc: for messages
 * @text: the value
 * @tls: OUT: what it means
 *
 * Return: 0; -EINVAL if it means nothing, or nothing to this kernel.
 */
int snfs_tls_parse(struct fs_context *fc, const char *text, enum snfs_tls *tls)
{
	int choice = snfs_parse_choice(tls_choices, text);

	if (choice < 0)
		return invalfc(fc, "xprtsec=%s: use none, tls or mtls", text);
	if (choice != SNFS_TLS_NONE && !SNFS_HAVE_TLS)
		return invalfc(fc, "xprtsec=%s: RPC over TLS needs Linux 6.5 or later", text);
	*tls = choice;
	return 0;
}

/**
 * snfs_tls_name - what xprtsec= calls it
 * @tls: the choice
 *
 * Return: the name.
 */
const char *snfs_tls_name(enum snfs_tls tls)
{
	return tls_choices[tls].name;
}

/**
 * snfs_tls_explain - why there is no connection with TLS, in words that say what to do
 * @server: a mount with xprtsec=
 * @fc: for messages
 * @err: how the NULL calls failed
 *
 * Return: whether a message was given.
 */
bool snfs_tls_explain(struct snfs_server *server, struct fs_context *fc, int err)
{
	const struct sockaddr_storage *addr = &server->opt.addr;
	const char *name = snfs_tls_name(server->opt.tls);

	switch (err) {
	case -ESRCH:
		errorfc(fc, "xprtsec=%s: tlshd (ktls-utils) is not running: start it", name);
		return true;
	case -EPROTONOSUPPORT:
		errorfc(fc, "xprtsec=%s: NFS at %pISc does not do RPC over TLS", name, addr);
		return true;
	case -EACCES:
	case -EIO:
		errorfc(fc, "xprtsec=%s: no TLS session with %pISc (error %d): see tlshd's log",
			name, addr, err);
		return true;
	default:
		return false;
	}
}

static int wait_connected(struct rpc_clnt *clnt, struct rpc_xprt *xprt, void *unused)
{
	while (test_bit(XPRT_LOCKED, &xprt->state))
		msleep(SNFS_TLS_POLL_MS);
	return 0;
}

/**
 * snfs_tls_settle - wait until no connection is being made
 * @clnt: client whose calls have ended
 *
 * sunrpc makes a TLS connection with a client of its own, which uses our program; it goes on when
 * nobody waits for it any more, and must be over before the module can go. A handshake is given
 * up after 10 s, an unanswered probe after the timeout of @clnt.
 *
 * Context: May sleep.
 */
void snfs_tls_settle(struct rpc_clnt *clnt)
{
	rpc_clnt_iterate_for_each_xprt(clnt, wait_connected, NULL);
}
