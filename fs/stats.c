// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/self/mountstats: counters of a mount, in the text layout of nfs (statvers 1.1).
 */
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sunrpc/metrics.h>
#include "snfs.h"

static void sum_stats(const struct snfs_server *server, struct snfs_stats *sum)
{
	const struct snfs_stats *stats;
	unsigned int i;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(server->stats, cpu);
		for (i = 0; i < SNFS_EV_NR; i++)
			sum->events[i] += stats->events[i];
		for (i = 0; i < SNFS_BYTES_NR; i++)
			sum->bytes[i] += stats->bytes[i];
	}
}

/* Events and their order as mountstats(8) reads them; -1: what snfs has none of */
static void show_events(struct seq_file *m, const struct snfs_stats *sum)
{
	static const int order[] = {
		SNFS_EV_INODE_REVALIDATE, SNFS_EV_DENTRY_REVALIDATE, SNFS_EV_DATA_INVALIDATE,
		SNFS_EV_ATTR_INVALIDATE, SNFS_EV_OPEN, SNFS_EV_LOOKUP, SNFS_EV_ACCESS,
		-1 /* updatepage */, SNFS_EV_READPAGE, SNFS_EV_READPAGES,
		-1 /* writepage */, SNFS_EV_WRITEPAGES, SNFS_EV_GETDENTS, SNFS_EV_SETATTR,
		SNFS_EV_FLUSH, SNFS_EV_FSYNC, SNFS_EV_LOCK, SNFS_EV_RELEASE,
		SNFS_EV_CONGESTIONWAIT, SNFS_EV_SETATTRTRUNC, SNFS_EV_EXTENDWRITE,
		SNFS_EV_SILLYRENAME, SNFS_EV_SHORTREAD, SNFS_EV_SHORTWRITE, SNFS_EV_DELAY,
		-1 /* pnfs read */, -1 /* pnfs write */,
	};
	unsigned int i;

	seq_puts(m, "\n\tevents:\t");
	for (i = 0; i < ARRAY_SIZE(order); i++)
		seq_printf(m, "%llu ", order[i] < 0 ? 0 : sum->events[order[i]]);
}

static void show_bytes(struct seq_file *m, const struct snfs_stats *sum)
{
	unsigned int i;

	seq_puts(m, "\n\tbytes:\t");
	for (i = 0; i < SNFS_BYTES_NR; i++)
		seq_printf(m, "%llu ", sum->bytes[i]);
}

/**
 * snfs_show_stats - print the counters of a mount
 * @m: where to
 * @root: root of the mount
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int snfs_show_stats(struct seq_file *m, struct dentry *root)
{
	struct snfs_server *server = SNFS_SB(root->d_sb);
	const struct super_block *sb = root->d_sb;
	struct snfs_stats *sum;

	sum = kmalloc(sizeof(*sum), GFP_KERNEL);
	if (!sum)
		return -ENOMEM;
	sum_stats(server, sum);

	seq_puts(m, "statvers=1.1");
	seq_puts(m, "\n\topts:\t");
	seq_puts(m, sb_rdonly(sb) ? "ro" : "rw");
	seq_puts(m, sb->s_flags & SB_SYNCHRONOUS ? ",sync" : "");
	seq_puts(m, sb->s_flags & SB_NOATIME ? ",noatime" : "");
	snfs_show_options(m, root);
	seq_printf(m, "\n\tage:\t%lld", ktime_get_boottime_seconds() - server->mount_time);
	seq_printf(m, "\n\tcaps:\tcaps=0x%x,wtmult=%u,dtsize=%u,bsize=%u,namlen=%u",
		   server->caps, 512, server->dtsize, 0, server->namelen);
	seq_printf(m, "\n\tsec:\tflavor=%u", server->opt.authflavor);
	show_events(m, sum);
	show_bytes(m, sum);
	seq_putc(m, '\n');
	rpc_clnt_show_stats(m, server->clnt);
	kfree(sum);
	return 0;
}
