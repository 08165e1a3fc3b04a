// SPDX-License-Identifier: GPL-2.0
/*
 * NFSACL version 3: arguments and results of GETACL and SETACL.
 *
 * nfs_acl.ko has a codec too. It is not used: it leaks the ACL of a reply with a bad entry, and
 * maps ids through the initial user namespace instead of the mount's.
 *
 * On the wire an ACL never has three entries: Solaris wants a mask, so one that grants what the
 * group has is added, and taken away again.
 *	struct aclent {
 *		uint32		type;	(ACL_USER_OBJ etc. of Linux; plus 0x1000 in default ACLs)
 *		uint32		id;	(of the two OBJ types: the owner and his group)
 *		uint32		perm;
 *	};
 *	struct secattr {
 *		uint32		count;
 *		aclent		entries<NFSACL_MAXENTRIES>;
 *	};
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/posix_acl.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <kunit/visibility.h>

#include "snfs.h"
#include "snfs/nfsacl.h"
#include "xdr3.h"

#define SNFS3_aclent_sz		3
#define SNFS3_aclhdr_sz		2

/* Entries on the wire */
static u32 wire_entries(const struct posix_acl *acl)
{
	return acl && acl->a_count ? max_t(u32, acl->a_count, 4) : 0;
}

/**
 * snfs3_acl_bytes - how long an ACL is on the wire
 * @acl: the ACL, or NULL
 *
 * Return: bytes.
 */
u32 snfs3_acl_bytes(const struct posix_acl *acl)
{
	return (SNFS3_aclhdr_sz + SNFS3_aclent_sz * wire_entries(acl)) * XDR_UNIT;
}

/* Words into pages: an ACL does not fit into the head of a message. */
struct acl_writer {
	struct page		**pages;
	unsigned int		pos;
	u32			type;
	struct user_namespace	*user_ns;
	kuid_t			uid;
	kgid_t			gid;
};

static void put_word(struct acl_writer *w, u32 n)
{
	__be32 *p = page_address(w->pages[w->pos >> PAGE_SHIFT]) + offset_in_page(w->pos);

	*p = cpu_to_be32(n);
	w->pos += XDR_UNIT;
}

/* The id of an entry; -1, which is nobody's, if the server's users do not have it */
static u32 wire_id(const struct acl_writer *w, const struct posix_acl_entry *e)
{
	switch (e->e_tag) {
	case ACL_USER_OBJ:
		return from_kuid_munged(w->user_ns, w->uid);
	case ACL_GROUP_OBJ:
		return from_kgid_munged(w->user_ns, w->gid);
	case ACL_USER:
		return from_kuid(w->user_ns, e->e_uid);
	case ACL_GROUP:
		return from_kgid(w->user_ns, e->e_gid);
	}
	return 0;
}

static int put_entry(struct acl_writer *w, u32 tag, const struct posix_acl_entry *e)
{
	u32 id = tag == ACL_MASK ? 0 : wire_id(w, e);

	if (id == (u32)-1)
		return -EOVERFLOW;
	put_word(w, tag | w->type);
	put_word(w, id);
	put_word(w, e->e_perm & 07);
	return 0;
}

static int put_acl(struct acl_writer *w, const struct posix_acl *acl)
{
	u32 nr = wire_entries(acl);
	unsigned int i;
	int err = 0;

	if (nr > NFSACL_MAXENTRIES)
		return -ENOSPC;
	put_word(w, nr);
	put_word(w, nr);
	for (i = 0; nr && i < acl->a_count && !err; i++) {
		err = put_entry(w, acl->a_entries[i].e_tag, &acl->a_entries[i]);
		/* The mask comes behind the group. */
		if (!err && acl->a_count == 3 && i == 1)
			err = put_entry(w, ACL_MASK, &acl->a_entries[i]);
	}
	return err;
}

/**
 * snfs3_pack_acls - write the ACLs of SETACL into their pages
 * @args: acl.access, acl.def and acl.pages are given, acl.len is the result
 * @user_ns: maps ids
 *
 * Encoders cannot fail, this can: it runs before the call.
 *
 * Return: 0; -ENOSPC if there are too many entries; -EOVERFLOW for an id that @user_ns lacks.
 */
int snfs3_pack_acls(struct snfs_args *args, struct user_namespace *user_ns)
{
	struct acl_writer w = {
		.pages		= args->acl.pages,
		.user_ns	= user_ns,
		.uid		= args->acl.uid,
		.gid		= args->acl.gid,
	};
	int err = put_acl(&w, args->acl.access);

	if (err)
		return err;
	w.type = NFSACL_TYPE_DEFAULT;
	err = put_acl(&w, args->acl.def);
	args->acl.len = w.pos;
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(snfs3_pack_acls);

/*
 *	struct GETACL3args {
 *		nfs_fh3		fh;
 *		uint32		mask;
 *	};
 */
void snfs3_xdr_enc_getaclargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u32(xdr, args->acl.mask);
	rpc_prepare_reply_pages(req, args->acl.pages, 0, args->acl.len, SNFS3_getaclhdr_sz);
	/* Most ACLs need one page or none: the transport allocates what comes. */
	req->rq_rcv_buf.flags |= XDRBUF_SPARSE_PAGES;
}

/*
 *	struct SETACL3args {
 *		nfs_fh3		fh;
 *		uint32		mask;
 *		secattr		acl;
 *		secattr		default_acl;
 *	};
 */
