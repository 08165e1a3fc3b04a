// SPDX-License-Identifier: GPL-2.0
/*
 * Operations on their way: starting, waiting for and ending them, over sunrpc.
 *
 * Every operation can be started without waiting for it; the synchronous call is start and
 * wait (it runs in the caller's context, which saves two context switches). Attributes that
 * come back are applied here and nowhere else.
 */
#include <linux/mempool.h>
#include <linux/slab.h>
#include <linux/sunrpc/xprt.h>
#include "snfs.h"
#include "trace.h"

/* Enough operations for write-back to go on when memory is short */
#define SNFS_OP_RESERVE		16

/* NFS3ERR_JUKEBOX: first and longest pause before the next try */
#define SNFS_JUKEBOX_MIN	(HZ / 10)
#define SNFS_JUKEBOX_MAX	(15 * HZ)

/* So often for a mount of a user namespace, which must come to its end: some four minutes */
#define SNFS_USERNS_JUKEBOX	20

static struct kmem_cache *snfs_op_cache;
static mempool_t *snfs_op_pool;

/* Bit n: the verb changes the object of args.fh (0) or args.fh2 (1) */
static const u8 snfs_verb_changes[SNFS_VERB_NR] = {
	[SNFS_SETATTR]	= 0x1,
	[SNFS_WRITE]	= 0x1,
	[SNFS_CREATE]	= 0x1,
	[SNFS_MKDIR]	= 0x1,
	[SNFS_SYMLINK]	= 0x1,
	[SNFS_MKNOD]	= 0x1,
	[SNFS_REMOVE]	= 0x1,
	[SNFS_RMDIR]	= 0x1,
	[SNFS_RENAME]	= 0x3,
	[SNFS_LINK]	= 0x3,
	[SNFS_SETACL]	= 0x1,
};

/* ACLs are a program of their own. */
static struct rpc_clnt *clnt_of(const struct snfs_op *op)
{
	bool acl = op->verb == SNFS_GETACL || op->verb == SNFS_SETACL;

	return acl ? op->server->acl_clnt : op->server->clnt;
}

static bool changes(const struct snfs_op *op, unsigned int n)
{
	return snfs_verb_changes[op->verb] & BIT(n);
}

/**
 * snfs_rpc_init - make the caches and the workqueue
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_rpc_init(void)
{
	snfs_op_cache = kmem_cache_create("snfs_op", sizeof(struct snfs_op), 0, 0, NULL);
	if (!snfs_op_cache)
		return -ENOMEM;
	snfs_op_pool = mempool_create_slab_pool(SNFS_OP_RESERVE, snfs_op_cache);
	if (!snfs_op_pool)
		goto err_cache;
	snfs_wq = alloc_workqueue("snfs", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!snfs_wq)
		goto err_pool;
	return 0;

err_pool:
	mempool_destroy(snfs_op_pool);
err_cache:
	kmem_cache_destroy(snfs_op_cache);
	return -ENOMEM;
}

/**
 * snfs_rpc_exit - undo snfs_rpc_init()
 *
 * destroy_workqueue() waits for the tail of the last operations, which runs in our text.
 */
void snfs_rpc_exit(void)
{
	destroy_workqueue(snfs_wq);
	mempool_destroy(snfs_op_pool);
	kmem_cache_destroy(snfs_op_cache);
}

/**
 * snfs_op_alloc - make an operation
 * @server: the mounted server
 * @cred: on whose behalf, unless the mount has an identity of its own (uid=, gid=)
 * @gfp: if it allows sleeping, the allocation does not fail
 *
 * Return: the operation, to be given back with snfs_op_put(), or NULL.
 */
struct snfs_op *snfs_op_alloc(struct snfs_server *server, const struct cred *cred, gfp_t gfp)
{
	struct snfs_op *op = mempool_alloc(snfs_op_pool, gfp);

	if (!op)
		return NULL;
	memset(op, 0, sizeof(*op));
	refcount_set(&op->ref, 1);
	op->server = server;
	op->cred = get_cred(snfs_cred_for(server, cred));
	init_completion(&op->finished);
	return op;
}

/**
 * snfs_op_put - give back a reference
 * @op: the operation
 */
void snfs_op_put(struct snfs_op *op)
{
	if (!op || !refcount_dec_and_test(&op->ref))
		return;
	put_cred(op->cred);
	mempool_free(op, snfs_op_pool);
}

