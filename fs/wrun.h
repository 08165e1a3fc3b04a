/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building WRITEs out of dirty byte ranges, a pure unit: it knows neither folios nor RPC.
 */
#ifndef _SNFS_WRUN_H
#define _SNFS_WRUN_H

#include <linux/types.h>

/**
 * struct snfs_wrun - contiguous dirty bytes that one credential writes
 * @start: offset of the first byte
 * @end: offset behind the last byte; @start when the run is empty
 * @key: whose data it is; ranges with different keys are never joined
 */
struct snfs_wrun {
	u64		start;
	u64		end;
	const void	*key;
};

void snfs_wrun_init(struct snfs_wrun *run);
bool snfs_wrun_add(struct snfs_wrun *run, u64 offset, u32 len, const void *key, u32 max);

static inline u64 snfs_wrun_len(const struct snfs_wrun *run)
{
	return run->end - run->start;
}

#endif /* _SNFS_WRUN_H */
