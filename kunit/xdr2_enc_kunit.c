// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments of the NFS version 2 procedures against messages written by hand from RFC 1094
 * section 2.2, each in a buffer of exactly the size that the procedure table promises.
 */
#include "xdr2_kunit.h"
#include "xdr_enc_kunit.h"

#define NO	W(0xffffffff)

/* sattr: nothing set; all set, with times of ours */
#define SATTR_NONE_WIRE	NO, NO, NO, NO, NO, NO, NO, NO
#define SATTR_ALL	{							\
	.valid	= SNFS_SATTR_MODE | SNFS_SATTR_UID | SNFS_SATTR_GID | SNFS_SATTR_SIZE |	\
		  SNFS_SATTR_ATIME | SNFS_SATTR_ATIME_SET |			\
		  SNFS_SATTR_MTIME | SNFS_SATTR_MTIME_SET,			\
	.mode	= S_IFREG | 04751,						\
	.uid	= KUIDT_INIT(1000),						\
	.gid	= KGIDT_INIT(1001),						\
	.size	= 0x3456789a,							\
	.atime	= { .tv_sec = 1000000001, .tv_nsec = 999999999 },		\
	.mtime	= { .tv_sec = 2000000002, .tv_nsec = 22222 },			\
}

#define SATTR_ALL_WIRE(type, size)	W((type) | 04751), W(1000), W(1001), size,	\
			W(1000000001), W(999999), W(2000000002), W(22)

/* Of what is made, with nothing but a mode */
#define MODE	.sattr = { .valid = SNFS_SATTR_MODE, .mode = 0640 }
#define MODE_WIRE(type, size)	W((type) | 0640), NO, NO, size, NO, NO, NO, NO

/* SETATTR of times: which are set, which of them are ours, and what becomes of them */
#define TIMES(what, flags, ...) {						\
	what, NFSPROC_SETATTR,							\
	{ .fh = &fh, .sattr = { .valid = (flags),				\
		.atime = { 10, 11111 }, .mtime = { 20, 22222 } } },		\
	WIRE(FH_WIRE, NO, NO, NO, NO, __VA_ARGS__)				\
}

