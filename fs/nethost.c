// SPDX-License-Identifier: GPL-2.0
/*
 * The hosts below the context-free root: their addresses, what they export, and for a short time
 * why they were of no use.
 */
#include <linux/slab.h>
#include "address.h"
#include "exports.h"
#include "netroot.h"

/* How long the addresses of a name are believed, seconds */
#define SNFS_NAME_SECONDS	60

/* EXPORT has no path: its failure is remembered under this one. */
#define SNFS_EXPORT_QUESTION	""

static time64_t now(void)
{
	return ktime_get_boottime_seconds();
}

static struct snfs_nethost *alloc_host(struct snfs_netroot *root, const char *name)
{
	size_t size = strlen(name) + 1, addrlen;
	struct snfs_nethost *host = kzalloc(struct_size(host, name, size), GFP_KERNEL_ACCOUNT);
	struct net *net = SNFS_SB(root->sb)->net;

	if (!host)
		return NULL;
	refcount_set(&host->ref, 1);
	host->root = root;
	INIT_LIST_HEAD(&host->nodes);
	mutex_init(&host->busy);
	mutex_init(&host->lock);
	memcpy(host->name, name, size);
	/* An address is known for ever. */
	if (!snfs_parse_addr(net, name, strlen(name), &host->addr[0], &addrlen)) {
		host->nr_addrs = 1;
		host->asked = TIME64_MAX;
	}
	return host;
}

static void free_host(struct snfs_nethost *host)
{
	snfs_exports_put(host->exports);
	snfs_refusals_forget(&host->refused);
	kfree(host);
}

/**
 * snfs_nethost_put - give back a reference to a host
 * @host: the host
 */
void snfs_nethost_put(struct snfs_nethost *host)
{
	if (refcount_dec_and_test(&host->ref))
		free_host(host);
}

static struct snfs_nethost *find_locked(struct snfs_netroot *root, const char *name)
{
	struct snfs_nethost *host;

	list_for_each_entry(host, &root->hosts, list) {
		if (strcmp(host->name, name))
			continue;
		list_move(&host->list, &root->hosts);
		host->used = now();
		refcount_inc(&host->ref);
		return host;
	}
	return NULL;
}

/**
 * snfs_nethost_find - find a host that is remembered
 * @root: the root
 * @name: its name
 *
 * Return: the host, with a reference, or NULL.
 */
struct snfs_nethost *snfs_nethost_find(struct snfs_netroot *root, const char *name)
{
	struct snfs_nethost *host;

	spin_lock(&root->lock);
	host = find_locked(root, name);
	spin_unlock(&root->lock);
	return host;
}

/**
 * snfs_nethost_get - find a host, or make a record of it
 * @root: the root
 * @name: its name
 *
 * Return: the host, with a reference, or NULL without memory.
 */
struct snfs_nethost *snfs_nethost_get(struct snfs_netroot *root, const char *name)
{
	struct snfs_nethost *host = snfs_nethost_find(root, name);
	struct snfs_nethost *made;

	if (host)
		return host;
	snfs_nethost_prune(root, SNFS_NETHOSTS_MAX - 1);
	made = alloc_host(root, name);
	if (!made)
		return NULL;
	spin_lock(&root->lock);
	host = find_locked(root, name);
	if (!host) {
		host = made;
		made = NULL;
		host->used = now();
		refcount_inc(&host->ref);
		list_add(&host->list, &root->hosts);
		root->nr_hosts++;
	}
	spin_unlock(&root->lock);
	if (made)
		free_host(made);
	return host;
}

/**
 * snfs_nethost_forget - free the hosts that are still being asked something
 * @work: snfs_netroot.forget
 */
void snfs_nethost_forget(struct work_struct *work)
{
	struct snfs_netroot *root = container_of(work, struct snfs_netroot, forget);
	struct snfs_nethost *host;

	for (;;) {
		spin_lock(&root->lock);
		host = list_first_entry_or_null(&root->forgotten, struct snfs_nethost, list);
		if (host)
			list_del(&host->list);
		spin_unlock(&root->lock);
		if (!host)
			return;
		snfs_nethost_put(host);
	}
}

