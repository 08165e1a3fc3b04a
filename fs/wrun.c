// SPDX-License-Identifier: GPL-2.0
/*
 * Building WRITEs out of dirty byte ranges.
 *
 * Write-back offers the dirty ranges of a file in order. Ranges that touch and belong to the
 * same writer become one run, as long as a WRITE can carry it. A single range that is longer
 * than a WRITE (a large folio, or a small wsize) is a run of its own, sent in pieces: a folio
 * is never shared between two runs.
 */
#include <linux/export.h>
#include <kunit/visibility.h>
#include "wrun.h"

/**
 * snfs_wrun_init - make an empty run
 * @run: OUT
 */
void snfs_wrun_init(struct snfs_wrun *run)
{
	run->start = 0;
	run->end = 0;
	run->key = NULL;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_wrun_init);

/**
 * snfs_wrun_add - let a dirty range join a run
 * @run: the run
 * @offset: first byte of the range
 * @len: bytes in it, not 0
 * @key: whose data it is
 * @max: bytes that a WRITE carries
 *
 * Context: Any context. Does not sleep.
 * Return: true if it joined; false if the run must be sent first and the range begins the next.
 */
bool snfs_wrun_add(struct snfs_wrun *run, u64 offset, u32 len, const void *key, u32 max)
{
	if (run->start == run->end) {
		run->start = offset;
		run->end = offset + len;
		run->key = key;
		return true;
	}
	if (run->key != key || run->end != offset)
		return false;
	if (snfs_wrun_len(run) + len > max)
		return false;
	run->end += len;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_wrun_add);
