/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of arguments of all versions share: the case, and what each version is asked.
 */
#ifndef _SNFS_XDR_ENC_KUNIT_H
#define _SNFS_XDR_ENC_KUNIT_H

#include "snfs_kunit.h"

#define NAME_FOO	.name = { .name = "foo", .len = 3 }
#define NAME2_BARS	.name2 = { .name = "bars", .len = 4 }

/**
 * struct enc_case - a call
 * @desc: what it is
 * @row: the procedure
 * @args: its arguments
 * @wire: the message that they make
 * @len: its bytes
 */
struct enc_case {
	const char		*desc;
	unsigned int		row;
	struct snfs_args	args;
	const u8		*wire;
	size_t			len;
};

static void enc_desc(const struct enc_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

static void expect_encoded(struct kunit *test, struct snfs_kunit_call *call,
			   const struct enc_case *c)
{
	size_t len;
	u8 *wire = snfs_kunit_encode(test, call, &len);

	KUNIT_ASSERT_EQ(test, len, c->len);
	KUNIT_EXPECT_EQ(test, memcmp(wire, c->wire, len), 0);
}

/* The header of a reply, of as many words, fills the head: the data come to lie in the pages. */
static void expect_data_in_pages(struct kunit *test, const struct rpc_procinfo *read, size_t words)
{
	struct snfs_kunit_call *call = snfs_kunit_call(test, read);
	struct xdr_buf *rcv = &call->req.rq_rcv_buf;
	size_t len;

	call->args.io.count = PAGE_SIZE + 5;
	call->args.io.pages = call->pages;
	call->args.io.pgbase = 100;
	snfs_kunit_encode(test, call, &len);
	KUNIT_EXPECT_EQ(test, rcv->head[0].iov_len, (RPC_REPHDRSIZE + words) * XDR_UNIT);
	KUNIT_EXPECT_PTR_EQ(test, rcv->pages, &call->pages[0]);
	KUNIT_EXPECT_EQ(test, rcv->page_base, 100U);
	KUNIT_EXPECT_EQ(test, rcv->page_len, (unsigned int)PAGE_SIZE + 5);
	KUNIT_EXPECT_EQ(test, rcv->tail[0].iov_len, (size_t)XDR_UNIT);
	KUNIT_EXPECT_TRUE(test, rcv->flags & XDRBUF_READ);
}

/* Names of 256 bytes, wherever there is one; @op->args.name is of one byte afterwards. */
static void expect_names_checked(struct kunit *test, const struct snfs_proto_ops *ops,
				 struct snfs_op *op)
{
	op->args.name = (struct snfs_name){ .name = "n", .len = NFS3_MAXNAMLEN + 1 };
	KUNIT_EXPECT_EQ(test, ops->lookup(op), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, ops->create(op), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, ops->mkdir(op), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, ops->remove(op), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, ops->rmdir(op), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, ops->rename(op), -ENAMETOOLONG);
	op->args.name2 = op->args.name;
	op->args.name.len = 1;
	KUNIT_EXPECT_EQ(test, ops->rename(op), -ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, ops->link(op), -ENAMETOOLONG);
}

/* A target in two pages, and ids that the server's users do not have */
static void expect_rest_checked(struct kunit *test, const struct snfs_proto_ops *ops,
				struct snfs_op *op)
{
	op->args.io.count = PAGE_SIZE;
	op->args.io.pgbase = 1;
	KUNIT_EXPECT_EQ(test, ops->readlink(op), -EINVAL);
	op->args.sattr.valid = SNFS_SATTR_UID;
	op->args.sattr.uid = INVALID_UID;
	KUNIT_EXPECT_EQ(test, ops->setattr(op), -EOVERFLOW);
	op->args.sattr.valid = SNFS_SATTR_GID;
	op->args.sattr.gid = INVALID_GID;
	KUNIT_EXPECT_EQ(test, ops->setattr(op), -EOVERFLOW);
}

#endif /* _SNFS_XDR_ENC_KUNIT_H */
