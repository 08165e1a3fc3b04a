// SPDX-License-Identifier: GPL-2.0
/*
 * v2server - an NFS server of version 2 (RFC 1094), for kernels whose own has it no more, and for
 * what servers of old did
 *
 *	v2server [-a] [-r] PORT MOUNT-PORT FILE DIR...
 *
 * Serves the directories and all below them, mounts too, by UDP and TCP on these ports of
 * loopback (-a: of all addresses), in the background. -r: tells rpcbind. To be run by root: every
 * call is done by the kernel with the rights of the uid and gids in it, root's with root's. File
 * systems must have kernel file handles of up to 16 bytes (tmpfs, ext4).
 *
 * What is written is on stable storage before the reply. A call that must not be done twice and
 * comes twice gets the reply it had. Handles stay good over a new start, and so do READDIR's
 * cookies where the file system's own fit into 31 bits (tmpfs).
 *
 * FILE.calls has a line for each procedure that was called: its name and how often. There are also
 * "again", replies from the cache, and "lost", datagrams that were lost on purpose.
 *
 * The words in FILE, read anew before each call, say how the server is odd; what is counted is
 * counted anew when FILE's text changes.
 *
 *	tsize=N			STATFS tells this transfer size, a READ gets no more, a WRITE of
 *				more fails
 *	blocksize=N		in attributes and STATFS
 *	fsid=N			all file systems have this number; with a tmpfs each, file
 *				numbers repeat as well
 *	notype			modes have no type bits
 *	fifotype		named pipes have type 8 of their own; else type 4 and device -1
 *	rfctype			what RFC 1094 has no type for has type 0
 *	uid=N gid=N nlink=N	in all attributes
 *	empty			READ says nothing, wherever the file ends
 *	nulnames		names in READDIR, and targets, end with a NUL that counts
 *	randomcookies		READDIR's cookies are any 4 bytes
 *	entries=N		READDIR stops after N entries
 *	lateeof			READDIR says that it is at the end only with no entry
 *	cut=N			READDIR's reply ends after N bytes of its list
 *	fail=PROC:STATUS[:N]	calls of a procedure (its number) fail; only the Nth of them
 *	slow=MS[:N]		a reply is late, one in N
 *	drop=N			one in N calls by UDP does not come in
 *	lose=N			one in N replies by UDP does not get out
 *	twice			each reply comes twice
 *	nocache			calls that come twice are done twice
 *	noexport		MOUNT has no EXPORT
 *	root			MOUNT tells of one export, "/": the first directory
 */
#define _GNU_SOURCE
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "v2server.h"

int main(int argc, char **argv)
{
	bool anywhere = false, tell = false;
	int option, port, mount_port;
	char calls[4096];

	while ((option = getopt(argc, argv, "ar")) != -1) {
		anywhere |= option == 'a';
		tell |= option == 'r';
	}
	argv += optind;
	argc -= optind;
	if (argc < 4)
		errx(2, "usage: v2server [-a] [-r] PORT MOUNT-PORT FILE DIR...");
	/* Of who starts us: files of a mount of ours, maybe */
	closefrom(STDERR_FILENO + 1);
	port = atoi(argv[0]);
	mount_port = atoi(argv[1]);
	snprintf(calls, sizeof(calls), "%s.calls", argv[2]);
	count_into(calls);
	odd_read(argv[2]);
	for (option = 3; option < argc; option++)
		fs_serve(argv[option]);
	umask(0);
	signal(SIGPIPE, SIG_IGN);
	net_listen(port, port == mount_port ? SERVE_NFS | SERVE_MOUNT : SERVE_NFS, anywhere);
	if (port != mount_port)
		net_listen(mount_port, SERVE_MOUNT, anywhere);
	if (tell) {
		rpcbind_register(NFS_PROGRAM, 2, port);
		rpcbind_register(MOUNT_PROGRAM, 1, mount_port);
		rpcbind_register(MOUNT_PROGRAM, 2, mount_port);
	}
	/* Who called us goes on when we can be called. */
	if (daemon(false, true))
		err(1, "daemon");
	net_serve(argv[2]);
}
