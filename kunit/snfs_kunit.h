/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fixtures of the KUnit suites: a call that never leaves the machine, with the buffers that
 * sunrpc would give it.
 */
#ifndef _SNFS_KUNIT_H
#define _SNFS_KUNIT_H

#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sunrpc/clnt.h>
#include <linux/sunrpc/msg_prot.h>
#include <linux/user_namespace.h>

#include "snfs.h"
#include "xdr3.h"

SNFS_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

/* Wire words and hypers, as bytes of an array */
#define W(n)	((u32)(n) >> 24) & 0xff, ((u32)(n) >> 16) & 0xff, ((u32)(n) >> 8) & 0xff, (n) & 0xff
#define D(n)	W((u64)(n) >> 32), W((u64)(n) & 0xffffffff)

/* A wire message as a literal: bytes and how many */
#define WIRE(...)								\
	.wire = (const u8[]){ __VA_ARGS__ },					\
	.len = sizeof((const u8[]){ __VA_ARGS__ })

/* An XDR string of 3 bytes */
#define FOO	W(3), 'f', 'o', 'o', 0

/* And one of 4 */
#define BARS	W(4), 'b', 'a', 'r', 's'

/* A file handle of 5 bytes: its structure and its wire */
#define FH5_BYTES	0xf1, 0xf2, 0xf3, 0xf4, 0xf5
#define FH5_WIRE	W(5), FH5_BYTES, 0, 0, 0
static const struct snfs_fh __maybe_unused fh5 = { .len = 5, .data = { FH5_BYTES } };

/* Attributes: a regular file of all different values (RFC 1813 section 2.5, fattr3) */
#define FATTR_WIRE_OF(type, mode, size)						\
	W(type), W(mode), W(3), W(1000), W(1001), D(size), D(0x2000),		\
	W(7), W(9), D(0x1122334455667788ULL), D(0x99aabbccddeeff00ULL),		\
	W(1000000001), W(11), W(2000000002), W(22), W(3000000003U), W(999999999)
#define FATTR_WIRE	FATTR_WIRE_OF(NF3REG, 0100644, 0x123456789aULL)

/* What it is to become */
static const struct snfs_fattr __maybe_unused fattr3 = {
	.mode	= S_IFREG | 0644,
	.nlink	= 3,
	.uid	= KUIDT_INIT(1000),
	.gid	= KGIDT_INIT(1001),
	.size	= 0x123456789aULL,
	.used	= 0x2000,
	.fsid	= 0x1122334455667788ULL,
	.fileid	= 0x99aabbccddeeff00ULL,
	.atime	= { .tv_sec = 1000000001, .tv_nsec = 11 },
	.mtime	= { .tv_sec = 2000000002, .tv_nsec = 22 },
	.ctime	= { .tv_sec = 3000000003LL, .tv_nsec = 999999999 },
};

static inline void expect_fattr_is(struct kunit *test, const struct snfs_fattr *fa,
				   const struct snfs_fattr *want)
{
	KUNIT_EXPECT_TRUE(test, fa->valid);
	KUNIT_EXPECT_EQ(test, fa->mode, want->mode);
	KUNIT_EXPECT_EQ(test, fa->nlink, want->nlink);
	KUNIT_EXPECT_EQ(test, __kuid_val(fa->uid), __kuid_val(want->uid));
	KUNIT_EXPECT_EQ(test, __kgid_val(fa->gid), __kgid_val(want->gid));
	KUNIT_EXPECT_EQ(test, fa->size, want->size);
	KUNIT_EXPECT_EQ(test, fa->used, want->used);
	KUNIT_EXPECT_EQ(test, fa->rdev, want->rdev);
	KUNIT_EXPECT_EQ(test, fa->fsid, want->fsid);
	KUNIT_EXPECT_EQ(test, fa->fileid, want->fileid);
	KUNIT_EXPECT_EQ(test, fa->atime.tv_sec, want->atime.tv_sec);
	KUNIT_EXPECT_EQ(test, fa->atime.tv_nsec, want->atime.tv_nsec);
	KUNIT_EXPECT_EQ(test, fa->mtime.tv_sec, want->mtime.tv_sec);
	KUNIT_EXPECT_EQ(test, fa->mtime.tv_nsec, want->mtime.tv_nsec);
	KUNIT_EXPECT_EQ(test, fa->ctime.tv_sec, want->ctime.tv_sec);
	KUNIT_EXPECT_EQ(test, fa->ctime.tv_nsec, want->ctime.tv_nsec);
}

