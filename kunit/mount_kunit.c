// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_mount: the codecs of MOUNT and rpcbind, and the choice of a security flavour.
 */
#include <linux/sunrpc/xprt.h>
#include "snfs_kunit.h"
#include "rpcbind.h"

struct buffer {
	struct xdr_buf		buf;
	struct xdr_stream	xdr;
	struct rpc_rqst		req;
};

/* The first @len bytes of @wire, with nothing behind them: KASAN sees who reads on. */
static struct xdr_stream *receive(struct kunit *test, const u8 *wire, size_t len)
{
	struct buffer *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	void *data = kunit_kzalloc(test, max_t(size_t, len, 1), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, data);
	memcpy(data, wire, len);
	b->buf.head[0].iov_base = data;
	b->buf.head[0].iov_len = len;
	b->buf.len = len;
	xdr_init_decode(&b->xdr, &b->buf, data, NULL);
	return &b->xdr;
}

/* Encode into as much room as the procedure claims. */
static const u8 *encode(struct kunit *test, const struct rpc_procinfo *proc, const void *args,
			size_t *len)
{
	struct buffer *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	size_t size = proc->p_arglen * XDR_UNIT;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	b->buf.head[0].iov_base = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b->buf.head[0].iov_base);
	b->buf.buflen = size;
	xdr_init_encode(&b->xdr, &b->buf, b->buf.head[0].iov_base, &b->req);
	proc->p_encode(&b->req, &b->xdr, args);
	*len = b->buf.head[0].iov_len;
	return b->buf.head[0].iov_base;
}

static void expect_wire(struct kunit *test, const u8 *got, size_t len, const u8 *want,
			size_t want_len)
{
	KUNIT_ASSERT_EQ(test, len, want_len);
	KUNIT_EXPECT_EQ(test, memcmp(got, want, len), 0);
}

/* RFC 1813 appendix I section 5.2.1: dirpath<MNTPATHLEN> */
static void mnt_args(struct kunit *test)
{
	static const u8 want[] = { W(5), '/', 'e', 'x', 'p', 'o', 0, 0, 0 };
	size_t len;
	const u8 *got = encode(test, &snfs_mnt_procedures3[MOUNTPROC3_MNT], "/expo", &len);

	expect_wire(test, got, len, want, sizeof(want));
	got = encode(test, &snfs_mnt_procedures3[MOUNTPROC3_UMNT], "/expo", &len);
	expect_wire(test, got, len, want, sizeof(want));
}

static void mnt_args_longest(struct kunit *test)
{
	char *path = kunit_kzalloc(test, MNTPATHLEN + 1, GFP_KERNEL);
	size_t len;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, path);
	memset(path, 'p', MNTPATHLEN);
	encode(test, &snfs_mnt_procedures3[MOUNTPROC3_MNT], path, &len);
	KUNIT_EXPECT_EQ(test, len, 4 + MNTPATHLEN);
}

/* RFC 1813 appendix I section 5.2.1: mountres3 */
static const u8 mnt_wire[] = {
	W(MNT3_OK), W(5), 1, 2, 3, 4, 5, 0, 0, 0,
	W(2), W(RPC_AUTH_UNIX), W(RPC_AUTH_GSS_KRB5),
};

static void mnt_res(struct kunit *test)
{
	static const u8 fh[] = { 1, 2, 3, 4, 5 };
	struct snfs_mnt_res res;

	KUNIT_ASSERT_EQ(test, snfs_mnt_decode_res(receive(test, mnt_wire, sizeof(mnt_wire)),
						  &res), 0);
	KUNIT_EXPECT_EQ(test, res.status, (u32)MNT3_OK);
	KUNIT_ASSERT_EQ(test, (size_t)res.fh.len, sizeof(fh));
	KUNIT_EXPECT_EQ(test, memcmp(res.fh.data, fh, sizeof(fh)), 0);
	KUNIT_ASSERT_EQ(test, res.nr_flavors, 2U);
	KUNIT_EXPECT_EQ(test, res.flavors[0], (u32)RPC_AUTH_UNIX);
	KUNIT_EXPECT_EQ(test, res.flavors[1], (u32)RPC_AUTH_GSS_KRB5);
}

static void mnt_res_truncated(struct kunit *test)
{
	struct snfs_mnt_res res;
	size_t len;

	for (len = 0; len < sizeof(mnt_wire); len++)
		KUNIT_EXPECT_EQ_MSG(test, snfs_mnt_decode_res(receive(test, mnt_wire, len), &res),
				    -EBADMSG, "%zu bytes", len);
}

static void mnt_res_denied(struct kunit *test)
{
	static const u8 wire[] = { W(MNT3ERR_ACCES) };
	struct snfs_mnt_res res;

	KUNIT_ASSERT_EQ(test, snfs_mnt_decode_res(receive(test, wire, sizeof(wire)), &res), 0);
	KUNIT_EXPECT_EQ(test, res.status, (u32)MNT3ERR_ACCES);
	KUNIT_EXPECT_EQ(test, res.nr_flavors, 0U);
}

