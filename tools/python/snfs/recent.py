# SPDX-License-Identifier: GPL-2.0
"""Keeps what was used for a while, so that whoever comes again need not make it anew."""

import os
import threading
import time


class Recent:
    """Objects that stay for so many seconds after their last use."""

    def __init__(self, seconds):
        self.seconds = seconds
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def use(self, thing):
        with self._lock:
            self._until[thing] = time.monotonic() + self.seconds
            self._expect_expiry()

    def _forget(self):
        """A child has none of the threads, and none of its own uses yet."""
        self._lock = threading.Lock()
        self._until = {}
        self._timer = None

    def _expect_expiry(self):
        if self._timer or not self._until:
            return
        wait = max(min(self._until.values()) - time.monotonic(), 0)
        timer = threading.Timer(wait, self._expire)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no thread to be had, as when the interpreter ends: nothing is kept
            self._until.clear()
            return
        self._timer = timer

    def _expire(self):
        with self._lock:
            now = time.monotonic()
            expired = [thing for thing, until in self._until.items() if until <= now]
            for thing in expired:
                del self._until[thing]
            self._timer = None
            self._expect_expiry()
        # They may go here, which can take its time: others need not wait.
        expired.clear()
