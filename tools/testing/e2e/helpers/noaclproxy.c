// SPDX-License-Identifier: GPL-2.0
/*
 * noaclproxy PORT SERVERPORT: a server without NFSACL. Passes TCP connections on to SERVERPORT of
 * 127.0.0.1; calls of the NFSACL program become calls of a program that nobody has.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD_MAX	(8U << 20)
#define NFSACL_PROGRAM	100227
#define NO_PROGRAM	100229

/* Words of a call: xid, direction, RPC version, program */
#define CALL_PROGRAM	3

static int read_all(int fd, void *buf, size_t len)
{
	char *p = buf;
	ssize_t n;

	while (len) {
		n = read(fd, p, len);
		if (n <= 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

static int write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n <= 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

/* Calls, record by record; the client sends each as one fragment. */
static void pass_calls(int from, int to)
{
	uint32_t *record = malloc(RECORD_MAX + sizeof(*record));
	uint32_t len;

	while (record && !read_all(from, record, sizeof(*record))) {
		len = ntohl(record[0]) & 0x7fffffff;
		if (len > RECORD_MAX || read_all(from, record + 1, len))
			break;
		if (len > CALL_PROGRAM * 4 + 4 && ntohl(record[1 + CALL_PROGRAM]) == NFSACL_PROGRAM)
			record[1 + CALL_PROGRAM] = htonl(NO_PROGRAM);
		if (write_all(to, record, len + sizeof(*record)))
			break;
	}
	free(record);
}

static void pass_replies(int from, int to)
{
	static char buf[65536];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write_all(to, buf, n))
			return;
}

static void serve(int client, int port)
{
	struct sockaddr_in addr = {
		.sin_family	= AF_INET,
		.sin_port	= htons(port),
		.sin_addr	= { htonl(INADDR_LOOPBACK) },
	};
	int server = socket(AF_INET, SOCK_STREAM, 0);

	if (server < 0 || connect(server, (struct sockaddr *)&addr, sizeof(addr)))
		return;
	if (fork() == 0)
		pass_replies(server, client);
	else
		pass_calls(client, server);
	shutdown(client, SHUT_RDWR);
	shutdown(server, SHUT_RDWR);
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int one = 1, listener, client;

	if (argc != 3) {
		fprintf(stderr, "usage: noaclproxy PORT SERVERPORT\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	addr.sin_port = htons(atoi(argv[1]));
	listener = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) || listen(listener, 8)) {
		perror("noaclproxy");
		return 1;
	}
	while ((client = accept(listener, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			close(listener);
			serve(client, atoi(argv[2]));
			return 0;
		}
		close(client);
	}
	return 1;
}
