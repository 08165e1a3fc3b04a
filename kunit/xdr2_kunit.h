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
static const struct snfs_fattr __maybe_unused fattr2 = {
	.mode	= S_IFREG | 0644,
	.nlink	= 3,
	.uid	= KUIDT_INIT(1000),
	.gid	= KGIDT_INIT(1001),
	.size	= 0x3456789a,
	.used	= 0x2000,
	.fsid	= 0x55667788,
	.fileid	= 0xddeeff00,
	.atime	= { .tv_sec = 1000000001, .tv_nsec = 11000 },
	.mtime	= { .tv_sec = 2000000002, .tv_nsec = 22000 },
	.ctime	= { .tv_sec = 3000000003LL, .tv_nsec = 999999000 },
};

#endif /* _SNFS_XDR2_KUNIT_H */
