// SPDX-License-Identifier: GPL-2.0
/*
 * Security flavours: their names, what sec= says, and which of them a mount tries.
 */
#include <kunit/visibility.h>
#include "snfs.h"

/* The first name of a flavour is the one that is shown. */
static const struct constant_table flavor_names[] = {
	{ "none",	RPC_AUTH_NULL },
	{ "null",	RPC_AUTH_NULL },
	{ "sys",	RPC_AUTH_UNIX },
	{ "unix",	RPC_AUTH_UNIX },
	{ "krb5",	RPC_AUTH_GSS_KRB5 },
	{ "krb5i",	RPC_AUTH_GSS_KRB5I },
	{ "krb5p",	RPC_AUTH_GSS_KRB5P },
	{}
};

/* NULL: we cannot do it. A server may say any number. */
static const char *name_of(rpc_authflavor_t flavor)
{
	const struct constant_table *c;

	for (c = flavor_names; c->name; c++) {
		if (c->value == flavor)
			return c->name;
	}
	return NULL;
}

/**
 * snfs_flavor_name - what a flavour is called in sec=
 * @flavor: its number
 *
 * Return: the name, "unknown" if we cannot do it.
 */
const char *snfs_flavor_name(rpc_authflavor_t flavor)
{
	return name_of(flavor) ?: "unknown";
}
EXPORT_SYMBOL_IF_KUNIT(snfs_flavor_name);

/**
 * snfs_flavors_have - is a flavour in a list?
 * @list: the list
 * @flavor: its number
 *
 * Return: true if it is.
 */
bool snfs_flavors_have(const struct snfs_flavors *list, rpc_authflavor_t flavor)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		if (list->flavor[i] == flavor)
			return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_flavors_have);

/* Each flavour that we can do is kept once, so a list never gets longer than there are some. */
static void add(struct snfs_flavors *list, rpc_authflavor_t flavor)
{
	if (name_of(flavor) && !snfs_flavors_have(list, flavor))
		list->flavor[list->nr++] = flavor;
}

static int parse_name(const char *name, size_t len)
{
	const struct constant_table *c;

	for (c = flavor_names; c->name; c++) {
		if (strlen(c->name) == len && !memcmp(c->name, name, len))
			return c->value;
	}
	return -EINVAL;
}

/**
 * snfs_flavors_parse - read the value of sec=
 * @list: OUT: the flavours, in their order; as it was on failure
 * @text: names with colons between them
 *
 * Return: 0; -EINVAL if a name is none, or empty.
 */
int snfs_flavors_parse(struct snfs_flavors *list, const char *text)
{
	struct snfs_flavors new = { };

	for (;;) {
		size_t len = strcspn(text, ":");
		int flavor = parse_name(text, len);

		if (flavor < 0)
			return flavor;
		add(&new, flavor);
		if (!text[len])
			break;
		text += len + 1;
	}
	*list = new;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_flavors_parse);

static bool offers(const struct snfs_mnt_res *res, rpc_authflavor_t flavor)
{
	u32 i;

	for (i = 0; i < res->nr_flavors; i++) {
		if (res->flavors[i] == flavor)
			return true;
	}
	return false;
}

/**
 * snfs_flavors_choose - which flavours are worth trying, best first
 * @asked: of sec=; empty: anything
 * @res: what MNT said
 * @list: OUT: the flavours; empty if there is none that both can do
 *
 * What was asked for is tried in the order of sec=. A server that lists AUTH_NULL takes any
 * flavour, and treats it as nobody (RFC 2623 section 2.7); one that lists nothing leaves the
 * choice to us. Linux takes AUTH_NULL without listing it, so that is tried if nothing else is left.
 *
 * If nothing was asked for, the server's order counts (RFC 2623 section 2.7), but for
 * AUTH_NULL, which comes last: some servers list it first, and nobody wants to be nobody.
 */
void snfs_flavors_choose(const struct snfs_flavors *asked, const struct snfs_mnt_res *res,
			 struct snfs_flavors *list)
{
	bool takes_any = !res->nr_flavors || offers(res, RPC_AUTH_NULL), nobody = false;
	u32 i;

	list->nr = 0;
	for (i = 0; i < asked->nr; i++) {
		rpc_authflavor_t flavor = asked->flavor[i];

		if (takes_any || offers(res, flavor))
			add(list, flavor);
		nobody |= flavor == RPC_AUTH_NULL;
	}
	if (nobody && !list->nr)
		add(list, RPC_AUTH_NULL);
	if (asked->nr)
		return;
	for (i = 0; i < res->nr_flavors; i++) {
		if (res->flavors[i] != RPC_AUTH_NULL)
			add(list, res->flavors[i]);
	}
	if (!res->nr_flavors)
		add(list, RPC_AUTH_UNIX);
	else if (takes_any)
		add(list, RPC_AUTH_NULL);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_flavors_choose);
