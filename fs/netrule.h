/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of the context-free root (nfs://), without network and VFS: which hosts may be
 * contacted, what a name below the root can be, what was refused lately.
 */
#ifndef _SNFS_NETRULE_H
#define _SNFS_NETRULE_H

#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/time64.h>
#include <linux/types.h>

struct net;
struct snfs_export_list;

/* hosts=: so many addresses and prefixes at most */
#define SNFS_HOSTS_MAX	64U

/**
 * struct snfs_hostfilter - hosts=
 * @nr: number of @prefix
 * @prefix: what is allowed; IPv4 addresses are mapped into IPv6
 * @prefix.addr: the address
 * @prefix.bits: how many of its bits count
 */
struct snfs_hostfilter {
	unsigned int	nr;
	struct {
		struct in6_addr	addr;
		u8		bits;
	} prefix[SNFS_HOSTS_MAX];
};

/* allow= */
#define SNFS_ALLOW_SUID		0x1
#define SNFS_ALLOW_DEV		0x2

/**
 * struct snfs_netroot_options - options of the context-free root, besides the common ones
 * @hosts: hosts=; NULL: every host
 * @hosts_text: the same as text
 * @allow: SNFS_ALLOW_*
 * @given: the first of them that was given, or NULL
 */
struct snfs_netroot_options {
	struct snfs_hostfilter	*hosts;
	char			*hosts_text;
	unsigned int		allow;
	const char		*given;
};

/* hostfilter.c: pure */
int snfs_hostfilter_add(struct snfs_hostfilter *filter, const char *text, const char **why);
bool snfs_hostfilter_allows(const struct snfs_hostfilter *filter,
			    const struct sockaddr_storage *addr);
bool snfs_is_hostname(const char *name, size_t len);

/* What a path is according to the list of a host's exports */
enum snfs_role {
	SNFS_ROLE_UNKNOWN,	/* there is no list */
	SNFS_ROLE_NONE,		/* it is not on the list */
	SNFS_ROLE_ABOVE,	/* a directory on the way to an export */
	SNFS_ROLE_EXPORT,
};

/* So many refusals of a host are remembered. */
#define SNFS_REFUSALS	16U

/* How long (seconds): of a path, and of a whole host that is dead or has no address */
#define SNFS_REFUSAL_SECONDS	10

/**
 * struct snfs_refusals - what was refused lately
 * @next: the one to be forgotten first
 * @known: the refusals
 * @known.path: what was refused; NULL: none
 * @known.error: a negative errno
 * @known.until: seconds of CLOCK_BOOTTIME: not believed from then on
 */
struct snfs_refusals {
	unsigned int	next;
	struct {
		char		*path;
		int		error;
		time64_t	until;
	} known[SNFS_REFUSALS];
};

/* netrule.c: pure */
enum snfs_role snfs_role_of(const struct snfs_export_list *list, const char *path);
bool snfs_role_has_below(const struct snfs_export_list *list, const char *path);
size_t snfs_role_child(const struct snfs_export_list *list, const char *dir, unsigned int n,
		       const char **name);
u64 snfs_netroot_ino(const char *host, const char *path);
void snfs_refusals_note(struct snfs_refusals *refusals, const char *path, int error, time64_t now);
int snfs_refusals_find(const struct snfs_refusals *refusals, const char *path, time64_t now);
void snfs_refusals_forget(struct snfs_refusals *refusals);

#endif /* _SNFS_NETRULE_H */
