// SPDX-License-Identifier: GPL-2.0
/*
 * Results of the NFS version 3 procedures: messages written by hand from RFC 1813 section 3.3,
 * whole, cut at every byte, and with one thing in them wrong.
 */
#include "xdr_dec_kunit.h"

#define ATTR_YES	W(1), FATTR_WIRE
#define ATTR_NO		W(0)
#define WCC_YES		W(1), WCC_ATTR_WIRE, W(1), FATTR_WIRE
#define WCC_NO		W(0), W(0)
#define VERF_WIRE	1, 2, 3, 4, 5, 6, 7, 8
#define OK		W(NFS3_OK)

/* entry3 and entryplus3 of a file "foo", and the two ends of a list */
#define ENTRY(id, cookie)	W(1), D(id), FOO, D(cookie)
#define ENTRYPLUS(id, cookie)	ENTRY(id, cookie), ATTR_YES, W(1), FH5_WIRE
#define LIST_END		W(0), W(1)
#define LIST_MORE		W(0), W(0)

static bool is_list(enum snfs3_proc proc)
{
	return proc == NFSPROC3_READDIR || proc == NFSPROC3_READDIRPLUS;
}

static void fill(struct snfs_kunit_call *call, const struct dec_case *c)
{
	switch (c->row) {
	case NFSPROC3_ACCESS:
		call->args.access = ACCESS3_READ | ACCESS3_MODIFY;
		break;
	case NFSPROC3_READLINK:
	case NFSPROC3_READ:
	case NFSPROC3_WRITE:
		call->args.io.count = c->count;
		call->args.io.pages = call->pages;
		break;
	case NFSPROC3_READDIR:
	case NFSPROC3_READDIRPLUS:
		call->args.readdir.maxcount = c->count;
		call->args.readdir.pages = call->pages;
		break;
	case NFSPROC3_MKNOD:
		call->args.mknod.type = S_IFIFO;
		break;
	default:
		break;
	}
}

static int walk_list(struct kunit *test, struct snfs_kunit_call *call, unsigned int *nr)
{
	struct snfs_dirlist *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	struct snfs_op *op = snfs_kunit_op(test, call);
	struct snfs_dirent ent;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, list);
	op->verb = call->proc->p_proc == NFSPROC3_READDIR ? SNFS_READDIR : SNFS_READDIRPLUS;
	snfs3_proto_ops.dirlist_init(list, op);
	for (*nr = 0; (ret = snfs3_proto_ops.dirlist_next(list, &ent)) > 0; ++*nr)
		;
	return ret;
}

static int walk_any(struct kunit *test, struct snfs_kunit_call *call)
{
	unsigned int nr;

	return is_list(call->proc->p_proc) ? walk_list(test, call, &nr) : 0;
}

static const struct dec_version version = {
	.procs	= snfs3_procedures,
	.fh	= &fh5,
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
	expect_fattr(test, &call->res.wcc[0].post);
	KUNIT_EXPECT_FALSE(test, call->res.wcc[0].pre_valid);
	KUNIT_EXPECT_FALSE(test, call->res.wcc[1].pre_valid);
	KUNIT_EXPECT_FALSE(test, call->res.wcc[1].post.valid);
}

static void check_wcc(struct kunit *test, const struct snfs_kunit_call *call)
{
	expect_pre(test, &call->res.wcc[0]);
	expect_fattr(test, &call->res.wcc[0].post);
}

static void check_fh(struct kunit *test, const struct snfs_fh *fh)
{
	KUNIT_ASSERT_EQ(test, (int)fh->len, (int)fh5.len);
	KUNIT_EXPECT_EQ(test, memcmp(fh->data, fh5.data, fh5.len), 0);
}

static void check_lookup(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_fh(test, &call->res.obj_fh);
	expect_fattr(test, &call->res.obj_attr);
	check_attr(test, call);
}

static void check_access(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_attr(test, call);
	KUNIT_EXPECT_EQ(test, call->res.access, (u32)ACCESS3_READ);
}