/**
 * snfs_op_set_inode - name the object that an operation is about
 * @op: the operation
 * @n: 0 for args.fh, 1 for args.fh2
 * @inode: the object; the caller keeps it alive until the operation is done
 */
void snfs_op_set_inode(struct snfs_op *op, unsigned int n, struct inode *inode)
{
	op->inode[n] = inode;
	if (n)
		op->args.fh2 = &SNFS_I(inode)->fh;
	else
		op->args.fh = &SNFS_I(inode)->fh;
}

static void apply_attributes(struct snfs_op *op)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(op->inode); n++) {
		struct snfs_reply reply = {
			.wcc	= &op->res.wcc[n],
			.sent	= op->sent,
			.ours	= changes(op, n) && !op->error,
		};

		if (!op->inode[n])
			continue;
		if (changes(op, n))
			snfs_attr_end_apply(op->inode[n], &reply);
		else if (reply.wcc->post.valid)
			snfs_attr_apply(op->inode[n], &reply);
	}
	if (op->error == -ESTALE && op->inode[0] && !op->inode[1])
		snfs_inode_set_stale(op->inode[0]);
}

/* Each try is a request of its own: its answer is as old as this moment. */
static void snfs_task_prepare(struct rpc_task *task, void *data)
{
	struct snfs_op *op = data;

	/* snfs_server_kill() may have walked the list before this task was on it. */
	if (READ_ONCE(op->server->dead)) {
		rpc_exit(task, -EIO);
		return;
	}
	memset(&op->res, 0, sizeof(op->res));
	op->sent = snfs_now();
	rpc_call_start(task);
}

/* The server asked to try later: with a delay that grows, and not after umount -f or a kill. */
static bool retry_jukebox(struct rpc_task *task, struct snfs_op *op)
{
	unsigned long delay;

	if (task->tk_status < 0 || op->res.status != NFS3ERR_JUKEBOX || op->server->dead)
		return false;
	if (op->server->charged && op->jukebox >= SNFS_USERNS_JUKEBOX)
		return false;
	if (!rpc_restart_call_prepare(task))
		return false;
	delay = min_t(unsigned long, SNFS_JUKEBOX_MIN << min(op->jukebox, 10U), SNFS_JUKEBOX_MAX);
	op->jukebox++;
	task->tk_status = 0;
	rpc_delay(task, delay);
	snfs_count(op->server, SNFS_EV_DELAY);
	return true;
}

static int op_error(const struct rpc_task *task, const struct snfs_op *op)
{
	int error = task->tk_status;

	if (error >= 0)
		return snfs_stat_to_errno(op->res.status);
	if (op->server->dead)
		return -EIO;
	return error == -ERESTARTSYS ? -EINTR : error;
}

static void snfs_task_done(struct rpc_task *task, void *data)
{
	struct snfs_op *op = data;
	u32 xid = 0;

	if (task->tk_rqstp) {
		xid = be32_to_cpu(task->tk_rqstp->rq_xid);
		if (task->tk_rqstp->rq_ntrans > 1)
			op->retransmitted = true;
	}
	if (retry_jukebox(task, op))
		return;
	op->error = op_error(task, op);
	trace_snfs_op_done(op, xid);
}

static void snfs_task_release(void *data)
{
	struct snfs_op *op = data;
	struct snfs_server *server = op->server;

	apply_attributes(op);
	snfs_squash_notice(op);
	if (op->done)
		op->done(op);
	complete_all(&op->finished);
	snfs_op_put(op);
	if (atomic_dec_and_test(&server->ops))
		wake_up_var(&server->ops);
}

static const struct rpc_call_ops snfs_task_ops = {
	.rpc_call_prepare	= snfs_task_prepare,
	.rpc_call_done		= snfs_task_done,
	.rpc_release		= snfs_task_release,
};

/**
 * snfs_rpc_start - hand an operation to sunrpc
 * @op: the operation, its arguments filled
 * @verb: what it is
 * @proc: the procedure that does it
 *
 * For the members of struct snfs_proto_ops only.
 *
 * Return: 0; -EIO after umount -f.
 */
