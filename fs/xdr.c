// SPDX-License-Identifier: GPL-2.0
/*
 * XDR helpers that all protocol versions share.
 *
 * Decoders return 0, -EBADMSG for a message that is short or breaks the protocol, -EMSGSIZE
 * for an item over its limit. snfs_xdr_end() turns both into -EIO, once per reply.
 */
#include <linux/highmem.h>
#include <linux/string.h>

#include "trace.h"
#include "xdr.h"

/**
 * snfs_decode_bool - decode a bool
 * @xdr: stream positioned at it
 * @b: OUT: its value
 *
 * RFC 4506 section 4.4: 0 or 1, nothing else.
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer or another value.
 */
int snfs_decode_bool(struct xdr_stream *xdr, bool *b)
{
	u32 n;

	if (xdr_stream_decode_u32(xdr, &n) || n > 1)
		return -EBADMSG;
	*b = n;
	return 0;
}

/**
 * snfs_decode_verf - decode a verifier
 * @xdr: stream positioned at it
 * @verf: OUT: its 8 bytes
 *
 * RFC 1813 section 2.4: createverf3, cookieverf3 and writeverf3.
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer.
 */
int snfs_decode_verf(struct xdr_stream *xdr, struct snfs_verf *verf)
{
	/* The length was returned up to 6.12, 0 is since. */
	if (xdr_stream_decode_opaque_fixed(xdr, verf->data, sizeof(verf->data)) < 0)
		return -EBADMSG;
	return 0;
}

/**
 * snfs_decode_name - decode a name of a directory entry
 * @xdr: stream positioned at the length word
 * @name: OUT: the name; points into the message or into the stream's scratch buffer
 *
 * A name that Linux could not look up again is not passed on. "." and ".." are: they are the
 * caller's to skip. Servers of old count the NUL that ends a name in C; it is not part of it.
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer, an empty name, '/' or NUL in it; -EMSGSIZE if longer
 * than 255 bytes.
 */
int snfs_decode_name(struct xdr_stream *xdr, struct snfs_name *name)
{
	ssize_t len;
	void *p;

	len = xdr_stream_decode_opaque_inline(xdr, &p, NAME_MAX);
	if (len < 0)
		return len;
	if (len && !((const char *)p)[len - 1])
		len--;
	if (!len || memchr(p, '/', len) || memchr(p, '\0', len))
		return -EBADMSG;
	name->name = p;
	name->len = len;
	return 0;
}

/**
 * snfs_decode_data - take @count bytes of data into the reply's pages
 * @xdr: stream positioned behind the length word
 * @count: value of the length word, bytes
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG if fewer bytes were received or the pages do not hold them.
 */
int snfs_decode_data(struct xdr_stream *xdr, u32 count)
{
	/* xdr_read_pages() may realign the reply: nothing is there to be moved for no data. */
	if (!count)
		return 0;
	if (count > xdr_stream_remaining(xdr) || xdr_read_pages(xdr, count) < count)
		return -EBADMSG;
	return 0;
}

/**
 * snfs_decode_target - decode the path in a symbolic link, into the reply's first page
 * @xdr: stream positioned at the length word
 * @max: room in the page, bytes
 * @len: OUT: its length; the page holds a NUL behind it
 *
 * An empty target would be followed to the directory that holds the link, so it is refused
 * as one with a NUL in it is. One NUL at its end is not part of it, as of a name.
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer, an empty target or a NUL in it; -EMSGSIZE if longer
 * than 4095 bytes or than the page.
 */
int snfs_decode_target(struct xdr_stream *xdr, u32 max, u32 *len)
{
	const char *kaddr, *target;
	bool bad;
	int err;

	if (xdr_stream_decode_u32(xdr, len) || !*len)
		return -EBADMSG;
	if (*len > SNFS_MAXTARGET || *len >= max)
		return -EMSGSIZE;
	err = snfs_decode_data(xdr, *len);
	if (err)
		return err;
	kaddr = kmap_local_page(xdr->buf->pages[0]);
	target = kaddr + xdr->buf->page_base;
	if (!target[*len - 1])
		--*len;
	bad = !*len || memchr(target, '\0', *len);
	kunmap_local(kaddr);
	if (bad)
		return -EBADMSG;
	xdr_terminate_string(xdr->buf, *len);
	return 0;
}

/**
 * snfs_xdr_enc_void - encode the arguments of NULL: none
 * @req: the call
 * @xdr: stream to write to
 * @data: not looked at
 */
void snfs_xdr_enc_void(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
}

/**
 * snfs_xdr_dec_void - decode the results of NULL: none
 * @req: the call
 * @xdr: stream positioned at the end of the message
 * @data: OUT: a struct snfs_res, whose status becomes 0, or NULL
 *
 * Context: Any context. Does not sleep.
 * Return: 0.
 */
int snfs_xdr_dec_void(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;

	if (res)
		res->status = 0;
	return 0;
}

/**
 * snfs_xdr_begin - reset the results of an operation and decode the status of its reply
 * @xdr: stream positioned at the status word
 * @res: OUT: status; attributes and handle not valid
 *
 * A reply may be decoded again after a retransmission, hence the reset.
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer or a message that ends within an XDR word.
 */
int snfs_xdr_begin(struct xdr_stream *xdr, struct snfs_res *res)
{
	res->wcc[0].pre_valid = false;
	res->wcc[0].post.valid = false;
	res->wcc[1].pre_valid = false;
	res->wcc[1].post.valid = false;
	res->obj_fh.len = 0;
	res->obj_attr.valid = false;
	/* sunrpc rounds the length up and would hand out bytes that were never received. */
	if (xdr->buf->len % XDR_UNIT)
		return -EBADMSG;
	return xdr_stream_decode_u32(xdr, &res->status);
}

/**
 * snfs_xdr_end - what a procedure's decoder returns
 * @req: the call
 * @what: name of the result type, for the tracepoint
 * @err: what decoding gave
 *
 * Context: Any context. Does not sleep.
 * Return: 0, or -EIO if the reply was malformed.
 */
int snfs_xdr_end(const struct rpc_rqst *req, const char *what, int err)
{
	if (!err)
		return 0;
	trace_snfs_xdr_bad(what, be32_to_cpu(req->rq_xid));
	return -EIO;
}
