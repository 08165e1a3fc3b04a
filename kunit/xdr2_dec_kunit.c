// SPDX-License-Identifier: GPL-2.0
/*
 * Results of the NFS version 2 procedures: messages written by hand from RFC 1094 section 2.2,
 * whole, cut at every byte, and with one thing in them wrong.
 */
#include "xdr2_kunit.h"
#include "xdr_dec_kunit.h"

#define OK		W(NFS2_OK)
#define ERR		W(NFS3ERR_ACCES)

/* An entry of a file "foo", and the two ends of a list */
#define ENTRY(id, cookie)	W(1), W(id), FOO, W(cookie)
#define LIST_END		W(0), W(1)
#define LIST_MORE		W(0), W(0)

static void fill(struct snfs_kunit_call *call, const struct dec_case *c)
{
	switch (c->row) {
	case NFSPROC_READLINK:
	case NFSPROC_READ:
	case NFSPROC_WRITE:
		call->args.io.count = c->count;
		call->args.io.pages = call->pages;
		break;
	case NFSPROC_READDIR:
		call->args.readdir.maxcount = c->count;
		call->args.readdir.pages = call->pages;
		break;
	default:
		break;
	}
}

struct walk {
	unsigned int	nr;
	unsigned int	namelen;
	u64		fileid;
	u64		cookie;
	bool		eof;
};

static int walk_list(struct kunit *test, struct snfs_kunit_call *call, struct walk *walk)
{
	struct snfs_dirlist *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	struct snfs_dirent ent;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, list);
	snfs2_proto_ops.dirlist_init(list, snfs_kunit_op(test, call));
	for (walk->nr = 0; (ret = snfs2_proto_ops.dirlist_next(list, &ent)) > 0; walk->nr++) {
		KUNIT_EXPECT_FALSE(test, ent.attr.valid);
		KUNIT_EXPECT_EQ(test, (int)ent.fh.len, 0);
		walk->namelen = ent.name.len;
		walk->fileid = ent.fileid;
		walk->cookie = ent.cookie;
	}
	walk->eof = list->eof;
	return ret;
}

static int walk_any(struct kunit *test, struct snfs_kunit_call *call)
{
	struct walk walk;

	return call->proc->p_proc == NFSPROC_READDIR ? walk_list(test, call, &walk) : 0;
}

static const struct dec_version version = {
	.procs	= snfs2_procedures,
	.fh	= &fh,
	.fill	= fill,
	.walk	= walk_any,
};

static int dec_init(struct kunit *test)
{
	test->priv = (void *)&version;
	return 0;
}

static void check_attr(struct kunit *test, const struct snfs_kunit_call *call)
{
	expect_fattr_is(test, &call->res.wcc[0].post, &fattr2);
	KUNIT_EXPECT_FALSE(test, call->res.wcc[0].pre_valid);
	KUNIT_EXPECT_FALSE(test, call->res.wcc[1].post.valid);
}

static void check_object(struct kunit *test, const struct snfs_kunit_call *call)
{
	KUNIT_ASSERT_EQ(test, (int)call->res.obj_fh.len, 32);
	KUNIT_EXPECT_EQ(test, memcmp(call->res.obj_fh.data, fh.data, 32), 0);
	expect_fattr_is(test, &call->res.obj_attr, &fattr2);
	/* Nothing is said of the directory. */
	KUNIT_EXPECT_FALSE(test, call->res.wcc[0].post.valid);
}

static void check_read(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_attr(test, call);
	KUNIT_ASSERT_EQ(test, call->res.io.count, 5U);
	KUNIT_EXPECT_FALSE(test, call->res.io.eof);
	KUNIT_EXPECT_EQ(test, memcmp(page_address(call->pages[0]), "hello", 5), 0);
}

static void check_read_none(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_attr(test, call);
	KUNIT_EXPECT_EQ(test, call->res.io.count, 0U);
	KUNIT_EXPECT_FALSE(test, call->res.io.eof);
}

