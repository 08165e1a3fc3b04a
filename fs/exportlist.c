// SPDX-License-Identifier: GPL-2.0
/*
 * The list of a server's exports: decoded from the answer of MOUNT's EXPORT, sorted, searched.
 *
 * Paths are compared as texts, so they are brought into one form first. What has no such form
 * (not absolute, a NUL or a ".." in it) can be no place in the server's tree and is left out.
 */
#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/sunrpc/xdr.h>
#include <kunit/visibility.h>
#include "exports.h"
#include "snfs/mount.h"
#include "xdr.h"

/**
 * snfs_export_list_alloc - make an empty list
 *
 * Return: the list with one reference, or NULL.
 */
struct snfs_export_list *snfs_export_list_alloc(void)
{
	struct snfs_export_list *list = kzalloc(sizeof(*list), GFP_KERNEL);

	if (list)
		refcount_set(&list->ref, 1);
	return list;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_export_list_alloc);

/**
 * snfs_export_list_get - take a reference
 * @list: the list, or NULL
 *
 * Return: @list.
 */
struct snfs_export_list *snfs_export_list_get(struct snfs_export_list *list)
{
	if (list)
		refcount_inc(&list->ref);
	return list;
}

static void drop_paths(struct snfs_export_list *list)
{
	while (list->nr)
		kfree(list->path[--list->nr]);
	kvfree(list->path);
	list->path = NULL;
	list->room = 0;
}

/**
 * snfs_export_list_put - give back a reference
 * @list: the list, or NULL
 */
void snfs_export_list_put(struct snfs_export_list *list)
{
	if (!list || !refcount_dec_and_test(&list->ref))
		return;
	drop_paths(list);
	bitmap_free(list->denied);
	kfree(list);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_export_list_put);

/**
 * snfs_export_normalise - bring a path into the form in which paths are compared
 * @path: the path; becomes shorter if it changes
 *
 * "/" stays, other paths lose slashes at the end; slashes in a row and "." components go.
 *
 * Return: whether it has such a form: it is absolute and has no ".." in it.
 */
