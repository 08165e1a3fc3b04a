// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments of the NFS version 3 procedures against messages written by hand from RFC 1813
 * section 3.3, each in a buffer of exactly the size that the procedure table promises.
 */
#include "xdr_enc_kunit.h"

static const struct snfs_fh fh2 = { .len = 4, .data = { 0xe1, 0xe2, 0xe3, 0xe4 } };
#define FH2_WIRE	W(4), 0xe1, 0xe2, 0xe3, 0xe4

/* sattr3: nothing set; and all set, with a time of the server's and one of ours */
#define SATTR_NONE_WIRE	W(0), W(0), W(0), W(0), W(0), W(0)
#define SATTR_ALL	{							\
	.valid	= SNFS_SATTR_MODE | SNFS_SATTR_UID | SNFS_SATTR_GID | SNFS_SATTR_SIZE |	\
		  SNFS_SATTR_ATIME | SNFS_SATTR_MTIME | SNFS_SATTR_MTIME_SET,	\
	.mode	= S_IFREG | 04751,						\
	.uid	= KUIDT_INIT(1000),						\
	.gid	= KGIDT_INIT(1001),						\
	.size	= 0x123456789aULL,						\
	.mtime	= { .tv_sec = 2000000002, .tv_nsec = 22 },			\
}

#define SATTR_ALL_WIRE	W(1), W(04751), W(1), W(1000), W(1), W(1001),		\
			W(1), D(0x123456789aULL), W(1), W(2), W(2000000002), W(22)

#define VERF		{ .data = { 1, 2, 3, 4, 5, 6, 7, 8 } }
#define VERF_WIRE	1, 2, 3, 4, 5, 6, 7, 8