static void check_verf(struct kunit *test, const struct snfs_verf *verf)
{
	const u8 expected[] = { VERF_WIRE };

	KUNIT_EXPECT_EQ(test, memcmp(verf->data, expected, sizeof(expected)), 0);
}

static void check_read(struct kunit *test, const struct snfs_kunit_call *call)
{
	const u8 *data = page_address(call->pages[0]);

	KUNIT_ASSERT_EQ(test, call->res.io.count, 5U);
	KUNIT_EXPECT_TRUE(test, call->res.io.eof);
	KUNIT_EXPECT_EQ(test, memcmp(data, "hello", 5), 0);
}

static void check_read_none(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_attr(test, call);
	KUNIT_EXPECT_EQ(test, call->res.io.count, 0U);
	KUNIT_EXPECT_FALSE(test, call->res.io.eof);
}

static void check_write(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_wcc(test, call);
	KUNIT_EXPECT_EQ(test, call->res.io.count, 4096U);
	KUNIT_EXPECT_EQ(test, call->res.io.committed, (u32)SNFS_DATA_SYNC);
	check_verf(test, &call->res.io.verf);
}

static void check_create(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_fh(test, &call->res.obj_fh);
	expect_fattr(test, &call->res.obj_attr);
	check_wcc(test, call);
}

static void check_rename(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_wcc(test, call);
	KUNIT_EXPECT_FALSE(test, call->res.wcc[1].pre_valid);
	expect_fattr(test, &call->res.wcc[1].post);
}

static void check_link(struct kunit *test, const struct snfs_kunit_call *call)
{
	KUNIT_EXPECT_FALSE(test, call->res.wcc[0].pre_valid);
	expect_fattr(test, &call->res.wcc[0].post);
	expect_pre(test, &call->res.wcc[1]);
	expect_fattr(test, &call->res.wcc[1].post);
}

static void check_list(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_verf(test, &call->res.readdir.verf);
}

static void check_fsstat(struct kunit *test, const struct snfs_kunit_call *call)
{
	const struct snfs_fsstat *st = &call->res.fsstat;

	KUNIT_EXPECT_EQ(test, st->tbytes, 0x100000001ULL);
	KUNIT_EXPECT_EQ(test, st->fbytes, 0x100000002ULL);
	KUNIT_EXPECT_EQ(test, st->abytes, 0x100000003ULL);
	KUNIT_EXPECT_EQ(test, st->tfiles, 0x100000004ULL);
	KUNIT_EXPECT_EQ(test, st->ffiles, 0x100000005ULL);
	KUNIT_EXPECT_EQ(test, st->afiles, 0x100000006ULL);
	KUNIT_EXPECT_EQ(test, st->invarsec, 7U);
}

static void check_fsinfo(struct kunit *test, const struct snfs_kunit_call *call)
{
	const struct snfs_fsinfo *fi = &call->res.fsinfo;

	KUNIT_EXPECT_EQ(test, fi->rtmax, 1U);
	KUNIT_EXPECT_EQ(test, fi->rtpref, 2U);
	KUNIT_EXPECT_EQ(test, fi->rtmult, 3U);
	KUNIT_EXPECT_EQ(test, fi->wtmax, 4U);
	KUNIT_EXPECT_EQ(test, fi->wtpref, 5U);
	KUNIT_EXPECT_EQ(test, fi->wtmult, 6U);
	KUNIT_EXPECT_EQ(test, fi->dtpref, 7U);
	KUNIT_EXPECT_EQ(test, fi->maxfilesize, 0x7fffffffffffffffULL);
	KUNIT_EXPECT_EQ(test, fi->time_delta.tv_sec, 0LL);
	KUNIT_EXPECT_EQ(test, fi->time_delta.tv_nsec, 1L);
	KUNIT_EXPECT_EQ(test, fi->properties, 0x1bU);
}