static inline void expect_fattr(struct kunit *test, const struct snfs_fattr *fa)
{
	expect_fattr_is(test, fa, &fattr3);
}

/* wcc_attr, and what it is to become */
#define WCC_ATTR_WIRE	D(0x42), W(77), W(78), W(79), W(80)

static inline void expect_pre(struct kunit *test, const struct snfs_wcc *wcc)
{
	KUNIT_EXPECT_TRUE(test, wcc->pre_valid);
	KUNIT_EXPECT_EQ(test, wcc->pre.size, 0x42ULL);
	KUNIT_EXPECT_EQ(test, wcc->pre.mtime.tv_sec, 77LL);
	KUNIT_EXPECT_EQ(test, wcc->pre.mtime.tv_nsec, 78L);
	KUNIT_EXPECT_EQ(test, wcc->pre.ctime.tv_sec, 79LL);
	KUNIT_EXPECT_EQ(test, wcc->pre.ctime.tv_nsec, 80L);
}

#define SNFS_KUNIT_PAGES	3

/**
 * struct snfs_kunit_call - a call and all that codecs look at
 * @req: what sunrpc hands to the codecs
 * @task: of @req
 * @clnt: of @task
 * @cred: of @clnt; its user namespace maps ids
 * @rpc_cred: of @req
 * @auth: of @rpc_cred: how long the headers are
 * @args: its arguments
 * @res: its results
 * @pages: for data
 * @proc: the procedure
 */
struct snfs_kunit_call {
	struct rpc_rqst			req;
	struct rpc_task			task;
	struct rpc_clnt			clnt;
	struct cred			cred;
	struct rpc_cred			rpc_cred;
	struct rpc_auth			auth;
	struct snfs_args		args;
	struct snfs_res			res;
	struct page			*pages[SNFS_KUNIT_PAGES];
	const struct rpc_procinfo	*proc;
};

