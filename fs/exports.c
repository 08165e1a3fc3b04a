// SPDX-License-Identifier: GPL-2.0
/*
 * What a server exports, kept: asked for in the background, and anew when it is wanted younger.
 *
 * The question costs nobody a round trip: a mount asks it over the connection that MNT has made,
 * when all else is done. Who needs the answer waits for it, which is short as it is on its way.
 */
#include <linux/slab.h>
#include <linux/sunrpc/addr.h>
#include <linux/sunrpc/xprt.h>
#include <linux/wait.h>
#include "exports.h"
#include "rpcbind.h"
#include "snfs.h"

/**
 * struct snfs_exports - the exports of one server
 * @ref: the mounts that look at it
 * @how: how its MOUNT is reached; never connected to NFS
 * @work: asks
 * @answered: woken when @asking becomes false
 * @lock: protects what follows
 * @list: the last answer, or NULL
 * @version: of @list
 * @clnt: the client that asks; before the first question the one of MNT, or NULL
 * @asked: when it was asked last (snfs_now()), 0: never
 * @error: of the last question
 * @asking: a question is under way
 * @told: one has been answered, or could not be
 * @ending: ask no more
 */
struct snfs_exports {
	refcount_t		ref;
	struct snfs_server	*how;
	struct work_struct	work;
	wait_queue_head_t	answered;
	spinlock_t		lock;	/* see above */
	struct snfs_export_list	*list;
	u32			version;
	struct rpc_clnt		*clnt;
	u64			asked;
	int			error;
	bool			asking;
	bool			told;
	bool			ending;
};

/**
 * snfs_exports_find_port - ask rpcbind where MOUNT is
 * @how: opt.mount* as given. OUT: mountport, mountproto, mountvers
 *
 * Context: May sleep, killable. At most 12 seconds.
 * Return: 0, -EPROTONOSUPPORT if it is nowhere, or an error of the network.
 */
int snfs_exports_find_port(struct snfs_server *how)
{
	const struct snfs_options *opt = &how->opt;
	struct snfs_rpcb_query query[4];
	unsigned int nr = 0, i;
	int err;

	/* All places at once: each would do. */
	for (i = 0; i < ARRAY_SIZE(query); i++) {
		u32 version = i & 2 ? MOUNT_V1 : MOUNT_V3;
		int proto = i & 1 ? XPRT_TRANSPORT_UDP : XPRT_TRANSPORT_TCP;

		if (opt->mountvers && i & 2)
			continue;
		if (opt->mountproto && proto != opt->mountproto)
			continue;
		query[nr++] = (struct snfs_rpcb_query){
			.program	= MOUNT_PROGRAM,
			.version	= opt->mountvers ? opt->mountvers : version,
			.proto		= proto,
		};
	}
	err = snfs_rpcbind(how, snfs_mount_addr(opt), query, nr);
	if (err)
		return err;
	for (i = 0; i < nr && !query[i].port; i++)
		;
	if (i == nr)
		return -EPROTONOSUPPORT;
	how->mountport = query[i].port;
	how->mountproto = query[i].proto;
	how->mountvers = query[i].version;
	return 0;
}

/* The client to ask with: that of MNT, or one of our own */
static struct rpc_clnt *get_client(struct snfs_exports *exports)
{
	struct snfs_server *how = exports->how;
	struct rpc_clnt *clnt = exports->clnt;
	int err;

	if (clnt)
		return clnt;
	/* A port that rpcbind told may be another one by now. */
	if (!how->opt.mountport) {
		err = snfs_exports_find_port(how);
		if (err)
			return ERR_PTR(err);
	}
	clnt = snfs_mnt_client(how);
	if (IS_ERR(clnt))
		return clnt;
	spin_lock(&exports->lock);
	exports->clnt = clnt;
	spin_unlock(&exports->lock);
	return clnt;
}

static int question_once(struct snfs_exports *exports, struct snfs_export_list *list)
{
	struct rpc_clnt *clnt = get_client(exports);
	int err;

	if (IS_ERR(clnt))
		return PTR_ERR(clnt);
	err = READ_ONCE(exports->ending) ? -EINTR : snfs_mnt_exports(exports->how, clnt, list);
	spin_lock(&exports->lock);
	exports->clnt = NULL;
	spin_unlock(&exports->lock);
	rpc_shutdown_client(clnt);
	return err;
}