static void check_write(struct kunit *test, const struct snfs_kunit_call *call)
{
	const struct snfs_verf none = { };

	check_attr(test, call);
	KUNIT_EXPECT_EQ(test, call->res.io.count, 4096U);
	KUNIT_EXPECT_EQ(test, call->res.io.committed, (u32)SNFS_FILE_SYNC);
	KUNIT_EXPECT_EQ(test, memcmp(&call->res.io.verf, &none, sizeof(none)), 0);
}

static void check_statfs(struct kunit *test, const struct snfs_kunit_call *call)
{
	const struct snfs_fsstat *st = &call->res.fsstat;

	KUNIT_EXPECT_EQ(test, st->tbytes, 4096ULL * 0xfffffff3);
	KUNIT_EXPECT_EQ(test, st->fbytes, 4096ULL * 0xfffffff2);
	KUNIT_EXPECT_EQ(test, st->abytes, 4096ULL * 0xfffffff1);
	KUNIT_EXPECT_EQ(test, st->tfiles, 0ULL);
	KUNIT_EXPECT_EQ(test, st->ffiles, 0ULL);
	KUNIT_EXPECT_EQ(test, st->afiles, 0ULL);
	KUNIT_EXPECT_EQ(test, st->invarsec, 0U);
}

static void check_overdrawn(struct kunit *test, const struct snfs_kunit_call *call)
{
	const struct snfs_fsstat *st = &call->res.fsstat;

	KUNIT_EXPECT_EQ(test, st->tbytes, 512000ULL);
	KUNIT_EXPECT_EQ(test, st->fbytes, 512ULL * 97);
	KUNIT_EXPECT_EQ(test, st->abytes, 0ULL);
}

static void expect_limits(struct kunit *test, const struct snfs_kunit_call *call, u32 size)
{
	const struct snfs_fsinfo *fi = &call->res.fsinfo;

	KUNIT_EXPECT_EQ(test, fi->rtmax, size);
	KUNIT_EXPECT_EQ(test, fi->wtmax, size);
	KUNIT_EXPECT_EQ(test, fi->dtpref, size);
	KUNIT_EXPECT_EQ(test, fi->maxfilesize, 0x7fffffffULL);
	KUNIT_EXPECT_EQ(test, fi->time_delta.tv_sec, 0LL);
	KUNIT_EXPECT_EQ(test, fi->time_delta.tv_nsec, 1000L);
	KUNIT_EXPECT_EQ(test, fi->properties, (u32)(FSF3_LINK | FSF3_SYMLINK | FSF3_CANSETTIME));
}

static void check_limits(struct kunit *test, const struct snfs_kunit_call *call)
{
	expect_limits(test, call, 4096);
}

static void check_most(struct kunit *test, const struct snfs_kunit_call *call)
{
	expect_limits(test, call, 8192);
}

static void check_no_limits(struct kunit *test, const struct snfs_kunit_call *call)
{
	expect_limits(test, call, 0);
}

#define CASE(what, p, n, fn, ...) \
	{ .desc = what, .row = p, .count = n, .check = fn, WIRE(__VA_ARGS__) }
#define HELLO	W(5), 'h', 'e', 'l', 'l', 'o', 0, 0, 0

