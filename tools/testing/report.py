#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Turn the output of test scripts into one line per test.

report.py KERNEL KIND DIR RESULTS reads what guest/batch (KIND e2e) or
guest/kunit (KIND kunit) print, from standard input and as it comes. Lines such
as "ok 6.12 e2e/basic: create a file" are printed and added to the file RESULTS.
A script fails besides when its plan is not kept, it ends with a status its
tests do not explain, or the kernel log has a complaint. DIR is run.sh's job
directory; the scripts that got their chance are listed in DIR/done.
"""

import os
import re
import subprocess
import sys

MOST_NOTES = 20
HERE = os.path.dirname(os.path.abspath(__file__))
RESULT = re.compile(r"^(ok|not ok) (\d+)(?: -)? ?(.*?)(?: # (SKIP|TODO)\b ?(.*))?$", re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)")


class Report:
    """Where results go."""

    def __init__(self, kernel, kind, results):
        self.kernel = kernel
        self.kind = kind
        self.results = open(results, "a")
        self.failures = 0

    def add(self, verdict, script, text):
        line = "%s %s %s/%s: %s" % (verdict, self.kernel, self.kind, script, text)
        print(line, flush=True)
        self.results.write(line + "\n")
        self.results.flush()
        self.failures += verdict == "not ok"

    def result(self, script, match):
        """One KTAP result line."""
        verdict, _, text, directive, reason = match.groups()
        if (directive or "").upper() == "SKIP":
            self.add("skip", script, "%s # SKIP %s" % (text, reason or ""))
        else:
            self.add(verdict, script, text)


class Script:
    """What one e2e script has said so far."""

    def __init__(self, name, report, job):
        self.name = name
        self.report = report
        self.dir = os.path.join(job, name)
        os.makedirs(self.dir, exist_ok=True)
        self.log = open(os.path.join(self.dir, "output"), "w")
        self.planned = None
        self.seen = 0
        self.failed = 0
        self.bailed = False
        self.notes = []

    def line(self, line):
        self.log.write(line + "\n")
        self.log.flush()
        plan = PLAN.match(line)
        result = RESULT.match(line)
        if plan:
            self.planned = int(plan.group(1))
            self.bailed = self.bailed or self.planned == 0
        elif result:
            self.seen += 1
            self.show_notes(result.group(1) == "not ok")
            self.failed += result.group(1) == "not ok"
            self.report.result(self.name, result)
        elif line.startswith("Bail out!"):
            self.bailed = True
            self.show_notes(True)
            self.fail(line)
        else:
            self.notes.append(line)

    def show_notes(self, show):
        """What was said since the last result, if that explains a failure."""
        for note in self.notes[-MOST_NOTES:] if show else []:
            print("#   " + note.lstrip("# "), flush=True)
        self.notes = []

    def fail(self, text):
        self.failed += 1
        self.report.add("not ok", self.name, text)

    def end(self, status):
        """@status: the script's, or None if the guest died under it."""
        self.log.close()
        if status is None:
            self.fail("the guest died or hung")
        elif status in (124, 125):
            self.fail("time limit")
        elif self.planned is None and not self.bailed:
            self.fail("no test plan (status %d)" % status)
        elif self.seen != self.planned and not self.bailed:
            self.fail("%s tests planned, %d seen (status %d)" % (self.planned, self.seen, status))
        elif status != 0 and not self.failed:
            self.fail("exit status %d" % status)
        if status is not None:
            self.judge_log()
        with open(os.path.join(self.report_dir(), "done"), "a") as done:
            done.write(self.name + "\n")

    def report_dir(self):
        return os.path.dirname(self.dir)

    def judge_log(self):
        scan = subprocess.run([os.path.join(HERE, "scan-log.py"), self.report.kernel, self.dir],
                              stdout=subprocess.PIPE, text=True, check=False)
        if scan.returncode:
            with open(os.path.join(self.dir, "complaints"), "w") as log:
                log.write(scan.stdout)
            print(scan.stdout, end="", flush=True)
            self.fail("the kernel log has complaints")


def lines():
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def read_e2e(report, job):
    script = None
    for line in lines():
        words = line.split()
        if line.startswith("@@ begin ") and len(words) == 3:
            script = Script(words[2], report, job)
        elif line.startswith("@@ end ") and script and len(words) == 4:
            script.end(int(words[3]))
            script = None
        elif script:
            script.line(line)
    if script:
        script.end(None)


def read_kunit(report):
    """Suites are indented by 4, parameters of a case by 8."""
    suite, planned, seen = "?", 0, 0
    for line in lines():
        if line.startswith("    # Subtest: "):
            suite, planned, seen = line[15:], 0, 0
        elif line.startswith("    ") and not line.startswith("     "):
            plan = PLAN.match(line[4:])
            result = RESULT.match(line[4:])
            planned = int(plan.group(1)) if plan else planned
            if result:
                seen += 1
                report.result(suite, result)
        elif RESULT.match(line):
            if line.startswith("not ok") and "load" in line:
                report.add("not ok", "modules", line)
            elif not seen or seen != planned:
                report.add("not ok", suite, "%d cases planned, %d seen" % (planned, seen))
        elif "ASSERT" in line or "EXPECT" in line or "Expected" in line:
            print("# " + line.strip(), flush=True)


def main():
    kernel, kind, job, results = sys.argv[1:]
    report = Report(kernel, kind, results)
    if kind == "kunit":
        read_kunit(report)
    else:
        read_e2e(report, job)
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
