/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of results of all versions share: the case, and the tests that each version's
 * cases go through. A suite's init puts a struct dec_version into test->priv.
 */
#ifndef _SNFS_XDR_DEC_KUNIT_H
#define _SNFS_XDR_DEC_KUNIT_H

#include "snfs_kunit.h"

/**
 * struct dec_case - a reply
 * @desc: what it is
 * @row: the procedure
 * @count: bytes asked for: io.count or readdir.maxcount
 * @wire: the message
 * @len: its bytes
 * @check: looks at the results
 */
struct dec_case {
	const char	*desc;
	unsigned int	row;
	u32		count;
	const u8	*wire;
	size_t		len;
	void		(*check)(struct kunit *test, const struct snfs_kunit_call *call);
};

/**
 * struct dec_version - what differs
 * @procs: the procedures, NULL's first
 * @fh: the handles in calls
 * @fill: sets what arguments a procedure has beside handles and names
 * @walk: walks through the entries if a successful reply is a listing; 0 or an errno
 */
struct dec_version {
	const struct rpc_procinfo	*procs;
	const struct snfs_fh		*fh;
	void	(*fill)(struct snfs_kunit_call *call, const struct dec_case *c);
	int	(*walk)(struct kunit *test, struct snfs_kunit_call *call);
};

static void case_desc(const struct dec_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

static struct snfs_kunit_call *prepare(struct kunit *test, const struct dec_case *c)
{
	const struct dec_version *version = test->priv;
	struct snfs_kunit_call *call = snfs_kunit_call(test, &version->procs[c->row]);

	call->args.fh = version->fh;
	call->args.fh2 = version->fh;
	call->args.name = (struct snfs_name){ .name = "foo", .len = 3 };
	call->args.name2 = call->args.name;
	version->fill(call, c);
	/* What a reply does not set must not be left as it was. */
	memset(&call->res, 0x55, sizeof(call->res));
	return call;
}

/* Decode a reply and, of a listing, all entries. */
static int decode(struct kunit *test, struct snfs_kunit_call *call, const u8 *wire, size_t len)
{
	const struct dec_version *version = test->priv;
	int err = snfs_kunit_decode(test, call, wire, len);

	return err || call->res.status ? err : version->walk(test, call);
}

static void check_none(struct kunit *test, const struct snfs_kunit_call *call)
{
	const struct snfs_res *res = &call->res;

	KUNIT_EXPECT_FALSE(test, res->wcc[0].pre_valid);
	KUNIT_EXPECT_FALSE(test, res->wcc[0].post.valid);
	KUNIT_EXPECT_FALSE(test, res->wcc[1].pre_valid);
	KUNIT_EXPECT_FALSE(test, res->wcc[1].post.valid);
	KUNIT_EXPECT_FALSE(test, res->obj_attr.valid);
	KUNIT_EXPECT_EQ(test, (int)res->obj_fh.len, 0);
}

static void check_readlink(struct kunit *test, const struct snfs_kunit_call *call)
{
	KUNIT_ASSERT_EQ(test, call->res.io.count, 5U);
	KUNIT_EXPECT_STREQ(test, (char *)page_address(call->pages[0]), "../xy");
}

static void decodes_as_rfc(struct kunit *test)
{
	const struct dec_case *c = test->param_value;
	struct snfs_kunit_call *call = prepare(test, c);

	KUNIT_ASSERT_EQ(test, decode(test, call, c->wire, c->len), 0);
	KUNIT_EXPECT_EQ(test, call->res.status, (c->wire[3] ? (u32)NFS3ERR_ACCES : (u32)NFS3_OK));
	c->check(test, call);
	/* After a retransmission the same call decodes another reply. */
	KUNIT_ASSERT_EQ(test, decode(test, call, c->wire, c->len), 0);
	c->check(test, call);
}

/* Wherever a reply ends too early, that is noticed, and nothing behind it is looked at. */
static void cut_anywhere_fails(struct kunit *test)
{
	const struct dec_case *c = test->param_value;
	struct snfs_kunit_call *call = prepare(test, c);
	size_t len;

	for (len = 0; len < c->len; len++)
		KUNIT_EXPECT_EQ_MSG(test, decode(test, call, c->wire, len), -EIO,
				    "cut at byte %zu of %zu", len, c->len);
}

static void hostile_reply_fails(struct kunit *test)
{
	const struct dec_case *c = test->param_value;
	struct snfs_kunit_call *call = prepare(test, c);

	KUNIT_EXPECT_EQ(test, decode(test, call, c->wire, c->len), -EIO);
}

static void null_reply_is_void(struct kunit *test)
{
	const struct dec_version *version = test->priv;
	struct snfs_kunit_call *call = snfs_kunit_call(test, &version->procs[0]);

	KUNIT_EXPECT_EQ(test, snfs_kunit_decode(test, call, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, call->res.status, (u32)NFS3_OK);
}

/* Longer messages are put together piece by piece. */
static u8 *put_word(u8 *p, u32 n)
{
	const u8 word[] = { W(n) };

	memcpy(p, word, sizeof(word));
	return p + sizeof(word);
}

static u8 *put_string(u8 *p, u32 len, char c)
{
	p = put_word(p, len);
	memset(p, c, len);
	memset(p + len, 0, -len & 3);
	return p + ALIGN(len, 4);
}

static u8 *message(struct kunit *test)
{
	u8 *p = kunit_kzalloc(test, (SNFS_KUNIT_PAGES + 1) * PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	return p;
}

#endif /* _SNFS_XDR_DEC_KUNIT_H */
