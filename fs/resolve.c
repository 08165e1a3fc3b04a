// SPDX-License-Identifier: GPL-2.0
/*
 * The addresses of a server that is given by name, where there is no mount helper: from the key
 * type dns_resolver of the kernel, whose upcall (/sbin/request-key) asks the machine's resolver.
 *
 * dns_query() would do that, but linking to it makes its module a dependency, and symbol_get()
 * takes no symbol that is exported to everybody. So the key is requested here. The type is found
 * by its name, by way of a key that is made for that and never seen by anybody else. The module is
 * held meanwhile by way of /sys/module, as a type does not say whose it is.
 */
#include <linux/cred.h>
#include <linux/key.h>
#include <linux/keyctl.h>
#include <linux/kmod.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <keys/user-type.h>
#include "address.h"
#include "snfs.h"

#define SNFS_RESOLVER		"dns_resolver"

/* Describes the key that finds the type: no name has a space. */
#define SNFS_RESOLVER_PROBE	"snfs probe"

/* What the upcall is asked for: all addresses, of both families */
#define SNFS_RESOLVER_WANTED	"list"

/* Is the resolver there? If it is a module, @owner is held then, otherwise NULL. */
static bool find_resolver(struct module **owner)
{
	struct kset *modules = THIS_MODULE->mkobj.kobj.kset;
	struct kobject *kobj = modules ? kset_find_obj(modules, SNFS_RESOLVER) : NULL;
	bool found;

	if (!kobj)
		return false;
	*owner = container_of(kobj, struct module_kobject, kobj)->mod;
	found = !*owner || try_module_get(*owner);
	kobject_put(kobj);
	return found;
}

/*
 * Credentials with a keyring of their own, where keys are looked for first: nobody else can put
 * addresses there.
 */
static const struct cred *make_cred(void)
{
	struct cred *cred = prepare_kernel_cred(&init_task);
	struct key *keyring;

	if (!cred)
		return NULL;
	keyring = keyring_alloc(".snfs_resolve", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, cred,
				(KEY_POS_ALL & ~KEY_POS_SETATTR) | KEY_USR_VIEW | KEY_USR_READ,
				KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
	if (IS_ERR(keyring)) {
		put_cred(cred);
		return NULL;
	}
	key_put(cred->thread_keyring);
	cred->thread_keyring = keyring;
	cred->jit_keyring = KEY_REQKEY_DEFL_THREAD_KEYRING;
	return cred;
}

static struct key *request(struct net *net, struct key *keyring, const char *name)
{
	key_ref_t probe = key_create_or_update(make_key_ref(keyring, true), SNFS_RESOLVER,
					       SNFS_RESOLVER_PROBE, "0", sizeof("0"), KEY_POS_ALL,
					       KEY_ALLOC_NOT_IN_QUOTA);
	struct key *key;

	if (IS_ERR(probe))
		return ERR_CAST(probe);
	key = request_key_net(key_ref_to_ptr(probe)->type, name, net, SNFS_RESOLVER_WANTED);
	key_ref_put(probe);
	return key;
}

/* A key without payload has an error of the resolver's. */
static char *read_answer(struct key *key)
{
	const struct user_key_payload *payload;
	char *text = NULL;

	down_read(&key->sem);
	payload = key_validate(key) ? NULL : user_key_payload_locked(key);
	if (payload)
		text = kmemdup_nul(payload->data, payload->datalen, GFP_KERNEL);
	up_read(&key->sem);
	return text ? text : ERR_PTR(payload ? -ENOMEM : -ENODATA);
}

static char *query(struct net *net, const char *name)
{
	const struct cred *cred = make_cred(), *old;
	struct key *key;
	char *text;

	if (!cred)
		return ERR_PTR(-ENOMEM);
	old = override_creds(cred);
	key = request(net, cred->thread_keyring, name);
	revert_creds(old);
	if (IS_ERR(key)) {
		text = ERR_CAST(key);
	} else {
		text = read_answer(key);
		key_put(key);
	}
	put_cred(cred);
	return text;
}

/**
 * snfs_resolve - ask for the addresses of a name
 * @net: network namespace of the mount. The upcall runs in the first one nevertheless; answers
 *	are not shared between namespaces
 * @mounter: user namespace of the mount; if it is not the first one, nothing is asked, as that
 *	would go out by a network which may be out of the mounter's reach
 * @name: the name; nothing but letters, digits, '-', '_' and '.'
 *
 * Context: May sleep, as long as the upcall takes.
 * Return: the addresses with commas between them, to be freed with kfree(); or an ERR_PTR:
 * -EOPNOTSUPP if there is no resolver for the mounter; -ENOMEM; any other if it has no answer.
 */
char *snfs_resolve(struct net *net, const struct user_namespace *mounter, const char *name)
{
	struct module *owner;
	char *text;

	if (mounter != &init_user_ns)
		return ERR_PTR(-EOPNOTSUPP);
	if (!find_resolver(&owner)) {
		request_module(SNFS_RESOLVER);
		if (!find_resolver(&owner))
			return ERR_PTR(-EOPNOTSUPP);
	}
	text = query(net, name);
	module_put(owner);
	return text;
}
