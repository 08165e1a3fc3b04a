// SPDX-License-Identifier: GPL-2.0
/*
 * oddproxy - makes an NFSv3 server look like one of another make
 *
 *	oddproxy PORT SERVER-PORT FILE
 *
 * Passes RPC over TCP between PORT and SERVER-PORT of loopback. The words in FILE, read anew
 * before each message, say what is rewritten; without any, not a byte is. A counter starts anew
 * when FILE's text changes.
 *
 *	noattr			no optional attributes and no wcc_data anywhere
 *	noplusattr, noplusfh	none with the entries of READDIRPLUS; no handles there
 *	limits			FSINFO: 4096 bytes for READ and WRITE, 512 for READDIR
 *	short=N			READ and WRITE move at most N bytes
 *	fail=PROC:STATUS[:N]	calls of a procedure (its number) fail; only the Nth of them
 *	newverf=N		from the Nth READDIR(PLUS) on the verifier is another; with the old
 *				or none only calls from the start are served
 *	loop			the cookie that the fourth READDIR(PLUS) begins at leads to the
 *				one of the second: a circle
 *	samecookie		all entries of a reply have one cookie
 *	bigcookie		cookies over 63 bits, falling
 *	fileid=X		file numbers XOR X
 *	handles			handles of all lengths from 1 to 64
 *	restart=N		N times: what UNSTABLE WRITEs brought is forgotten before COMMIT,
 *				which tells another verifier
 *	access=X		ACCESS grants the bits X beyond those that the server grants
 *	mode=X			these bits are set in all modes
 *	uid=N gid=N nlink=N	in all attributes
 *	type=N			regular files are of this type (ftype3)
 *	fsid			another one in each reply, but for directories: where theirs
 *				changes is a mount
 *	name=nul|endnul|slash|empty|long|dots	what a listing calls the entry "victim"
 *	cut=N			READDIR(PLUS) replies end after N bytes of their list
 *	garbage			their list is of random bytes
 *	fuzz=N			one byte of every Nth reply is wrong
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/wire.h"
#include "shared/words.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MAX_PAIRS	32
#define MAX_RECORD	(4u << 20)
#define LAST_FRAGMENT	0x80000000u
#define NFS_PROGRAM	100003
#define ACL_PROGRAM	100227

enum {
	GETATTR = 1, READ = 6, WRITE = 7, READDIR = 16, READDIRPLUS = 17, COMMIT = 21, NPROC = 22,
};

enum { NF3REG = 1, NF3DIR = 2 };

enum { NFS3_OK = 0, BAD_COOKIE = 10003 };

/* What is rewritten; set by FILE */
struct rules {
	bool noattr, noplusattr, noplusfh, limits, loop, samecookie, bigcookie, handles, fsid;
	bool garbage, set_uid, set_gid, set_nlink;
	uint32_t shorten, newverf, restart, access, mode, uid, gid, nlink, cut, fuzz, type;
	bool set_cut;
	uint64_t fileid;
	const char *name;
	struct { uint32_t status, nth; } fail[NPROC];
};

static struct rules rules;
static const char *rules_file;

/* What happened since FILE changed */
static uint32_t calls[NPROC], listings, goes_on, replies;
static uint64_t loop_start, loop_end;

/* What the other cookie verifier differs in; as servers of Linux have 0 it is the verifier */
#define NEW_VERF	0x5a5a

/* How often the server "restarted": never reset, as verifiers must not come back */
static uint32_t boots;

/* ---------------------------------------------------------------- rules -- */

static bool flag_word(const char *word)
{
	const struct flag_word flags[] = {
		{ "noattr", &rules.noattr },		{ "noplusattr", &rules.noplusattr },
		{ "noplusfh", &rules.noplusfh },	{ "limits", &rules.limits },
		{ "loop", &rules.loop },		{ "samecookie", &rules.samecookie },
		{ "bigcookie", &rules.bigcookie },	{ "handles", &rules.handles },
		{ "fsid", &rules.fsid },		{ "garbage", &rules.garbage },
	};

	return take_flag(word, flags, ARRAY_SIZE(flags));
}

static bool number_word(const char *word)
{
	const struct number_word numbers[] = {
		{ "short", &rules.shorten, NULL },	{ "newverf", &rules.newverf, NULL },
		{ "restart", &rules.restart, NULL },	{ "access", &rules.access, NULL },
		{ "mode", &rules.mode, NULL },		{ "uid", &rules.uid, &rules.set_uid },
		{ "gid", &rules.gid, &rules.set_gid },	{ "fuzz", &rules.fuzz, NULL },
		{ "nlink", &rules.nlink, &rules.set_nlink },
		{ "cut", &rules.cut, &rules.set_cut },	{ "type", &rules.type, NULL },
	};

	return word_is_number(word, "fileid", &rules.fileid) ||
	       take_number(word, numbers, ARRAY_SIZE(numbers));
}

