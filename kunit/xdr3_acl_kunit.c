// SPDX-License-Identifier: GPL-2.0
/*
 * GETACL and SETACL: messages written by hand, whole, cut at every byte, with one thing in them
 * wrong, and at the limits.
 */
#include "snfs_kunit.h"
#include "snfs/nfsacl.h"

#define OK		W(NFS3_OK)
#define ATTR_YES	W(1), FATTR_WIRE
#define ATTR_NO		W(0)

#define BOTH		(NFSACL_ACCESS | NFSACL_ACCESS_COUNT)
#define ALL		NFSACL_MASK
#define EMPTY		W(0), W(0)
#define ACE(type, id, perm)	W(type), W(id), W(perm)

/* In no order, and with more bits in the mask, as Solaris may send it */
#define EXTENDED	W(5), W(5), ACE(ACL_OTHER, 0, 4), ACE(ACL_USER, 1005, 7),		\
			ACE(ACL_MASK, 0, 0x17), ACE(ACL_USER_OBJ, 1000, 6),			\
			ACE(ACL_GROUP_OBJ, 1001, 5)
#define MINIMAL		W(4), W(4), ACE(ACL_USER_OBJ, 1000, 6), ACE(ACL_GROUP_OBJ, 1001, 4),	\
			ACE(ACL_MASK, 0, 4), ACE(ACL_OTHER, 0, 0)
#define DEF(type)	((type) | NFSACL_TYPE_DEFAULT)
#define DEFAULT		W(5), W(5), ACE(DEF(ACL_USER_OBJ), 1000, 7),				\
			ACE(DEF(ACL_GROUP_OBJ), 1001, 5), ACE(DEF(ACL_GROUP), 1006, 3),		\
			ACE(DEF(ACL_MASK), 0, 7), ACE(DEF(ACL_OTHER), 0, 0)

/* What an ACL is to become: tag, id, perm of each entry */
struct want {
	unsigned int	nr;
	struct {
		int	tag;
		u32	id;
		int	perm;
	} e[5];
};

static const struct want extended = { 5, {
	{ ACL_USER_OBJ, 0, 6 }, { ACL_USER, 1005, 7 }, { ACL_GROUP_OBJ, 0, 5 },
	{ ACL_MASK, 0, 7 }, { ACL_OTHER, 0, 4 } } };
static const struct want minimal = { 3, {
	{ ACL_USER_OBJ, 0, 6 }, { ACL_GROUP_OBJ, 0, 4 }, { ACL_OTHER, 0, 0 } } };
static const struct want inherited = { 5, {
	{ ACL_USER_OBJ, 0, 7 }, { ACL_GROUP_OBJ, 0, 5 }, { ACL_GROUP, 1006, 3 },
	{ ACL_MASK, 0, 7 }, { ACL_OTHER, 0, 0 } } };

/**
 * struct acl_case - a reply to GETACL
 * @desc: what it is
 * @asked: NFSACL_* of the call
 * @access: what the object's ACL is to be, NULL: none
 * @def: what the default ACL is to be, NULL: none
 * @wire: the message
 * @len: its bytes
 */
struct acl_case {
	const char		*desc;
	u32			asked;
	const struct want	*access;
	const struct want	*def;
	const u8		*wire;
	size_t			len;
};

static const struct acl_case good_cases[] = {
	{ "extended", BOTH, &extended, NULL, WIRE(OK, ATTR_YES, W(BOTH), EXTENDED, EMPTY) },
	{ "without attributes", BOTH, &extended, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), EXTENDED, EMPTY) },
	{ "minimal", BOTH, &minimal, NULL, WIRE(OK, ATTR_YES, W(BOTH), MINIMAL, EMPTY) },
	{ "both", ALL, &extended, &inherited, WIRE(OK, ATTR_YES, W(ALL), EXTENDED, DEFAULT) },
	{ "empty default", ALL, &minimal, NULL, WIRE(OK, ATTR_YES, W(ALL), MINIMAL, EMPTY) },
	{ "empty", BOTH, NULL, NULL, WIRE(OK, ATTR_YES, W(BOTH), EMPTY, EMPTY) },
	{ "counts only", NFSACL_ACCESS_COUNT, NULL, NULL,
	  WIRE(OK, ATTR_YES, W(NFSACL_ACCESS_COUNT), W(5), W(0), EMPTY) },
	{ "failure", BOTH, NULL, NULL, WIRE(W(NFS3ERR_NOTSUPP), ATTR_YES) },
};