static const struct dec_case good_cases[] = {
	CASE("GETATTR", NFSPROC_GETATTR, 0, check_attr, OK, FATTR2_WIRE),
	CASE("GETATTR failed", NFSPROC_GETATTR, 0, check_none, ERR),
	CASE("SETATTR", NFSPROC_SETATTR, 0, check_attr, OK, FATTR2_WIRE),
	CASE("SETATTR failed", NFSPROC_SETATTR, 0, check_none, ERR),
	CASE("LOOKUP", NFSPROC_LOOKUP, 0, check_object, OK, FH_WIRE, FATTR2_WIRE),
	CASE("LOOKUP failed", NFSPROC_LOOKUP, 0, check_none, ERR),
	CASE("READLINK", NFSPROC_READLINK, 4096, check_readlink,
	     OK, W(5), '.', '.', '/', 'x', 'y', 0, 0, 0),
	CASE("READLINK with a NUL at the end", NFSPROC_READLINK, 4096, check_readlink,
	     OK, W(6), '.', '.', '/', 'x', 'y', 0, 0, 0),
	CASE("READLINK failed", NFSPROC_READLINK, 4096, check_none, ERR),
	CASE("READ", NFSPROC_READ, 5, check_read, OK, FATTR2_WIRE, HELLO),
	CASE("READ of less than asked", NFSPROC_READ, 8192, check_read, OK, FATTR2_WIRE, HELLO),
	CASE("READ of nothing", NFSPROC_READ, 4096, check_read_none, OK, FATTR2_WIRE, W(0)),
	CASE("READ failed", NFSPROC_READ, 4096, check_none, ERR),
	CASE("WRITE", NFSPROC_WRITE, 4096, check_write, OK, FATTR2_WIRE),
	CASE("WRITE failed", NFSPROC_WRITE, 4096, check_none, ERR),
	CASE("CREATE", NFSPROC_CREATE, 0, check_object, OK, FH_WIRE, FATTR2_WIRE),
	CASE("CREATE failed", NFSPROC_CREATE, 0, check_none, ERR),
	CASE("CREATE of a node", SNFS2_ROW_MKNOD, 0, check_object, OK, FH_WIRE, FATTR2_WIRE),
	CASE("MKDIR", NFSPROC_MKDIR, 0, check_object, OK, FH_WIRE, FATTR2_WIRE),
	CASE("REMOVE", NFSPROC_REMOVE, 0, check_none, OK),
	CASE("REMOVE failed", NFSPROC_REMOVE, 0, check_none, ERR),
	CASE("RENAME", NFSPROC_RENAME, 0, check_none, OK),
	CASE("LINK", NFSPROC_LINK, 0, check_none, OK),
	CASE("SYMLINK", NFSPROC_SYMLINK, 0, check_none, OK),
	CASE("RMDIR", NFSPROC_RMDIR, 0, check_none, OK),
	CASE("READDIR", NFSPROC_READDIR, 4096, check_none, OK, ENTRY(1, 2), ENTRY(3, 4), LIST_END),
	CASE("READDIR of a part", NFSPROC_READDIR, 4096, check_none, OK, ENTRY(1, 2), LIST_MORE),
	CASE("READDIR of nothing", NFSPROC_READDIR, 4096, check_none, OK, LIST_END),
	CASE("READDIR failed", NFSPROC_READDIR, 4096, check_none, ERR),
	CASE("STATFS", NFSPROC_STATFS, 0, check_statfs,
	     OK, W(8192), W(4096), W(0xfffffff3), W(0xfffffff2), W(0xfffffff1)),
	CASE("STATFS with -3 blocks to be had", NFSPROC_STATFS, 0, check_overdrawn,
	     OK, W(8192), W(512), W(1000), W(97), W(0xfffffffd)),
	CASE("STATFS failed", NFSPROC_STATFS, 0, check_none, ERR),
	CASE("STATFS for limits", SNFS2_ROW_FSINFO, 0, check_limits,
	     OK, W(4096), W(512), W(1), W(2), W(3)),
	CASE("STATFS for limits, too large", SNFS2_ROW_FSINFO, 0, check_most,
	     OK, W(0xffffffff), W(512), W(1), W(2), W(3)),
	CASE("STATFS for limits failed", SNFS2_ROW_FSINFO, 0, check_no_limits, ERR),
};

KUNIT_ARRAY_PARAM(good, good_cases, case_desc);

#define FATTR2_HEAD	W(NF2REG), W(0644), W(1), W(0), W(0), W(0), W(0), W(0), W(0), W(0), W(0)