static void rule(const char *word)
{
	static char name[16];
	uint32_t proc, status, nth = 0;

	if (flag_word(word) || number_word(word))
		return;
	if (sscanf(word, "fail=%u:%u:%u", &proc, &status, &nth) >= 2 && proc < NPROC) {
		rules.fail[proc].status = status;
		rules.fail[proc].nth = nth;
	} else if (sscanf(word, "name=%15s", name) == 1) {
		rules.name = name;
	} else {
		errx(1, "%s: unknown word %s", rules_file, word);
	}
}

static void read_rules(void)
{
	char *text = words_anew(rules_file), *word, *save;

	if (!text)
		return;
	memset(&rules, 0, sizeof(rules));
	memset(calls, 0, sizeof(calls));
	listings = 0;
	goes_on = 0;
	replies = 0;
	for (word = strtok_r(text, "\n ", &save); word; word = strtok_r(NULL, "\n ", &save))
		rule(word);
}

/* ------------------------------------------------------------------ XDR -- */

/* A message that is read, and the one that is made of it */
struct msg {
	const uint8_t *in, *end;
	uint8_t *out;
	bool call;
	bool bad;	/* it is not what the RFC says: pass it as it is */
	bool refuse;	/* a listing's verifier is not the one that is good now */
};

static void put32(struct msg *m, uint32_t v)
{
	v = htonl(v);
	memcpy(m->out, &v, 4);
	m->out += 4;
}

static void put64(struct msg *m, uint64_t v)
{
	put32(m, v >> 32);
	put32(m, v);
}

static const uint8_t *take(struct msg *m, size_t len)
{
	return wire_take(&m->in, m->end, &m->bad, len);
}

static uint32_t get32(struct msg *m)
{
	return wire_take32(&m->in, m->end, &m->bad);
}

static uint64_t get64(struct msg *m)
{
	uint64_t high = get32(m);

	return high << 32 | get32(m);
}

static void copy(struct msg *m, size_t len)
{
	const uint8_t *p = take(m, len);

	if (m->bad)
		return;
	memcpy(m->out, p, len);
	m->out += len;
}

static uint32_t copy32(struct msg *m)
{
	uint32_t v = get32(m);

	put32(m, v);
	return v;
}

static void put_opaque(struct msg *m, const void *p, uint32_t len)
{
	put32(m, len);
	memset(m->out, 0, padded(len));
	memcpy(m->out, p, len);
	m->out += padded(len);
}

static void copy_opaque(struct msg *m)
{
	copy(m, padded(copy32(m)));
}

static void copy_rest(struct msg *m)
{
	copy(m, m->end - m->in);
}

/* -------------------------------------------------------------- handles -- */

struct handle {
	uint8_t len, data[64];
};

/* The server's, and ours in its place. The export's root comes from mountd and is not here. */
static struct { struct handle server, client; } *handles;
static uint32_t nr_handles;

/* Short ones for the first only: a byte names no more than 256. */
static struct handle odd_handle(uint32_t nr)
{
	uint32_t need = nr < 256 ? 1 : nr < 65536 ? 2 : 3, i;
	struct handle h = { .len = 1 + nr % 64 };

	if (h.len < need)
		h.len = need;
	memset(h.data, 0xa5, h.len);
	for (i = 0; i < need; i++)
		h.data[i] = nr >> 8 * i;
	return h;
}

static const struct handle *to_client(const struct handle *h)
{
	uint32_t i;

	for (i = nr_handles; i--; )
		if (!memcmp(&handles[i].server, h, sizeof(*h)))
			return &handles[i].client;
	if (nr_handles % 1024 == 0)
		handles = realloc(handles, (nr_handles + 1024) * sizeof(*handles));
	if (!handles)
		err(1, "realloc");
	handles[nr_handles].server = *h;
	handles[nr_handles].client = odd_handle(nr_handles);
	return &handles[nr_handles++].client;
}

static const struct handle *to_server(const struct handle *h)
{
	uint32_t i;

	for (i = nr_handles; i--; )
		if (!memcmp(&handles[i].client, h, sizeof(*h)))
			return &handles[i].server;
	return h;
}

