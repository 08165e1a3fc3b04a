// SPDX-License-Identifier: GPL-2.0
/* v2server: calls and replies of ONC RPC version 2 (RFC 5531), and how many there were */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "v2server.h"

enum { CALL = 0, REPLY = 1 };
enum { MSG_ACCEPTED = 0, MSG_DENIED = 1 };
enum { RPC_MISMATCH = 0, AUTH_ERROR = 1 };
enum { SUCCESS = 0, PROG_UNAVAIL = 1, PROG_MISMATCH = 2, PROC_UNAVAIL = 3, GARBAGE_ARGS = 4 };
enum { AUTH_NONE = 0, AUTH_UNIX = 1, AUTH_BADCRED = 1 };

#define NOBODY		65534
#define MAX_AUTH	400

/* ---------------------------------------------------------------- counts -- */

/* A line for each name, all as long, so that one can be written without the others */
#define COUNT_LINE	32

static int count_fd = -1;
static struct { const char *name; uint32_t calls; } counts[64];

void count_into(const char *file)
{
	count_fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (count_fd < 0)
		err(1, "%s", file);
}

void count(const char *name)
{
	char line[COUNT_LINE + 1];
	size_t i;

	for (i = 0; counts[i].name && strcmp(counts[i].name, name); i++)
		if (i + 1 == ARRAY_SIZE(counts))
			return;
	counts[i].name = name;
	snprintf(line, sizeof(line), "%-20s %10u\n", name, ++counts[i].calls);
	if (pwrite(count_fd, line, COUNT_LINE, i * COUNT_LINE) != COUNT_LINE)
		err(1, "counting");
}

/* ----------------------------------------------------------- credentials -- */

static bool get_auth_unix(struct call *c)
{
	size_t len, i;

	get32(c);
	get_opaque(c, 255, &len);
	c->cred.uid = get32(c);
	c->cred.gid = get32(c);
	c->cred.nr_groups = get32(c);
	if (c->bad || c->cred.nr_groups > ARRAY_SIZE(c->cred.groups))
		return false;
	for (i = 0; i < c->cred.nr_groups; i++)
		c->cred.groups[i] = get32(c);
	return !c->bad;
}

/* Of the header: who calls, and a verifier that means nothing to us */
static bool get_cred(struct call *c)
{
	uint32_t flavor = get32(c);
	size_t len;
	const uint8_t *body = get_opaque(c, MAX_AUTH, &len);
	const uint8_t *next = c->in, *end = c->in_end;
	bool good = body;

	c->cred = (struct cred){ .uid = NOBODY, .gid = NOBODY };
	if (good && flavor == AUTH_UNIX) {
		c->in = body;
		c->in_end = body + len;
		good = get_auth_unix(c);
		c->in = next;
		c->in_end = end;
	} else if (flavor != AUTH_NONE) {
		good = false;
	}
	get32(c);
	get_opaque(c, MAX_AUTH, &len);
	return good && !c->bad;
}

/* --------------------------------------------------------------- replies -- */

static void denied(struct call *c, uint32_t why)
{
	put32(c, MSG_DENIED);
	put32(c, why);
	if (why == AUTH_ERROR) {
		put32(c, AUTH_BADCRED);
	} else {
		put32(c, 2);
		put32(c, 2);
	}
}

static void accepted(struct call *c, uint32_t status)
{
	put32(c, MSG_ACCEPTED);
	put32(c, AUTH_NONE);
	put32(c, 0);
	put32(c, status);
}

static const struct program *find_program(int serve, uint32_t number)
{
	if (number == NFS_PROGRAM && serve & SERVE_NFS)
		return &nfs_program;
	if (number == MOUNT_PROGRAM && serve & SERVE_MOUNT)
		return &mount_program;
	return NULL;
}

static void run(struct call *c, const struct procedure *proc)
{
	uint8_t *start = c->out;

	accepted(c, SUCCESS);
	count(proc->name);
	proc->run(c);
	if (c->bad) {
		c->out = start;
		accepted(c, GARBAGE_ARGS);
	}
}

/* What is done at most once is looked for in the cache first. */
static size_t call(struct call *c, const struct procedure *proc, const uint8_t *msg, size_t len,
		   uint8_t *reply)
{
	bool once = proc->once && !odd.nocache;
	size_t n = once ? cache_find(c, msg, len, reply) : 0;

	if (n) {
		count("again");
		return n;
	}
	run(c, proc);
	n = c->out - reply;
	if (once)
		cache_keep(c, msg, len, reply, n);
	return n;
}

size_t rpc_answer(struct call *c, int serve, const uint8_t *msg, size_t len,
		  uint8_t *out, size_t size)
{
	const struct program *program;
	uint32_t rpc_version, number, version;
	bool known;

	c->in = msg;
	c->in_end = msg + len;
	c->out = out;
	c->out_end = out + size;
	c->bad = false;
	c->xid = get32(c);
	if (get32(c) != CALL || c->bad)
		return 0;
	rpc_version = get32(c);
	number = get32(c);
	version = get32(c);
	c->proc = get32(c);
	put32(c, c->xid);
	put32(c, REPLY);
	known = get_cred(c);
	program = find_program(serve, number);
	if (rpc_version != 2) {
		denied(c, RPC_MISMATCH);
	} else if (!known) {
		denied(c, AUTH_ERROR);
	} else if (!program) {
		accepted(c, PROG_UNAVAIL);
	} else if (version < program->low || version > program->high) {
		accepted(c, PROG_MISMATCH);
		put32(c, program->low);
		put32(c, program->high);
	} else if (c->proc >= program->nr_procs || !program->procs[c->proc].name ||
		   (odd.noexport && !strcmp(program->procs[c->proc].name, "export"))) {
		accepted(c, PROC_UNAVAIL);
	} else {
		return call(c, &program->procs[c->proc], msg, len, out);
	}
	return c->out - out;
}