static const struct enc_case enc_cases[] = {
	{ "NULL", NFSPROC3_NULL, { .fh = NULL }, },
	{ "GETATTR", NFSPROC3_GETATTR, { .fh = &fh5 }, WIRE(FH5_WIRE) },
	{
		"SETATTR nothing", NFSPROC3_SETATTR,
		{ .fh = &fh5 },
		WIRE(FH5_WIRE, SATTR_NONE_WIRE, W(0))
	},
	{
		"SETATTR all, guarded", NFSPROC3_SETATTR,
		{ .fh = &fh5, .sattr = SATTR_ALL, .guard = true, .guard_ctime = { 5, 6 } },
		WIRE(FH5_WIRE, SATTR_ALL_WIRE, W(1), W(5), W(6))
	},
	{
		"SETATTR times of ours and the server's", NFSPROC3_SETATTR,
		{ .fh = &fh5, .sattr = {
			.valid = SNFS_SATTR_ATIME_SET | SNFS_SATTR_ATIME | SNFS_SATTR_MTIME,
			.atime = { 1, 2 } } },
		WIRE(FH5_WIRE, W(0), W(0), W(0), W(0), W(2), W(1), W(2), W(1), W(0))
	},
	{
		"SETATTR time before 1970", NFSPROC3_SETATTR,
		{ .fh = &fh5, .sattr = { .valid = SNFS_SATTR_ATIME_SET, .atime = { -1, 5 } } },
		WIRE(FH5_WIRE, W(0), W(0), W(0), W(0), W(2), W(0), W(5), W(0), W(0))
	},
	{
		"SETATTR time after 2106", NFSPROC3_SETATTR,
		{ .fh = &fh5, .sattr = { .valid = SNFS_SATTR_ATIME_SET,
			.atime = { 0x100000000LL, 5 } } },
		WIRE(FH5_WIRE, W(0), W(0), W(0), W(0), W(2), W(0xffffffff), W(5), W(0), W(0))
	},
	{
		"LOOKUP", NFSPROC3_LOOKUP,
		{ .fh = &fh5, NAME_FOO },
		WIRE(FH5_WIRE, FOO)
	},
	{
		"ACCESS", NFSPROC3_ACCESS,
		{ .fh = &fh5, .access = ACCESS3_ALL },
		WIRE(FH5_WIRE, W(0x3f))
	},
	{ "READLINK", NFSPROC3_READLINK, { .fh = &fh5 }, WIRE(FH5_WIRE) },
	{
		"READ", NFSPROC3_READ,
		{ .fh = &fh5, .io = { .offset = 0x123456789aULL, .count = 4096 } },
		WIRE(FH5_WIRE, D(0x123456789aULL), W(4096))
	},
	{
		"WRITE", NFSPROC3_WRITE,
		{ .fh = &fh5, .io = { .offset = 0x123456789aULL, .count = 4096,
			.stable = SNFS_FILE_SYNC } },
		WIRE(FH5_WIRE, D(0x123456789aULL), W(4096), W(2), W(4096))
	},
	{
		"CREATE UNCHECKED", NFSPROC3_CREATE,
		{ .fh = &fh5, NAME_FOO, .create = { .how = SNFS_CREATE_UNCHECKED } },
		WIRE(FH5_WIRE, FOO, W(0), SATTR_NONE_WIRE)
	},
	{
		"CREATE GUARDED", NFSPROC3_CREATE,
		{ .fh = &fh5, NAME_FOO, .sattr = SATTR_ALL,
			.create = { .how = SNFS_CREATE_GUARDED } },
		WIRE(FH5_WIRE, FOO, W(1), SATTR_ALL_WIRE)
	},
	{
		"CREATE EXCLUSIVE", NFSPROC3_CREATE,
		{ .fh = &fh5, NAME_FOO, .sattr = SATTR_ALL,
			.create = { .how = SNFS_CREATE_EXCLUSIVE, .verf = VERF } },
		WIRE(FH5_WIRE, FOO, W(2), VERF_WIRE)
	},
	{
		"MKDIR", NFSPROC3_MKDIR,
		{ .fh = &fh5, NAME_FOO, .sattr = SATTR_ALL },
		WIRE(FH5_WIRE, FOO, SATTR_ALL_WIRE)
	},
	{
		"SYMLINK", NFSPROC3_SYMLINK,
		{ .fh = &fh5, NAME_FOO, .symlink = { .target = "../x", .len = 4 } },
		WIRE(FH5_WIRE, FOO, SATTR_NONE_WIRE, W(4), '.', '.', '/', 'x')
	},
	{
		"MKNOD of a character device", NFSPROC3_MKNOD,
		{ .fh = &fh5, NAME_FOO, .mknod = { .type = S_IFCHR, .rdev = MKDEV(5, 66) } },
		WIRE(FH5_WIRE, FOO, W(4), SATTR_NONE_WIRE, W(5), W(66))
	},
	{
		"MKNOD of a block device", NFSPROC3_MKNOD,
		{ .fh = &fh5, NAME_FOO,
			.mknod = { .type = S_IFBLK, .rdev = MKDEV(4095, 0xfffff) } },
		WIRE(FH5_WIRE, FOO, W(3), SATTR_NONE_WIRE, W(4095), W(0xfffff))
	},
	{
		"MKNOD of a socket", NFSPROC3_MKNOD,
		{ .fh = &fh5, NAME_FOO, .sattr = SATTR_ALL, .mknod = { .type = S_IFSOCK } },
		WIRE(FH5_WIRE, FOO, W(6), SATTR_ALL_WIRE)
	},
	{
		"MKNOD of a fifo", NFSPROC3_MKNOD,
		{ .fh = &fh5, NAME_FOO, .mknod = { .type = S_IFIFO } },
		WIRE(FH5_WIRE, FOO, W(7), SATTR_NONE_WIRE)
	},
	{
		"REMOVE", NFSPROC3_REMOVE,
		{ .fh = &fh5, NAME_FOO },
		WIRE(FH5_WIRE, FOO)
	},
	{
		"RMDIR", NFSPROC3_RMDIR,
		{ .fh = &fh5, NAME_FOO },
		WIRE(FH5_WIRE, FOO)
	},
	{
		"RENAME", NFSPROC3_RENAME,
		{ .fh = &fh5, NAME_FOO, .fh2 = &fh2, NAME2_BARS },
		WIRE(FH5_WIRE, FOO, FH2_WIRE, BARS)
	},
	{
		"LINK", NFSPROC3_LINK,
		{ .fh = &fh5, .fh2 = &fh2, NAME2_BARS },
		WIRE(FH5_WIRE, FH2_WIRE, BARS)
	},
	{
		"READDIR", NFSPROC3_READDIR,
		{ .fh = &fh5, .readdir = { .cookie = 0xfedcba9876543210ULL, .verf = VERF,
			.dircount = 1, .maxcount = 8192 } },
		WIRE(FH5_WIRE, D(0xfedcba9876543210ULL), VERF_WIRE, W(8192))
	},
	{
		"READDIRPLUS", NFSPROC3_READDIRPLUS,
		{ .fh = &fh5, .readdir = { .cookie = 0xfedcba9876543210ULL, .verf = VERF,
			.dircount = 4096, .maxcount = 8192 } },
		WIRE(FH5_WIRE, D(0xfedcba9876543210ULL), VERF_WIRE, W(4096), W(8192))
	},
	{ "FSSTAT", NFSPROC3_FSSTAT, { .fh = &fh5 }, WIRE(FH5_WIRE) },
	{ "FSINFO", NFSPROC3_FSINFO, { .fh = &fh5 }, WIRE(FH5_WIRE) },
	{ "PATHCONF", NFSPROC3_PATHCONF, { .fh = &fh5 }, WIRE(FH5_WIRE) },
	{
		"COMMIT", NFSPROC3_COMMIT,
		{ .fh = &fh5, .io = { .offset = 0x123456789aULL, .count = 4096 } },
		WIRE(FH5_WIRE, D(0x123456789aULL), W(4096))
	},
};

