// SPDX-License-Identifier: GPL-2.0
/*
 * The attribute freshness rule: attributes are as old as the request that fetched them.
 *
 * One clock, one comparison. Every reply that carries attributes passes through
 * snfs_fresh_apply(), which decides whether they are the newest known and whether they show
 * a change that was not ours.
 */
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/stat.h>
#include <kunit/visibility.h>
#include "fresh.h"

static bool same_time(const struct timespec64 *a, const struct timespec64 *b)
{
	return timespec64_compare(a, b) == 0;
}

static bool same_data(const struct snfs_change *a, const struct snfs_change *b)
{
	return a->size == b->size && same_time(&a->mtime, &b->mtime);
}

static bool same_change(const struct snfs_change *a, const struct snfs_change *b)
{
	return same_data(a, b) && same_time(&a->ctime, &b->ctime);
}

static struct snfs_change identity_of(const struct snfs_fattr *fa)
{
	return (struct snfs_change){ .size = fa->size, .mtime = fa->mtime, .ctime = fa->ctime };
}

/**
 * snfs_fresh_begin - a change of ours starts
 * @f: the object
 *
 * To be called before the request is sent.
 */
void snfs_fresh_begin(struct snfs_fresh *f)
{
	f->own++;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_begin);

/**
 * snfs_fresh_end - a change of ours has ended
 * @f: the object
 * @now: ns, CLOCK_BOOTTIME
 * @changed: it succeeded. Then its reply must be applied before this; the reply of a failed
 *	one is a mere observation, and is applied after this with snfs_reply.ours unset
 */
void snfs_fresh_end(struct snfs_fresh *f, u64 now, bool changed)
{
	f->own--;
	if (changed)
		f->own_end = now;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_end);

/*
 * Did a change of ours overlap the request? Then the server may have sampled the attributes
 * before or after that change, and a difference proves nothing about others. A request sent at
 * or after the moment in which the change's reply came was answered after the change.
 */
static bool overlapped(const struct snfs_fresh *f, const struct snfs_reply *r)
{
	return f->own_end > r->sent || f->own > (r->ours ? 1 : 0);
}

/* Do we know something already that may be newer than this answer? */
static bool overtaken(const struct snfs_fresh *f, const struct snfs_reply *r)
{
	return overlapped(f, r) || r->sent < f->sent;
}

static bool same_perms(const struct snfs_fresh *f, const struct snfs_fattr *fa)
{
	return fa->mode == f->mode && uid_eq(fa->uid, f->uid) && gid_eq(fa->gid, f->gid);
}

/*
 * Whose doing is it that the object is no longer what we knew?
 */
static bool is_foreign(const struct snfs_fresh *f, const struct snfs_reply *r,
		       const struct snfs_change *now)
{
	if (same_change(&f->id, now) || overlapped(f, r))
		return false;
	if (f->ctime_ours && same_data(&f->id, now))
		return false;
	if (!r->ours)
		return true;
	/*
	 * A reply to our own change without wcc_data.before says nothing about others; taking it
	 * for foreign would throw the cache away at every write to such a server.
	 */
	if (!r->wcc->pre_valid)
		return false;
	return f->ctime_ours ? !same_data(&f->id, &r->wcc->pre) :
			       !same_change(&f->id, &r->wcc->pre);
}

/*
 * An answer that was overtaken is believed if the object's own clock says that it is not
 * older than what is known. That clock is coarse: of parallel WRITEs answered within one tick
 * the one that saw the larger file is the later one (a truncation never overlaps them).
 */
static bool is_older(const struct snfs_fresh *f, const struct snfs_reply *r)
{
	const struct snfs_fattr *fa = &r->wcc->post;
	int cmp;

	if (!overtaken(f, r))
		return false;
	cmp = timespec64_compare(&fa->ctime, &f->id.ctime);
	return cmp < 0 || (cmp == 0 && fa->size < f->id.size);
}

/*
 * An answer to a question of ours that was overtaken within one tick of the object's clock:
 * whether it or what is known is the newer cannot be told. (For WRITEs see is_older().)
 */
static bool is_undecided(const struct snfs_fresh *f, const struct snfs_reply *r,
			 const struct snfs_change *now)
{
	return !r->ours && overtaken(f, r) && same_time(&now->ctime, &f->id.ctime) &&
	       !(same_data(&f->id, now) && same_perms(f, &r->wcc->post));
}

static void set_timeo(struct snfs_fresh *f, const struct snfs_reply *r, bool unchanged,
		      const struct snfs_ac *ac)
{
	if (r->sent < f->floor)
		f->timeo = 0;
	else if (!unchanged)
		f->timeo = ac->min;
	else if (r->sent > f->sent && r->sent - f->sent >= f->timeo)
		f->timeo = clamp(f->timeo * 2, ac->min, ac->max);
	else
		f->timeo = clamp(f->timeo, ac->min, ac->max);
}

