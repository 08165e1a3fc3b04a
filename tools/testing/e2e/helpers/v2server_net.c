// SPDX-License-Identifier: GPL-2.0
/* v2server: its sockets; calls come as datagrams and as records (RFC 5531 section 11) */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "shared/wire.h"
#include "v2server.h"

#define MAX_SOCKETS	64
#define LAST_FRAGMENT	0x80000000u

enum kind { FREE, UDP, LISTENER, STREAM };

static struct sock {
	enum kind kind;
	int fd, serve;
	struct sockaddr_storage peer;
	uint8_t *buf;		/* of a stream: what has come and is not answered */
	size_t have;
} socks[MAX_SOCKETS];

static const char *words_file;

static struct sock *add_sock(enum kind kind, int fd, int serve)
{
	size_t i;

	for (i = 0; i < MAX_SOCKETS && socks[i].kind != FREE; i++)
		;
	if (i == MAX_SOCKETS)
		return NULL;
	socks[i] = (struct sock){ .kind = kind, .fd = fd, .serve = serve };
	return &socks[i];
}

/* -------------------------------------------------------------- oddities -- */

/* A reply that is late: whoever else calls waits as well. */
static void be_slow(void)
{
	static uint32_t counter;
	struct timespec delay = { odd.slow / 1000, odd.slow % 1000 * 1000000l };

	if (odd.slow && odd_turn(odd.slow_nth, &counter))
		nanosleep(&delay, NULL);
}

/* A datagram that the network lost on its way to us, or from us */
static bool is_lost(uint32_t nth, uint32_t *counter)
{
	if (!odd_turn(nth, counter))
		return false;
	count("lost");
	return true;
}

/* ------------------------------------------------------------- datagrams -- */

static void answer_datagram(struct sock *s)
{
	static uint8_t msg[65536], reply[MAX_MESSAGE];
	static uint32_t requests, replies;
	struct call c = { 0 };
	socklen_t peer_len = sizeof(c.peer);
	ssize_t len = recvfrom(s->fd, msg, sizeof(msg), 0, (struct sockaddr *)&c.peer, &peer_len);
	size_t n;
	int i;

	odd_read(words_file);
	if (len < 0 || is_lost(odd.drop, &requests))
		return;
	n = rpc_answer(&c, s->serve, msg, len, reply, sizeof(reply));
	if (!n || is_lost(odd.lose, &replies))
		return;
	be_slow();
	for (i = 0; i <= odd.twice; i++)
		sendto(s->fd, reply, n, 0, (struct sockaddr *)&c.peer, peer_len);
}

/* --------------------------------------------------------------- streams -- */

static void hang_up(struct sock *s)
{
	close(s->fd);
	free(s->buf);
	s->kind = FREE;
}

static bool answer_record(struct sock *s, const uint8_t *msg, size_t len)
{
	static uint8_t reply[4 + MAX_MESSAGE];
	struct call c = { .peer = s->peer };
	uint32_t mark;
	size_t n;
	int i;

	odd_read(words_file);
	n = rpc_answer(&c, s->serve, msg, len, reply + 4, MAX_MESSAGE);
	if (!n)
		return false;
	be_slow();
	mark = htonl(LAST_FRAGMENT | n);
	memcpy(reply, &mark, 4);
	for (i = 0; i <= odd.twice; i++)
		if (!send_all(s->fd, reply, n + 4))
			return false;
	return true;
}

/*
 * Joins the fragments of the record at the start of @in, at @record. Returns what they take there,
 * marks included; 0: not all of it has come; -1: it is longer than a call may be.
 */
static ssize_t join_record(const uint8_t *in, size_t have, uint8_t *record, size_t *len)
{
	size_t at = 0, part;
	uint32_t mark;

	*len = 0;
	do {
		if (have - at < 4)
			return 0;
		memcpy(&mark, in + at, 4);
		mark = ntohl(mark);
		part = mark & ~LAST_FRAGMENT;
		at += 4;
		if (*len + part > MAX_MESSAGE)
			return -1;
		if (have - at < part)
			return 0;
		memcpy(record + *len, in + at, part);
		*len += part;
		at += part;
	} while (!(mark & LAST_FRAGMENT));
	return at;
}