KUNIT_ARRAY_PARAM(enc, enc_cases, enc_desc);

/* Which procedures have their data in pages? */
static void give_pages(struct snfs_kunit_call *call, enum snfs3_proc proc)
{
	switch (proc) {
	case NFSPROC3_READLINK:
		call->args.io.count = PAGE_SIZE;
		fallthrough;
	case NFSPROC3_READ:
	case NFSPROC3_WRITE:
		call->args.io.pages = call->pages;
		break;
	case NFSPROC3_READDIR:
	case NFSPROC3_READDIRPLUS:
		call->args.readdir.pages = call->pages;
		break;
	default:
		break;
	}
}

static void encodes_as_rfc(struct kunit *test)
{
	const struct enc_case *c = test->param_value;
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs3_procedures[c->row]);

	call->args = c->args;
	give_pages(call, c->row);
	expect_encoded(test, call, c);
}

/* The longest handle, name and target that proc3.c lets pass */
static const struct snfs_fh fh64 = { .len = NFS3_FHSIZE };

static void make_longest(struct kunit *test, struct snfs_args *args, enum snfs3_proc proc)
{
	char *text = kunit_kzalloc(test, NFS3_MAXPATHLEN, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', NFS3_MAXPATHLEN - 1);
	args->fh = &fh64;
	args->fh2 = &fh64;
	args->name = (struct snfs_name){ .name = text, .len = NFS3_MAXNAMLEN };
	args->name2 = args->name;
	args->sattr = (struct snfs_sattr)SATTR_ALL;
	args->sattr.valid |= SNFS_SATTR_ATIME_SET;
	switch (proc) {
	case NFSPROC3_SETATTR:
		args->guard = true;
		break;
	case NFSPROC3_CREATE:
		args->create.how = SNFS_CREATE_GUARDED;
		break;
	case NFSPROC3_SYMLINK:
		args->symlink.target = text;
		args->symlink.len = SNFS_MAXTARGET;
		break;
	case NFSPROC3_MKNOD:
		args->mknod.type = S_IFCHR;
		break;
	case NFSPROC3_WRITE:
		args->io.count = 2 * PAGE_SIZE + 1;
		break;
	default:
		break;
	}
}

/* p_arglen is what the longest arguments need: not a word less, nor one more. */
static void longest_fit_exactly(struct kunit *test)
{
	enum snfs3_proc proc;

	for (proc = NFSPROC3_NULL; proc < NFSPROC3_NR; proc++) {
		const struct rpc_procinfo *info = &snfs3_procedures[proc];
		struct snfs_kunit_call *call = snfs_kunit_call(test, info);
		struct xdr_buf *snd = &call->req.rq_snd_buf;
		size_t len;

		make_longest(test, &call->args, proc);
		give_pages(call, proc);
		snfs_kunit_encode(test, call, &len);
		/* WRITE's pad follows the pages: that word is in the tail. */
		if (proc == NFSPROC3_WRITE)
			len += XDR_UNIT;
		KUNIT_EXPECT_EQ_MSG(test, len, (size_t)info->p_arglen * XDR_UNIT, "%s",
				    info->p_name);
		KUNIT_EXPECT_GE(test, (size_t)snd->buflen - snd->page_len, len);
	}
}

static void write_sends_pages_and_pad(struct kunit *test)
{
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs3_procedures[NFSPROC3_WRITE]);
	struct xdr_buf *snd = &call->req.rq_snd_buf;
	size_t len;

	call->args.io.count = PAGE_SIZE + 5;
	call->args.io.pages = call->pages;
	call->args.io.pgbase = 100;
	snfs_kunit_encode(test, call, &len);
	KUNIT_EXPECT_PTR_EQ(test, snd->pages, &call->pages[0]);
	KUNIT_EXPECT_EQ(test, snd->page_base, 100U);
	KUNIT_EXPECT_EQ(test, snd->page_len, (unsigned int)PAGE_SIZE + 5);
	KUNIT_EXPECT_EQ(test, snd->tail[0].iov_len, (size_t)3);
	KUNIT_EXPECT_EQ(test, memcmp(snd->tail[0].iov_base, "\0\0\0", 3), 0);
	KUNIT_EXPECT_EQ(test, (size_t)snd->len, len + PAGE_SIZE + 8);
	KUNIT_EXPECT_TRUE(test, snd->flags & XDRBUF_WRITE);
}

