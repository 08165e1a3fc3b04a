// SPDX-License-Identifier: GPL-2.0
/*
 * uid= and gid=: one user and group for all calls of a mount, whoever makes them.
 */
#include <linux/cred.h>
#include "identity.h"
#include "snfs.h"

/**
 * snfs_identity_parse - store uid= or gid=
 * @fc: the context
 * @key: the option
 * @user: it is uid=
 * @value: the number, as the mounter's user namespace has it
 *
 * Return: 0 or -EINVAL.
 */
int snfs_identity_parse(struct fs_context *fc, const char *key, bool user, u32 value)
{
	struct snfs_options *opt = snfs_fc_options(fc);
	kuid_t uid = make_kuid(fc->user_ns, value);
	kgid_t gid = make_kgid(fc->user_ns, value);

	if (user ? !uid_valid(uid) : !gid_valid(gid))
		return invalfc(fc, "%s=%u: there is no such number in this user namespace", key,
			       value);
	if (user)
		opt->uid = uid;
	else
		opt->gid = gid;
	return 0;
}

/**
 * snfs_identity_validate - judge uid= and gid=
 * @fc: the context
 * @opt: the options; if only one of the two was given, the other becomes the mounter's
 * @user: the source names a user
 *
 * Return: 0; -EINVAL if they go with a flavour that proves who calls.
 */
int snfs_identity_validate(struct fs_context *fc, struct snfs_options *opt, bool user)
{
	bool fixed = uid_valid(opt->uid) || gid_valid(opt->gid);
	unsigned int i;

	for (i = 0; i < opt->sec.nr; i++) {
		const char *name = snfs_flavor_name(opt->sec.flavor[i]);

		if (!snfs_flavor_is_gss(opt->sec.flavor[i]))
			continue;
		if (fixed)
			return invalfc(fc, "uid= and gid= do not go with sec=%s: use sec=sys",
				       name);
		if (user)
			return invalfc(fc, "USER@ in the URL does not go with sec=%s",
				       name);
	}
	if (!fixed)
		return 0;
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
 * It has no other groups, and else is the mounter's: below the context-free root it may be anybody
 * who walks by and has the mount made.
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int snfs_identity_make(struct snfs_server *server)
{
	const struct snfs_options *opt = &server->opt;
	struct group_info *none;
	const struct cred *old;
	struct cred *cred;

	if (!uid_valid(opt->uid))
		return 0;
	none = groups_alloc(0);
	if (!none)
		return -ENOMEM;
	old = override_creds(server->cred);
	cred = prepare_creds();
	revert_creds(old);
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
