#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Judge a guest's kernel log: scan-log.py KERNEL DIR [KNOWN]

DIR is run.sh's job directory. Its dmesg is read, or its console if the guest
died before it could write one, and its list of leaks. Every complaint that is
not described in known-splats is printed, and makes the exit status 1.
"""

import os
import re
import sys

COMPLAINTS = re.compile(r"""
    \bWARNING:? | \bBUG\b | \bOops\b | general.protection | KASAN: | UBSAN: | ODEBUG:
  | Unable.to.handle | unable.to.handle | NULL.pointer.dereference | Kernel.panic
  | invalid.opcode | double.fault | stack.segment
  | possible.(circular|recursive|irq) | suspicious.RCU | inconsistent.lock
  | bad.unlock | held.lock.freed | lock.held.when.returning | locks.held
  | Invalid.wait.context | unsafe.lock | non-static.key | DEBUG_LOCKS_WARN_ON
  | turning.off.the.locking.correctness
  | sleeping.function | scheduling.while.atomic | Voluntary.context.switch
  | blocked.for.more.than | soft.lockup | hard.LOCKUP | rcu.*\bstall | workqueue.lockup
  | VFS:.Busy | Busy.inodes | Dentry.*still.in.use | Leaked.(locks|POSIX)
  | unreferenced.object | Objects.remaining | kmem_cache_destroy | Slab.cache.still
  | refcount_t: | list_(add|del).corruption | page.allocation.failure | Bad.page
  | bad.page.state | Bad.rss | out.of.memory | Out.of.memory | unregister_netdevice:.waiting
  | duplicate.filename | already.registered | tried.to.(init|add).an.initialized
  | ^stage:
""", re.VERBOSE)

# Lines with a word from above that say nothing bad, by any kernel.
HARMLESS = re.compile(r"""
    Kernel.command.line | Command.line: | debug:.unmapping | DEBUG_LOCKS
  | kmemleak: | ^snfs-test: | RCU.lockdep.checking | Lock.dependency.validator
""", re.VERBOSE)

TIMESTAMP = re.compile(r"^(<\d+>)?\[ *\d+\.\d+\](\[ *[TC]\d+\])? ?")
MOST_LINES = 150
MOST_PRINTED = 50
MOST_REPORTS = 4


def read_lines(path):
    """Lines without carriage returns and timestamps."""
    with open(path, errors="replace") as log:
        return [TIMESTAMP.sub("", line.rstrip("\r\n")) for line in log]


def block_end(lines, start):
    """One past the last line of the report that begins at @start."""
    trace = False
    limit = min(len(lines), start + MOST_LINES)
    for i in range(start + 1, limit):
        line = lines[i]
        if "---[ end trace" in line or line.strip() == "</TASK>":
            return i + 1
        if line.startswith("Call Trace:"):
            trace = True
        elif trace and line and not line.startswith(" "):
            return i
    return limit if trace else start + 1


def reports(lines):
    """The complaints: each a list of lines, the call trace included."""
    i = 0
    while i < len(lines):
        if COMPLAINTS.search(lines[i]) and not HARMLESS.search(lines[i]):
            end = block_end(lines, i)
            yield lines[i:end]
            i = end
        else:
            i += 1


def leak_reports(lines):
    """kmemleak's list, cut into one report per object."""
    report = []
    for line in lines:
        if line.startswith("unreferenced object") and report:
            yield report
            report = []
        report.append(line)
    if report:
        yield report


def known_splats(path, kernel):
    """Patterns of known-splats that hold for @kernel."""
    patterns = []
    with open(path) as known:
        for line in known:
            if not line.strip() or line.startswith("#"):
                continue
            kernels, pattern = line.rstrip("\n").split(None, 1)
            if kernel in kernels.split(","):
                patterns.append(re.compile(pattern, re.DOTALL))
    return patterns


def main():
    kernel, job = sys.argv[1:3]
    here = os.path.dirname(os.path.abspath(__file__))
    known = known_splats(sys.argv[3] if len(sys.argv) > 3 else os.path.join(here, "known-splats"), kernel)
    log = os.path.join(job, "dmesg")
    if not os.path.exists(log):
        log = os.path.join(job, "console")
    found = list(reports(read_lines(log)))
    leaks = os.path.join(job, "kmemleak")
    if os.path.exists(leaks):
        found += leak_reports(read_lines(leaks))
    bad = [r for r in found if not any(p.search("\n".join(r)) for p in known)]
    for report in bad[:MOST_REPORTS]:
        print("# kernel log:")
        for line in report[:MOST_PRINTED]:
            print("#   " + line)
    if len(bad) > MOST_REPORTS:
        print("# kernel log: %d more complaints" % (len(bad) - MOST_REPORTS))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