static void read_expects_data_in_pages(struct kunit *test)
{
	/* Status, post_op_attr, count, eof, length */
	expect_data_in_pages(test, &snfs3_procedures[NFSPROC3_READ], 1 + 22 + 3);
}

static void rows_are_in_rfc_order(struct kunit *test)
{
	u32 proc;

	for (proc = 0; proc < NFSPROC3_NR; proc++) {
		KUNIT_EXPECT_EQ(test, snfs3_procedures[proc].p_proc, proc);
		KUNIT_EXPECT_EQ(test, snfs3_procedures[proc].p_statidx, proc);
	}
}

/* What cannot be encoded is refused before the call is started. */
static void limits_are_checked_first(struct kunit *test)
{
	const struct snfs_proto_ops *ops = &snfs3_proto_ops;
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs3_procedures[NFSPROC3_NULL]);
	struct snfs_op *op = snfs_kunit_op(test, call);

	expect_names_checked(test, ops, op);
	op->args.symlink.len = SNFS_MAXTARGET + 1;
	KUNIT_EXPECT_EQ(test, ops->symlink(op), -ENAMETOOLONG);
	op->args.symlink.len = 0;
	KUNIT_EXPECT_EQ(test, ops->symlink(op), -ENOENT);
	op->args.mknod.type = S_IFREG;
	KUNIT_EXPECT_EQ(test, ops->mknod(op), -EINVAL);
	op->args.io.offset = S64_MAX;
	op->args.io.count = 1;
	KUNIT_EXPECT_EQ(test, ops->read(op), -EFBIG);
	KUNIT_EXPECT_EQ(test, ops->write(op), -EFBIG);
	expect_rest_checked(test, ops, op);
}

static struct kunit_case xdr3_enc_tests[] = {
	KUNIT_CASE_PARAM(encodes_as_rfc, enc_gen_params),
	KUNIT_CASE(longest_fit_exactly),
	KUNIT_CASE(write_sends_pages_and_pad),
	KUNIT_CASE(read_expects_data_in_pages),
	KUNIT_CASE(rows_are_in_rfc_order),
	KUNIT_CASE(limits_are_checked_first),
	{}
};

static struct kunit_suite xdr3_enc_suite = {
	.name		= "snfs_xdr3_enc",
	.test_cases	= xdr3_enc_tests,
};

kunit_test_suite(xdr3_enc_suite);

MODULE_DESCRIPTION("KUnit: snfs NFSv3 arguments");
MODULE_LICENSE("GPL");
