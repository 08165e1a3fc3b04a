// SPDX-License-Identifier: GPL-2.0
/*
 * COMMIT: runs that the server has but may still forget are parked until nothing of the file is
 * in flight any more; then one COMMIT is for all of them. Too much, too long or somebody who
 * waits makes it come earlier.
 *
 * RFC 1813 3.3.21: if the verifier of COMMIT is not the one of a WRITE, the server has restarted
 * in between and may have lost its data.
 */
#include "writeback.h"

/* Bytes that may be parked while others are in flight */
#define SNFS_PARK_BYTES		(32u << 20)

/* How long bytes may be parked; and how long with nothing in flight, waiting for a walk's next */
#define SNFS_PARK_JIFFIES	HZ
#define SNFS_PARK_IDLE_JIFFIES	(HZ / 100 + 1)

/* How long a process waits that has been killed */
#define SNFS_DYING_JIFFIES	HZ

static bool is_due(struct snfs_wb *wb)
{
	const struct snfs_run *first;

	if (wb->parked_bytes >= SNFS_PARK_BYTES)
		return true;
	first = list_first_entry_or_null(&wb->flying, struct snfs_run, list);
	if (wb->parked_seq <= wb->sync_seq && (!first || first->seq > wb->sync_seq))
		return true;
	return !first && !wb->plugs;
}

/* Makes a COMMIT of all that is parked. The run that leads it keeps the list of them. */
static struct snfs_run *take_parked(struct snfs_wb *wb)
{
	struct snfs_run *leader = list_first_entry(&wb->parked, struct snfs_run, list);

	list_splice_init(&wb->parked, &leader->batch);
	wb->parked_bytes = 0;
	wb->parked_seq = U64_MAX;
	return leader;
}

/*
 * A walk that is about to send more keeps the COMMIT back, but not for ever: it may be waiting
 * for a folio whose owner waits for ours to leave write-back.
 */
static void arm_kick(struct snfs_wb *wb)
{
	if (list_empty(&wb->flying))
		mod_delayed_work(snfs_wq, &wb->kick, SNFS_PARK_IDLE_JIFFIES);
	else
		queue_delayed_work(snfs_wq, &wb->kick, SNFS_PARK_JIFFIES);
}

/**
 * snfs_commit_due - is it time for a COMMIT
 * @wb: of the file; its lock is held
 *
 * Return: the run that leads it, to be given to snfs_commit_send() without the lock; or NULL.
 */
struct snfs_run *snfs_commit_due(struct snfs_wb *wb)
{
	if (list_empty(&wb->parked))
		return NULL;
	if (is_due(wb))
		return take_parked(wb);
	arm_kick(wb);
	return NULL;
}

static void kick(struct work_struct *work)
{
	struct snfs_wb *wb = container_of(to_delayed_work(work), struct snfs_wb, kick);
	struct snfs_run *leader = NULL;

	spin_lock(&wb->lock);
	if (!list_empty(&wb->parked))
		leader = take_parked(wb);
	spin_unlock(&wb->lock);
	if (leader)
		snfs_commit_send(leader);
}

/**
 * snfs_commit_init - prepare a file for COMMITs
 * @wb: of the file
 */
void snfs_commit_init(struct snfs_wb *wb)
{
	INIT_LIST_HEAD(&wb->parked);
	wb->parked_seq = U64_MAX;
	INIT_DELAYED_WORK(&wb->kick, kick);
}

static void send_again(struct snfs_run *run)
{
	struct snfs_wb *wb = run->wb;

	spin_lock(&wb->lock);
	list_add(&run->list, &wb->flying);
	spin_unlock(&wb->lock);
	snfs_run_resend(run);
}

/* The leader is one of the runs, so the list must not be walked where it is. */
static void settle(struct snfs_run *leader, int error, const struct snfs_verf *verf)
{
	struct snfs_run *run, *next;
	LIST_HEAD(batch);

	list_splice_init(&leader->batch, &batch);
	list_for_each_entry_safe(run, next, &batch, list) {
		list_del_init(&run->list);
		if (error)
			snfs_run_finish(run, error);
		else if (memcmp(&run->x.verf, verf, sizeof(*verf)))
			send_again(run);
		else
			snfs_run_finish(run, 0);
	}
}

