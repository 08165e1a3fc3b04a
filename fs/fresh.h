/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The attribute freshness rule, a pure unit: it knows neither inodes nor RPC and takes no lock.
 */
#ifndef _SNFS_FRESH_H
#define _SNFS_FRESH_H

#include "snfs/proto.h"

/**
 * struct snfs_ac - how long attributes may be served without asking, in ns
 * @min: after a change was seen
 * @max: after doubling for as long as nothing changes
 */
struct snfs_ac {
	u64	min;
	u64	max;
};

/**
 * struct snfs_fresh - what is known of an object, and how old that is
 * @sent: when the request was sent that fetched the attributes (ns, CLOCK_BOOTTIME); 0: never
 * @timeo: they may be served for this long (ns)
 * @id: change identity of the object as last seen
 * @mode: type and permission bits as last seen
 * @uid: owner as last seen
 * @gid: group as last seen
 * @own: changes of ours that are under way
 * @floor: attributes that were asked for before this are not served (ns, CLOCK_BOOTTIME)
 * @own_end: when the reply to the last one was applied (ns, CLOCK_BOOTTIME)
 * @data_ver: moves when somebody else changed the object: what is cached of its
 *	data (pages, names) under an older number must not be used
 * @perm_ver: moves when the permissions may have changed
 * @ctime_ours: the next difference that is of the ctime only is our own doing
 *	(RENAME, LINK and REMOVE change it but do not report it)
 *
 * Locking: the owner's (inode->i_lock).
 */
struct snfs_fresh {
	u64			sent;
	u64			timeo;
	struct snfs_change	id;
	umode_t			mode;
	kuid_t			uid;
	kgid_t			gid;
	u32			own;
	u64			own_end;
	u64			floor;
	u32			data_ver;
	u32			perm_ver;
	bool			ctime_ours;
};

/**
 * struct snfs_reply - attributes that came with a reply
 * @wcc: before (if sent) and after
 * @sent: when the request was sent (ns, CLOCK_BOOTTIME)
 * @ours: the request was a change of ours, and snfs_fresh_begin() was called for it
 */
struct snfs_reply {
	const struct snfs_wcc	*wcc;
	u64			sent;
	bool			ours;
};

/* What snfs_fresh_apply() found out */
#define SNFS_FRESH_TAKE		0x1	/* the attributes are the newest known: show them */
#define SNFS_FRESH_CHANGED	0x2	/* somebody else changed the object: data_ver has moved */

void snfs_fresh_begin(struct snfs_fresh *f);
void snfs_fresh_end(struct snfs_fresh *f, u64 now, bool changed);
unsigned int snfs_fresh_apply(struct snfs_fresh *f, const struct snfs_reply *r,
			      const struct snfs_ac *ac);
bool snfs_fresh_within(const struct snfs_fresh *f, u64 now);
bool snfs_fresh_since(const struct snfs_fresh *f, u64 when);
bool snfs_fresh_perm_within(const struct snfs_fresh *f, u64 now, const struct snfs_ac *ac);
bool snfs_fresh_perm_holds(const struct snfs_fresh *f, u64 sent, u32 before);
void snfs_fresh_expire(struct snfs_fresh *f, u64 now);
void snfs_fresh_distrust(struct snfs_fresh *f, u64 now);

#endif /* _SNFS_FRESH_H */
