// SPDX-License-Identifier: GPL-2.0
/*
 * Mounts that a path walk has made go when they are idle.
 *
 * A mount that nobody has used for two looks in a row goes, so after one to two of the intervals.
 * How long an interval is depends on the mount: the module's parameter, or an option of the root
 * that the mounts are below. Mounts with the same interval are looked at together.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "snfs.h"

/* Seconds, as nfs.ko */
#define SNFS_SUBMOUNT_EXPIRY	500

/* Different intervals at most; mounts that want yet another one get the parameter's. */
#define SNFS_EXPIRY_MAX		32

/**
 * struct snfs_expiry - mounts with the same interval
 * @all: in the list of these
 * @mounts: them; the VFS locks the list
 * @work: looks at them
 * @seconds: the interval, 0: never
 */
struct snfs_expiry {
	struct list_head	all;
	struct list_head	mounts;
	struct delayed_work	work;
	unsigned int		seconds;
};

static void expire(struct work_struct *work);

static struct snfs_expiry snfs_default_expiry = {
	.all		= LIST_HEAD_INIT(snfs_default_expiry.all),
	.mounts		= LIST_HEAD_INIT(snfs_default_expiry.mounts),
	.work		= __DELAYED_WORK_INITIALIZER(snfs_default_expiry.work, expire, 0),
	.seconds	= SNFS_SUBMOUNT_EXPIRY,
};

/* Others; none goes before the module does, as mounts are on their lists. */
static DEFINE_MUTEX(snfs_expiries_lock);
static LIST_HEAD(snfs_expiries);
static unsigned int snfs_nr_expiries;

static void plan(struct snfs_expiry *expiry)
{
	unsigned long seconds = READ_ONCE(expiry->seconds);

	if (seconds && !list_empty(&expiry->mounts))
		schedule_delayed_work(&expiry->work,
				      min_t(unsigned long, seconds, INT_MAX / HZ) * HZ);
}

static void expire(struct work_struct *work)
{
	struct snfs_expiry *expiry = container_of(to_delayed_work(work), struct snfs_expiry, work);

	mark_mounts_for_expiry(&expiry->mounts);
	plan(expiry);
}

static int set_expiry(const char *value, const struct kernel_param *kp)
{
	int seconds;
	int err = kstrtoint(value, 0, &seconds);

	if (err)
		return err;
	WRITE_ONCE(snfs_default_expiry.seconds, max(seconds, 0));
	cancel_delayed_work_sync(&snfs_default_expiry.work);
	plan(&snfs_default_expiry);
	return 0;
}

static int get_expiry(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%u\n", READ_ONCE(snfs_default_expiry.seconds));
}

static const struct kernel_param_ops snfs_expiry_ops = {
	.set	= set_expiry,
	.get	= get_expiry,
};

module_param_cb(submount_expiry, &snfs_expiry_ops, NULL, 0644);
MODULE_PARM_DESC(submount_expiry,
		 "seconds until an idle mount of a file system below an export goes; 0: never");

static struct snfs_expiry *find_expiry(unsigned int seconds)
{
	struct snfs_expiry *expiry;

	list_for_each_entry(expiry, &snfs_expiries, all) {
		if (expiry->seconds == seconds)
			return expiry;
	}
	if (snfs_nr_expiries == SNFS_EXPIRY_MAX)
		return &snfs_default_expiry;
	expiry = kzalloc(sizeof(*expiry), GFP_KERNEL);
	if (!expiry)
		return &snfs_default_expiry;
	INIT_LIST_HEAD(&expiry->mounts);
	INIT_DELAYED_WORK(&expiry->work, expire);
	expiry->seconds = seconds;
	list_add(&expiry->all, &snfs_expiries);
	snfs_nr_expiries++;
	return expiry;
}

/**
 * snfs_expire_when_idle - let a mount go when it is idle
 * @mnt: the mount, not attached yet: what ->d_automount returns
 * @seconds: the interval, or SNFS_EXPIRY_DEFAULT: as the module's parameter says
 */
void snfs_expire_when_idle(struct vfsmount *mnt, unsigned int seconds)
{
	struct snfs_expiry *expiry = &snfs_default_expiry;

	if (seconds != SNFS_EXPIRY_DEFAULT) {
		mutex_lock(&snfs_expiries_lock);
		expiry = find_expiry(seconds);
		mutex_unlock(&snfs_expiries_lock);
	}
	mnt_set_expiry(mnt, &expiry->mounts);
	plan(expiry);
}

/**
 * snfs_expire_exit - stop looking for idle mounts
 *
 * There are none any more, but the work may still be planned.
 */
void snfs_expire_exit(void)
{
	struct snfs_expiry *expiry, *next;

	cancel_delayed_work_sync(&snfs_default_expiry.work);
	list_for_each_entry_safe(expiry, next, &snfs_expiries, all) {
		cancel_delayed_work_sync(&expiry->work);
		kfree(expiry);
	}
}
