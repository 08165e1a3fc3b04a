// SPDX-License-Identifier: GPL-2.0
/*
 * What a path below a host is: an export, a directory on the way to one, or neither; and what was
 * refused lately. Pure.
 */
#include <linux/jhash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "exports.h"
#include "netrule.h"
#include "snfs/compat.h"

/**
 * snfs_role_has_below - are there exports below a directory?
 * @list: the exports, or NULL
 * @path: the directory, normalised
 *
 * Return: whether there are.
 */
bool snfs_role_has_below(const struct snfs_export_list *list, const char *path)
{
	unsigned int n;

	if (!list)
		return false;
	n = snfs_export_list_below(list, path);
	return n < list->nr && snfs_export_is_below(list->path[n], path);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_role_has_below);

/**
 * snfs_role_of - what is a path, as far as the host's list tells?
 * @list: the exports, or NULL: there is no list. A list without exports tells as little: some
 *	servers hide theirs so
 * @path: normalised
 *
 * Return: its role.
 */
enum snfs_role snfs_role_of(const struct snfs_export_list *list, const char *path)
{
	if (!list || !list->nr)
		return SNFS_ROLE_UNKNOWN;
	if (snfs_export_list_find(list, path) >= 0)
		return SNFS_ROLE_EXPORT;
	return snfs_role_has_below(list, path) ? SNFS_ROLE_ABOVE : SNFS_ROLE_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_role_of);

/*
 * Does a path before number @n lead to the directory that its first @len bytes are? The list is
 * sorted, but "/a-b" stands between "/a" and "/a/c".
 */
static bool came_before(const struct snfs_export_list *list, unsigned int n, size_t len)
{
	const char *path = list->path[n];

	while (n-- && !strncmp(list->path[n], path, len)) {
		if (!list->path[n][len] || list->path[n][len] == '/')
			return true;
	}
	return false;
}

/**
 * snfs_role_child - the name in a directory that an export brings about
 * @list: the exports
 * @dir: the directory, normalised
 * @n: number of the export
 * @name: OUT: the name; not ended by a NUL
 *
 * Return: bytes of the name; 0 if the export is not below @dir, or one before it has brought about
 * the same name.
 */
size_t snfs_role_child(const struct snfs_export_list *list, const char *dir, unsigned int n,
		       const char **name)
{
	const char *path = list->path[n];
	size_t skip = dir[1] ? strlen(dir) + 1 : 1;
	size_t len;

	if (!snfs_export_is_below(path, dir))
		return 0;
	len = strcspn(path + skip, "/");
	*name = path + skip;
	return came_before(list, n, skip + len) ? 0 : len;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_role_child);

/**
 * snfs_netroot_ino - the number of a directory below the root
 * @host: name of the host
 * @path: path below it, "/" for the host itself
 *
 * Directories come and go with their use; their numbers are to be the same each time.
 *
 * Return: the number; never that of the root, which is 1.
 */
u64 snfs_netroot_ino(const char *host, const char *path)
{
	u32 seed = jhash(host, strlen(host), 0);
	u64 ino = (u64)jhash(path, strlen(path), seed) << 32 | jhash(path, strlen(path), ~seed);

	return ino > 1 ? ino : 2;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_netroot_ino);

/**
 * snfs_refusals_note - remember a refusal
 * @refusals: where to
 * @path: what was refused
 * @error: a negative errno
 * @now: seconds
 *
 * The oldest is forgotten for it. Without memory for it, it is not remembered.
 */
void snfs_refusals_note(struct snfs_refusals *refusals, const char *path, int error, time64_t now)
{
	unsigned int i, at = refusals->next;
	char *copy;

	for (i = 0; i < SNFS_REFUSALS; i++) {
		if (refusals->known[i].path && !strcmp(refusals->known[i].path, path))
			break;
	}
	if (i < SNFS_REFUSALS) {
		at = i;
	} else {
		copy = kstrdup(path, GFP_KERNEL);
		if (!copy)
			return;
		kfree(refusals->known[at].path);
		refusals->known[at].path = copy;
		refusals->next = (at + 1) % SNFS_REFUSALS;
	}
	refusals->known[at].error = error;
	refusals->known[at].until = now + SNFS_REFUSAL_SECONDS;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_refusals_note);

/**
 * snfs_refusals_find - was a path refused lately?
 * @refusals: what was
 * @path: the path
 * @now: seconds
 *
 * Return: its error; 0 if it was not.
 */
int snfs_refusals_find(const struct snfs_refusals *refusals, const char *path, time64_t now)
{
	unsigned int i;

	for (i = 0; i < SNFS_REFUSALS; i++) {
		if (refusals->known[i].path && now < refusals->known[i].until &&
		    !strcmp(refusals->known[i].path, path))
			return refusals->known[i].error;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_refusals_find);

/**
 * snfs_refusals_forget - forget all refusals
 * @refusals: them; their memory is given back
 */
void snfs_refusals_forget(struct snfs_refusals *refusals)
{
	unsigned int i;

	for (i = 0; i < SNFS_REFUSALS; i++) {
		kfree(refusals->known[i].path);
		refusals->known[i].path = NULL;
	}
}
EXPORT_SYMBOL_IF_KUNIT(snfs_refusals_forget);