/* A record of fragments without bytes would never fill this. */
#define STREAM_SPACE	(4 * MAX_MESSAGE)

static bool answer_stream(struct sock *s)
{
	static uint8_t record[MAX_MESSAGE];
	ssize_t n = recv(s->fd, s->buf + s->have, STREAM_SPACE - s->have, 0), used;
	size_t at = 0, len;

	if (n <= 0)
		return false;
	s->have += n;
	while ((used = join_record(s->buf + at, s->have - at, record, &len)) > 0) {
		if (!answer_record(s, record, len))
			return false;
		at += used;
	}
	s->have -= at;
	memmove(s->buf, s->buf + at, s->have);
	return !used && s->have < STREAM_SPACE;
}

static void take_stream(struct sock *listener)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t len = sizeof(peer);
	struct timeval limit = { .tv_sec = 20 };
	int fd = accept4(listener->fd, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC), one = 1;
	struct sock *s = fd < 0 ? NULL : add_sock(STREAM, fd, listener->serve);

	if (!s) {
		close(fd);
		return;
	}
	/* Who does not take our replies does not stop us for ever. */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	s->peer = peer;
	s->buf = malloc(STREAM_SPACE);
	if (!s->buf)
		err(1, "malloc");
}

/* --------------------------------------------------------------- serving -- */

static socklen_t address(struct sockaddr_storage *to, int family, int port, bool anywhere)
{
	struct sockaddr_in *v4 = (void *)to;
	struct sockaddr_in6 *v6 = (void *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = family;
	if (family == AF_INET) {
		v4->sin_port = htons(port);
		v4->sin_addr.s_addr = htonl(anywhere ? INADDR_ANY : INADDR_LOOPBACK);
		return sizeof(*v4);
	}
	v6->sin6_port = htons(port);
	v6->sin6_addr = anywhere ? in6addr_any : in6addr_loopback;
	return sizeof(*v6);
}

static void listen_on(int family, enum kind kind, int port, int serve, bool anywhere)
{
	struct sockaddr_storage to;
	socklen_t len = address(&to, family, port, anywhere);
	int fd = socket(family, (kind == UDP ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 && family == AF_INET6)
		return;
	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&to, len)) {
		if (family == AF_INET6 && errno == EADDRNOTAVAIL) {
			close(fd);
			return;
		}
		err(1, "port %d", port);
	}
	if (kind == LISTENER && listen(fd, 64))
		err(1, "port %d", port);
	add_sock(kind, fd, serve);
}

void net_listen(int port, int serve, bool anywhere)
{
	listen_on(AF_INET, UDP, port, serve, anywhere);
	listen_on(AF_INET, LISTENER, port, serve, anywhere);
	listen_on(AF_INET6, UDP, port, serve, anywhere);
	listen_on(AF_INET6, LISTENER, port, serve, anywhere);
}

static void serve_sock(struct sock *s)
{
	if (s->kind == UDP)
		answer_datagram(s);
	else if (s->kind == LISTENER)
		take_stream(s);
	else if (!answer_stream(s))
		hang_up(s);
}

void net_serve(const char *words)
{
	struct pollfd fds[MAX_SOCKETS];
	size_t i;

	words_file = words;
	for (;;) {
		for (i = 0; i < MAX_SOCKETS; i++)
			fds[i] = (struct pollfd){ socks[i].kind ? socks[i].fd : -1, POLLIN, 0 };
		if (poll(fds, MAX_SOCKETS, -1) < 0)
			err(1, "poll");
		for (i = 0; i < MAX_SOCKETS; i++)
			if (fds[i].revents)
				serve_sock(&socks[i]);
	}
}