static void check_pathconf(struct kunit *test, const struct snfs_kunit_call *call)
{
	const struct snfs_pathconf *pc = &call->res.pathconf;

	KUNIT_EXPECT_EQ(test, pc->linkmax, 32000U);
	KUNIT_EXPECT_EQ(test, pc->name_max, 255U);
	KUNIT_EXPECT_TRUE(test, pc->no_trunc);
	KUNIT_EXPECT_FALSE(test, pc->chown_restricted);
	KUNIT_EXPECT_FALSE(test, pc->case_insensitive);
	KUNIT_EXPECT_TRUE(test, pc->case_preserving);
}

static void check_commit(struct kunit *test, const struct snfs_kunit_call *call)
{
	check_wcc(test, call);
	check_verf(test, &call->res.io.verf);
}

#define GOOD(what, p, n, fn, ...) \
	{ .desc = what, .row = NFSPROC3_##p, .count = n, .check = fn, WIRE(__VA_ARGS__) }

#define ERR	W(NFS3ERR_ACCES)

static const struct dec_case good_cases[] = {
	GOOD("GETATTR", GETATTR, 0, check_attr, OK, FATTR_WIRE),
	GOOD("GETATTR failed", GETATTR, 0, check_none, ERR),
	GOOD("SETATTR", SETATTR, 0, check_wcc, OK, WCC_YES),
	GOOD("SETATTR without wcc_data", SETATTR, 0, check_none, OK, WCC_NO),
	GOOD("SETATTR failed", SETATTR, 0, check_wcc, ERR, WCC_YES),
	GOOD("LOOKUP", LOOKUP, 0, check_lookup, OK, FH5_WIRE, ATTR_YES, ATTR_YES),
	GOOD("LOOKUP failed", LOOKUP, 0, check_attr, ERR, ATTR_YES),
	GOOD("LOOKUP failed, no attributes", LOOKUP, 0, check_none, ERR, ATTR_NO),
	GOOD("ACCESS, more granted than asked", ACCESS, 0, check_access, OK, ATTR_YES, W(0x3b)),
	GOOD("ACCESS failed", ACCESS, 0, check_attr, ERR, ATTR_YES),
	GOOD("READLINK", READLINK, 4096, check_readlink,
	     OK, ATTR_YES, W(5), '.', '.', '/', 'x', 'y', 0, 0, 0),
	GOOD("READLINK without attributes", READLINK, 4096, check_readlink,
	     OK, ATTR_NO, W(5), '.', '.', '/', 'x', 'y', 0, 0, 0),
	GOOD("READLINK failed", READLINK, 4096, check_attr, ERR, ATTR_YES),
	GOOD("READ", READ, 5, check_read,
	     OK, ATTR_YES, W(5), W(1), W(5), 'h', 'e', 'l', 'l', 'o', 0, 0, 0),
	GOOD("READ of less than asked", READ, 8192, check_read,
	     OK, ATTR_YES, W(5), W(1), W(5), 'h', 'e', 'l', 'l', 'o', 0, 0, 0),
	GOOD("READ without attributes", READ, 4096, check_read,
	     OK, ATTR_NO, W(5), W(1), W(5), 'h', 'e', 'l', 'l', 'o', 0, 0, 0),
	GOOD("READ of nothing", READ, 4096, check_read_none, OK, ATTR_YES, W(0), W(0), W(0)),
	GOOD("READ failed", READ, 4096, check_attr, ERR, ATTR_YES),
	GOOD("WRITE", WRITE, 4096, check_write, OK, WCC_YES, W(4096), W(1), VERF_WIRE),
	GOOD("WRITE failed", WRITE, 4096, check_wcc, ERR, WCC_YES),
	GOOD("CREATE", CREATE, 0, check_create, OK, W(1), FH5_WIRE, ATTR_YES, WCC_YES),
	GOOD("CREATE that tells nothing", CREATE, 0, check_none, OK, W(0), ATTR_NO, WCC_NO),
	GOOD("CREATE failed", CREATE, 0, check_wcc, ERR, WCC_YES),
	GOOD("MKDIR", MKDIR, 0, check_create, OK, W(1), FH5_WIRE, ATTR_YES, WCC_YES),
	GOOD("SYMLINK", SYMLINK, 0, check_create, OK, W(1), FH5_WIRE, ATTR_YES, WCC_YES),
	GOOD("MKNOD", MKNOD, 0, check_create, OK, W(1), FH5_WIRE, ATTR_YES, WCC_YES),
	GOOD("REMOVE", REMOVE, 0, check_wcc, OK, WCC_YES),
	GOOD("RMDIR", RMDIR, 0, check_wcc, OK, WCC_YES),
	GOOD("RMDIR failed", RMDIR, 0, check_wcc, ERR, WCC_YES),
	GOOD("RENAME", RENAME, 0, check_rename, OK, WCC_YES, W(0), ATTR_YES),
	GOOD("RENAME failed", RENAME, 0, check_rename, ERR, WCC_YES, W(0), ATTR_YES),
	GOOD("LINK", LINK, 0, check_link, OK, ATTR_YES, WCC_YES),
	GOOD("LINK failed", LINK, 0, check_link, ERR, ATTR_YES, WCC_YES),
	GOOD("READDIR", READDIR, 4096, check_list,
	     OK, ATTR_YES, VERF_WIRE, ENTRY(1, 2), ENTRY(3, 4), LIST_END),
	GOOD("READDIR without attributes", READDIR, 4096, check_list,
	     OK, ATTR_NO, VERF_WIRE, ENTRY(1, 2), ENTRY(3, 4), LIST_MORE),
	GOOD("READDIR of nothing", READDIR, 4096, check_list, OK, ATTR_YES, VERF_WIRE, LIST_END),
	GOOD("READDIR failed", READDIR, 4096, check_attr, ERR, ATTR_YES),
	GOOD("READDIRPLUS", READDIRPLUS, 4096, check_list, OK, ATTR_YES, VERF_WIRE,
	     ENTRYPLUS(1, 2), ENTRY(3, 4), ATTR_NO, W(0), ENTRYPLUS(5, 6), LIST_END),
	GOOD("READDIRPLUS failed", READDIRPLUS, 4096, check_attr, ERR, ATTR_YES),
	GOOD("FSSTAT", FSSTAT, 0, check_fsstat, OK, ATTR_NO, D(0x100000001ULL), D(0x100000002ULL),
	     D(0x100000003ULL), D(0x100000004ULL), D(0x100000005ULL), D(0x100000006ULL), W(7)),
	GOOD("FSSTAT failed", FSSTAT, 0, check_attr, ERR, ATTR_YES),
	GOOD("FSINFO", FSINFO, 0, check_fsinfo, OK, ATTR_YES, W(1), W(2), W(3), W(4), W(5), W(6),
	     W(7), D(0x7fffffffffffffffULL), W(0), W(1), W(0x1b)),
	GOOD("FSINFO failed", FSINFO, 0, check_attr, ERR, ATTR_YES),
	GOOD("PATHCONF", PATHCONF, 0, check_pathconf,
	     OK, ATTR_NO, W(32000), W(255), W(1), W(0), W(0), W(1)),
	GOOD("PATHCONF failed", PATHCONF, 0, check_attr, ERR, ATTR_YES),
	GOOD("COMMIT", COMMIT, 0, check_commit, OK, WCC_YES, VERF_WIRE),
	GOOD("COMMIT failed", COMMIT, 0, check_wcc, ERR, WCC_YES),
};

KUNIT_ARRAY_PARAM(good, good_cases, case_desc);

#define BAD(what, p, n, ...) \
	{ .desc = what, .row = NFSPROC3_##p, .count = n, WIRE(__VA_ARGS__) }

/* fattr3 with a time of 10^9 ns, in the last place */
#define FATTR_HEAD	W(NF3REG), W(0644), W(1), W(0), W(0), D(0), D(0), W(0), W(0), D(0), D(0)
#define BYTES16		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
#define BYTES64		BYTES16, BYTES16, BYTES16, BYTES16

static const struct dec_case bad_cases[] = {
	BAD("file type 0", GETATTR, 0, OK, FATTR_WIRE_OF(0, 0644, 0)),
	BAD("file type 8", GETATTR, 0, OK, FATTR_WIRE_OF(8, 0644, 0)),
	BAD("atime of 10^9 ns", GETATTR, 0,
	    OK, FATTR_HEAD, W(0), W(1000000000), W(0), W(0), W(0), W(0)),
	BAD("mtime of 10^9 ns", GETATTR, 0,
	    OK, FATTR_HEAD, W(0), W(0), W(0), W(1000000000), W(0), W(0)),
	BAD("ctime of 2^32 - 1 ns", GETATTR, 0,
	    OK, FATTR_HEAD, W(0), W(0), W(0), W(0), W(0), W(0xffffffff)),
	BAD("bool of 2", ACCESS, 0, OK, W(2), FATTR_WIRE, W(1)),
	BAD("time before of 10^9 ns", SETATTR, 0,
	    OK, W(1), D(0), W(0), W(1000000000), W(0), W(0), W(0)),
	BAD("empty handle", LOOKUP, 0, OK, W(0), ATTR_NO, ATTR_NO),
	BAD("handle of 65 bytes", LOOKUP, 0,
	    OK, W(65), BYTES64, 65, 0, 0, 0, ATTR_NO, ATTR_NO),
	BAD("handle of 2^32 - 1 bytes", LOOKUP, 0,
	    OK, W(0xffffffff), BYTES64, ATTR_NO, ATTR_NO),
	BAD("empty handle of what was made", CREATE, 0, OK, W(1), W(0), ATTR_NO, WCC_NO),
	BAD("target of 0 bytes", READLINK, 4096, OK, ATTR_NO, W(0)),
	BAD("target with NUL", READLINK, 4096, OK, ATTR_NO, W(4), 'a', 0, 'b', 'c'),
	BAD("target as long as the page", READLINK, 4, OK, ATTR_NO, W(4), 'a', 'b', 'c', 'd'),
	BAD("target of 2^32 - 1 bytes", READLINK, 4096, OK, ATTR_NO, W(0xffffffff), 'a', 'b', 0, 0),
	BAD("more read than asked for", READ, 4,
	    OK, ATTR_NO, W(5), W(1), W(5), 'h', 'e', 'l', 'l', 'o', 0, 0, 0),
	BAD("count is less than the data", READ, 4096,
	    OK, ATTR_NO, W(4), W(1), W(5), 'h', 'e', 'l', 'l', 'o', 0, 0, 0),
	BAD("count is more than the data", READ, 4096,
	    OK, ATTR_NO, W(8), W(1), W(4), 'h', 'e', 'l', 'l'),
	BAD("fewer data than announced", READ, 4096, OK, ATTR_YES, W(9), W(1), W(9),
	    'h', 'e', 'l', 'l', 'o', 0, 0, 0),
	BAD("eof of 2", READ, 4096, OK, ATTR_NO, W(0), W(2), W(0)),
	BAD("more written than asked for", WRITE, 4095, OK, WCC_NO, W(4096), W(0), VERF_WIRE),
	BAD("committed of 3", WRITE, 4096, OK, WCC_NO, W(4096), W(3), VERF_WIRE),
	BAD("time_delta of 10^9 ns", FSINFO, 0, OK, ATTR_NO, W(1), W(2), W(3), W(4), W(5), W(6),
	    W(7), D(1), W(0), W(1000000000), W(0x1b)),
	BAD("no_trunc of 2", PATHCONF, 0, OK, ATTR_NO, W(32000), W(255), W(2), W(0), W(0), W(1)),
	BAD("list without an end", READDIR, 4096, OK, ATTR_YES, VERF_WIRE, ENTRY(1, 2)),
	BAD("list without eof", READDIR, 4096, OK, ATTR_YES, VERF_WIRE, ENTRY(1, 2), W(0)),
	BAD("list goes on with 2", READDIR, 4096, OK, ATTR_YES, VERF_WIRE, W(2), D(1), FOO, D(2),
	    LIST_END),
	BAD("empty name", READDIR, 4096,
	    OK, ATTR_YES, VERF_WIRE, W(1), D(1), W(0), D(2), LIST_END),
	BAD("name with a slash", READDIR, 4096,
	    OK, ATTR_YES, VERF_WIRE, W(1), D(1), W(3), 'a', '/', 'b', 0, D(2), LIST_END),
	BAD("name with NUL", READDIR, 4096,
	    OK, ATTR_YES, VERF_WIRE, W(1), D(1), W(3), 'a', 0, 'b', 0, D(2), LIST_END),
	BAD("name of 2^32 - 1 bytes", READDIR, 4096,
	    OK, ATTR_YES, VERF_WIRE, W(1), D(1), W(0xffffffff), 'a', 'b', 'c', 'd', D(2), LIST_END),
	BAD("entry with file type 9", READDIRPLUS, 4096, OK, ATTR_YES, VERF_WIRE, ENTRY(1, 2),
	    W(1), FATTR_WIRE_OF(9, 0644, 0), W(1), FH5_WIRE, LIST_END),
	BAD("entry with an empty handle", READDIRPLUS, 4096, OK, ATTR_YES, VERF_WIRE, ENTRY(1, 2),
	    ATTR_NO, W(1), W(0), LIST_END),
	BAD("entry with a handle of 65 bytes", READDIRPLUS, 4096, OK, ATTR_YES, VERF_WIRE,
	    ENTRY(1, 2), ATTR_NO, W(1), W(65), BYTES64, 65, 0, 0, 0, LIST_END),
};

KUNIT_ARRAY_PARAM(bad, bad_cases, case_desc);

/* ------------------------------------------------------------------------------------------
 * limits and places
 */

static u8 *put_name_entry(u8 *p, u32 namelen, u32 cookie)
{
	p = put_word(put_word(put_word(p, 1), 0), cookie);
	p = put_string(p, namelen, 'n');
	return put_word(put_word(p, 0), cookie);
}

static u8 *put_list_head(u8 *p)
{
	const u8 head[] = { OK, ATTR_YES, VERF_WIRE };

	memcpy(p, head, sizeof(head));
	return p + sizeof(head);
}

static void names_of_255_bytes_and_no_more(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC3_READDIR, .count = 4096 };
	u8 *start = message(test), *p;
	u32 len;

	for (len = 254; len <= 257; len++) {
		struct snfs_kunit_call *call = prepare(test, &c);

		p = put_name_entry(put_list_head(start), len, 1);
		p = put_word(put_word(p, 0), 1);
		KUNIT_EXPECT_EQ_MSG(test, decode(test, call, start, p - start),
				    len <= 255 ? 0 : -EIO, "name of %u bytes", len);
	}
}

static void handles_of_64_bytes(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC3_LOOKUP };
	static const u8 wire[] = { OK, W(64), BYTES64, ATTR_NO, ATTR_NO };
	static const u8 bytes[] = { BYTES64 };
	struct snfs_kunit_call *call = prepare(test, &c);

	KUNIT_ASSERT_EQ(test, decode(test, call, wire, sizeof(wire)), 0);
	KUNIT_ASSERT_EQ(test, (int)call->res.obj_fh.len, 64);
	KUNIT_EXPECT_EQ(test, memcmp(call->res.obj_fh.data, bytes, 64), 0);
}

