// SPDX-License-Identifier: GPL-2.0
/* v2server: tells rpcbind of this machine where we are (PMAP_SET of RFC 1833 section 3) */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "v2server.h"

enum { PMAP_PROGRAM = 100000, PMAP_VERSION = 2, PMAP_SET = 1, PMAP_UNSET = 2, PMAP_PORT = 111 };

/* From a privileged port, or it is refused. */
static int rpcbind_socket(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(PMAP_PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	}, from = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct timeval limit = { .tv_sec = 10 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bindresvport(fd, &from) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "rpcbind");
	return fd;
}

/* Returns rpcbind's answer: whether it did it */
static bool pmap(int fd, uint32_t proc, uint32_t program, uint32_t version, int protocol, int port)
{
	static uint32_t xid = 0x76327265;
	uint32_t words[] = {
		++xid, 0, 2, PMAP_PROGRAM, PMAP_VERSION, proc, 0, 0, 0, 0,
		program, version, protocol, port,
	}, reply[7];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = htonl(words[i]);
	if (send(fd, words, sizeof(words), 0) != sizeof(words))
		err(1, "rpcbind");
	do
		if (recv(fd, reply, sizeof(reply), 0) != sizeof(reply))
			errx(1, "rpcbind does not answer");
	while (reply[0] != words[0]);
	return ntohl(reply[6]) == 1;
}

void rpcbind_register(uint32_t program, uint32_t version, int port)
{
	int fd = rpcbind_socket();

	/* Of a server that was killed something may be left. */
	pmap(fd, PMAP_UNSET, program, version, 0, 0);
	if (!pmap(fd, PMAP_SET, program, version, IPPROTO_UDP, port) ||
	    !pmap(fd, PMAP_SET, program, version, IPPROTO_TCP, port))
		errx(1, "rpcbind does not take program %u", program);
	close(fd);
}