static const struct dec_case bad_cases[] = {
	CASE("file type 0", NFSPROC_GETATTR, 0, NULL, OK, FATTR2_WIRE_OF(0, 0644, 0, 0)),
	CASE("file type 0, mode of a file", NFSPROC_GETATTR, 0, NULL,
	     OK, FATTR2_WIRE_OF(0, 0100644, 0, 0)),
	CASE("file type 7", NFSPROC_GETATTR, 0, NULL, OK, FATTR2_WIRE_OF(7, 0100644, 0, 0)),
	CASE("file type 9", NFSPROC_GETATTR, 0, NULL, OK, FATTR2_WIRE_OF(9, 0100644, 0, 0)),
	CASE("file type 2^32 - 1", NFSPROC_GETATTR, 0, NULL,
	     OK, FATTR2_WIRE_OF(0xffffffff, 0100644, 0, 0)),
	CASE("atime of 10^6 + 1 us", NFSPROC_GETATTR, 0, NULL,
	     OK, FATTR2_HEAD, W(0), W(1000001), W(0), W(0), W(0), W(0)),
	CASE("mtime of 10^6 + 1 us", NFSPROC_GETATTR, 0, NULL,
	     OK, FATTR2_HEAD, W(0), W(0), W(0), W(1000001), W(0), W(0)),
	CASE("ctime of 2^32 - 1 us", NFSPROC_GETATTR, 0, NULL,
	     OK, FATTR2_HEAD, W(0), W(0), W(0), W(0), W(0), W(0xffffffff)),
	CASE("object of file type 0", NFSPROC_LOOKUP, 0, NULL,
	     OK, FH_WIRE, FATTR2_WIRE_OF(0, 0644, 0, 0)),
	CASE("target of 0 bytes", NFSPROC_READLINK, 4096, NULL, OK, W(0)),
	CASE("target with NUL", NFSPROC_READLINK, 4096, NULL, OK, W(4), 'a', 0, 'b', 'c'),
	CASE("target with two NUL at its end", NFSPROC_READLINK, 4096, NULL,
	     OK, W(4), 'a', 'b', 0, 0),
	CASE("target of one NUL", NFSPROC_READLINK, 4096, NULL, OK, W(1), 0, 0, 0, 0),
	CASE("target as long as the page", NFSPROC_READLINK, 4, NULL,
	     OK, W(4), 'a', 'b', 'c', 'd'),
	CASE("target of 2^32 - 1 bytes", NFSPROC_READLINK, 4096, NULL,
	     OK, W(0xffffffff), 'a', 'b', 0, 0),
	CASE("more read than asked for", NFSPROC_READ, 4, NULL, OK, FATTR2_WIRE, HELLO),
	CASE("fewer data than announced", NFSPROC_READ, 4096, NULL,
	     OK, FATTR2_WIRE, W(9), 'h', 'e', 'l', 'l', 'o', 0, 0, 0),
	CASE("list without an end", NFSPROC_READDIR, 4096, NULL, OK, ENTRY(1, 2)),
	CASE("list without eof", NFSPROC_READDIR, 4096, NULL, OK, ENTRY(1, 2), W(0)),
	CASE("list goes on with 2", NFSPROC_READDIR, 4096, NULL,
	     OK, W(2), W(1), FOO, W(2), LIST_END),
	CASE("empty name", NFSPROC_READDIR, 4096, NULL, OK, W(1), W(1), W(0), W(2), LIST_END),
	CASE("name with a slash", NFSPROC_READDIR, 4096, NULL,
	     OK, W(1), W(1), W(3), 'a', '/', 'b', 0, W(2), LIST_END),
	CASE("name with NUL", NFSPROC_READDIR, 4096, NULL,
	     OK, W(1), W(1), W(3), 'a', 0, 'b', 0, W(2), LIST_END),
	CASE("name with two NUL at its end", NFSPROC_READDIR, 4096, NULL,
	     OK, W(1), W(1), W(3), 'a', 0, 0, 0, W(2), LIST_END),
	CASE("name of one NUL", NFSPROC_READDIR, 4096, NULL,
	     OK, W(1), W(1), W(1), 0, 0, 0, 0, W(2), LIST_END),
	CASE("name of 2^32 - 1 bytes", NFSPROC_READDIR, 4096, NULL,
	     OK, W(1), W(1), W(0xffffffff), 'a', 'b', 'c', 'd', W(2), LIST_END),
};

KUNIT_ARRAY_PARAM(bad, bad_cases, case_desc);

/* ------------------------------------------------------------------------------------------
 * limits and places
 */

static u8 *put_entry(u8 *p, u32 namelen, u32 cookie)
{
	p = put_word(put_word(p, 1), ~cookie);
	return put_word(put_string(p, namelen, 'n'), cookie);
}