static void targets_of_4095_bytes_and_no_more(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC3_READLINK, .count = PAGE_SIZE };
	const u8 head[] = { OK, ATTR_YES };
	u8 *start = message(test), *p;
	u32 len;

	for (len = 4093; len <= 4097; len++) {
		struct snfs_kunit_call *call = prepare(test, &c);
		int err;

		memcpy(start, head, sizeof(head));
		p = put_string(start + sizeof(head), len, 't');
		/* What does not fit in was cut off by the transport. */
		err = decode(test, call, start, min_t(size_t, p - start, sizeof(head) + 4 + 4096));
		KUNIT_EXPECT_EQ_MSG(test, err, len <= 4095 ? 0 : -EIO, "target of %u bytes", len);
		if (!err)
			KUNIT_EXPECT_EQ(test, strlen(page_address(call->pages[0])), (size_t)len);
	}
}

/* An entry may lie across the border of two pages, whatever of it is at the border. */
static void entries_across_pages(struct kunit *test)
{
	static const struct dec_case c = {
		.row = NFSPROC3_READDIRPLUS, .count = 2 * PAGE_SIZE
	};
	const u8 rest[] = { ATTR_YES, W(1), FH5_WIRE };
	u8 *start = message(test), *p;
	u32 shift, cookie;

	for (shift = 1; shift <= 253; shift += 4) {
		struct snfs_kunit_call *call = prepare(test, &c);
		unsigned int nr;

		p = put_list_head(start);
		for (cookie = 1; p - start < PAGE_SIZE + 512; cookie++) {
			p = put_name_entry(p, cookie == 1 ? shift : 101, cookie);
			memcpy(p, rest, sizeof(rest));
			p += sizeof(rest);
		}
		p = put_word(put_word(p, 0), 1);
		KUNIT_ASSERT_EQ(test, snfs_kunit_decode(test, call, start, p - start), 0);
		KUNIT_EXPECT_EQ(test, walk_list(test, call, &nr), 0);
		KUNIT_EXPECT_EQ(test, nr, cookie - 1);
	}
}