/**
 * snfs_fresh_apply - judge attributes that came with a reply
 * @f: what is known
 * @r: the reply; r->wcc->post must be valid
 * @ac: attribute cache times of this kind of object
 *
 * If the reply is the newest knowledge, @f takes over its change identity. If it is older than
 * what is known (it was overtaken by a change of ours), what is known stays: it then describes
 * the object at or after the time this request was answered, so it is as fresh as the request.
 * If it cannot be told which is the older, what is known stays and has to be asked for anew.
 *
 * Return: SNFS_FRESH_* bits.
 */
unsigned int snfs_fresh_apply(struct snfs_fresh *f, const struct snfs_reply *r,
			      const struct snfs_ac *ac)
{
	const struct snfs_fattr *fa = &r->wcc->post;
	const struct snfs_change now = identity_of(fa);
	unsigned int ret = SNFS_FRESH_TAKE;
	bool first = !f->sent, unchanged;

	if (!first && is_undecided(f, r, &now)) {
		f->timeo = 0;
		return 0;
	}
	if (!first && is_older(f, r)) {
		f->sent = max(f->sent, r->sent);
		return 0;
	}
	unchanged = same_change(&f->id, &now);
	if (!first && is_foreign(f, r, &now)) {
		f->data_ver++;
		f->perm_ver++;
		ret |= SNFS_FRESH_CHANGED;
	} else if (!same_perms(f, fa)) {
		f->perm_ver++;
	}
	set_timeo(f, r, unchanged && !first, ac);
	if (!overlapped(f, r) && !r->ours)
		f->ctime_ours = false;
	f->id = now;
	f->mode = fa->mode;
	f->uid = fa->uid;
	f->gid = fa->gid;
	f->sent = max(f->sent, r->sent);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_apply);

/**
 * snfs_fresh_within - may the attributes be served without asking?
 * @f: the object
 * @now: ns, CLOCK_BOOTTIME
 *
 * Return: whether they may.
 */
bool snfs_fresh_within(const struct snfs_fresh *f, u64 now)
{
	return f->sent && now - f->sent < f->timeo;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_within);

/**
 * snfs_fresh_since - were the attributes asked for at or after a moment?
 * @f: the object
 * @when: ns, CLOCK_BOOTTIME
 *
 * Return: whether they were.
 */
bool snfs_fresh_since(const struct snfs_fresh *f, u64 when)
{
	return f->sent && f->sent >= when;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_since);

/**
 * snfs_fresh_perm_within - may the permissions be gone by without asking?
 * @f: the object
 * @now: ns, CLOCK_BOOTTIME
 * @ac: attribute cache times of this kind of object
 *
 * What we do to the names in a directory leaves its attributes unknown where replies tell none
 * (NFS version 2), but not its permissions.
 *
 * Return: whether they may.
 */
bool snfs_fresh_perm_within(const struct snfs_fresh *f, u64 now, const struct snfs_ac *ac)
{
	return snfs_fresh_within(f, now) ||
	       (S_ISDIR(f->mode) && f->sent && now - f->sent < ac->min);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_perm_within);

/**
 * snfs_fresh_perm_holds - may an answer about the permissions be kept?
 * @f: the object
 * @sent: when it was asked for (ns, CLOCK_BOOTTIME)
 * @before: perm_ver before that
 *
 * It may if the permissions known before it was asked for are known still, or if it brought the
 * present ones itself and no change of ours crossed it.
 *
 * Return: whether it may.
 */
bool snfs_fresh_perm_holds(const struct snfs_fresh *f, u64 sent, u32 before)
{
	return f->perm_ver == before || (f->sent == sent && !f->own && f->own_end <= sent);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_perm_holds);

/**
 * snfs_fresh_expire - the attributes must be asked for before they are served again
 * @f: the object
 * @now: ns, CLOCK_BOOTTIME; answers to earlier questions that are under way count as expired, too
 */
void snfs_fresh_expire(struct snfs_fresh *f, u64 now)
{
	f->timeo = 0;
	f->floor = now;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_expire);

/**
 * snfs_fresh_distrust - what is cached of the object must be dropped
 * @f: the object
 * @now: ns, CLOCK_BOOTTIME; as for snfs_fresh_expire()
 *
 * After a failed write the cache holds bytes that the server never took; after a lock was granted,
 * what others may have changed under theirs.
 */
void snfs_fresh_distrust(struct snfs_fresh *f, u64 now)
{
	f->data_ver++;
	f->perm_ver++;
	snfs_fresh_expire(f, now);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_fresh_distrust);