void snfs3_xdr_enc_setaclargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u32(xdr, args->acl.mask);
	xdr_write_pages(xdr, args->acl.pages, 0, args->acl.len);
}

static int decode_entry(struct xdr_stream *xdr, struct user_namespace *user_ns,
			struct posix_acl_entry *e)
{
	u32 type, id, perm;

	if (xdr_stream_decode_u32(xdr, &type) < 0 || xdr_stream_decode_u32(xdr, &id) < 0 ||
	    xdr_stream_decode_u32(xdr, &perm) < 0)
		return -EBADMSG;
	type &= ~NFSACL_TYPE_DEFAULT;
	/* Solaris sometimes sets more bits in the mask. */
	if (type == ACL_MASK)
		perm &= 07;
	if (type > ACL_OTHER || perm > 07)
		return -EBADMSG;
	e->e_tag = type;
	e->e_perm = perm;
	if (type == ACL_USER)
		e->e_uid = make_kuid(user_ns, id);
	else if (type == ACL_GROUP)
		e->e_gid = make_kgid(user_ns, id);
	return 0;
}

static int compare_entries(const void *x, const void *y)
{
	const struct posix_acl_entry *a = x, *b = y;

	if (a->e_tag != b->e_tag)
		return a->e_tag < b->e_tag ? -1 : 1;
	if (a->e_tag == ACL_USER && !uid_eq(a->e_uid, b->e_uid))
		return uid_lt(a->e_uid, b->e_uid) ? -1 : 1;
	if (a->e_tag == ACL_GROUP && !gid_eq(a->e_gid, b->e_gid))
		return gid_lt(a->e_gid, b->e_gid) ? -1 : 1;
	return 0;
}

/* Sorted: owner, group, mask, others. A mask as the group is there for the wire only. */
static void drop_made_up_mask(struct posix_acl *acl)
{
	struct posix_acl_entry *e = acl->a_entries;

	if (acl->a_count != 4 || e[1].e_tag != ACL_GROUP_OBJ || e[2].e_tag != ACL_MASK ||
	    e[1].e_perm != e[2].e_perm)
		return;
	e[2] = e[3];
	acl->a_count = 3;
}

static int decode_entries(struct xdr_stream *xdr, struct user_namespace *user_ns,
			  struct posix_acl *acl)
{
	unsigned int i;
	int err;

	for (i = 0; i < acl->a_count; i++) {
		err = decode_entry(xdr, user_ns, &acl->a_entries[i]);
		if (err)
			return err;
	}
	sort(acl->a_entries, acl->a_count, sizeof(acl->a_entries[0]), compare_entries, NULL);
	drop_made_up_mask(acl);
	return posix_acl_valid(user_ns, acl) ? -EBADMSG : 0;
}

/* A secattr: NULL if it is empty, or only its count was asked for */
static int decode_acl(struct xdr_stream *xdr, struct user_namespace *user_ns, bool entries,
		      struct posix_acl **res)
{
	struct posix_acl *acl;
	u32 count, nr;
	int err;

	if (xdr_stream_decode_u32(xdr, &count) < 0 || xdr_stream_decode_u32(xdr, &nr) < 0)
		return -EBADMSG;
	if (nr > NFSACL_MAXENTRIES)
		return -EMSGSIZE;
	if (nr != (entries ? count : 0))
		return -EBADMSG;
	if (!nr)
		return 0;
	acl = posix_acl_alloc(nr, GFP_KERNEL);
	if (!acl)
		return -ENOMEM;
	err = decode_entries(xdr, user_ns, acl);
	if (err)
		posix_acl_release(acl);
	else
		*res = acl;
	return err;
}

static int decode_acls(struct rpc_rqst *req, struct xdr_stream *xdr, struct snfs_res *res)
{
	struct user_namespace *user_ns = snfs_rqst_userns(req);
	u32 asked = snfs_rqst_args(req)->acl.mask, mask;
	struct posix_acl *access = NULL, *def = NULL;
	int err;

	if (xdr_stream_decode_u32(xdr, &mask) < 0 || mask & ~NFSACL_MASK || asked & ~mask)
		return -EBADMSG;
	err = decode_acl(xdr, user_ns, mask & NFSACL_ACCESS, &access) ?:
	      decode_acl(xdr, user_ns, mask & NFSACL_DEFAULT, &def);
	if (err) {
		posix_acl_release(access);
		return err;
	}
	res->acl.access = access;
	res->acl.def = def;
	return 0;
}

/*
 *	struct GETACL3resok {
 *		post_op_attr	attr;
 *		uint32		mask;
 *		secattr		acl;
 *		secattr		default_acl;
 *	};
 *	struct GETACL3resfail {
 *		post_op_attr	attr;
 *	};
 */
int snfs3_xdr_dec_getaclres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	res->acl.access = NULL;
	res->acl.def = NULL;
	err = snfs_xdr_begin(xdr, res) ?:
	      snfs_decode_post_op_attr(xdr, snfs_rqst_userns(req), &res->wcc[0].post);
	if (!err && res->status == NFS3_OK)
		err = decode_acls(req, xdr, res);
	return snfs_xdr_end(req, "GETACL3res", err);
}

/*
 * resfail is the same:
 *	struct SETACL3resok {
 *		post_op_attr	attr;
 *	};
 */
int snfs3_xdr_dec_setaclres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = snfs_xdr_begin(xdr, res) ?:
	      snfs_decode_post_op_attr(xdr, snfs_rqst_userns(req), &res->wcc[0].post);
	return snfs_xdr_end(req, "SETACL3res", err);
}