/* It is nobody else's any more. A lookup may be waiting for us, so we do not wait for the host. */
static void forget(struct snfs_netroot *root, struct snfs_nethost *host)
{
	if (!snfs_exports_is_asking(host->exports)) {
		snfs_nethost_put(host);
		return;
	}
	spin_lock(&root->lock);
	list_move(&host->list, &root->forgotten);
	spin_unlock(&root->lock);
	queue_work(snfs_waiting_wq, &root->forget);
}

/**
 * snfs_nethost_prune - forget hosts that nobody uses
 * @root: the root
 * @keep: so many are to be left at most, of those that were used lately
 *
 * Context: May sleep, but not for the network: a directory's i_rwsem may be held.
 */
void snfs_nethost_prune(struct snfs_netroot *root, unsigned int keep)
{
	time64_t before = now() - SNFS_NETHOST_SECONDS;
	struct snfs_nethost *host, *next;
	LIST_HEAD(gone);

	spin_lock(&root->lock);
	list_for_each_entry_safe_reverse(host, next, &root->hosts, list) {
		if (root->nr_hosts <= keep && host->used >= before)
			break;
		/* References are only taken under the lock. */
		if (refcount_read(&host->ref) > 1)
			continue;
		list_move(&host->list, &gone);
		root->nr_hosts--;
	}
	spin_unlock(&root->lock);
	list_for_each_entry_safe(host, next, &gone, list)
		forget(root, host);
}

static bool is_resolved(const struct snfs_nethost *host)
{
	return host->nr_addrs && now() < host->asked + SNFS_NAME_SECONDS;
}

/* Leaves out what may not be contacted. */
static unsigned int allowed(struct snfs_netroot *root, struct sockaddr_storage *addrs,
			    unsigned int nr)
{
	unsigned int i, n = 0;

	mutex_lock(&root->opt_lock);
	for (i = 0; i < nr; i++) {
		if (snfs_hostfilter_allows(root->opt.hosts, &addrs[i]))
			addrs[n++] = addrs[i];
	}
	mutex_unlock(&root->opt_lock);
	return n;
}

/* The addresses that may be contacted, as a list to be freed with kfree(), or an ERR_PTR */
static struct sockaddr_storage *copy_addresses(struct snfs_nethost *host, unsigned int *nr)
{
	struct sockaddr_storage *addrs = kcalloc(SNFS_ADDRESSES_MAX, sizeof(*addrs), GFP_KERNEL);

	if (!addrs)
		return ERR_PTR(-ENOMEM);
	mutex_lock(&host->lock);
	memcpy(addrs, host->addr, sizeof(host->addr));
	*nr = host->nr_addrs;
	mutex_unlock(&host->lock);
	*nr = allowed(host->root, addrs, *nr);
	if (*nr)
		return addrs;
	kfree(addrs);
	return ERR_PTR(-EACCES);
}

/**
 * snfs_nethost_known - are the addresses of a host known, and may one be contacted?
 * @host: the host
 *
 * Context: May sleep; asks nobody.
 * Return: whether that is so.
 */
bool snfs_nethost_known(struct snfs_nethost *host)
{
	struct sockaddr_storage *addrs;
	unsigned int nr;
	bool known;

	mutex_lock(&host->lock);
	known = host->asked == TIME64_MAX || is_resolved(host);
	mutex_unlock(&host->lock);
	if (!known)
		return false;
	addrs = copy_addresses(host, &nr);
	if (IS_ERR(addrs))
		return false;
	kfree(addrs);
	return true;
}

static int ask_addresses(struct snfs_nethost *host)
{
	const struct snfs_server *server = SNFS_SB(host->root->sb);
	struct sockaddr_storage *addrs;
	unsigned int nr;
	char *text = snfs_resolve(server->net, server->cred->user_ns, host->name);

	if (IS_ERR(text))
		return PTR_ERR(text) == -ENOMEM ? -ENOMEM : -ENOENT;
	addrs = kcalloc(SNFS_ADDRESSES_MAX, sizeof(*addrs), GFP_KERNEL);
	if (!addrs) {
		kfree(text);
		return -ENOMEM;
	}
	nr = snfs_parse_addrs(server->net, text, server->opt.flags & SNFS_OPT_PROTO6, addrs,
			      SNFS_ADDRESSES_MAX);
	kfree(text);
	mutex_lock(&host->lock);
	memcpy(host->addr, addrs, sizeof(host->addr));
	host->nr_addrs = nr;
	host->asked = now();
	mutex_unlock(&host->lock);
	kfree(addrs);
	return nr ? 0 : -ENOENT;
}

