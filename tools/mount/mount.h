/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mount.snfs: what its files share.
 */
#ifndef _SNFS_MOUNT_H
#define _SNFS_MOUNT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

#define PROGRAM		"mount.snfs"
#define FSTYPE		"snfs"

/**
 * struct request - what is to be mounted where
 * @source: as the user gave it, and as /proc/mounts will show it
 * @target: the directory
 * @options: for the kernel, with commas between them; those of the helper are not there
 * @flags: MS_*, as of mount(2)
 * @verbose: -v
 * @background: bg: the last of bg and fg counts
 * @retry: retry=: minutes; -1: not given
 * @host: the server, without brackets; NULL: there is no name to resolve
 * @ipv6: proto=tcp6 or udp6
 * @mounthost: mounthost=, NULL: not given, or mountaddr= is there too
 * @mount_ipv6: mountproto=tcp6 or udp6
 */
struct request {
	const char	*source;
	const char	*target;
	char		*options;
	unsigned long	flags;
	bool		verbose;
	bool		background;
	long		retry;
	char		*host;
	bool		ipv6;
	char		*mounthost;
	bool		mount_ipv6;
};

/**
 * struct address - one address of a name
 * @text: the literal
 * @family: AF_INET or AF_INET6
 */
struct address {
	char		text[64];
	int		family;
};

/* More are not tried. */
#define ADDRESSES_MAX	16

/* options.c */
int request_read_options(struct request *req, const char *options);
void request_free(struct request *req);

/* names.c */
bool is_address(const char *host);
int resolve(const char *host, bool ipv6, struct address *addrs, FILE *words);

/* kernel.c */
int kernel_mount(const struct request *req, const char *addr, const char *mountaddr, FILE *words);
int kernel_remount(const struct request *req, FILE *words);

/* tries.c: how_mount() makes one mount, in whatever namespace it is to be */
typedef int (*mount_fn)(void *data, const char *addr, const char *mountaddr, FILE *words);
int mount_with_tries(const struct request *req, mount_fn how_mount, void *data);

#endif /* _SNFS_MOUNT_H */