/* Names that lie across the border are the right ones, attributes behind them too. */
static void entry_across_pages_is_right(struct kunit *test)
{
	u8 *page[2] = { message(test), message(test) };
	struct page *pages[2] = { virt_to_page(page[0]), virt_to_page(page[1]) };
	static const u8 entry[] = { W(1), D(11), W(5), 'a', 'b', 'c', 'd', 'e', 0, 0, 0, D(12),
				    ATTR_YES, W(1), FH5_WIRE, LIST_END };
	u8 *scratch = message(test);
	struct user_namespace *ns = &init_user_ns;
	struct snfs_dirent ent;
	struct xdr_stream xdr;
	struct xdr_buf buf;
	size_t before;
	bool eof;

	for (before = 0; before <= sizeof(entry); before += 4) {
		memcpy(page[0] + PAGE_SIZE - before, entry, before);
		memcpy(page[1], entry + before, sizeof(entry) - before);
		xdr_init_decode_pages(&xdr, &buf, pages, PAGE_SIZE + sizeof(entry) - before);
		xdr_set_scratch_buffer(&xdr, scratch, NFS3_MAXNAMLEN + 1);
		/* Skip what is before the entry. */
		while (xdr_stream_remaining(&xdr) > sizeof(entry))
			KUNIT_ASSERT_NOT_NULL(test, xdr_inline_decode(&xdr, 4));
		KUNIT_ASSERT_EQ(test, snfs3_decode_dirent(&xdr, ns, true, &ent, &eof), 1);
		KUNIT_EXPECT_EQ(test, ent.fileid, 11ULL);
		KUNIT_EXPECT_EQ(test, ent.cookie, 12ULL);
		KUNIT_ASSERT_EQ(test, ent.name.len, 5U);
		KUNIT_EXPECT_EQ(test, memcmp(ent.name.name, "abcde", 5), 0);
		expect_fattr(test, &ent.attr);
		check_fh(test, &ent.fh);
		KUNIT_EXPECT_EQ(test, snfs3_decode_dirent(&xdr, ns, true, &ent, &eof), 0);
		KUNIT_EXPECT_TRUE(test, eof);
	}
}