/**
 * snfs_nethost_resolve - see to it that the addresses of a host are known
 * @host: the host; @host->busy is held
 *
 * Context: May sleep, as long as the upcall takes.
 * Return: 0; -ENOENT if the name has no address, which is remembered; -EACCES if hosts= has none
 * of them; -ENOMEM.
 */
int snfs_nethost_resolve(struct snfs_nethost *host)
{
	struct sockaddr_storage *addrs;
	unsigned int nr;
	int err = 0;

	mutex_lock(&host->lock);
	if (host->asked != TIME64_MAX && !is_resolved(host))
		err = now() < host->error_until ? host->error : 1;
	mutex_unlock(&host->lock);
	if (err > 0)
		err = ask_addresses(host);
	if (err == -ENOENT) {
		mutex_lock(&host->lock);
		host->error = err;
		host->error_until = now() + SNFS_REFUSAL_SECONDS;
		mutex_unlock(&host->lock);
	}
	if (err)
		return err;
	addrs = copy_addresses(host, &nr);
	if (IS_ERR(addrs))
		return PTR_ERR(addrs);
	kfree(addrs);
	return 0;
}

/**
 * snfs_nethost_use - fill in who is contacted
 * @host: the host, resolved
 * @opt: options of a mount, without names. OUT: hostname, addr, and the other addresses
 *
 * Return: 0; -EACCES if hosts= has none of the addresses; -ENOMEM.
 */
int snfs_nethost_use(struct snfs_nethost *host, struct snfs_options *opt)
{
	struct sockaddr_storage *addrs;
	const char *name = host->name;
	size_t len = strlen(name);

	if (*name == '[' && name[len - 1] == ']') {
		name++;
		len -= 2;
	}
	opt->hostname = kmemdup_nul(name, len, GFP_KERNEL);
	if (!opt->hostname)
		return -ENOMEM;
	addrs = copy_addresses(host, &opt->nr_addrs);
	if (IS_ERR(addrs))
		return PTR_ERR(addrs);
	opt->addrs = addrs;
	snfs_address_use(opt, &addrs[0]);
	opt->next_addr = 1;
	return 0;
}

/**
 * snfs_nethost_is_gone - does an error mean that a whole host is of no use?
 * @err: a negative errno of a mount or a question
 *
 * Return: whether it does.
 */
bool snfs_nethost_is_gone(int err)
{
	return snfs_address_is_bad(err);
}

/**
 * snfs_nethost_error - did a host, or a path of it, fail lately?
 * @host: the host
 * @path: the path, normalised
 *
 * Return: 0; or a negative errno that is still believed.
 */
int snfs_nethost_error(struct snfs_nethost *host, const char *path)
{
	int err;

	mutex_lock(&host->lock);
	err = now() < host->error_until ? host->error :
					  snfs_refusals_find(&host->refused, path, now());
	mutex_unlock(&host->lock);
	return err;
}

/**
 * snfs_nethost_failed - remember a failure for a short time
 * @host: the host
 * @path: what was asked for
 * @err: why it failed; what is our own affair is not remembered
 */
void snfs_nethost_failed(struct snfs_nethost *host, const char *path, int err)
{
	if (err == -EINTR || err == -ERESTARTSYS || err == -ENOMEM)
		return;
	mutex_lock(&host->lock);
	if (snfs_nethost_is_gone(err)) {
		host->error = err;
		host->error_until = now() + SNFS_REFUSAL_SECONDS;
	} else {
		snfs_refusals_note(&host->refused, path, err, now());
	}
	mutex_unlock(&host->lock);
}

/**
 * snfs_nethost_kept - what is kept of a host's exports
 * @host: the host
 *
 * Return: it, with a reference, or NULL: nothing, or for other options than are in force.
 */
struct snfs_exports *snfs_nethost_kept(struct snfs_nethost *host)
{
	struct snfs_exports *exports = NULL;

	mutex_lock(&host->lock);
	if (host->exports_of == READ_ONCE(host->root->changes))
		exports = snfs_exports_get(host->exports);
	mutex_unlock(&host->lock);
	return exports;
}

