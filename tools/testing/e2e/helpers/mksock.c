// SPDX-License-Identifier: GPL-2.0
/*
 * mksock - bind a socket to a path
 *
 *	mksock PATH	makes the node
 *	mksock -t PATH	and passes a byte through it
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void pass_byte(int server, const struct sockaddr_un *to)
{
	int client = socket(AF_UNIX, SOCK_STREAM, 0), peer;
	char c = 'x', got = 0;

	if (listen(server, 1))
		err(1, "listen");
	if (client < 0 || connect(client, (void *)to, sizeof(*to)))
		err(1, "connect");
	peer = accept(server, NULL, NULL);
	if (peer < 0)
		err(1, "accept");
	if (write(client, &c, 1) != 1 || read(peer, &got, 1) != 1 || got != c)
		err(1, "the byte did not pass");
}

int main(int argc, char **argv)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc < 2)
		errx(2, "usage: mksock [-t] PATH");
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", argv[argc - 1]);
	if (fd < 0 || bind(fd, (void *)&to, sizeof(to)))
		err(1, "%s", argv[argc - 1]);
	if (argc == 3 && !strcmp(argv[1], "-t"))
		pass_byte(fd, &to);
	return 0;
}