static void commit_done(struct snfs_op *op)
{
	settle(op->private, op->error, &op->res.io.verf);
}

/**
 * snfs_commit_send - send the COMMIT that snfs_commit_due() asked for
 * @leader: what it returned
 *
 * The whole file is committed, as servers do anyway; offset and count 0 mean just that.
 */
void snfs_commit_send(struct snfs_run *leader)
{
	struct inode *inode = leader->wb->inode;
	struct snfs_server *server = snfs_server(inode);
	struct snfs_op *op = snfs_op_alloc(server, leader->x.cred, GFP_NOFS);
	int err;

	snfs_op_set_inode(op, 0, inode);
	op->done = commit_done;
	op->private = leader;
	err = snfs_op_start(op, server->proto->commit);
	snfs_op_put(op);
	if (err)
		settle(leader, err, NULL);
}

/**
 * snfs_commit_park - the server has a run, but not on stable storage
 * @run: the run, in snfs_wb.flying
 */
void snfs_commit_park(struct snfs_run *run)
{
	struct snfs_wb *wb = run->wb;
	struct snfs_run *leader;

	spin_lock(&wb->lock);
	list_move_tail(&run->list, &wb->parked);
	wb->parked_bytes += run->x.len;
	wb->parked_seq = min(wb->parked_seq, run->seq);
	leader = snfs_commit_due(wb);
	spin_unlock(&wb->lock);
	if (leader)
		snfs_commit_send(leader);
}

/**
 * snfs_commit_plug - a walk begins that is going to send more than one run
 * @wb: of the file
 */
void snfs_commit_plug(struct snfs_wb *wb)
{
	spin_lock(&wb->lock);
	wb->plugs++;
	spin_unlock(&wb->lock);
}

/**
 * snfs_commit_unplug - the walk has ended
 * @wb: of the file
 * @sync: somebody is going to wait for what it sent
 */
void snfs_commit_unplug(struct snfs_wb *wb, bool sync)
{
	struct snfs_run *leader;

	spin_lock(&wb->lock);
	wb->plugs--;
	if (sync)
		wb->sync_seq = wb->seq;
	leader = snfs_commit_due(wb);
	spin_unlock(&wb->lock);
	if (leader)
		snfs_commit_send(leader);
}

/**
 * snfs_commit_hurry - somebody is going to wait for what has been sent so far
 * @wb: of the file
 */
void snfs_commit_hurry(struct snfs_wb *wb)
{
	struct snfs_run *leader;

	spin_lock(&wb->lock);
	wb->sync_seq = wb->seq;
	leader = snfs_commit_due(wb);
	spin_unlock(&wb->lock);
	if (leader)
		snfs_commit_send(leader);
}

static bool is_past(struct snfs_wb *wb, u64 seq)
{
	const struct snfs_run *first;
	bool past;

	spin_lock(&wb->lock);
	first = list_first_entry_or_null(&wb->all, struct snfs_run, all);
	past = !first || first->seq > seq;
	spin_unlock(&wb->lock);
	return past;
}

/**
 * snfs_commit_wait - wait until all that has been sent is on stable storage, or lost
 * @wb: of the file
 *
 * Return: 0; -EINTR after a fatal signal, or if a dying process has waited long enough.
 */
int snfs_commit_wait(struct snfs_wb *wb)
{
	u64 seq;

	snfs_commit_hurry(wb);
	seq = READ_ONCE(wb->sync_seq);
	if (snfs_is_dying())
		return wait_event_timeout(wb->wait, is_past(wb, seq), SNFS_DYING_JIFFIES) ?
		       0 : -EINTR;
	return wait_event_killable(wb->wait, is_past(wb, seq)) ? -EINTR : 0;
}