static void handle(struct msg *m)
{
	uint32_t len = get32(m);
	struct handle h = { .len = len };
	const struct handle *mapped = &h;

	if (!len || len > sizeof(h.data)) {
		m->bad = true;
		return;
	}
	memcpy(h.data, take(m, padded(len)), len);
	if (rules.handles && !m->bad)
		mapped = m->call ? to_server(&h) : to_client(&h);
	put_opaque(m, mapped->data, mapped->len);
}

/* ----------------------------------------------------------- attributes -- */

static void fattr(struct msg *m)
{
	uint32_t type = get32(m), mode, nlink, uid, gid;

	put32(m, rules.type && type == NF3REG ? rules.type : type);
	mode = get32(m);
	nlink = get32(m);
	uid = get32(m);
	gid = get32(m);
	put32(m, mode | rules.mode);
	put32(m, rules.set_nlink ? rules.nlink : nlink);
	put32(m, rules.set_uid ? rules.uid : uid);
	put32(m, rules.set_gid ? rules.gid : gid);
	copy(m, 8 + 8 + 8);
	put64(m, get64(m) ^ (rules.fsid && type != NF3DIR ? random() : 0));
	put64(m, get64(m) ^ rules.fileid);
	copy(m, 3 * 8);
}

static void post_op_attr(struct msg *m, bool drop)
{
	uint8_t *start = m->out;

	if (copy32(m))
		fattr(m);
	if (drop && !m->bad) {
		m->out = start;
		put32(m, 0);
	}
}

static void wcc_data(struct msg *m)
{
	uint8_t *start = m->out;

	if (copy32(m))
		copy(m, 3 * 8);
	if (rules.noattr && !m->bad) {
		m->out = start;
		put32(m, 0);
	}
	post_op_attr(m, rules.noattr);
}

static void post_op_fh(struct msg *m, bool drop)
{
	uint8_t *start = m->out;

	if (copy32(m))
		handle(m);
	if (drop && !m->bad) {
		m->out = start;
		put32(m, 0);
	}
}

/* ------------------------------------------------------------- listings -- */

static uint64_t flip_cookie(uint64_t cookie)
{
	return rules.bigcookie && cookie ? ~cookie : cookie;
}

static void entry_name(struct msg *m)
{
	static const char longname[300] = { [0 ... 299] = 'x' };
	uint32_t len = get32(m);
	const char *name = (const char *)take(m, padded(len)), *what = rules.name;

	if (m->bad)
		return;
	if (!what || len != 6 || memcmp(name, "victim", 6))
		put_opaque(m, name, len);
	else if (!strcmp(what, "nul"))
		put_opaque(m, "vic\0im", 6);
	else if (!strcmp(what, "endnul"))
		put_opaque(m, "victim", sizeof("victim"));
	else if (!strcmp(what, "slash"))
		put_opaque(m, "../etc", 6);
	else if (!strcmp(what, "empty"))
		put_opaque(m, "", 0);
	else if (!strcmp(what, "long"))
		put_opaque(m, longname, sizeof(longname));
	else
		put_opaque(m, "..", 2);
}

static void entries(struct msg *m, bool plus)
{
	while (!m->bad && copy32(m)) {
		put64(m, get64(m) ^ rules.fileid);
		entry_name(m);
		put64(m, rules.samecookie ? get64(m), 7 : flip_cookie(get64(m)));
		if (plus) {
			post_op_attr(m, rules.noattr || rules.noplusattr);
			post_op_fh(m, rules.noplusfh);
		}
	}
	copy(m, 4);
}

static void spoil(struct msg *m, uint8_t *start)
{
	size_t len = m->out - start;
	uint8_t *p;

	if (rules.garbage)
		for (p = start; p < m->out; p++)
			*p = random() % 7 ? 0 : random();
	if (rules.set_cut && rules.cut < len)
		m->out = start + rules.cut;
}

static void listing(struct msg *m, bool plus)
{
	uint64_t verf = get64(m);
	uint8_t *start;

	put64(m, rules.newverf && listings >= rules.newverf ? verf ^ NEW_VERF : verf);
	start = m->out;
	entries(m, plus);
	if (!m->bad)
		spoil(m, start);
}