/* RFC 1094 section A.5: fhstatus, with a handle of 32 bytes and nothing behind it */
static const u8 mnt1_wire[] = {
	W(0), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
};

static void mnt1_args(struct kunit *test)
{
	static const u8 want[] = { W(5), '/', 'e', 'x', 'p', 'o', 0, 0, 0 };
	size_t len;
	const u8 *got = encode(test, &snfs_mnt_procedures1[MOUNTPROC3_MNT], "/expo", &len);

	expect_wire(test, got, len, want, sizeof(want));
	got = encode(test, &snfs_mnt_procedures1[MOUNTPROC3_UMNT], "/expo", &len);
	expect_wire(test, got, len, want, sizeof(want));
}

static void mnt1_res(struct kunit *test)
{
	struct snfs_mnt_res res = { .nr_flavors = 7 };
	size_t len;

	KUNIT_ASSERT_EQ(test, snfs_mnt_decode_res1(receive(test, mnt1_wire, sizeof(mnt1_wire)),
						   &res), 0);
	KUNIT_EXPECT_EQ(test, res.status, 0U);
	KUNIT_EXPECT_EQ(test, res.nr_flavors, 0U);
	KUNIT_ASSERT_EQ(test, (int)res.fh.len, 32);
	KUNIT_EXPECT_EQ(test, memcmp(res.fh.data, mnt1_wire + 4, 32), 0);
	for (len = 0; len < sizeof(mnt1_wire); len++)
		KUNIT_EXPECT_EQ_MSG(test, snfs_mnt_decode_res1(receive(test, mnt1_wire, len), &res),
				    -EBADMSG, "%zu bytes", len);
}

static void mnt1_res_denied(struct kunit *test)
{
	static const u8 wire[] = { W(13) };
	struct snfs_mnt_res res = { .nr_flavors = 7 };

	KUNIT_ASSERT_EQ(test, snfs_mnt_decode_res1(receive(test, wire, sizeof(wire)), &res), 0);
	KUNIT_EXPECT_EQ(test, res.status, 13U);
	KUNIT_EXPECT_EQ(test, res.nr_flavors, 0U);
}

/* A reply with a handle of @fhlen bytes and @flavors flavours */
static int decode_sized(struct kunit *test, u32 fhlen, u32 flavors)
{
	size_t len = 8 + round_up(fhlen, 4) + 4 + 4 * flavors;
	u8 *wire = kunit_kzalloc(test, len, GFP_KERNEL);
	struct snfs_mnt_res res;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, wire);
	((__be32 *)wire)[1] = cpu_to_be32(fhlen);
	((__be32 *)wire)[2 + XDR_QUADLEN(fhlen)] = cpu_to_be32(flavors);
	return snfs_mnt_decode_res(receive(test, wire, len), &res);
}

static void mnt_res_limits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, decode_sized(test, 0, 0), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_sized(test, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, decode_sized(test, 64, 0), 0);
	KUNIT_EXPECT_EQ(test, decode_sized(test, 65, 0), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_sized(test, 8, SNFS_MNT_MAXFLAVORS), 0);
	KUNIT_EXPECT_EQ(test, decode_sized(test, 8, SNFS_MNT_MAXFLAVORS + 1), -EBADMSG);
}

/* RFC 1833 section 3: struct mapping { prog, vers, prot, port } */
static void getport(struct kunit *test)
{
	static const u8 want[] = { W(100005), W(3), W(6), W(0) };
	struct snfs_rpcb_query query = { MOUNT_PROGRAM, MOUNT_V3, XPRT_TRANSPORT_TCP };
	struct snfs_rpcb_call call = { .query = &query };
	size_t len;
	const u8 *got = encode(test, &snfs_rpcb_procedures2[SNFS_PMAPPROC_GETPORT], &call, &len);

	expect_wire(test, got, len, want, sizeof(want));
}

static int decode_port(struct kunit *test, u32 value, unsigned int *port)
{
	const u8 wire[] = { W(value) };

	return snfs_rpcb_decode_port(receive(test, wire, sizeof(wire)), port);
}

static void getport_res(struct kunit *test)
{
	static const u8 wire[] = { W(2049) };
	unsigned int port, len;

	KUNIT_ASSERT_EQ(test, decode_port(test, 2049, &port), 0);
	KUNIT_EXPECT_EQ(test, port, 2049U);
	KUNIT_ASSERT_EQ(test, decode_port(test, 0, &port), 0);
	KUNIT_EXPECT_EQ(test, port, 0U);
	KUNIT_ASSERT_EQ(test, decode_port(test, 65535, &port), 0);
	KUNIT_EXPECT_EQ(test, decode_port(test, 65536, &port), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_port(test, U32_MAX, &port), -EBADMSG);
	for (len = 0; len < sizeof(wire); len++)
		KUNIT_EXPECT_EQ(test, snfs_rpcb_decode_port(receive(test, wire, len), &port),
				-EBADMSG);
}