static const struct acl_case bad_cases[] = {
	{ "attributes malformed", BOTH, NULL, NULL, WIRE(OK, W(2)) },
	{ "less than asked", ALL, NULL, NULL, WIRE(OK, ATTR_NO, W(BOTH), EXTENDED, EMPTY) },
	{ "unknown bit", BOTH, NULL, NULL, WIRE(OK, ATTR_NO, W(BOTH | 16), EXTENDED, EMPTY) },
	{ "count differs", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(3), W(4), ACE(1, 0, 6), ACE(4, 0, 4), ACE(16, 0, 4),
	       ACE(32, 0, 4), EMPTY) },
	{ "entries not asked for", NFSACL_ACCESS_COUNT, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(NFSACL_ACCESS_COUNT), EXTENDED, EMPTY) },
	{ "type unknown", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(3), W(3), ACE(1, 0, 6), ACE(4, 0, 4), ACE(64, 0, 4),
	       EMPTY) },
	{ "type 0", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(3), W(3), ACE(0, 0, 6), ACE(4, 0, 4), ACE(32, 0, 4),
	       EMPTY) },
	{ "types that are sums", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(3), W(3), ACE(1, 0, 6), ACE(6, 0, 4), ACE(32, 0, 4),
	       EMPTY) },
	{ "no others", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(2), W(2), ACE(1, 0, 6), ACE(4, 0, 4), EMPTY) },
	{ "two owners", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(4), W(4), ACE(1, 0, 6), ACE(1, 0, 6), ACE(4, 0, 4),
	       ACE(32, 0, 4), EMPTY) },
	{ "user without mask", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(4), W(4), ACE(1, 0, 6), ACE(2, 5, 6), ACE(4, 0, 4),
	       ACE(32, 0, 4), EMPTY) },
	{ "permission of 4 bits", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(3), W(3), ACE(1, 0, 6), ACE(4, 0, 8), ACE(32, 0, 4),
	       EMPTY) },
	{ "permission of 17 bits", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(3), W(3), ACE(1, 0, 6), ACE(4, 0, 0x10004),
	       ACE(32, 0, 4), EMPTY) },
	{ "nobody's id", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(5), W(5), ACE(1, 0, 6), ACE(2, 0xffffffff, 6),
	       ACE(4, 0, 4), ACE(16, 0, 4), ACE(32, 0, 4), EMPTY) },
	{ "default malformed", ALL, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(ALL), EXTENDED, W(1), W(1), ACE(DEF(1), 0, 6)) },
	{ "count is huge", BOTH, NULL, NULL,
	  WIRE(OK, ATTR_NO, W(BOTH), W(0xffffffff), W(0xffffffff), ACE(1, 0, 6)) },
};

static void acl_case_desc(const struct acl_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(good, good_cases, acl_case_desc);
KUNIT_ARRAY_PARAM(bad, bad_cases, acl_case_desc);

static struct snfs_kunit_call *getacl(struct kunit *test, u32 asked)
{
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs3_procedures[SNFS3_ROW_GETACL]);

	call->args.acl.mask = asked;
	call->args.acl.pages = call->pages;
	call->args.acl.len = SNFS_KUNIT_PAGES * PAGE_SIZE;
	memset(&call->res, 0x55, sizeof(call->res));
	return call;
}

static void release(struct snfs_kunit_call *call)
{
	posix_acl_release(call->res.acl.access);
	posix_acl_release(call->res.acl.def);
}

