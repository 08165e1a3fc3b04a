// SPDX-License-Identifier: GPL-2.0
/*
 * Mount options that snfs cannot do.
 */
#include "fc.h"

/* What is refused whatever its value. The "no" form of a flag asks for nothing and is fine. */
static const struct {
	const char	*key;
	const char	*why;
} snfs_refusals[] = {
	{ "clientaddr",	"it is for callbacks of NFS version 4; leave it out" },
	{ "max_connect",	"it is for NFS version 4; use nconnect= or leave it out" },
	{ "migration",		"it is for NFS version 4; leave it out" },
	{ "minorversion",	"it is for NFS version 4; use vers=3" },
	{ "rdma",		"snfs has TCP and UDP only; use proto=tcp" },
	{ "trunkdiscovery",	"it is for NFS version 4; leave it out" },
};

/**
 * snfs_fc_refuse - refuse an option that snfs cannot do
 * @fc: the context
 * @param: the option
 * @negated: it is the "no" form
 *
 * Return: 0 or -EINVAL.
 */
int snfs_fc_refuse(struct fs_context *fc, const struct fs_parameter *param, bool negated)
{
	unsigned int i;

	if (negated)
		return 0;
	for (i = 0; i < ARRAY_SIZE(snfs_refusals); i++) {
		if (!strcmp(snfs_refusals[i].key, param->key))
			return invalfc(fc, "%s: %s", param->key, snfs_refusals[i].why);
	}
	return -EINVAL;
}