static const struct enc_case enc_cases[] = {
	{ "NULL", NFSPROC_NULL, { .fh = NULL }, },
	{ "GETATTR", NFSPROC_GETATTR, { .fh = &fh }, WIRE(FH_WIRE) },
	{ "SETATTR nothing", NFSPROC_SETATTR, { .fh = &fh }, WIRE(FH_WIRE, SATTR_NONE_WIRE) },
	{
		"SETATTR all", NFSPROC_SETATTR,
		{ .fh = &fh, .sattr = SATTR_ALL },
		WIRE(FH_WIRE, SATTR_ALL_WIRE(0, W(0x3456789a)))
	},
	TIMES("SETATTR atime of ours", SNFS_SATTR_ATIME | SNFS_SATTR_ATIME_SET,
	      W(10), W(11), NO, NO),
	TIMES("SETATTR mtime of ours", SNFS_SATTR_MTIME | SNFS_SATTR_MTIME_SET,
	      NO, NO, W(20), W(22)),
	TIMES("SETATTR both, the server's", SNFS_SATTR_ATIME | SNFS_SATTR_MTIME,
	      W(10), W(1000000), W(20), W(1000000)),
	TIMES("SETATTR mtime, the server's", SNFS_SATTR_MTIME, NO, NO, W(20), W(1000000)),
	/* A server would keep 1000000 us there. */
	TIMES("SETATTR atime, the server's", SNFS_SATTR_ATIME, W(10), W(11), NO, NO),
	/* A server would take its time for both. */
	TIMES("SETATTR only mtime the server's",
	      SNFS_SATTR_ATIME | SNFS_SATTR_ATIME_SET | SNFS_SATTR_MTIME,
	      W(10), W(11), W(20), W(22)),
	TIMES("SETATTR only atime the server's",
	      SNFS_SATTR_ATIME | SNFS_SATTR_MTIME | SNFS_SATTR_MTIME_SET,
	      W(10), W(11), W(20), W(22)),
	{
		"SETATTR time before 1970", NFSPROC_SETATTR,
		{ .fh = &fh, .sattr = { .valid = SNFS_SATTR_ATIME_SET, .atime = { -1, 5000 } } },
		WIRE(FH_WIRE, NO, NO, NO, NO, W(0), W(5), NO, NO)
	},
	{
		"SETATTR time after 2106", NFSPROC_SETATTR,
		{ .fh = &fh, .sattr = { .valid = SNFS_SATTR_ATIME_SET,
			.atime = { 0xffffffffLL, 5000 } } },
		WIRE(FH_WIRE, NO, NO, NO, NO, W(0xfffffffe), W(5), NO, NO)
	},
	{ "LOOKUP", NFSPROC_LOOKUP, { .fh = &fh, NAME_FOO }, WIRE(FH_WIRE, FOO) },
	{ "READLINK", NFSPROC_READLINK, { .fh = &fh }, WIRE(FH_WIRE) },
	{
		"READ", NFSPROC_READ,
		{ .fh = &fh, .io = { .offset = 0xfffff000, .count = 4096 } },
		WIRE(FH_WIRE, W(0xfffff000), W(4096), W(4096))
	},
	{
		"WRITE", NFSPROC_WRITE,
		{ .fh = &fh, .io = { .offset = 0x7ffff000, .count = 4096,
			.stable = SNFS_FILE_SYNC } },
		WIRE(FH_WIRE, W(0x7ffff000), W(0x7ffff000), W(4096), W(4096))
	},
	{
		"CREATE", NFSPROC_CREATE,
		{ .fh = &fh, NAME_FOO, MODE },
		WIRE(FH_WIRE, FOO, MODE_WIRE(S_IFREG, NO))
	},
	{
		"CREATE never cuts what exists", NFSPROC_CREATE,
		{ .fh = &fh, NAME_FOO, .sattr = SATTR_ALL },
		WIRE(FH_WIRE, FOO, SATTR_ALL_WIRE(S_IFREG, NO))
	},
	{ "REMOVE", NFSPROC_REMOVE, { .fh = &fh, NAME_FOO }, WIRE(FH_WIRE, FOO) },
	{
		"RENAME", NFSPROC_RENAME,
		{ .fh = &fh, NAME_FOO, .fh2 = &fh2, NAME2_BARS },
		WIRE(FH_WIRE, FOO, FH2_WIRE, BARS)
	},
	{
		"LINK", NFSPROC_LINK,
		{ .fh = &fh, .fh2 = &fh2, NAME2_BARS },
		WIRE(FH_WIRE, FH2_WIRE, BARS)
	},
	{
		"SYMLINK", NFSPROC_SYMLINK,
		{ .fh = &fh, NAME_FOO, MODE, .symlink = { .target = "../xy", .len = 5 } },
		WIRE(FH_WIRE, FOO, W(5), '.', '.', '/', 'x', 'y', 0, 0, 0,
		     MODE_WIRE(S_IFLNK, NO))
	},
	{
		"MKDIR", NFSPROC_MKDIR,
		{ .fh = &fh, NAME_FOO, MODE },
		WIRE(FH_WIRE, FOO, MODE_WIRE(S_IFDIR, NO))
	},
	{ "RMDIR", NFSPROC_RMDIR, { .fh = &fh, NAME_FOO }, WIRE(FH_WIRE, FOO) },
	{
		"READDIR", NFSPROC_READDIR,
		{ .fh = &fh, .readdir = { .cookie = 0xfedcba98, .dircount = 1, .maxcount = 8192 } },
		WIRE(FH_WIRE, W(0xfedcba98), W(8192))
	},
	{ "STATFS", NFSPROC_STATFS, { .fh = &fh }, WIRE(FH_WIRE) },
	{
		"CREATE of a character device", SNFS2_ROW_MKNOD,
		{ .fh = &fh, NAME_FOO, MODE, .mknod = { .type = S_IFCHR, .rdev = MKDEV(5, 66) } },
		WIRE(FH_WIRE, FOO, MODE_WIRE(S_IFCHR, W(5 << 8 | 66)))
	},
	{
		"CREATE of a large block device", SNFS2_ROW_MKNOD,
		{ .fh = &fh, NAME_FOO, MODE,
			.mknod = { .type = S_IFBLK, .rdev = MKDEV(0xabc, 0x12345) } },
		WIRE(FH_WIRE, FOO, MODE_WIRE(S_IFBLK, W(0x123abc45)))
	},
	{
		"CREATE of device 0", SNFS2_ROW_MKNOD,
		{ .fh = &fh, NAME_FOO, MODE, .mknod = { .type = S_IFCHR } },
		WIRE(FH_WIRE, FOO, MODE_WIRE(S_IFCHR, W(0)))
	},
	{
		"CREATE of a fifo", SNFS2_ROW_MKNOD,
		{ .fh = &fh, NAME_FOO, MODE, .mknod = { .type = S_IFIFO } },
		WIRE(FH_WIRE, FOO, MODE_WIRE(S_IFCHR, NO))
	},
	{
		"CREATE of a socket", SNFS2_ROW_MKNOD,
		{ .fh = &fh, NAME_FOO, MODE, .mknod = { .type = S_IFSOCK } },
		WIRE(FH_WIRE, FOO, MODE_WIRE(S_IFSOCK, NO))
	},
	{ "STATFS for limits", SNFS2_ROW_FSINFO, { .fh = &fh }, WIRE(FH_WIRE) },
};

