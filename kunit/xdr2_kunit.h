/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two suites of NFS version 2 share: a handle, and attributes.
 */
#ifndef _SNFS_XDR2_KUNIT_H
#define _SNFS_XDR2_KUNIT_H

#include "snfs_kunit.h"
#include "xdr2.h"

/* Handles are of 32 bytes, and nothing tells their length. */
#define FH_BYTES(n)	(n), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,	\
			20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define FH_WIRE		FH_BYTES(0xf1)
#define FH2_WIRE	FH_BYTES(0xe1)

static const struct snfs_fh __maybe_unused fh = { .len = 32, .data = { FH_WIRE } };
static const struct snfs_fh __maybe_unused fh2 = { .len = 32, .data = { FH2_WIRE } };

/* Attributes: a regular file of all different values (RFC 1094 section 2.3.5) */
#define FATTR2_WIRE_OF(type, mode, size, rdev)					\
	W(type), W(mode), W(3), W(1000), W(1001), W(size), W(4096), W(rdev), W(16),	\
	W(0x55667788), W(0xddeeff00), W(1000000001), W(11), W(2000000002), W(22),	\
	W(3000000003U), W(999999)
#define FATTR2_WIRE	FATTR2_WIRE_OF(NF2REG, 0100644, 0x3456789a, 0xffffffff)

/* What it is to become */
static inline void expect_fattr2(struct kunit *test, const struct snfs_fattr *fa)
{
	KUNIT_EXPECT_TRUE(test, fa->valid);
	KUNIT_EXPECT_EQ(test, (int)fa->mode, S_IFREG | 0644);
	KUNIT_EXPECT_EQ(test, fa->nlink, 3U);
	KUNIT_EXPECT_EQ(test, __kuid_val(fa->uid), 1000U);
	KUNIT_EXPECT_EQ(test, __kgid_val(fa->gid), 1001U);
	KUNIT_EXPECT_EQ(test, fa->size, 0x3456789aULL);
	KUNIT_EXPECT_EQ(test, fa->used, 0x2000ULL);
	KUNIT_EXPECT_EQ(test, (u32)fa->rdev, 0U);
	KUNIT_EXPECT_EQ(test, fa->fsid, 0x55667788ULL);
	KUNIT_EXPECT_EQ(test, fa->fileid, 0xddeeff00ULL);
	KUNIT_EXPECT_EQ(test, fa->atime.tv_sec, 1000000001LL);
	KUNIT_EXPECT_EQ(test, fa->atime.tv_nsec, 11000L);
	KUNIT_EXPECT_EQ(test, fa->mtime.tv_sec, 2000000002LL);
	KUNIT_EXPECT_EQ(test, fa->mtime.tv_nsec, 22000L);
	KUNIT_EXPECT_EQ(test, fa->ctime.tv_sec, 3000000003LL);
	KUNIT_EXPECT_EQ(test, fa->ctime.tv_nsec, 999999000L);
}

#endif /* _SNFS_XDR2_KUNIT_H */