static u32 id_of(const struct posix_acl_entry *e)
{
	if (e->e_tag == ACL_USER)
		return __kuid_val(e->e_uid);
	return e->e_tag == ACL_GROUP ? __kgid_val(e->e_gid) : 0;
}

static void expect_acl(struct kunit *test, const struct posix_acl *acl, const struct want *want)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(test, !acl, !want);
	if (!acl || !want)
		return;
	KUNIT_EXPECT_EQ(test, (unsigned int)acl->a_count, want->nr);
	for (i = 0; i < want->nr && i < acl->a_count; i++) {
		KUNIT_EXPECT_EQ(test, (int)acl->a_entries[i].e_tag, want->e[i].tag);
		KUNIT_EXPECT_EQ(test, id_of(&acl->a_entries[i]), want->e[i].id);
		KUNIT_EXPECT_EQ(test, (int)acl->a_entries[i].e_perm, want->e[i].perm);
	}
}

static void decodes(struct kunit *test)
{
	const struct acl_case *c = test->param_value;
	struct snfs_kunit_call *call = getacl(test, c->asked);

	KUNIT_EXPECT_EQ(test, snfs_kunit_decode(test, call, c->wire, c->len), 0);
	expect_acl(test, call->res.acl.access, c->access);
	expect_acl(test, call->res.acl.def, c->def);
	KUNIT_EXPECT_EQ(test, call->res.wcc[0].post.valid, c->wire[7] == 1);
	release(call);
}

static void expect_refused(struct kunit *test, const struct acl_case *c, size_t len)
{
	struct snfs_kunit_call *call = getacl(test, c->asked);

	KUNIT_EXPECT_EQ_MSG(test, snfs_kunit_decode(test, call, c->wire, len), -EIO,
			    "%zu bytes", len);
	KUNIT_EXPECT_NULL(test, call->res.acl.access);
	KUNIT_EXPECT_NULL(test, call->res.acl.def);
}

static void cut_anywhere_fails(struct kunit *test)
{
	const struct acl_case *c = test->param_value;
	size_t len;

	for (len = 0; len < c->len; len++)
		expect_refused(test, c, len);
}

static void hostile_reply_fails(struct kunit *test)
{
	const struct acl_case *c = test->param_value;

	expect_refused(test, c, c->len);
}

static void put_be(u8 **p, u32 n)
{
	const u8 word[] = { W(n) };

	memcpy(*p, word, sizeof(word));
	*p += sizeof(word);
}

/* A reply with an ACL of @nr entries, all but four of which are of users */
static size_t long_reply(u8 *wire, u32 nr)
{
	static const u8 base[] = { ACE(1, 0, 6), ACE(4, 0, 4), ACE(16, 0, 6), ACE(32, 0, 4) };
	static const u8 head[] = { OK, ATTR_NO, W(BOTH) };
	u8 *p = wire;
	u32 i;

	memcpy(p, head, sizeof(head));
	p += sizeof(head);
	put_be(&p, nr);
	put_be(&p, nr);
	/* The highest first, to be sorted. */
	for (i = nr - 4; i; i--) {
		put_be(&p, ACL_USER);
		put_be(&p, 1000 + i);
		put_be(&p, i % 8);
	}
	memcpy(p, base, sizeof(base));
	p += sizeof(base);
	put_be(&p, 0);
	put_be(&p, 0);
	return p - wire;
}