/* Data end where the caller wants them: at an offset in the first page, over several pages. */
static void read_fills_pages_from_an_offset(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC3_READ, .count = PAGE_SIZE + 7 };
	const u8 head[] = { OK, ATTR_YES, W(PAGE_SIZE + 7), W(0), W(PAGE_SIZE + 7) };
	struct snfs_kunit_call *call = prepare(test, &c);
	u8 *start = message(test), *first, *second;
	unsigned int i;

	call->args.io.pgbase = 100;
	memcpy(start, head, sizeof(head));
	for (i = 0; i < PAGE_SIZE + 7; i++)
		start[sizeof(head) + i] = i % 251;
	KUNIT_ASSERT_EQ(test, decode(test, call, start, sizeof(head) + PAGE_SIZE + 8), 0);
	KUNIT_EXPECT_EQ(test, call->res.io.count, (u32)PAGE_SIZE + 7);
	first = page_address(call->pages[0]);
	second = page_address(call->pages[1]);
	KUNIT_EXPECT_EQ(test, first[99], 0xaa);
	KUNIT_EXPECT_EQ(test, first[100], 0);
	KUNIT_EXPECT_EQ(test, first[PAGE_SIZE - 1], (u8)((PAGE_SIZE - 101) % 251));
	KUNIT_EXPECT_EQ(test, second[0], (u8)((PAGE_SIZE - 100) % 251));
	KUNIT_EXPECT_EQ(test, second[106], (u8)((PAGE_SIZE + 6) % 251));
	KUNIT_EXPECT_EQ(test, second[107], 0xaa);
}