KUNIT_ARRAY_PARAM(enc, enc_cases, enc_desc);

/* Which procedures have their data in pages? */
static void give_pages(struct snfs_kunit_call *call, unsigned int row)
{
	switch (row) {
	case NFSPROC_READLINK:
		call->args.io.count = PAGE_SIZE;
		fallthrough;
	case NFSPROC_READ:
	case NFSPROC_WRITE:
		call->args.io.pages = call->pages;
		break;
	case NFSPROC_READDIR:
		call->args.readdir.pages = call->pages;
		break;
	default:
		break;
	}
}

static void encodes_as_rfc(struct kunit *test)
{
	const struct enc_case *c = test->param_value;
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs2_procedures[c->row]);

	call->args = c->args;
	give_pages(call, c->row);
	expect_encoded(test, call, c);
}

/* p_arglen is what the longest arguments need: not a word less, nor one more. */
static void longest_fit_exactly(struct kunit *test)
{
	char *text = kunit_kzalloc(test, NFS2_MAXPATHLEN, GFP_KERNEL);
	unsigned int row;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', NFS2_MAXPATHLEN);
	for (row = 0; row < SNFS2_ROWS; row++) {
		const struct rpc_procinfo *info = &snfs2_procedures[row];
		struct snfs_kunit_call *call = snfs_kunit_call(test, info);
		struct snfs_args *args = &call->args;
		size_t len;

		if (!info->p_encode)
			continue;
		args->fh = &fh;
		args->fh2 = &fh2;
		args->name = (struct snfs_name){ .name = text, .len = NFS2_MAXNAMLEN };
		args->name2 = args->name;
		if (row == NFSPROC_SYMLINK) {
			args->symlink.target = text;
			args->symlink.len = NFS2_MAXPATHLEN;
		}
		if (row == NFSPROC_WRITE)
			args->io.count = NFS2_MAXDATA - 3;
		give_pages(call, row);
		snfs_kunit_encode(test, call, &len);
		/* WRITE's pad follows the pages: that word is in the tail. */
		if (row == NFSPROC_WRITE)
			len += XDR_UNIT;
		KUNIT_EXPECT_EQ_MSG(test, len, (size_t)info->p_arglen * XDR_UNIT, "row %u", row);
	}
}

static void read_expects_data_in_pages(struct kunit *test)
{
	/* Status, attributes, length */
	expect_data_in_pages(test, &snfs2_procedures[NFSPROC_READ], 1 + 17 + 1);
}

