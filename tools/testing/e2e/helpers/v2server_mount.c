// SPDX-License-Identifier: GPL-2.0
/* v2server: the MOUNT protocol, versions 1 (RFC 1094 appendix A) and 2 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "v2server.h"

/* Who said what he has mounted, for DUMP */
static struct mounted { struct mounted *next; char host[INET6_ADDRSTRLEN]; char path[]; } *mounted;

static void peer_name(const struct call *c, char *name)
{
	const struct sockaddr_in *v4 = (const void *)&c->peer;
	const struct sockaddr_in6 *v6 = (const void *)&c->peer;

	if (c->peer.ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, name, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, &v6->sin6_addr, name, INET6_ADDRSTRLEN);
}

static void add_mounted(const char *host, const char *path)
{
	struct mounted *m;

	for (m = mounted; m; m = m->next)
		if (!strcmp(m->host, host) && !strcmp(m->path, path))
			return;
	m = malloc(sizeof(*m) + strlen(path) + 1);
	if (!m)
		err(1, "malloc");
	strcpy(m->host, host);
	strcpy(m->path, path);
	m->next = mounted;
	mounted = m;
}

/* @path: NULL for all of the host's */
static void drop_mounted(const char *host, const char *path)
{
	struct mounted **link = &mounted, *m;

	while ((m = *link)) {
		if (strcmp(m->host, host) || (path && strcmp(m->path, path))) {
			link = &m->next;
			continue;
		}
		*link = m->next;
		free(m);
	}
}

static void mount_null(struct call *c)
{
	(void)c;
}

static void mount_mnt(struct call *c)
{
	char path[MAXPATH + 1], full[2 * MAXPATH + 1], host[INET6_ADDRSTRLEN];
	uint8_t fh[FHSIZE];
	struct node n;
	uint32_t status;

	get_string(c, path, MAXPATH);
	if (c->bad)
		return;
	snprintf(full, sizeof(full), "%s%s", odd.root ? fs_served(0) : "", path);
	status = fs_get_path(full, &n);
	if (!status) {
		status = fs_handle(&n, fh);
		fs_put(&n);
	}
	put32(c, status);
	if (status)
		return;
	put_bytes(c, fh, FHSIZE);
	peer_name(c, host);
	add_mounted(host, path);
}

/* As much of the lists as fits: they are for people to look at. */
static bool fits(const struct call *c)
{
	return c->out_end - c->out > 2 * MAXPATH;
}

static void mount_dump(struct call *c)
{
	const struct mounted *m;

	for (m = mounted; m && fits(c); m = m->next) {
		put32(c, true);
		put_opaque(c, m->host, strlen(m->host));
		put_opaque(c, m->path, strlen(m->path));
	}
	put32(c, false);
}

static void mount_umnt(struct call *c)
{
	char path[MAXPATH + 1], host[INET6_ADDRSTRLEN];

	get_string(c, path, MAXPATH);
	if (c->bad)
		return;
	peer_name(c, host);
	drop_mounted(host, path);
}

static void mount_umntall(struct call *c)
{
	char host[INET6_ADDRSTRLEN];

	peer_name(c, host);
	drop_mounted(host, NULL);
}

/* No groups: to everybody */
static void mount_export(struct call *c)
{
	const char *dir;
	size_t i;

	for (i = 0; (dir = fs_served(i)) && fits(c); i++) {
		if (odd.root && i)
			break;
		put32(c, true);
		put_opaque(c, dir, odd.root ? 1 : strlen(dir));
		put32(c, false);
	}
	put32(c, false);
}

static const struct procedure mount_procs[] = {
	{ "mount-null", mount_null, false },	{ "mnt", mount_mnt, false },
	{ "dump", mount_dump, false },		{ "umnt", mount_umnt, false },
	{ "umntall", mount_umntall, false },	{ "export", mount_export, false },
	{ "exportall", mount_export, false },
};

const struct program mount_program = {
	.number = MOUNT_PROGRAM, .low = 1, .high = 2,
	.procs = mount_procs, .nr_procs = ARRAY_SIZE(mount_procs),
};
