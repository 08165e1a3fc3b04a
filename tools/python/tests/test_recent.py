# SPDX-License-Identifier: GPL-2.0
"""What is kept for a while."""

import threading
import time
import unittest
import weakref
from unittest import mock

from snfs.recent import Recent


class Thing:
    pass


class Keeping(unittest.TestCase):
    def used(self, recent):
        """A weak reference to something that nobody else has."""
        thing = Thing()
        recent.use(thing)
        return weakref.ref(thing)

    def wait_for_end(self, *things):
        end = time.monotonic() + 60
        while any(thing() for thing in things) and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual([thing() for thing in things], [None] * len(things))

    def test_kept_and_let_go(self):
        recent = Recent(seconds=1000)
        thing = self.used(recent)
        self.assertIsNotNone(thing())
        recent._timer.cancel()
        recent._forget()
        self.assertIsNone(thing())

    def test_goes_after_its_time(self):
        recent = Recent(seconds=0.1)
        self.wait_for_end(self.used(recent), self.used(recent))
        self.wait_for_end(self.used(recent))

    def test_without_threads_nothing_is_kept(self):
        recent = Recent(seconds=1000)
        with mock.patch.object(threading.Thread, "start", side_effect=RuntimeError):
            thing = self.used(recent)
        self.assertIsNone(thing())
        self.assertIsNotNone(self.used(recent)())
        recent._timer.cancel()

    def test_another_use_begins_anew(self):
        recent = Recent(seconds=0.1)
        thing = Thing()
        recent.use(thing)
        recent.seconds = 1000
        recent.use(thing)
        other = self.used(Recent(seconds=0.3))
        self.wait_for_end(other)
        self.assertIn(thing, recent._until)
        recent._timer.cancel()


if __name__ == "__main__":
    unittest.main()