bool snfs_export_normalise(char *path)
{
	const char *from = path;
	char *to = path;

	if (*from != '/')
		return false;
	while (*from) {
		size_t len;

		from += strspn(from, "/");
		len = strcspn(from, "/");
		if (len == 2 && !memcmp(from, "..", 2))
			return false;
		if (len && !(len == 1 && *from == '.')) {
			*to++ = '/';
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_export_normalise);

static int make_room(struct snfs_export_list *list)
{
	unsigned int room = list->room ? 2 * list->room : 16;
	char **path;

	if (list->nr < list->room)
		return 0;
	path = kvcalloc(room, sizeof(*path), GFP_KERNEL);
	if (!path)
		return -ENOMEM;
	if (list->nr)
		memcpy(path, list->path, list->nr * sizeof(*path));
	kvfree(list->path);
	list->path = path;
	list->room = room;
	return 0;
}

static int add(struct snfs_export_list *list, const void *bytes, size_t len)
{
	char *path;

	/* Servers of old count the NUL that ends a text in C. */
	if (len && !((const char *)bytes)[len - 1])
		len--;
	if (!len || memchr(bytes, '\0', len))
		return 0;
	if (make_room(list))
		return -ENOMEM;
	path = kmemdup_nul(bytes, len, GFP_KERNEL);
	if (!path)
		return -ENOMEM;
	if (!snfs_export_normalise(path)) {
		kfree(path);
		return 0;
	}
	list->path[list->nr++] = path;
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

/* Sorted, and each once: servers list an export for each of its clients. */
static int finish(struct snfs_export_list *list)
{
	unsigned int i, nr = 0;

	if (list->nr)
		sort(list->path, list->nr, sizeof(*list->path), compare, NULL);
	for (i = 0; i < list->nr; i++) {
		if (nr && !strcmp(list->path[nr - 1], list->path[i]))
			kfree(list->path[i]);
		else
			list->path[nr++] = list->path[i];
	}
	list->nr = nr;
	list->denied = bitmap_zalloc(max(nr, 1U), GFP_KERNEL);
	return list->denied ? 0 : -ENOMEM;
}

/* Who may mount it is the server's to know. */
static int skip_groups(struct xdr_stream *xdr)
{
	bool more;
	void *name;
	int err;

	for (;;) {
		err = snfs_decode_bool(xdr, &more);
		if (err || !more)
			return err;
		if (xdr_stream_decode_opaque_inline(xdr, &name, MNTNAMLEN) < 0)
			return -EBADMSG;
	}
}

static int decode_nodes(struct xdr_stream *xdr, struct snfs_export_list *list)
{
	ssize_t len;
	void *path;
	bool more;
	int err;

	for (;;) {
		err = snfs_decode_bool(xdr, &more);
		if (err || !more)
			return err;
		if (list->nr == SNFS_EXPORTS_MAX) {
			list->cut = true;
			return 0;
		}
		len = xdr_stream_decode_opaque_inline(xdr, &path, MNTPATHLEN);
		if (len < 0)
			return -EBADMSG;
		err = add(list, path, len);
		if (!err)
			err = skip_groups(xdr);
		if (err)
			return err;
	}
}

/**
 * snfs_export_list_decode - decode the answer of EXPORT
 * @xdr: stream positioned at its begin
 * @list: OUT: the exports; an empty list before
 *
 * RFC 1813 appendix I section 5.2.6: exports, a list of exportnode { dirpath ex_dir<1024>; groups
 * ex_groups; exportnode *ex_next; }, where groups are a list of name<255>. The same in all
 * versions. What is too long for our buffer ends early and is taken as far as it goes.
 *
 * Context: May sleep.
 * Return: 0; -EBADMSG if it is short, a path or name too long, or a bool neither 0 nor 1; -ENOMEM.
 */
int snfs_export_list_decode(struct xdr_stream *xdr, struct snfs_export_list *list)
{
	char *scratch = kmalloc(MNTPATHLEN, GFP_KERNEL);
	int err;

	if (!scratch)
		return -ENOMEM;
	xdr_set_scratch_buffer(xdr, scratch, MNTPATHLEN);
	/* A reply may be decoded again after a retransmission. */
	drop_paths(list);
	bitmap_free(list->denied);
	list->denied = NULL;
	list->cut = false;
	/* sunrpc rounds the length up and would hand out bytes that were never received. */
	err = xdr->buf->len % XDR_UNIT ? -EBADMSG : decode_nodes(xdr, list);
	if (err == -EBADMSG && xdr->buf->len >= SNFS_EXPORTS_BYTES) {
		list->cut = true;
		err = 0;
	}
	if (!err)
		err = finish(list);
	xdr_reset_scratch_buffer(xdr);
	kfree(scratch);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_export_list_decode);

/**
 * snfs_export_is_below - is one path below another?
 * @path: normalised
 * @dir: normalised
 *
 * Return: whether it is; no path is below itself.
 */
bool snfs_export_is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	if (len == 1)
		return path[1] != '\0';
	return !strncmp(path, dir, len) && path[len] == '/';
}
EXPORT_SYMBOL_IF_KUNIT(snfs_export_is_below);

/* How @path is to "DIR/": what is below DIR is not less, and follows at once. */
static int compare_with_dir(const char *path, const char *dir, size_t len)
{
	int diff = strncmp(path, dir, len);

	if (diff)
		return diff;
	return (int)(unsigned char)path[len] - '/';
}

/**
 * snfs_export_list_below - find the exports below a directory
 * @list: the list
 * @dir: normalised path
 *
 * Return: the number of the first of them. They follow one after the other, as long as
 * snfs_export_is_below() says so; @list->nr, or one that is not below, if there are none.
 */
unsigned int snfs_export_list_below(const struct snfs_export_list *list, const char *dir)
{
	unsigned int low = 0, high = list->nr;
	size_t len = strlen(dir);

	/* All but "/" itself are below "/". */
	if (len == 1)
		return list->nr && !list->path[0][1] ? 1 : 0;
	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (compare_with_dir(list->path[mid], dir, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_export_list_below);

/**
 * snfs_export_list_find - find an export
 * @list: the list
 * @path: normalised
 *
 * Return: its number, or -ENOENT.
 */
int snfs_export_list_find(const struct snfs_export_list *list, const char *path)
{
	char **found = NULL;

	if (list->nr)
		found = bsearch(&path, list->path, list->nr, sizeof(*list->path), compare);
	return found ? found - list->path : -ENOENT;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_export_list_find);