/* EXPORT is the same in all versions of MOUNT. */
static int question(struct snfs_exports *exports, struct snfs_export_list *list)
{
	struct snfs_server *how = exports->how;
	int err = question_once(exports, list);

	if (err != -EPROTONOSUPPORT || how->opt.mountvers || how->mountvers != MOUNT_V3)
		return err;
	how->mountvers = MOUNT_V1;
	return question_once(exports, list);
}

static void ask(struct work_struct *work)
{
	struct snfs_exports *exports = container_of(work, struct snfs_exports, work);
	struct snfs_export_list *list = snfs_export_list_alloc(), *old;
	int err = -ENOMEM;

	if (list) {
		list->sent = snfs_now();
		err = question(exports, list);
	}
	if (!err && list->cut)
		snfs_warn(exports->how, "the list of exports is too long: %u are known", list->nr);
	spin_lock(&exports->lock);
	old = list;
	if (!err) {
		if (!++exports->version)
			exports->version = 1;
		list->version = exports->version;
		swap(exports->list, old);
	}
	exports->error = err;
	exports->told = true;
	exports->asking = false;
	spin_unlock(&exports->lock);
	snfs_export_list_put(old);
	wake_up_all(&exports->answered);
}

/* What is needed to reach MOUNT, and no more */
static struct snfs_server *copy_how(const struct snfs_server *from)
{
	struct snfs_server *how = snfs_server_alloc();

	if (!how)
		return NULL;
	how->opt.hostname = kstrdup(from->opt.hostname, GFP_KERNEL);
	how->opt.source = kstrdup(from->opt.source, GFP_KERNEL);
	how->opt.addr = from->opt.addr;
	how->opt.addrlen = from->opt.addrlen;
	how->opt.mountaddr = from->opt.mountaddr;
	how->opt.mountaddrlen = from->opt.mountaddrlen;
	how->opt.mountport = from->opt.mountport;
	how->opt.mountproto = from->opt.mountproto;
	how->opt.mountvers = from->opt.mountvers;
	how->opt.flags = from->opt.flags;
	how->mountport = from->mountport ? from->mountport : from->opt.mountport;
	how->mountproto = from->mountproto ? from->mountproto : from->opt.mountproto;
	how->mountvers = from->mountvers ? from->mountvers : from->opt.mountvers;
	if (!how->mountproto)
		how->mountproto = XPRT_TRANSPORT_TCP;
	if (!how->mountvers)
		how->mountvers = MOUNT_V3;
	strscpy(how->nodename, from->nodename, sizeof(how->nodename));
	how->net = get_net(from->net);
	how->cred = get_cred(from->cred);
	if (how->opt.hostname && how->opt.source)
		return how;
	snfs_server_free(how);
	return NULL;
}

/**
 * snfs_exports_alloc - make the record of a server's exports; nothing is asked yet
 * @how: how its MOUNT is reached: .net, .cred, .nodename, .opt.source (for messages),
 *	.opt.hostname, .opt.addr and, where they are given or known, .opt.mount*, .mountport,
 *	.mountproto and .mountvers; nothing of it is used later
 * @clnt: client for MOUNT, taken over, or NULL
 *
 * Return: the record with a reference, or NULL; then @clnt is not taken over.
 */
struct snfs_exports *snfs_exports_alloc(const struct snfs_server *how, struct rpc_clnt *clnt)
{
	struct snfs_exports *exports = kzalloc(sizeof(*exports), GFP_KERNEL);

	if (!exports)
		return NULL;
	exports->how = copy_how(how);
	if (!exports->how) {
		kfree(exports);
		return NULL;
	}
	refcount_set(&exports->ref, 1);
	INIT_WORK(&exports->work, ask);
	init_waitqueue_head(&exports->answered);
	spin_lock_init(&exports->lock);
	exports->clnt = clnt;
	return exports;
}

/**
 * snfs_exports_get - take a reference
 * @exports: the record, or NULL
 *
 * Return: @exports.
 */
struct snfs_exports *snfs_exports_get(struct snfs_exports *exports)
{
	if (exports)
		refcount_inc(&exports->ref);
	return exports;
}

