// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of statuses: RFC 1813 section 2.6 and appendix I section 5.1.5.
 */
#include "snfs_kunit.h"
#include "snfs/mount.h"

/* The names say what the RFC means; numbers are those of the wire. */
static const struct {
	u32	status;
	int	err;
} nfs_statuses[] = {
	{ 0, 0 }, { 1, -EPERM }, { 2, -ENOENT }, { 5, -EIO }, { 6, -ENXIO }, { 13, -EACCES },
	{ 17, -EEXIST }, { 18, -EXDEV }, { 19, -ENODEV }, { 20, -ENOTDIR }, { 21, -EISDIR },
	{ 22, -EINVAL }, { 27, -EFBIG }, { 28, -ENOSPC }, { 30, -EROFS }, { 31, -EMLINK },
	{ 63, -ENAMETOOLONG }, { 66, -ENOTEMPTY }, { 69, -EDQUOT }, { 70, -ESTALE },
	{ 71, -EREMOTE }, { 10001, -ESTALE }, { 10002, -EBUSY }, { 10003, -EIO },
	{ 10004, -EOPNOTSUPP }, { 10005, -EIO }, { 10006, -EIO }, { 10007, -EPERM },
	{ 10008, -EAGAIN },
};

static const struct {
	u32	status;
	int	err;
} mount_statuses[] = {
	{ 0, 0 }, { 1, -EPERM }, { 2, -ENOENT }, { 5, -EIO }, { 13, -EACCES }, { 20, -ENOTDIR },
	{ 22, -EINVAL }, { 63, -ENAMETOOLONG }, { 10004, -EOPNOTSUPP }, { 10006, -EREMOTEIO },
};

static void nfsstat_to_errno(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nfs_statuses); i++)
		KUNIT_EXPECT_EQ_MSG(test, snfs_stat_to_errno(nfs_statuses[i].status),
				    nfs_statuses[i].err, "status %u", nfs_statuses[i].status);
}

static void unknown_nfsstat_is_eio(struct kunit *test)
{
	static const u32 unknown[] = { 3, 4, 7, 12, 72, 98, 10000, 10009, 0x7fffffff, 0xffffffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		KUNIT_EXPECT_EQ(test, snfs_stat_to_errno(unknown[i]), -EIO);
}

/* User space knows no number from 512 on. */
static void errnos_are_public(struct kunit *test)
{
	u32 status;
	int err;

	for (status = 0; status < 10100; status++) {
		KUNIT_EXPECT_LE(test, snfs_stat_to_errno(status), 0);
		KUNIT_EXPECT_GT(test, snfs_stat_to_errno(status), -512);
		snfs_mountstat_text(status, &err);
		KUNIT_EXPECT_LE(test, err, 0);
		KUNIT_EXPECT_GT(test, err, -512);
	}
}

static void mountstat_to_errno_and_text(struct kunit *test)
{
	const char *text, *unknown;
	unsigned int i;
	int err;

	unknown = snfs_mountstat_text(9999, &err);
	KUNIT_ASSERT_NOT_NULL(test, unknown);
	KUNIT_EXPECT_EQ(test, err, -EIO);
	for (i = 0; i < ARRAY_SIZE(mount_statuses); i++) {
		text = snfs_mountstat_text(mount_statuses[i].status, &err);
		KUNIT_EXPECT_EQ_MSG(test, err, mount_statuses[i].err, "status %u",
				    mount_statuses[i].status);
		KUNIT_ASSERT_NOT_NULL(test, text);
		KUNIT_EXPECT_STRNEQ(test, text, unknown);
		KUNIT_EXPECT_GT(test, strlen(text), (size_t)5);
	}
}

static struct kunit_case errno_tests[] = {
	KUNIT_CASE(nfsstat_to_errno),
	KUNIT_CASE(unknown_nfsstat_is_eio),
	KUNIT_CASE(errnos_are_public),
	KUNIT_CASE(mountstat_to_errno_and_text),
	{}
};

static struct kunit_suite errno_suite = {
	.name		= "snfs_errno",
	.test_cases	= errno_tests,
};

kunit_test_suite(errno_suite);

MODULE_DESCRIPTION("KUnit: snfs tables of statuses");
MODULE_LICENSE("GPL");
