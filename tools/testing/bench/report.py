#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make tables of what the bench measured, and judge them.

report.py [-o FILE] WORKLOADS.SH VERSION.H OUTPUT...

OUTPUT are the outputs of ledger.sh, cpu.sh and memory.sh. The tables go to standard output,
and with -o as a Markdown page to FILE. The exit status is 1 if a line of the
ledger or of the memory table is worse for snfs than for nfs.ko, or a mount takes too long.
"""

import argparse
import collections
import re
import sys

ROUND_TRIP_US = 10000
# What is the same calls in the same order differs by as much: fractions of a millisecond
# decide when TCP opens its window by another step.
ROUNDING = 1.03
MOST_MOUNT_TRIPS = 6

# Where more round trips buy something that nfs.ko does not give.
LOOKS_FIRST = ("NFSv2 has no exclusive CREATE, so snfs looks whether the name exists first; nfs.ko does not, and with "
               "O_EXCL opens what another client made")
REASONS = {"v2_tar_x": LOOKS_FIRST, "v2_write_seq": LOOKS_FIRST}

Workload = collections.namedtuple("Workload", "name ops floor goal title")
Cost = collections.namedtuple("Cost", "us calls other procedures")

CPU_LINES = [
    ("stat", "stat of a cached file"),
    ("path", "stat over a cached path of 11 components"),
    ("getdents", "entry of a cached directory of 2000"),
    ("open", "open and close of a cached file (one call to the server)"),
    ("read", "read, per MiB, cold"),
    ("write", "write with fsync, per MiB"),
]

MEMORY_LINES = [
    ("stat", "inode, after stat"),
    ("access", "inode, after access(2)"),
    ("write", "inode, after a line was appended to the file"),
    ("list", "name of a listing, after `ls -U`"),
    ("list_long", "name of a listing, after `ls -lU`"),
]


def read_workloads(path):
    """The table at the top of workloads.sh."""
    with open(path) as source:
        table = re.search(r"^WORKLOADS='\n(.*?)^'", source.read(), re.M | re.S).group(1)
    rows = [[c.strip() for c in line.split("|")] for line in table.splitlines()]
    return [Workload(r[0], int(r[1]), r[2], r[3], r[4]) for r in rows]


class Results:
    """What the guests printed."""

    def __init__(self, paths):
        self.ledger, self.cpu, self.memory, self.version = {}, {}, {}, {}
        for path in paths:
            with open(path, errors="replace") as output:
                for line in output:
                    self.take(line.strip().split("|"))

    def take(self, f):
        if f[0] == "ledger" and len(f) == 7:
            self.ledger[f[2], f[1]] = Cost(int(f[3]), int(f[4]), int(f[5]), f[6])
        elif f[0] == "cpu" and len(f) == 5:
            self.cpu[f[2], f[1]] = (int(f[3]), f[4])
        elif f[0] == "memory" and len(f) == 4:
            self.memory[f[2], f[1]] = int(f[3])
        elif f[0] == "version" and len(f) == 3:
            self.version[f[1]] = f[2]


def number(value):
    """Three digits that matter, and no more than two decimals."""
    return "%.0f" % value if value >= 1000 else "%.1f" % value if value >= 20 else "%.2f" % value


def trips(cost, workload):
    return cost.us / ROUND_TRIP_US / workload.ops


def calls(cost, workload):
    return (cost.calls + cost.other) / workload.ops


def ledger_rows(workloads, ledger):
    """Rows of text: both clients, ratio, floor."""
    yield ["workload", "nfs.ko RTT", "snfs RTT", "ratio", "floor", "goal", "nfs.ko calls", "snfs calls"]
    for w in workloads:
        nfs, snfs = ledger.get((w.name, "nfs")), ledger.get((w.name, "snfs"))
        if not nfs and not snfs:
            continue
        ratio = "%.3f" % (snfs.us / nfs.us) if nfs and snfs else "-"
        yield [w.title + (" (in all)" if w.ops == 1 else ""),
               number(trips(nfs, w)) if nfs else "-", number(trips(snfs, w)) if snfs else "-",
               ratio, w.floor, w.goal,
               number(calls(nfs, w)) if nfs else "-", number(calls(snfs, w)) if snfs else "-"]


def procedure_rows(workloads, ledger):
    yield ["workload", "client", "calls the server counted"]
    for w in workloads:
        for fs, client in (("nfs", "nfs.ko"), ("snfs", "snfs")):
            cost = ledger.get((w.name, fs))
            if cost:
                pairs = re.findall(r"(\S+)=(\d+)", cost.procedures)
                if cost.other:
                    pairs.append(("GETACL and other NFSACL", cost.other))
                yield [w.title if fs == "nfs" else "", client, ", ".join("%s %s" % p for p in pairs)]


def cpu_rows(cpu):
    yield ["instructions per", "nfs.ko", "snfs", "ratio", "nfsd threads' part, nfs.ko", "the same, snfs"]
    for name, title in CPU_LINES:
        nfs, snfs = cpu.get((name, "nfs")), cpu.get((name, "snfs"))
        if nfs and snfs:
            yield [title, str(nfs[0]), str(snfs[0]), "%.3f" % (snfs[0] / nfs[0]), nfs[1], snfs[1]]


def memory_rows(memory):
    yield ["bytes per cached", "nfs.ko", "snfs", "ratio"]
    for name, title in MEMORY_LINES:
        nfs, snfs = memory.get((name, "nfs")), memory.get((name, "snfs"))
        if nfs or snfs:
            yield [title, str(nfs or "-"), str(snfs or "-"), "%.3f" % (snfs / nfs) if nfs and snfs else "-"]


def text_table(rows):
    rows = list(rows)
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        yield "  ".join(cells).rstrip()


def markdown_table(rows, left=1):
    rows = list(rows)
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + "|".join("---" if i < left else "--:" for i in range(len(rows[0]))) + "|"
    for row in rows[1:]:
        yield "| " + " | ".join(row) + " |"


def verdict(workloads, results):
    """What is not good enough, what is worse for a reason, and what is only worth a look."""
    bad, excused, remarks = [], [], []
    for w in workloads:
        nfs, snfs = (results.ledger.get((w.name, fs)) for fs in ("nfs", "snfs"))
        if not (nfs and snfs):
            if nfs or snfs:
                bad.append("%s: measured for one client only" % w.title)
            continue
        if snfs.us > nfs.us * ROUNDING:
            line = "%s: %s round trips, nfs.ko %s" % (w.title, number(trips(snfs, w)), number(trips(nfs, w)))
            if w.name in REASONS:
                excused.append(w)
                remarks.append("%s (%s)" % (line, REASONS[w.name]))
            else:
                bad.append(line)
        if calls(snfs, w) > calls(nfs, w) * ROUNDING:
            remarks.append("%s: %s calls, nfs.ko %s" % (w.title, number(calls(snfs, w)), number(calls(nfs, w))))
        if w.name == "mount" and trips(snfs, w) > MOST_MOUNT_TRIPS:
            bad.append("%s: more than %d round trips" % (w.title, MOST_MOUNT_TRIPS))
    for name, title in MEMORY_LINES:
        nfs, snfs = (results.memory.get((name, fs)) for fs in ("nfs", "snfs"))
        if nfs and snfs and snfs > nfs:
            bad.append("%s: %d bytes, nfs.ko %d" % (title, snfs, nfs))
    return bad, excused, remarks


PAGE = """<!-- SPDX-License-Identifier: GPL-2.0 -->
# Performance