static void entries_1024_and_no_more(struct kunit *test)
{
	u8 *wire = kunit_kzalloc(test, 16384, GFP_KERNEL);
	struct snfs_kunit_call *call = getacl(test, BOTH);
	const struct posix_acl *acl;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, wire);
	KUNIT_ASSERT_EQ(test, snfs_kunit_decode(test, call, wire, long_reply(wire, 1024)), 0);
	acl = call->res.acl.access;
	KUNIT_ASSERT_NOT_NULL(test, acl);
	KUNIT_EXPECT_EQ(test, (unsigned int)acl->a_count, 1024U);
	for (i = 1; i <= 1020; i++) {
		KUNIT_EXPECT_EQ(test, id_of(&acl->a_entries[i]), 1000 + i);
		KUNIT_EXPECT_EQ(test, (unsigned int)acl->a_entries[i].e_perm, i % 8);
	}
	release(call);
	call = getacl(test, BOTH);
	KUNIT_EXPECT_EQ(test, snfs_kunit_decode(test, call, wire, long_reply(wire, 1025)), -EIO);
}

static void setacl_reply(struct kunit *test)
{
	static const u8 wire[] = { OK, ATTR_YES };
	size_t len;

	for (len = 0; len <= sizeof(wire); len++) {
		struct snfs_kunit_call *call;

		call = snfs_kunit_call(test, &snfs3_procedures[SNFS3_ROW_SETACL]);
		call->args.acl.pages = call->pages;
		KUNIT_EXPECT_EQ(test, snfs_kunit_decode(test, call, wire, len),
				len < sizeof(wire) ? -EIO : 0);
	}
}

static void getacl_arguments(struct kunit *test)
{
	static const u8 want[] = { FH5_WIRE, W(ALL) };
	struct snfs_kunit_call *call = getacl(test, ALL);
	size_t len;
	u8 *wire = snfs_kunit_encode(test, call, &len);

	KUNIT_ASSERT_EQ(test, len, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(wire, want, len), 0);
}

/* An ACL of @nr entries, all but four (or, if it is 3, none) of which are of users */
static struct posix_acl *make_acl(struct kunit *test, unsigned int nr)
{
	struct posix_acl *acl = posix_acl_alloc(nr, GFP_KERNEL);
	struct posix_acl_entry *e;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, acl);
	e = acl->a_entries;
	*e++ = (struct posix_acl_entry){ .e_tag = ACL_USER_OBJ, .e_perm = 6 };
	for (i = 1; i + 3 < nr; i++)
		*e++ = (struct posix_acl_entry){ .e_tag = ACL_USER, .e_perm = i % 8,
						 .e_uid = KUIDT_INIT(1000 + i) };
	*e++ = (struct posix_acl_entry){ .e_tag = ACL_GROUP_OBJ, .e_perm = 5 };
	if (nr > 3)
		*e++ = (struct posix_acl_entry){ .e_tag = ACL_MASK, .e_perm = 7 };
	*e = (struct posix_acl_entry){ .e_tag = ACL_OTHER, .e_perm = 4 };
	return acl;
}

static struct snfs_kunit_call *setacl(struct kunit *test)
{
	struct snfs_kunit_call *call = snfs_kunit_call(test, &snfs3_procedures[SNFS3_ROW_SETACL]);

	call->args.acl.mask = NFSACL_ACCESS | NFSACL_DEFAULT;
	call->args.acl.pages = call->pages;
	call->args.acl.uid = KUIDT_INIT(1000);
	call->args.acl.gid = KGIDT_INIT(1001);
	return call;
}

/* Three entries become four; those of the default ACL are marked. */
static void setacl_arguments(struct kunit *test)
{
	static const u8 head[] = { FH5_WIRE, W(NFSACL_ACCESS | NFSACL_DEFAULT) };
	static const u8 body[] = {
		W(4), W(4), ACE(1, 1000, 6), ACE(4, 1001, 5), ACE(16, 0, 5), ACE(32, 0, 4),
		W(5), W(5), ACE(DEF(1), 1000, 6), ACE(DEF(2), 1001, 1), ACE(DEF(4), 1001, 5),
		ACE(DEF(16), 0, 7), ACE(DEF(32), 0, 4) };
	struct posix_acl *access = make_acl(test, 3), *def = make_acl(test, 5);
	struct snfs_kunit_call *call = setacl(test);
	struct xdr_buf *snd = &call->req.rq_snd_buf;
	size_t len;
	u8 *wire;

	call->args.acl.access = access;
	call->args.acl.def = def;
	KUNIT_ASSERT_EQ(test, snfs3_pack_acls(&call->args, &init_user_ns), 0);
	KUNIT_EXPECT_EQ(test, (size_t)call->args.acl.len, sizeof(body));
	KUNIT_EXPECT_EQ(test, memcmp(page_address(call->pages[0]), body, sizeof(body)), 0);
	wire = snfs_kunit_encode(test, call, &len);
	KUNIT_EXPECT_EQ(test, len, sizeof(head));
	KUNIT_EXPECT_EQ(test, memcmp(wire, head, sizeof(head)), 0);
	KUNIT_EXPECT_EQ(test, (size_t)snd->page_len, sizeof(body));
	posix_acl_release(access);
	posix_acl_release(def);
}