static void names_of_255_bytes_and_no_more(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC_READDIR, .count = 4096 };
	u8 *start = message(test), *p;
	u32 len;

	for (len = 254; len <= 257; len++) {
		struct snfs_kunit_call *call = prepare(test, &c);

		p = put_entry(put_word(start, NFS2_OK), len, 1);
		p = put_word(put_word(p, 0), 1);
		KUNIT_EXPECT_EQ_MSG(test, decode(test, call, start, p - start),
				    len <= 255 ? 0 : -EIO, "name of %u bytes", len);
	}
}

static void nul_at_the_end_is_not_of_the_name(struct kunit *test)
{
	static const u8 wire[] = { OK, W(1), W(1), W(3), 'a', 'b', 0, 0, W(2), LIST_END };
	static const struct dec_case c = { .row = NFSPROC_READDIR, .count = 4096 };
	struct snfs_kunit_call *call = prepare(test, &c);
	struct walk walk;

	KUNIT_ASSERT_EQ(test, snfs_kunit_decode(test, call, wire, sizeof(wire)), 0);
	KUNIT_ASSERT_EQ(test, walk_list(test, call, &walk), 0);
	KUNIT_EXPECT_EQ(test, walk.nr, 1U);
	KUNIT_EXPECT_EQ(test, walk.namelen, 2U);
	KUNIT_EXPECT_EQ(test, walk.cookie, 2ULL);
}

static void targets_of_1024_bytes_and_no_more(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC_READLINK, .count = PAGE_SIZE };
	u8 *start = message(test), *p;
	u32 len;

	for (len = 1022; len <= 1026; len++) {
		struct snfs_kunit_call *call = prepare(test, &c);
		int err;

		p = put_string(put_word(start, NFS2_OK), len, 't');
		err = decode(test, call, start, p - start);
		KUNIT_EXPECT_EQ_MSG(test, err, len <= 1024 ? 0 : -EIO, "target of %u bytes", len);
		if (!err)
			KUNIT_EXPECT_EQ(test, strlen(page_address(call->pages[0])), (size_t)len);
	}
}

/* An entry may lie across the border of two pages, whatever of it is at the border. */
static void entries_across_pages(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC_READDIR, .count = 2 * PAGE_SIZE };
	u8 *start = message(test), *p;
	u32 shift, cookie;

	for (shift = 1; shift <= 253; shift += 4) {
		struct snfs_kunit_call *call = prepare(test, &c);
		struct walk walk;

		p = put_word(start, NFS2_OK);
		for (cookie = 0x80000000; p - start < PAGE_SIZE + 512; cookie++)
			p = put_entry(p, cookie == 0x80000000 ? shift : 101, cookie);
		p = put_word(put_word(p, 0), shift & 4 ? 1 : 0);
		KUNIT_ASSERT_EQ(test, snfs_kunit_decode(test, call, start, p - start), 0);
		KUNIT_EXPECT_EQ(test, walk_list(test, call, &walk), 0);
		KUNIT_EXPECT_EQ(test, walk.nr, cookie - 0x80000000);
		KUNIT_EXPECT_EQ(test, walk.cookie, (u64)cookie - 1);
		KUNIT_EXPECT_EQ(test, walk.fileid, (u64)(u32)~(cookie - 1));
		KUNIT_EXPECT_EQ(test, walk.eof, !!(shift & 4));
	}
}

/* Where a file ends is told by its size alone. */
static void read_ends_by_size(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC_READ, .count = 4096 };
	static const u8 wire[] = { OK, FATTR2_WIRE_OF(NF2REG, 0644, 1005, 0), HELLO };
	static const struct {
		u64	offset;
		bool	eof;
	} cases[] = { { 0, false }, { 999, false }, { 1000, true }, { 1001, true } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct snfs_kunit_call *call = prepare(test, &c);

		call->args.io.offset = cases[i].offset;
		KUNIT_ASSERT_EQ(test, decode(test, call, wire, sizeof(wire)), 0);
		KUNIT_EXPECT_EQ_MSG(test, call->res.io.eof, cases[i].eof, "case %u", i);
	}
}