static void readdir_args(struct msg *m)
{
	uint64_t cookie = flip_cookie(get64(m)), verf = get64(m);

	if (rules.loop && cookie) {
		goes_on++;
		if (goes_on == 2)
			loop_start = cookie;
		else if (goes_on == 4)
			loop_end = cookie;
		if (goes_on >= 4 && cookie == loop_end)
			cookie = loop_start;
	}
	if (rules.newverf && ++listings >= rules.newverf && cookie) {
		m->refuse = verf != NEW_VERF;
		verf ^= NEW_VERF;
	}
	put64(m, cookie);
	put64(m, verf);
	/* Other handles may be longer. */
	while (m->in < m->end && !m->bad)
		put32(m, get32(m) / (rules.handles ? 2 : 1));
}

/* ------------------------------------------------------ calls and replies -- */

static void io_args(struct msg *m, bool write)
{
	uint32_t count, len;
	const uint8_t *data;

	copy(m, 8);
	count = get32(m);
	if (rules.shorten && count > rules.shorten)
		count = rules.shorten;
	put32(m, count);
	if (!write)
		return;
	copy(m, 4);
	len = get32(m);
	data = take(m, padded(len));
	if (!m->bad)
		put_opaque(m, data, len < count ? len : count);
}

static void fsinfo(struct msg *m)
{
	static const uint32_t low[] = { 4096, 4096, 1, 4096, 4096, 1, 512 };
	size_t i;

	for (i = 0; i < 7; i++) {
		uint32_t v = get32(m);

		put32(m, rules.limits ? low[i] : v);
	}
}

/*
 * What calls and replies are made of, in the order of the procedures:
 *	f handle	n name		r READ's rest	W WRITE's rest	c READDIR's cookie etc.
 *	a fattr3	p post_op_attr	w wcc_data	g post_op_fh3	u word
 *	x ACCESS bits	v writeverf3	i FSINFO	e E listing	* all that follows
 */
static const struct { const char *args, *ok, *fail; } shapes[NPROC] = {
	{ "*", "*", "*" },	{ "f", "a", "" },	{ "f*", "w", "w" },
	{ "fn", "fpp", "p" },	{ "fu", "px", "p" },	{ "f", "p*", "p" },
	{ "fr", "p*", "p" },	{ "fW", "wuuv", "w" },	{ "f*", "gpw", "w" },
	{ "f*", "gpw", "w" },	{ "f*", "gpw", "w" },	{ "f*", "gpw", "w" },
	{ "f*", "w", "w" },	{ "f*", "w", "w" },	{ "fnf*", "ww", "ww" },
	{ "ff*", "pw", "pw" },	{ "fc", "pe", "p" },	{ "fc", "pE", "p" },
	{ "f", "p*", "p" },	{ "f", "pi*", "p" },	{ "f", "p*", "p" },
	{ "f*", "wv", "w" },
};

static void read_args(struct msg *m)
{
	io_args(m, false);
}

static void write_args(struct msg *m)
{
	io_args(m, true);
}

static void attributes(struct msg *m)
{
	post_op_attr(m, rules.noattr);
}

static void new_handle(struct msg *m)
{
	post_op_fh(m, rules.noattr);
}

static void word(struct msg *m)
{
	copy(m, 4);
}

static void access_bits(struct msg *m)
{
	put32(m, get32(m) | rules.access);
}

static void write_verifier(struct msg *m)
{
	put64(m, get64(m) ^ boots);
}

static void names(struct msg *m)
{
	listing(m, false);
}

static void names_plus(struct msg *m)
{
	listing(m, true);
}

static void (*const items[])(struct msg *m) = {
	['f'] = handle,		['n'] = copy_opaque,	['r'] = read_args,
	['W'] = write_args,	['c'] = readdir_args,	['a'] = fattr,
	['p'] = attributes,	['w'] = wcc_data,	['g'] = new_handle,
	['u'] = word,		['x'] = access_bits,	['v'] = write_verifier,
	['i'] = fsinfo,		['e'] = names,		['E'] = names_plus,
	['*'] = copy_rest,
};

static void walk(struct msg *m, const char *shape)
{
	for (; *shape && !m->bad; shape++)
		items[(unsigned char)*shape](m);
}

/* An answer of our own: the arm of failure, with no attributes; or WRITE's of success */
static size_t answer(uint8_t *out, uint32_t xid, uint32_t proc, uint32_t status, uint32_t count)
{
	struct msg m = { .out = out };
	const char *p = shapes[proc].fail;

	put32(&m, xid);
	put32(&m, 1);
	put32(&m, 0);
	put64(&m, 0);
	put32(&m, 0);
	put32(&m, status);
	for (; *p; p++) {
		put32(&m, 0);
		if (*p == 'w')
			put32(&m, 0);
	}
	if (status == NFS3_OK) {
		put32(&m, count);
		put32(&m, 0);
		put64(&m, boots);
	}
	return m.out - out;
}

