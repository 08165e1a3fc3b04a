// SPDX-License-Identifier: GPL-2.0
/*
 * Where the server is: the address that was given, or the addresses that its name has, which are
 * tried one after the other.
 */
#include <linux/ctype.h>
#include <linux/slab.h>
#include <linux/sunrpc/addr.h>
#include <kunit/visibility.h>
#include "address.h"
#include "snfs.h"

/* No further address is tried once a mount has taken so long. */
#define SNFS_ADDRESS_SECONDS	60

/**
 * snfs_parse_addrs - read a list of address literals
 * @net: for scopes
 * @text: the literals, with commas between them
 * @ipv6: leave out what is no IPv6 address
 * @addrs: OUT: each address once, in their order
 * @max: room of @addrs; more are left out
 *
 * What is no address is left out.
 *
 * Return: how many there are.
 */
unsigned int snfs_parse_addrs(struct net *net, const char *text, bool ipv6,
			      struct sockaddr_storage *addrs, unsigned int max)
{
	unsigned int nr = 0, i;
	size_t len, addrlen;

	for (; nr < max; text += len + 1) {
		struct sockaddr_storage *addr = &addrs[nr];

		len = strcspn(text, ",");
		if (!snfs_parse_addr(net, text, len, addr, &addrlen) &&
		    (!ipv6 || addr->ss_family == AF_INET6)) {
			for (i = 0; i < nr; i++) {
				if (rpc_cmp_addr((struct sockaddr *)&addrs[i],
						 (struct sockaddr *)addr))
					break;
			}
			nr += i == nr;
		}
		if (!text[len])
			break;
	}
	return nr;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_parse_addrs);

/**
 * snfs_address_use - choose the server's address
 * @opt: the options. OUT: addr, without port
 * @addr: IPv4 or IPv6
 */
void snfs_address_use(struct snfs_options *opt, const struct sockaddr_storage *addr)
{
	opt->addr = *addr;
	opt->addrlen = addr->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
						     sizeof(struct sockaddr_in);
}

/* A colon, say, would make another question of it. */
static bool is_name(const char *name)
{
	for (; *name; name++) {
		if (!isalnum(*name) && *name != '-' && *name != '_' && *name != '.')
			return false;
	}
	return true;
}

static int no_answer(struct fs_context *fc, const char *name, long err)
{
	if (err == -ENOMEM)
		return err;
	if (err == -EOPNOTSUPP) {
		errorfc(fc, "%s is a name, which nothing resolves: give addr= or use mount.snfs",
			name);
	} else {
		errorfc(fc, "%s has no address (error %ld): give addr= or use mount.snfs", name,
			err);
		errorfc(fc, "is the name right, and /sbin/request-key set up (keyutils)?");
	}
	return -EDESTADDRREQ;
}

static int resolve(struct fs_context *fc, struct snfs_options *opt)
{
	struct sockaddr_storage *addrs;
	unsigned int nr;
	char *text;

	if (!is_name(opt->hostname)) {
		errorfc(fc, "%s is neither an address nor a name", opt->hostname);
		return -EDESTADDRREQ;
	}
	addrs = kcalloc(SNFS_ADDRESSES_MAX, sizeof(*addrs), GFP_KERNEL);
	if (!addrs)
		return -ENOMEM;
	text = snfs_resolve(fc->net_ns, fc->user_ns, opt->hostname);
	if (IS_ERR(text)) {
		kfree(addrs);
		return no_answer(fc, opt->hostname, PTR_ERR(text));
	}
	nr = snfs_parse_addrs(fc->net_ns, text, opt->flags & SNFS_OPT_PROTO6, addrs,
			      SNFS_ADDRESSES_MAX);
	kfree(text);
	if (!nr) {
		kfree(addrs);
		return no_answer(fc, opt->hostname, -ENODATA);
	}
	kfree(opt->addrs);
	opt->addrs = addrs;
	opt->nr_addrs = nr;
	opt->next_addr = 1;
	snfs_address_use(opt, &addrs[0]);
	return 0;
}

/**
 * snfs_address_find - find out where the server is
 * @fc: the context
 * @opt: the options. OUT: addr, and the others that the name has
 *
 * Context: May sleep.
 * Return: 0; -EDESTADDRREQ if there is no address; -ENOMEM.
 */
int snfs_address_find(struct fs_context *fc, struct snfs_options *opt)
{
	if (opt->addr.ss_family != AF_UNSPEC ||
	    !snfs_parse_addr(fc->net_ns, opt->hostname, strlen(opt->hostname), &opt->addr,
			     &opt->addrlen))
		return 0;
	return resolve(fc, opt);
}

/**
 * snfs_address_is_bad - could a server be reached at another address?
 * @err: why one was of no use
 *
 * Return: whether it could.
 */
bool snfs_address_is_bad(int err)
{
	switch (err) {
	case -EADDRNOTAVAIL:
	case -EAFNOSUPPORT:
	case -ECONNREFUSED:
	case -EHOSTDOWN:
	case -EHOSTUNREACH:
	case -ENETDOWN:
	case -ENETUNREACH:
	case -EPROTONOSUPPORT:
	case -ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

/**
 * snfs_address_next - turn to the next address of a server that gave no answer
 * @server: the mount
 * @fc: for messages
 * @err: why the address was of no use
 *
 * Return: whether there is one worth a try.
 */
bool snfs_address_next(struct snfs_server *server, struct fs_context *fc, int err)
{
	struct snfs_options *opt = &server->opt;

	if (opt->next_addr >= opt->nr_addrs || server->listed || !snfs_address_is_bad(err) ||
	    ktime_get_boottime_seconds() - server->mount_time > SNFS_ADDRESS_SECONDS)
		return false;
	snfs_address_use(opt, &opt->addrs[opt->next_addr++]);
	infofc(fc, "trying the next address of %s: %pISc", opt->hostname, &opt->addr);
	return true;
}