/* RFC 1833 section 2.1: struct rpcb { prog, vers, netid, addr, owner } */
static void getaddr(struct kunit *test)
{
	static const u8 want[] = { W(100003), W(3), W(4), 't', 'c', 'p', '6',
				   W(9), ':', ':', '1', '.', '0', '.', '1', '1', '1', 0, 0, 0,
				   W(0) };
	struct snfs_rpcb_query query = { NFS3_PROGRAM, NFS3_VERSION, XPRT_TRANSPORT_TCP };
	struct snfs_rpcb_call call = { .query = &query, .netid = "tcp6", .uaddr = "::1.0.111" };
	size_t len;
	const u8 *got = encode(test, &snfs_rpcb_procedures3[SNFS_RPCBPROC_GETADDR], &call, &len);

	expect_wire(test, got, len, want, sizeof(want));
}

static void getaddr_longest(struct kunit *test)
{
	struct snfs_rpcb_query query = { U32_MAX, U32_MAX, XPRT_TRANSPORT_TCP };
	struct snfs_rpcb_call call = { .query = &query, .netid = "udp6" };
	size_t len;

	memset(call.uaddr, 'f', sizeof(call.uaddr) - 1);
	encode(test, &snfs_rpcb_procedures3[SNFS_RPCBPROC_GETADDR], &call, &len);
	KUNIT_EXPECT_EQ(test, len, 8 + 8 + 4 + round_up(sizeof(call.uaddr) - 1, 4) + 4);
}

static int decode_uaddr(struct kunit *test, const char *text, unsigned int *port)
{
	size_t len = strlen(text);
	u8 *wire = kunit_kzalloc(test, 4 + round_up(len, 4), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, wire);
	*(__be32 *)wire = cpu_to_be32(len);
	memcpy(wire + 4, text, len);
	return snfs_rpcb_decode_uaddr(receive(test, wire, 4 + round_up(len, 4)), &init_net, port);
}

static void getaddr_res(struct kunit *test)
{
	static const u8 wire[] = { W(7), ':', ':', '.', '8', '.', '1', '.', 0 };
	unsigned int port, len;

	KUNIT_ASSERT_EQ(test, decode_uaddr(test, "::.8.1", &port), 0);
	KUNIT_EXPECT_EQ(test, port, 2049U);
	KUNIT_ASSERT_EQ(test, decode_uaddr(test, "2001:db8::1.78.80", &port), 0);
	KUNIT_EXPECT_EQ(test, port, 20048U);
	KUNIT_ASSERT_EQ(test, decode_uaddr(test, "0.0.0.0.8.1", &port), 0);
	KUNIT_EXPECT_EQ(test, port, 2049U);
	KUNIT_ASSERT_EQ(test, decode_uaddr(test, "", &port), 0);
	KUNIT_EXPECT_EQ(test, port, 0U);
	KUNIT_EXPECT_EQ(test, decode_uaddr(test, "garbage", &port), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_uaddr(test, "::.8", &port), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_uaddr(test, "::.256.1", &port), -EBADMSG);
	for (len = 0; len < sizeof(wire); len++)
		KUNIT_EXPECT_EQ(test, snfs_rpcb_decode_uaddr(receive(test, wire, len), &init_net,
							     &port), -EBADMSG);
}

static void getaddr_res_limit(struct kunit *test)
{
	char text[SNFS_UADDR_MAX + 2];
	unsigned int port;

	memset(text, '0', sizeof(text));
	text[SNFS_UADDR_MAX + 1] = 0;
	KUNIT_EXPECT_EQ(test, decode_uaddr(test, text, &port), -EBADMSG);
}

static struct kunit_case mount_cases[] = {
	KUNIT_CASE(mnt_args),
	KUNIT_CASE(mnt_args_longest),
	KUNIT_CASE(mnt_res),
	KUNIT_CASE(mnt_res_truncated),
	KUNIT_CASE(mnt_res_denied),
	KUNIT_CASE(mnt_res_limits),
	KUNIT_CASE(mnt1_args),
	KUNIT_CASE(mnt1_res),
	KUNIT_CASE(mnt1_res_denied),
	KUNIT_CASE(getport),
	KUNIT_CASE(getport_res),
	KUNIT_CASE(getaddr),
	KUNIT_CASE(getaddr_longest),
	KUNIT_CASE(getaddr_res),
	KUNIT_CASE(getaddr_res_limit),
	{}
};

static struct kunit_suite mount_suite = {
	.name		= "snfs_mount",
	.test_cases	= mount_cases,
};

kunit_test_suite(mount_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of snfs: codecs of MOUNT and rpcbind");
