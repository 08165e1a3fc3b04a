// SPDX-License-Identifier: GPL-2.0
/*
 * badserver - a TCP and UDP port on loopback where no good server listens
 *
 *	badserver MODE PORT
 *
 *	silent		takes everything, answers nothing
 *	close		closes each connection at the first byte
 *	garbage		answers each read with bytes that are no RPC
 *	http		answers as a web server would
 *	short		answers with a reply that ends in its header
 *	unavail		proper RPC replies: no such program here
 *	mismatch	proper RPC replies: only versions 8 to 9 of it
 *	denied		proper RPC replies: rejected, authentication too weak
 *	badxid		proper RPC replies, but to calls nobody made
 *	huge		a record that claims to be 2 GiB long
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FDS 64

static const char *mode;

static size_t put(uint8_t *p, const uint32_t *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		uint32_t w = htonl(words[i]);

		memcpy(p + 4 * i, &w, 4);
	}
	return 4 * n;
}

/* RFC 5531 section 9: the body of a reply to the call with this xid. */
static size_t rpc_reply(uint8_t *p, uint32_t xid)
{
	const uint32_t unavail[] = { xid, 1, 0, 0, 0, 1 };
	const uint32_t mismatch[] = { xid, 1, 0, 0, 0, 2, 8, 9 };
	const uint32_t denied[] = { xid, 1, 1, 1, 5 };
	const uint32_t badxid[] = { xid ^ 0x55555555, 1, 0, 0, 0, 0 };
	const uint32_t cut[] = { xid, 1, 0 };

	if (!strcmp(mode, "unavail"))
		return put(p, unavail, 6);
	if (!strcmp(mode, "mismatch"))
		return put(p, mismatch, 8);
	if (!strcmp(mode, "denied"))
		return put(p, denied, 5);
	if (!strcmp(mode, "badxid"))
		return put(p, badxid, 6);
	return put(p, cut, 3);
}

/* Fills @p with the answer to the call in @call; 0 means none. */
static size_t answer(uint8_t *p, const uint8_t *call, size_t len, int stream)
{
	static const char http[] =
		"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
	size_t head = stream ? 4 : 0, n, i;
	uint32_t xid, mark;

	if (!strcmp(mode, "silent"))
		return 0;
	if (!strcmp(mode, "http")) {
		memcpy(p, http, sizeof(http) - 1);
		return sizeof(http) - 1;
	}
	if (!strcmp(mode, "garbage")) {
		for (i = 0; i < 997; i++)
			p[i] = i * 167 + 13;
		return i;
	}
	if (!strcmp(mode, "huge")) {
		memset(p, 0xff, 512);
		return 512;
	}
	if (len < head + 4)
		return 0;
	memcpy(&xid, call + head, 4);
	n = rpc_reply(p + head, ntohl(xid));
	mark = htonl(0x80000000u | n);
	if (stream)
		memcpy(p, &mark, 4);
	return n + head;
}

static int listener(int type, int port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, type, 0), one = 1;

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "bind to port %d", port);
	if (type == SOCK_STREAM && listen(fd, 16))
		err(1, "listen");
	return fd;
}

/* Returns whether the connection lives on. */
static int serve(int fd, int stream)
{
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	uint8_t call[65536], reply[2048];
	ssize_t len;
	size_t n;

	len = recvfrom(fd, call, sizeof(call), 0, (struct sockaddr *)&from,
		       &from_len);
	if (len <= 0 || (stream && !strcmp(mode, "close")))
		return !stream;
	n = answer(reply, call, len, stream);
	if (!n)
		return 1;
	if (stream)
		return send(fd, reply, n, 0) == (ssize_t)n;
	sendto(fd, reply, n, 0, (struct sockaddr *)&from, from_len);
	return 1;
}

int main(int argc, char **argv)
{
	struct pollfd fds[MAX_FDS];
	int nr = 2, i;

	if (argc != 3)
		errx(2, "usage: badserver MODE PORT");
	mode = argv[1];
	signal(SIGPIPE, SIG_IGN);
	fds[0].fd = listener(SOCK_STREAM, atoi(argv[2]));
	fds[1].fd = listener(SOCK_DGRAM, atoi(argv[2]));
	for (i = 0; i < MAX_FDS; i++)
		fds[i].events = POLLIN;
	for (;;) {
		if (poll(fds, nr, -1) < 0)
			err(1, "poll");
		for (i = nr - 1; i > 1; i--) {
			if (!fds[i].revents || serve(fds[i].fd, 1))
				continue;
			close(fds[i].fd);
			fds[i] = fds[--nr];
		}
		if (fds[1].revents)
			serve(fds[1].fd, 0);
		if (fds[0].revents && nr < MAX_FDS)
			fds[nr++].fd = accept(fds[0].fd, NULL, NULL);
	}
}