static const struct snfs_fattr *decode_attr(struct kunit *test, const u8 *wire, size_t len)
{
	static const struct dec_case c = { .row = NFSPROC_GETATTR };
	struct snfs_kunit_call *call = prepare(test, &c);

	KUNIT_ASSERT_EQ(test, decode(test, call, wire, len), 0);
	return &call->res.wcc[0].post;
}

/* Types and device numbers, as they were told over the years */
static void types_and_device_numbers(struct kunit *test)
{
	static const struct {
		u32	type, mode, rdev;
		umode_t	want;
		dev_t	dev;
	} cases[] = {
		{ NF2REG, 0644, 0x542, S_IFREG | 0644, 0 },
		{ NF2DIR, 0100755, 0, S_IFDIR | 0755, 0 },
		{ NF2LNK, 0777, 0, S_IFLNK | 0777, 0 },
		{ NF2CHR, 0020600, 0x542, S_IFCHR | 0600, MKDEV(5, 66) },
		{ NF2BLK, 0600, 0x123abc45, S_IFBLK | 0600, MKDEV(0xabc, 0x12345) },
		{ NF2BLK, 0600, 0xffffffff, S_IFBLK | 0600, MKDEV(0xfff, 0xfffff) },
		{ NF2CHR, 0020640, 0xffffffff, S_IFIFO | 0640, 0 },
		{ NF2CHR, 0010640, 0xffffffff, S_IFIFO | 0640, 0 },
		{ NF2SOCK, 0777, 0x542, S_IFSOCK | 0777, 0 },
		{ NF2FIFO, 0666, 0x542, S_IFIFO | 0666, 0 },
		{ NF2NON, 0140755, 0x542, S_IFSOCK | 0755, 0 },
		{ NF2NON, 0010755, 0x542, S_IFIFO | 0755, 0 },
		{ NF2DIR, 0xffffffff, 0, S_IFDIR | 07777, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const u8 wire[] = { OK, FATTR2_WIRE_OF(cases[i].type, cases[i].mode, 0,
						       cases[i].rdev) };
		const struct snfs_fattr *fa = decode_attr(test, wire, sizeof(wire));

		KUNIT_EXPECT_EQ_MSG(test, fa->mode, cases[i].want, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, fa->rdev, cases[i].dev, "case %u", i);
	}
}

/* What a server kept of a client that meant "your time" is still a time. */
static void a_million_microseconds(struct kunit *test)
{
	static const u8 wire[] = { OK, FATTR2_HEAD, W(1), W(1000000), W(2), W(999999), W(3), W(0) };
	const struct snfs_fattr *fa = decode_attr(test, wire, sizeof(wire));

	KUNIT_EXPECT_EQ(test, fa->atime.tv_sec, 2LL);
	KUNIT_EXPECT_EQ(test, fa->atime.tv_nsec, 0L);
	KUNIT_EXPECT_EQ(test, fa->mtime.tv_sec, 2LL);
	KUNIT_EXPECT_EQ(test, fa->mtime.tv_nsec, 999999000L);
}

static struct kunit_case xdr2_dec_tests[] = {
	KUNIT_CASE_PARAM(decodes_as_rfc, good_gen_params),
	KUNIT_CASE_PARAM(cut_anywhere_fails, good_gen_params),
	KUNIT_CASE_PARAM(hostile_reply_fails, bad_gen_params),
	KUNIT_CASE(null_reply_is_void),
	KUNIT_CASE(names_of_255_bytes_and_no_more),
	KUNIT_CASE(nul_at_the_end_is_not_of_the_name),
	KUNIT_CASE(targets_of_1024_bytes_and_no_more),
	KUNIT_CASE(entries_across_pages),
	KUNIT_CASE(read_ends_by_size),
	KUNIT_CASE(types_and_device_numbers),
	KUNIT_CASE(a_million_microseconds),
	{}
};

static struct kunit_suite xdr2_dec_suite = {
	.name		= "snfs_xdr2_dec",
	.init		= dec_init,
	.test_cases	= xdr2_dec_tests,
};

kunit_test_suite(xdr2_dec_suite);

MODULE_DESCRIPTION("KUnit: snfs NFSv2 results");
MODULE_LICENSE("GPL");