/*
 * Calls under way, and their procedures; proc 0: free, as NULL's reply is never rewritten. Those
 * whose reply never comes are overwritten when the table has been gone through.
 */
static struct under_way { uint32_t xid, proc; } under_way[4096];

static void remember(uint32_t xid, uint32_t proc)
{
	static unsigned int next;

	under_way[next++ % ARRAY_SIZE(under_way)] = (struct under_way){ xid, proc };
}

/* The procedure of a call that is under way no more; 0: it never was */
static uint32_t recall(uint32_t xid)
{
	struct under_way *u;
	uint32_t proc;

	for (u = under_way; u < under_way + ARRAY_SIZE(under_way); u++) {
		if (!u->proc || u->xid != xid)
			continue;
		proc = u->proc;
		u->proc = 0;
		return proc;
	}
	return 0;
}

static bool fails(uint32_t proc)
{
	uint32_t nth = rules.fail[proc].nth;

	return rules.fail[proc].status && (!nth || nth == calls[proc]);
}

/* UNSTABLE WRITEs that the server will forget never reach it. Returns the bytes. */
static uint32_t forgotten(const uint8_t *args, const uint8_t *end)
{
	uint8_t scratch[128];
	struct msg m = { .in = args, .end = end, .out = scratch, .call = true };
	uint32_t count;

	if (boots >= rules.restart)
		return 0;
	handle(&m);
	copy(&m, 8);
	count = get32(&m);
	return !m.bad && get32(&m) == 0 ? count : 0;
}

/*
 * Rewrites a call. Returns the length of what is in @out: the call to send on, or, if *own is
 * set, an answer to send back.
 */
static size_t call(const uint8_t *in, size_t len, uint8_t *out, bool *own)
{
	struct msg m = { .in = in, .end = in + len, .out = out, .call = true };
	uint32_t xid = copy32(&m), head[5], proc, lost, i;
	const uint8_t *args;

	for (i = 0; i < 5; i++)
		head[i] = copy32(&m);
	proc = head[4];
	for (i = 0; i < 2; i++) {
		copy(&m, 4);
		copy_opaque(&m);
	}
	if (!m.bad && head[2] == ACL_PROGRAM && proc) {
		walk(&m, "f*");
		return m.bad ? 0 : m.out - out;
	}
	if (m.bad || head[2] != NFS_PROGRAM || head[3] != 3 || proc >= NPROC)
		return 0;
	calls[proc]++;
	args = m.in;
	*own = true;
	if (fails(proc))
		return answer(out, xid, proc, rules.fail[proc].status, 0);
	lost = proc == WRITE ? forgotten(args, m.end) : 0;
	if (lost)
		return answer(out, xid, proc, NFS3_OK, lost);
	if (proc == COMMIT && boots < rules.restart)
		boots++;
	walk(&m, shapes[proc].args);
	if (m.refuse)
		return answer(out, xid, proc, BAD_COOKIE, 0);
	*own = false;
	remember(xid, proc);
	return m.bad ? 0 : m.out - out;
}

/* Rewrites a reply. Returns its length, or 0: pass it as it is. */
static size_t reply(const uint8_t *in, size_t len, uint8_t *out)
{
	struct msg m = { .in = in, .end = in + len, .out = out };
	uint32_t proc = recall(copy32(&m)), status;
	uint8_t *body;

	if (!proc)
		return 0;
	/* An accepted and successful one only */
	if (copy32(&m) != 1 || copy32(&m) != 0)
		return 0;
	copy(&m, 4);
	copy_opaque(&m);
	if (copy32(&m) != 0 || m.bad)
		return 0;
	body = m.out;
	status = copy32(&m);
	walk(&m, status == NFS3_OK ? shapes[proc].ok : shapes[proc].fail);
	if (m.bad)
		return 0;
	if (rules.fuzz && ++replies % rules.fuzz == 0)
		body[random() % (m.out - body)] ^= 1 << random() % 8;
	return m.out - out;
}

/* ---------------------------------------------------------------- network -- */

struct stream {
	int fd;
	uint8_t *buf;
	size_t have;
};

static struct pair { struct stream client, server; } pairs[MAX_PAIRS];
static uint8_t out_buf[MAX_RECORD + 4], record[MAX_RECORD];

static bool send_record(int fd, size_t len)
{
	uint32_t mark = htonl(LAST_FRAGMENT | len);

	memcpy(out_buf, &mark, 4);
	return send_all(fd, out_buf, len + 4);
}

