// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of mounts that anybody can begin: kept, made harmless, and told at a limited rate.
 *
 * What a mount says goes to the log of its context if that has one (fsopen(2)), else to the
 * kernel's. Where no privilege is needed for a mount, anybody could fill that, with any text.
 */
#include <linux/fs_context.h>
#include <linux/slab.h>
#include "snfs.h"

/**
 * snfs_messages_keep - keep the messages of a mount in its context
 * @fc: the context; if it has a log already, nothing is done
 *
 * Return: whether snfs_messages_tell() is to be called at the end.
 */
bool snfs_messages_keep(struct fs_context *fc)
{
	struct fc_log *log;

	if (fc->log.log)
		return false;
	log = kzalloc(sizeof(*log), GFP_KERNEL);
	if (!log)
		return false;
	refcount_set(&log->usage, 1);
	fc->log.log = log;
	return true;
}

/**
 * snfs_messages_tell - tell what was kept
 * @fc: the context
 *
 * The VFS frees the log with the context.
 */
void snfs_messages_tell(const struct fs_context *fc)
{
	const struct fc_log *log = fc->log.log;
	u8 i;

	/* Each is a letter, a blank, and the text with a line feed. */
	for (i = log->tail; i != log->head; i++) {
		const char *text = log->buffer[i & (ARRAY_SIZE(log->buffer) - 1)];
		size_t len = strlen(text);

		if (len > 3)
			pr_warn_ratelimited("%*pE\n", (int)len - 3, text + 2);
	}
}
