// SPDX-License-Identifier: GPL-2.0
/*
 * The addresses of a server's name, in the order in which they are to be tried.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include "mount.h"

/**
 * is_address - is it an address, which the kernel reads by itself
 * @host: without brackets; an IPv6 address may have a scope
 *
 * Return: whether it is.
 */
bool is_address(const char *host)
{
	size_t len = strcspn(host, "%");
	char text[INET6_ADDRSTRLEN];
	struct in6_addr addr;

	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	return inet_pton(AF_INET6, text, &addr) == 1 ||
	       (!host[len] && inet_pton(AF_INET, text, &addr) == 1);
}

static int no_address(const char *host, int code, FILE *words)
{
	fprintf(words, "%s has no address: %s\n", host,
		code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code));
	fprintf(words, "is the name right (getent hosts %s)? Else give addr=\n", host);
	if (code == EAI_MEMORY)
		return ENOMEM;
	return code == EAI_AGAIN ? EAGAIN : EDESTADDRREQ;
}

static bool is_known(const struct address *addrs, int nr)
{
	while (nr > 0 && strcmp(addrs[nr - 1].text, addrs[nr].text))
		nr--;
	return nr > 0;
}

/**
 * resolve - find the addresses of a name
 * @host: the name
 * @ipv6: no others than IPv6 addresses
 * @addrs: OUT: ADDRESSES_MAX of them at most
 * @words: for what is wrong
 *
 * Return: how many there are, or a negative errno: -EAGAIN if there may be some later,
 * -EDESTADDRREQ if there are none, -ENOMEM.
 */
int resolve(const char *host, bool ipv6, struct address *addrs, FILE *words)
{
	struct addrinfo hints = {
		.ai_family	= ipv6 ? AF_INET6 : AF_UNSPEC,
		.ai_socktype	= SOCK_STREAM,
	};
	struct addrinfo *list, *ai;
	int code, nr = 0;

	code = getaddrinfo(host, NULL, &hints, &list);
	if (code)
		return -no_address(host, code, words);
	for (ai = list; ai && nr < ADDRESSES_MAX; ai = ai->ai_next) {
		struct address *addr = &addrs[nr];

		if (getnameinfo(ai->ai_addr, ai->ai_addrlen, addr->text, sizeof(addr->text), NULL,
				0, NI_NUMERICHOST) || is_known(addrs, nr))
			continue;
		addr->family = ai->ai_family;
		nr++;
	}
	freeaddrinfo(list);
	return nr ? nr : -no_address(host, EAI_NONAME, words);
}