int snfs_rpc_start(struct snfs_op *op, enum snfs_verb verb, const struct rpc_procinfo *proc)
{
	struct rpc_message msg = {
		.rpc_proc	= proc,
		.rpc_argp	= &op->args,
		.rpc_resp	= &op->res,
		.rpc_cred	= snfs_groups_cred(op),
	};
	struct rpc_task_setup setup = {
		.task		= &op->task,
		.rpc_message	= &msg,
		.callback_ops	= &snfs_task_ops,
		.callback_data	= op,
		.workqueue	= snfs_wq,
		.flags		= (op->sync ? 0 : RPC_TASK_ASYNC) |
				  (op->server->mounting ? RPC_TASK_SOFTCONN : 0),
	};
	struct rpc_task *task;
	unsigned int n;

	if (op->fallible && op->server->opt.flags & SNFS_OPT_SOFTREVAL)
		setup.flags |= RPC_TASK_TIMEOUT;
	if (READ_ONCE(op->server->dead)) {
		put_cred(msg.rpc_cred);
		return -EIO;
	}
	op->verb = verb;
	setup.rpc_client = clnt_of(op);
	refcount_inc(&op->ref);
	atomic_inc(&op->server->ops);
	for (n = 0; n < ARRAY_SIZE(op->inode); n++) {
		if (op->inode[n] && changes(op, n))
			snfs_attr_begin(op->inode[n]);
	}
	op->sent = snfs_now();
	trace_snfs_op_start(op);
	task = rpc_run_task(&setup);
	/* An asynchronous release runs in the workqueue, never under the starter's locks. */
	if (op->sync)
		rpc_put_task(task);
	else
		rpc_put_task_async(task);
	put_cred(msg.rpc_cred);
	return 0;
}

/**
 * snfs_op_start - start an operation and return at once
 * @op: the operation, its arguments filled
 * @verb: member of the server's struct snfs_proto_ops
 *
 * Return: 0, or a negative errno if it was not started (op->done is then not called).
 */
int snfs_op_start(struct snfs_op *op, snfs_verb_fn verb)
{
	return verb(op);
}

static bool is_task_of(const struct rpc_task *task, const void *op)
{
	return task->tk_calldata == op;
}

/* Again and again, as a call that is just being made anew (JUKEBOX) forgets that it was ended. */
static void end_op(struct snfs_op *op, int error)
{
	do {
		rpc_cancel_tasks(clnt_of(op), error, is_task_of, op);
	} while (!wait_for_completion_timeout(&op->finished, HZ / 10));
}

/**
 * snfs_op_wait - wait until a started operation is done
 * @op: the operation
 *
 * A fatal signal ends the operation first, so that it never outlives its waiter and what the
 * waiter keeps alive.
 *
 * Return: op->error.
 */
int snfs_op_wait(struct snfs_op *op)
{
	if (wait_for_completion_killable(&op->finished))
		end_op(op, -ERESTARTSYS);
	return op->error;
}

/**
 * snfs_op_wait_until - as snfs_op_wait(), but not for ever
 * @op: the operation
 * @deadline: jiffies; the operation then ends with -ETIMEDOUT
 *
 * Return: op->error.
 */
int snfs_op_wait_until(struct snfs_op *op, unsigned long deadline)
{
	long left = max_t(long, deadline - jiffies, 1);

	left = wait_for_completion_killable_timeout(&op->finished, left);
	if (left <= 0)
		end_op(op, left ? -ERESTARTSYS : -ETIMEDOUT);
	return op->error;
}

static bool is_task_with(const struct rpc_task *task, const void *private)
{
	const struct snfs_op *op = task->tk_calldata;

	return task->tk_ops == &snfs_task_ops && op->private == private;
}

/**
 * snfs_op_cancel - end started operations; each is still done once, with -EINTR
 * @server: the server
 * @private: ends those with this snfs_op.private
 */
void snfs_op_cancel(struct snfs_server *server, const void *private)
{
	rpc_cancel_tasks(server->clnt, -ERESTARTSYS, is_task_with, private);
}

/**
 * snfs_op_call - start an operation and wait for it
 * @op: the operation, its arguments filled
 * @verb: member of the server's struct snfs_proto_ops
 *
 * Return: op->error, or why it could not be started.
 */
int snfs_op_call(struct snfs_op *op, snfs_verb_fn verb)
{
	int err;

	op->sync = true;
	err = snfs_op_start(op, verb);
	return err ? err : snfs_op_wait(op);
}

/**
 * snfs_op_drain - wait until a server has no operation under way
 * @server: the server
 */
void snfs_op_drain(struct snfs_server *server)
{
	wait_var_event(&server->ops, !atomic_read(&server->ops));
}