/* Again, as a question that is just begun is not seen. */
static void end_question(struct snfs_exports *exports)
{
	WRITE_ONCE(exports->ending, true);
	do {
		spin_lock(&exports->lock);
		if (exports->asking && exports->clnt)
			rpc_killall_tasks(exports->clnt);
		spin_unlock(&exports->lock);
	} while (!wait_event_timeout(exports->answered, !READ_ONCE(exports->asking), HZ / 10));
	cancel_work_sync(&exports->work);
}

/**
 * snfs_exports_put - give back a reference
 * @exports: the record, or NULL
 *
 * Context: May sleep: until a question under way is ended.
 */
void snfs_exports_put(struct snfs_exports *exports)
{
	if (!exports || !refcount_dec_and_test(&exports->ref))
		return;
	end_question(exports);
	if (exports->clnt)
		rpc_shutdown_client(exports->clnt);
	snfs_export_list_put(exports->list);
	snfs_server_free(exports->how);
	kfree(exports);
}

/**
 * snfs_exports_ask - let the server be asked, unless that is under way
 * @exports: the record
 *
 * Does not wait.
 */
void snfs_exports_ask(struct snfs_exports *exports)
{
	bool start;

	spin_lock(&exports->lock);
	start = !exports->asking;
	exports->asking = true;
	if (start)
		exports->asked = snfs_now();
	spin_unlock(&exports->lock);
	if (start)
		queue_work(snfs_waiting_wq, &exports->work);
}

/**
 * snfs_exports_is_first - is the first question under way?
 * @exports: the record
 *
 * Return: whether it is: nothing is known yet, not even that asking is of no use.
 */
bool snfs_exports_is_first(const struct snfs_exports *exports)
{
	return READ_ONCE(exports->asking) && !READ_ONCE(exports->told);
}

/**
 * snfs_exports_is_asking - is a question under way?
 * @exports: the record, or NULL
 *
 * Return: whether one is: snfs_exports_put() of the last reference would wait for its end.
 */
bool snfs_exports_is_asking(const struct snfs_exports *exports)
{
	return exports && READ_ONCE(exports->asking);
}

/**
 * snfs_exports_wait - wait for the answer to a question under way
 * @exports: the record
 *
 * Context: May sleep, killable. At most 40 seconds.
 * Return: how the last question went: 0, -EPROTONOSUPPORT if there is no MOUNT, -EIO, -ENOMEM, an
 * error of the network; -EINTR if the caller was killed.
 */
int snfs_exports_wait(struct snfs_exports *exports)
{
	int err;

	if (wait_event_killable(exports->answered, !READ_ONCE(exports->asking)))
		return -EINTR;
	spin_lock(&exports->lock);
	err = exports->error;
	spin_unlock(&exports->lock);
	return err;
}

/**
 * snfs_exports_known - what is known, however old
 * @exports: the record
 *
 * Return: the list with a reference, or NULL.
 */
struct snfs_export_list *snfs_exports_known(struct snfs_exports *exports)
{
	struct snfs_export_list *list;

	spin_lock(&exports->lock);
	list = snfs_export_list_get(exports->list);
	spin_unlock(&exports->lock);
	return list;
}

/**
 * snfs_exports_older - was the server asked longer ago than that?
 * @exports: the record
 * @seconds: that
 *
 * Return: whether it was, or was never asked.
 */
bool snfs_exports_older(struct snfs_exports *exports, unsigned int seconds)
{
	bool older;

	spin_lock(&exports->lock);
	older = !exports->asked || snfs_now() - exports->asked > (u64)seconds * NSEC_PER_SEC;
	spin_unlock(&exports->lock);
	return older;
}

/**
 * snfs_exports_within - the exports of a server, asked for anew if need be
 * @exports: the record
 * @seconds: an answer, or a failure, may be so old; 0: ask now
 *
 * Context: May sleep, killable. At most 40 seconds.
 * Return: the list with a reference; or an ERR_PTR as of snfs_exports_wait(), for which the server
 * may have been asked as long ago as that.
 */
struct snfs_export_list *snfs_exports_within(struct snfs_exports *exports, unsigned int seconds)
{
	int err;

	if (!seconds || snfs_exports_older(exports, seconds))
		snfs_exports_ask(exports);
	err = snfs_exports_wait(exports);
	return err ? ERR_PTR(err) : snfs_exports_known(exports);
}