static inline struct snfs_kunit_call *snfs_kunit_call(struct kunit *test,
						      const struct rpc_procinfo *proc)
{
	struct snfs_kunit_call *call = kunit_kzalloc(test, sizeof(*call), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, call);
	call->proc = proc;
	call->cred.user_ns = &init_user_ns;
	call->clnt.cl_cred = &call->cred;
	call->task.tk_client = &call->clnt;
	call->task.tk_msg.rpc_argp = &call->args;
	call->task.tk_msg.rpc_resp = &call->res;
	call->rpc_cred.cr_auth = &call->auth;
	call->req.rq_task = &call->task;
	call->req.rq_cred = &call->rpc_cred;
	call->args.fh = &fh5;
	for (i = 0; i < SNFS_KUNIT_PAGES; i++) {
		void *page = kunit_kmalloc(test, PAGE_SIZE, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_ASSERT_TRUE(test, PAGE_ALIGNED(page));
		memset(page, 0xaa, PAGE_SIZE);
		call->pages[i] = virt_to_page(page);
	}
	return call;
}

/* An operation with the call's arguments and results, whose server is dead: nothing is started. */
static inline struct snfs_op *snfs_kunit_op(struct kunit *test, struct snfs_kunit_call *call)
{
	struct snfs_server *server = kunit_kzalloc(test, sizeof(*server), GFP_KERNEL);
	struct snfs_op *op = kunit_kzalloc(test, sizeof(*op), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, server);
	KUNIT_ASSERT_NOT_NULL(test, op);
	server->clnt = &call->clnt;
	server->dead = true;
	op->server = server;
	op->cred = current_cred();
	op->args = call->args;
	op->res = call->res;
	return op;
}

/*
 * Encode into a buffer that is exactly as long as the procedure says its arguments are. Returns
 * the bytes, @len of which are in the head.
 */
static inline u8 *snfs_kunit_encode(struct kunit *test, struct snfs_kunit_call *call, size_t *len)
{
	struct xdr_buf *snd = &call->req.rq_snd_buf, *rcv = &call->req.rq_rcv_buf;
	size_t size = call->proc->p_arglen * XDR_UNIT;
	struct xdr_stream xdr;

	memset(snd, 0, sizeof(*snd));
	snd->head[0].iov_base = kunit_kzalloc(test, max_t(size_t, size, 1), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, snd->head[0].iov_base);
	snd->buflen = size;
	/* As sunrpc allocates it; encoders that want pages split it. */
	memset(rcv, 0, sizeof(*rcv));
	rcv->buflen = (RPC_REPHDRSIZE + call->proc->p_replen) * XDR_UNIT;
	rcv->head[0].iov_base = kunit_kzalloc(test, rcv->buflen, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rcv->head[0].iov_base);
	rcv->head[0].iov_len = rcv->buflen;

	xdr_init_encode(&xdr, snd, snd->head[0].iov_base, &call->req);
	call->proc->p_encode(&call->req, &xdr, &call->args);
	*len = snd->head[0].iov_len;
	return snd->head[0].iov_base;
}

static inline const u8 *snfs_kunit_fill(void *to, size_t room, const u8 **from, size_t *len)
{
	size_t n = min(room, *len);

	memcpy(to, *from, n);
	*from += n;
	*len -= n;
	return *from;
}

/* The first @len bytes of a reply arrive, in head, pages and tail as far as they hold them. */
static inline void snfs_kunit_receive(struct kunit *test, struct snfs_kunit_call *call,
				      const u8 *wire, size_t len)
{
	struct xdr_buf *rcv = &call->req.rq_rcv_buf;
	size_t header = RPC_REPHDRSIZE * XDR_UNIT;
	unsigned int i;

	rcv->len = header + len;
	if (!rcv->page_len && len < rcv->head[0].iov_len - header) {
		/* Nothing behind the end: reading on is reported by KASAN. */
		rcv->head[0].iov_len = header + len;
		rcv->head[0].iov_base = kunit_kzalloc(test, header + len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, rcv->head[0].iov_base);
	}
	snfs_kunit_fill(rcv->head[0].iov_base + header, rcv->head[0].iov_len - header, &wire, &len);
	for (i = 0; i * PAGE_SIZE < rcv->page_base + rcv->page_len; i++) {
		size_t from = i ? 0 : rcv->page_base;
		size_t to = min_t(size_t, PAGE_SIZE,
				  rcv->page_base + rcv->page_len - i * PAGE_SIZE);

		snfs_kunit_fill(page_address(rcv->pages[i]) + from, to - from, &wire, &len);
	}
	if (rcv->page_len)
		snfs_kunit_fill(rcv->tail[0].iov_base, rcv->tail[0].iov_len, &wire, &len);
	KUNIT_ASSERT_EQ(test, len, (size_t)0);
}

/* Encode the call, receive the first @len bytes of a reply to it and decode them. */
static inline int snfs_kunit_decode(struct kunit *test, struct snfs_kunit_call *call,
				    const u8 *wire, size_t len)
{
	struct xdr_buf *rcv = &call->req.rq_rcv_buf;
	struct xdr_stream xdr;
	size_t sent;

	snfs_kunit_encode(test, call, &sent);
	snfs_kunit_receive(test, call, wire, len);
	xdr_init_decode(&xdr, rcv, rcv->head[0].iov_base + RPC_REPHDRSIZE * XDR_UNIT, &call->req);
	return call->proc->p_decode(&call->req, &xdr, &call->res);
}

#endif /* _SNFS_KUNIT_H */