static void rows_are_in_rfc_order(struct kunit *test)
{
	u32 proc;

	for (proc = 0; proc < NFSPROC_NR; proc++) {
		bool used = proc != NFSPROC_ROOT && proc != NFSPROC_WRITECACHE;

		KUNIT_EXPECT_EQ(test, snfs2_procedures[proc].p_proc, used ? proc : 0);
		KUNIT_EXPECT_EQ(test, snfs2_procedures[proc].p_statidx, used ? proc : 0);
		KUNIT_EXPECT_EQ(test, !!snfs2_procedures[proc].p_encode, used);
	}
	/* Statistics have room for the RFC's procedures only. */
	for (; proc < SNFS2_ROWS; proc++)
		KUNIT_EXPECT_LT(test, snfs2_procedures[proc].p_statidx, (u32)NFSPROC_NR);
}

/* What cannot be encoded is refused before the call is started; what can be ends with EIO. */
static void limits_are_checked_first(struct kunit *test)
{
	const struct snfs_proto_ops *ops = &snfs2_proto_ops;
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs2_procedures[NFSPROC_NULL]);
	struct snfs_op *op = snfs_kunit_op(test, call);

	expect_names_checked(test, ops, op);
	KUNIT_EXPECT_EQ(test, ops->lookup(op), -EIO);
	op->args.symlink.len = NFS2_MAXPATHLEN + 1;
	KUNIT_EXPECT_EQ(test, ops->symlink(op), -ENAMETOOLONG);
	op->args.symlink.len = NFS2_MAXPATHLEN;
	KUNIT_EXPECT_EQ(test, ops->symlink(op), -EIO);
	op->args.symlink.len = 0;
	KUNIT_EXPECT_EQ(test, ops->symlink(op), -ENOENT);
	op->args.mknod.type = S_IFREG;
	KUNIT_EXPECT_EQ(test, ops->mknod(op), -EINVAL);
	op->args.mknod.type = S_IFCHR;
	op->args.mknod.rdev = MKDEV(0xfff, 0xfffff);
	KUNIT_EXPECT_EQ(test, ops->mknod(op), -EOVERFLOW);
	op->args.mknod.rdev = MKDEV(0xfff, 0xffffe);
	KUNIT_EXPECT_EQ(test, ops->mknod(op), -EIO);
}

static void io_limits_are_checked_first(struct kunit *test)
{
	const struct snfs_proto_ops *ops = &snfs2_proto_ops;
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs2_procedures[NFSPROC_NULL]);
	struct snfs_op *op = snfs_kunit_op(test, call);

	op->args.io.offset = U32_MAX - 1;
	op->args.io.count = 1;
	KUNIT_EXPECT_EQ(test, ops->read(op), -EIO);
	op->args.io.count = 2;
	KUNIT_EXPECT_EQ(test, ops->read(op), -EFBIG);
	KUNIT_EXPECT_EQ(test, ops->write(op), -EFBIG);
	op->args.io.offset = 0;
	op->args.io.count = NFS2_MAXDATA + 1;
	KUNIT_EXPECT_EQ(test, ops->read(op), -EINVAL);
	KUNIT_EXPECT_EQ(test, ops->write(op), -EINVAL);
	op->args.sattr.valid = SNFS_SATTR_SIZE;
	op->args.sattr.size = 0x80000000ULL;
	KUNIT_EXPECT_EQ(test, ops->setattr(op), -EFBIG);
	op->args.sattr.size = 0x7fffffff;
	KUNIT_EXPECT_EQ(test, ops->setattr(op), -EIO);
	expect_rest_checked(test, ops, op);
}

static struct kunit_case xdr2_enc_tests[] = {
	KUNIT_CASE_PARAM(encodes_as_rfc, enc_gen_params),
	KUNIT_CASE(longest_fit_exactly),
	KUNIT_CASE(read_expects_data_in_pages),
	KUNIT_CASE(rows_are_in_rfc_order),
	KUNIT_CASE(limits_are_checked_first),
	KUNIT_CASE(io_limits_are_checked_first),
	{}
};

static struct kunit_suite xdr2_enc_suite = {
	.name		= "snfs_xdr2_enc",
	.test_cases	= xdr2_enc_tests,
};

kunit_test_suite(xdr2_enc_suite);

MODULE_DESCRIPTION("KUnit: snfs NFSv2 arguments");
MODULE_LICENSE("GPL");