`make bench` wrote this page; edit `tools/testing/bench/` instead. Measured: snfs {version} and the nfs.ko of the
same kernel with `vers=3,nolock` (`vers=2` and `proto=udp` where the line says so), on one knfsd.

## Round trips

User Mode Linux {uml} in virtual time: computing takes none, every serial round trip takes exactly 10 ms
(`netem delay 5ms rate 1gbit` for each direction on the loopback), so elapsed time divided by 10 ms is the number of round trips
somebody waits for. It repeats within a few microseconds on any machine. Both clients run the same shell functions
(`tools/testing/bench/workloads.sh`), each on a fresh mount; the server is in the same guest, exports a tmpfs
`async`, and offers transfers of 256 KiB.

RTT and calls are per operation, but for the lines "in all". Calls are those that the server counted, NFSACL
included, MOUNT and portmap not. Floor is what the protocol allows at the same close-to-open guarantee, goal what snfs is
to reach. {judgement}

{ledger}

Which calls these are:

{procedures}

## CPU

Stock Debian kernel {cpu} in QEMU with `-icount shift=0` and one CPU: the guest's clock counts instructions. What
needs the server includes the server's work and the network stack's, which is the same CPU's; the last two columns
say what nfsd's threads had of it. Transfers are 1 MiB. What needs no server repeats within one percent, the rest
within three.

{cpu_table}

## Memory

Stock Debian kernel {memory_kernel} in QEMU with one CPU. Inodes: 10 000 and 20 000 files are used by name, and what
unmounting gives back in slabs is compared; waste within slabs counts, and what the security modules attach (some 80
bytes), but not the dentry (195 bytes of slab, the same for both) and not the file's pages. Names: directories of
50 000 and 100 000 names of 11 bytes are listed; slabs, the page cache and vmalloc() count, but not inodes and dentries.

{memory}
"""


def judgement_of(bad, excused):
    text = "Worse than nfs.ko: %s" % "; ".join(bad) if bad else "No line is worse than nfs.ko's"
    reasons = collections.defaultdict(list)
    for w in excused:
        reasons[REASONS[w.name]].append(w.title)
    if not bad and reasons:
        text += " without a reason"
    excuses = ["Worse for a reason: %s (%s)." % ("; ".join(titles), why) for why, titles in reasons.items()]
    return "\n".join([text + "."] + excuses)


def page(workloads, results, version, bad, excused):
    def join(rows, left=1):
        return "\n".join(markdown_table(rows, left))
    return PAGE.format(version=version, uml=results.version.get("ledger", "?"), cpu=results.version.get("cpu", "?"),
                       judgement=judgement_of(bad, excused), ledger=join(ledger_rows(workloads, results.ledger)),
                       procedures=join(procedure_rows(workloads, results.ledger), 3),
                       cpu_table=join(cpu_rows(results.cpu)), memory_kernel=results.version.get("memory", "?"),
                       memory=join(memory_rows(results.memory)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", dest="page")
    parser.add_argument("workloads")
    parser.add_argument("version")
    parser.add_argument("outputs", nargs="+")
    options = parser.parse_args()
    workloads = read_workloads(options.workloads)
    results = Results(options.outputs)
    with open(options.version) as header:
        version = re.search(r'SNFS_VERSION\s+"([^"]+)"', header.read()).group(1)
    bad, excused, remarks = verdict(workloads, results)
    for rows in (ledger_rows(workloads, results.ledger), cpu_rows(results.cpu), memory_rows(results.memory)):
        lines = list(text_table(rows))
        if len(lines) > 1:
            print("\n".join(lines) + "\n")
    if options.page:
        with open(options.page, "w") as out:
            out.write(page(workloads, results, version, bad, excused))
    for line in remarks:
        print("more: " + line)
    for line in bad:
        print("worse: " + line)
    if not bad and results.ledger:
        print("no line of the ledger is worse than nfs.ko's")
    if not bad and results.memory:
        print("nothing cached takes more memory than nfs.ko's")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
