// SPDX-License-Identifier: GPL-2.0
/*
 * nfsdsock - give knfsd its sockets: TCP and UDP, IPv4
 *
 *	nfsdsock PORT
 *
 * rpc.nfsd does so, but puts its own choice of versions in the place of what was chosen. Sockets that knfsd
 * makes itself ("tcp 2049" in portlist) are not made known to rpcbind.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void give(int type, unsigned int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, type, 0), on = 1;
	int list = open("/proc/fs/nfsd/portlist", O_WRONLY);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (void *)&at, sizeof(at)) || (type == SOCK_STREAM && listen(fd, 64)))
		err(1, "port %u", port);
	if (list < 0 || dprintf(list, "%d\n", fd) < 0)
		err(1, "portlist");
	close(list);
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned int port = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;

	if (!port || port > 65535)
		errx(2, "usage: nfsdsock PORT");
	give(SOCK_STREAM, port);
	give(SOCK_DGRAM, port);
	return 0;
}