/* Device numbers: of device nodes only, and only those that Linux has */
static void device_numbers(struct kunit *test)
{
	static const struct {
		u32	type, major, minor;
		dev_t	rdev;
	} cases[] = {
		{ NF3CHR, 5, 66, MKDEV(5, 66) },
		{ NF3BLK, 4095, 0xfffff, MKDEV(4095, 0xfffff) },
		{ NF3CHR, 4096, 0, 0 },
		{ NF3CHR, 0, 0x100000, 0 },
		{ NF3FIFO, 5, 66, 0 },
	};
	static const struct dec_case c = { .row = NFSPROC3_GETATTR };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct snfs_kunit_call *call = prepare(test, &c);
		const u8 wire[] = { OK, W(cases[i].type), W(0644), W(1), W(0), W(0), D(0), D(0),
				    W(cases[i].major), W(cases[i].minor), D(0), D(0),
				    W(0), W(0), W(0), W(0), W(0), W(0) };

		KUNIT_ASSERT_EQ(test, decode(test, call, wire, sizeof(wire)), 0);
		KUNIT_EXPECT_EQ_MSG(test, call->res.wcc[0].post.rdev, cases[i].rdev, "case %u", i);
	}
}

static void mode_bits_are_limited(struct kunit *test)
{
	static const struct dec_case c = { .row = NFSPROC3_GETATTR };
	static const u8 wire[] = { OK, FATTR_WIRE_OF(NF3DIR, 0xffffffff, 0) };
	struct snfs_kunit_call *call = prepare(test, &c);

	KUNIT_ASSERT_EQ(test, decode(test, call, wire, sizeof(wire)), 0);
	KUNIT_EXPECT_EQ(test, (int)call->res.wcc[0].post.mode, S_IFDIR | 07777);
}

static struct kunit_case xdr3_dec_tests[] = {
	KUNIT_CASE_PARAM(decodes_as_rfc, good_gen_params),
	KUNIT_CASE_PARAM(cut_anywhere_fails, good_gen_params),
	KUNIT_CASE_PARAM(hostile_reply_fails, bad_gen_params),
	KUNIT_CASE(null_reply_is_void),
	KUNIT_CASE(names_of_255_bytes_and_no_more),
	KUNIT_CASE(handles_of_64_bytes),
	KUNIT_CASE(targets_of_4095_bytes_and_no_more),
	KUNIT_CASE(entries_across_pages),
	KUNIT_CASE(entry_across_pages_is_right),
	KUNIT_CASE(read_fills_pages_from_an_offset),
	KUNIT_CASE(device_numbers),
	KUNIT_CASE(mode_bits_are_limited),
	{}
};

static struct kunit_suite xdr3_dec_suite = {
	.name		= "snfs_xdr3_dec",
	.init		= dec_init,
	.test_cases	= xdr3_dec_tests,
};

kunit_test_suite(xdr3_dec_suite);

MODULE_DESCRIPTION("KUnit: snfs NFSv3 results");
MODULE_LICENSE("GPL");
