// SPDX-License-Identifier: GPL-2.0
/*
 * uid= and gid=: one user and group for all calls of a mount, whoever makes them.
 */
#include <linux/cred.h>
#include "snfs.h"

/**
 * snfs_identity_validate - judge uid= and gid=
 * @fc: the context
 * @opt: the options; if only one of the two was given, the other becomes the mounter's
 *
 * Return: 0; -EINVAL if they go with a flavour that proves who calls.
 */
int snfs_identity_validate(struct fs_context *fc, struct snfs_options *opt)
{
	unsigned int i;

	if (!uid_valid(opt->uid) && !gid_valid(opt->gid))
		return 0;
	for (i = 0; i < opt->sec.nr; i++) {
		if (snfs_flavor_is_gss(opt->sec.flavor[i]))
			return invalfc(fc, "uid= and gid= do not go with sec=%s, which proves who calls: use sec=sys",
				       snfs_flavor_name(opt->sec.flavor[i]));
	}
	if (!uid_valid(opt->uid))
		opt->uid = fc->cred->fsuid;
	if (!gid_valid(opt->gid))
		opt->gid = fc->cred->fsgid;
	return 0;
}

/**
 * snfs_identity_make - make the credential of a mount with uid= and gid=
 * @server: the mount. OUT: identity, or NULL if there is none
 *
 * It has no other groups.
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int snfs_identity_make(struct snfs_server *server)
{
	const struct snfs_options *opt = &server->opt;
	struct group_info *none;
	struct cred *cred;

	if (!uid_valid(opt->uid))
		return 0;
	none = groups_alloc(0);
	if (!none)
		return -ENOMEM;
	cred = prepare_creds();
	if (cred) {
		cred->fsuid = opt->uid;
		cred->fsgid = opt->gid;
		set_groups(cred, none);
		/* Where mode bits are judged here, only root is above them. */
		if (!uid_eq(opt->uid, GLOBAL_ROOT_UID))
			cap_clear(cred->cap_effective);
		server->identity = cred;
	}
	put_group_info(none);
	return cred ? 0 : -ENOMEM;
}

/**
 * snfs_identity_flavors - leave out what does not go with uid= and gid=
 * @server: the mount
 * @sec: flavours that can be used; OUT: without those that prove who calls
 */
void snfs_identity_flavors(const struct snfs_server *server, struct snfs_flavors *sec)
{
	unsigned int i, nr = 0;

	if (!server->identity)
		return;
	for (i = 0; i < sec->nr; i++) {
		if (!snfs_flavor_is_gss(sec->flavor[i]))
			sec->flavor[nr++] = sec->flavor[i];
	}
	sec->nr = nr;
}