static void no_acl_is_empty(struct kunit *test)
{
	static const u8 body[] = { EMPTY, EMPTY };
	struct snfs_kunit_call *call = setacl(test);

	KUNIT_ASSERT_EQ(test, snfs3_pack_acls(&call->args, &init_user_ns), 0);
	KUNIT_EXPECT_EQ(test, (size_t)call->args.acl.len, sizeof(body));
	KUNIT_EXPECT_EQ(test, memcmp(page_address(call->pages[0]), body, sizeof(body)), 0);
}

/* Entries lie across pages: what is packed is what comes back. */
static void long_acl_over_pages(struct kunit *test)
{
	struct posix_acl *acl = make_acl(test, 1000);
	struct snfs_kunit_call *call = setacl(test);
	unsigned int i, pos;

	call->args.acl.access = acl;
	KUNIT_ASSERT_EQ(test, snfs3_pack_acls(&call->args, &init_user_ns), 0);
	KUNIT_EXPECT_EQ(test, call->args.acl.len, 8U + 12000U + 8U);
	for (i = 1; i < 997; i++) {
		pos = 8 + 12 * i + 4;
		KUNIT_EXPECT_EQ(test, be32_to_cpup(page_address(call->pages[pos / PAGE_SIZE]) +
						   pos % PAGE_SIZE), 1000 + i);
	}
	posix_acl_release(acl);
}

static void refuses_to_pack(struct kunit *test)
{
	struct posix_acl *acl = make_acl(test, 1025);
	struct snfs_kunit_call *call = setacl(test);

	call->args.acl.access = acl;
	KUNIT_EXPECT_EQ(test, snfs3_pack_acls(&call->args, &init_user_ns), -ENOSPC);
	posix_acl_release(acl);
	acl = make_acl(test, 5);
	acl->a_entries[1].e_uid = INVALID_UID;
	call->args.acl.access = acl;
	KUNIT_EXPECT_EQ(test, snfs3_pack_acls(&call->args, &init_user_ns), -EOVERFLOW);
	posix_acl_release(acl);
}

static struct kunit_case xdr3_acl_tests[] = {
	KUNIT_CASE_PARAM(decodes, good_gen_params),
	KUNIT_CASE_PARAM(cut_anywhere_fails, good_gen_params),
	KUNIT_CASE_PARAM(hostile_reply_fails, bad_gen_params),
	KUNIT_CASE(entries_1024_and_no_more),
	KUNIT_CASE(setacl_reply),
	KUNIT_CASE(getacl_arguments),
	KUNIT_CASE(setacl_arguments),
	KUNIT_CASE(no_acl_is_empty),
	KUNIT_CASE(long_acl_over_pages),
	KUNIT_CASE(refuses_to_pack),
	{}
};

static struct kunit_suite xdr3_acl_suite = {
	.name		= "snfs_xdr3_acl",
	.test_cases	= xdr3_acl_tests,
};

kunit_test_suite(xdr3_acl_suite);

MODULE_DESCRIPTION("KUnit: snfs NFSACL codec");
MODULE_LICENSE("GPL");