static bool pass_record(struct pair *pair, bool is_call, size_t len)
{
	int to = is_call ? pair->server.fd : pair->client.fd;
	bool own = false;
	size_t n;

	read_rules();
	n = is_call ? call(record, len, out_buf + 4, &own) : reply(record, len, out_buf + 4);
	if (!n) {
		memcpy(out_buf + 4, record, len);
		n = len;
	}
	return send_record(own ? pair->client.fd : to, n);
}

/* Takes one record out of the stream. Returns its bytes there, marks included; 0: not yet. */
static size_t next_record(const struct stream *s, size_t *len)
{
	size_t at = 0;
	uint32_t mark;

	*len = 0;
	do {
		if (s->have < at + 4)
			return 0;
		memcpy(&mark, s->buf + at, 4);
		mark = ntohl(mark);
		at += 4;
		if (*len + (mark & ~LAST_FRAGMENT) > MAX_RECORD)
			errx(1, "a record is too long");
		if (s->have - at < (mark & ~LAST_FRAGMENT))
			return 0;
		memcpy(record + *len, s->buf + at, mark & ~LAST_FRAGMENT);
		*len += mark & ~LAST_FRAGMENT;
		at += mark & ~LAST_FRAGMENT;
	} while (!(mark & LAST_FRAGMENT));
	return at;
}

static bool pump(struct pair *pair, bool is_call)
{
	struct stream *s = is_call ? &pair->client : &pair->server;
	ssize_t n = recv(s->fd, s->buf + s->have, 2 * MAX_RECORD - s->have, 0);
	size_t used, len, at = 0;

	if (n <= 0)
		return false;
	s->have += n;
	for (;;) {
		struct stream rest = { .buf = s->buf + at, .have = s->have - at };

		used = next_record(&rest, &len);
		if (!used)
			break;
		if (!pass_record(pair, is_call, len))
			return false;
		at += used;
	}
	s->have -= at;
	memmove(s->buf, s->buf + at, s->have);
	return true;
}

static void hang_up(struct pair *pair)
{
	close(pair->client.fd);
	close(pair->server.fd);
	free(pair->client.buf);
	free(pair->server.buf);
	memset(pair, 0, sizeof(*pair));
}

static int tcp(int port, bool serve)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (serve && (bind(fd, (struct sockaddr *)&to, sizeof(to)) || listen(fd, 16)))
		err(1, "port %d", port);
	if (!serve && connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void stream_init(struct stream *s, int fd)
{
	int one = 1;

	s->fd = fd;
	s->have = 0;
	s->buf = malloc(2 * MAX_RECORD);
	if (!s->buf)
		err(1, "malloc");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void take_client(int listener, int port)
{
	int fd = accept(listener, NULL, NULL), to = tcp(port, false), i;

	for (i = 0; i < MAX_PAIRS && pairs[i].client.buf; i++)
		;
	if (fd < 0 || to < 0 || i == MAX_PAIRS) {
		close(fd);
		close(to);
		return;
	}
	stream_init(&pairs[i].client, fd);
	stream_init(&pairs[i].server, to);
}

static void serve(int listener, int port)
{
	struct pollfd fds[1 + 2 * MAX_PAIRS] = { { .fd = listener, .events = POLLIN } };
	int i;

	for (i = 0; i < MAX_PAIRS; i++) {
		bool used = pairs[i].client.buf;

		fds[1 + 2 * i] = (struct pollfd){ used ? pairs[i].client.fd : -1, POLLIN, 0 };
		fds[2 + 2 * i] = (struct pollfd){ used ? pairs[i].server.fd : -1, POLLIN, 0 };
	}
	if (poll(fds, 1 + 2 * MAX_PAIRS, -1) < 0)
		err(1, "poll");
	for (i = 0; i < MAX_PAIRS; i++)
		if ((fds[1 + 2 * i].revents && !pump(&pairs[i], true)) ||
		    (fds[2 + 2 * i].revents && !pump(&pairs[i], false)))
			hang_up(&pairs[i]);
	if (fds[0].revents)
		take_client(listener, port);
}

int main(int argc, char **argv)
{
	int listener;

	if (argc != 4)
		errx(2, "usage: oddproxy PORT SERVER-PORT FILE");
	rules_file = argv[3];
	srandom(1);
	listener = tcp(atoi(argv[1]), true);
	for (;;)
		serve(listener, atoi(argv[2]));
}