/**
 * snfs_nethost_keep - use the same knowledge of a host's exports as others
 * @host: the host; @host->busy is held
 * @exports: the knowledge, or NULL: nothing changes
 */
void snfs_nethost_keep(struct snfs_nethost *host, struct snfs_exports *exports)
{
	struct snfs_exports *old = snfs_exports_get(exports);

	if (!exports)
		return;
	mutex_lock(&host->lock);
	swap(host->exports, old);
	host->exports_of = READ_ONCE(host->root->changes);
	mutex_unlock(&host->lock);
	snfs_exports_put(old);
}

/**
 * snfs_nethost_exports - what a host exports, as far as it was asked
 * @host: the host
 *
 * Context: May sleep; asks nobody.
 * Return: the list, with a reference, or NULL.
 */
struct snfs_export_list *snfs_nethost_exports(struct snfs_nethost *host)
{
	struct snfs_exports *exports = snfs_nethost_kept(host);
	struct snfs_export_list *list;

	if (!exports)
		return NULL;
	list = snfs_exports_known(exports);
	snfs_exports_put(exports);
	return list;
}

/* Ask anew, or for the first time: 0 or an error. */
static int ask(struct snfs_exports *exports)
{
	struct snfs_export_list *list = snfs_exports_within(exports, 0);

	if (IS_ERR(list))
		return PTR_ERR(list);
	snfs_export_list_put(list);
	return 0;
}

/* Ask at an address of which nothing is kept. */
static int ask_at(struct snfs_nethost *host, struct snfs_server *server)
{
	const struct snfs_options *opt = &server->opt;
	struct snfs_exports *exports;
	int err;

	server->mountproto = opt->mountproto ? opt->mountproto : opt->proto;
	exports = snfs_exports_alloc(server, NULL);
	if (!exports)
		return -ENOMEM;
	err = ask(exports);
	if (!snfs_nethost_is_gone(err))
		snfs_nethost_keep(host, exports);
	snfs_exports_put(exports);
	return err;
}

static int ask_host(struct snfs_nethost *host)
{
	const struct snfs_server *above = SNFS_SB(host->root->sb);
	struct snfs_server *server = snfs_server_alloc();
	int err;

	if (!server)
		return -ENOMEM;
	server->net = get_net(above->net);
	server->cred = get_cred(above->cred);
	strscpy(server->nodename, above->nodename, sizeof(server->nodename));
	snfs_netroot_copy_options(host->root, &server->opt);
	server->opt.source = kstrdup(host->name, GFP_KERNEL);
	err = server->opt.source ? snfs_nethost_use(host, &server->opt) : -ENOMEM;
	while (!err) {
		err = ask_at(host, server);
		if (!snfs_nethost_is_gone(err) || server->opt.next_addr >= server->opt.nr_addrs)
			break;
		snfs_address_use(&server->opt, &server->opt.addrs[server->opt.next_addr++]);
		err = 0;
	}
	snfs_server_free(server);
	return err;
}

/* Ask, in the way that is known, and else at any address. */
static int ask_anew(struct snfs_nethost *host, struct snfs_exports *kept)
{
	int err = snfs_nethost_error(host, SNFS_EXPORT_QUESTION);

	if (!err)
		err = snfs_nethost_resolve(host);
	if (err)
		return err;
	if (kept)
		err = ask(kept);
	if (!kept || snfs_nethost_is_gone(err))
		err = ask_host(host);
	if (err)
		snfs_nethost_failed(host, SNFS_EXPORT_QUESTION, err);
	return err;
}

/**
 * snfs_nethost_ask_exports - ask a host what it exports
 * @host: the host; @host->busy is held
 * @age: a list that was asked for within so many seconds is good enough
 *
 * A failure is remembered. The list that was known before is kept then.
 *
 * Context: May sleep, killable.
 * Return: 0; -EACCES if the host may not be contacted; an error of the network, -EIO, -EINTR,
 * -EOPNOTSUPP, -EPROTONOSUPPORT, -ENOMEM.
 */
int snfs_nethost_ask_exports(struct snfs_nethost *host, unsigned int age)
{
	struct snfs_exports *kept = snfs_nethost_kept(host);
	int err;

	if (kept && !snfs_exports_older(kept, age))
		err = snfs_exports_wait(kept);
	else
		err = ask_anew(host, kept);
	snfs_exports_put(kept);
	return err;
}
