# SPDX-License-Identifier: GPL-2.0
"""Files, on a directory of this machine."""

import errno
import os
import unittest
from unittest import mock

import snfs
from .local import URL, LocalExport, is_open


class Reading(LocalExport):
    def setUp(self):
        super().setUp()
        self.put("file", b"eins\nzwei\n\ndrei")

    def test_text_and_bytes(self):
        self.assertEqual(self.nfs.open("file").read(), "eins\nzwei\n\ndrei")
        data = self.nfs.open("/file", "rb").read()
        self.assertIs(type(data), bytearray)
        self.assertEqual(data, b"eins\nzwei\n\ndrei")

    def test_size(self):
        file = self.nfs.open("file", "rb")
        self.assertEqual(file.read(4), b"eins")
        self.assertEqual(file.tell(), 4)
        self.assertEqual(file.read(100), b"\nzwei\n\ndrei")
        self.assertEqual(file.read(1), b"")
        self.assertEqual(file.read(0), b"")
        self.assertEqual(file.read(), b"")

    def test_short_reads_go_on(self):
        real = os.read
        with mock.patch("os.read", lambda fd, size: real(fd, min(size, 3))):
            self.assertEqual(self.nfs.open("file", "rb").read(9), b"eins\nzwei")
            self.assertEqual(self.nfs.open("file").read(), "eins\nzwei\n\ndrei")

    def test_errors_are_raised(self):
        file = self.nfs.open("file")
        with mock.patch("os.read", side_effect=OSError(errno.EIO, "Input/output error")):
            self.assertRaises(OSError, file.read)
        self.assertEqual((file.error, self.nfs.error), ("Input/output error",) * 2)

    def test_a_character_is_not_cut(self):
        self.put("umlaut", "aäöü€\U0001f40d".encode())
        file = self.nfs.open("umlaut")
        self.assertEqual([file.read(2), file.tell()], ["aä", 3])
        self.assertEqual([file.read(3), file.tell()], ["öü", 7])
        self.assertEqual(file.read(1), "€")
        self.assertEqual(file.read(1), "\U0001f40d")
        self.put("cut", b"a\xc3")
        self.assertRaises(UnicodeDecodeError, self.nfs.open("cut").read)

    def test_codec(self):
        self.put("latin", b"\xe4")
        self.assertEqual(self.nfs.open("latin", codec="latin-1").read(), "ä")
        self.put("wide", "ab".encode("utf-16-le"))
        self.assertEqual(self.nfs.open("wide", codec="utf-16-le").read(1), "a")

    def test_readinto(self):
        buffer = bytearray(20)
        self.assertEqual(self.nfs.open("file").readinto(buffer), 15)
        self.assertEqual(buffer[:15], b"eins\nzwei\n\ndrei")

    def test_lines(self):
        lines = ["eins\n", "zwei\n", "\n", "drei"]
        self.assertEqual(list(self.nfs.open("file")), lines)
        self.assertEqual(self.nfs.open("file").readlines(), lines)
        self.assertEqual(list(self.nfs.open("file", "rb")), [line.encode() for line in lines])
        file = self.nfs.open("file")
        self.assertEqual([file.readline(), file.tell()], ["eins\n", 5])
        self.assertEqual([file.readline(2), file.readline(3)], ["zw", "ei\n"])

    def test_long_lines(self):
        self.put("long", b"x" * 20000 + b"\n" + b"y" * 8191 + b"\n")
        self.assertEqual([len(line) for line in self.nfs.open("long")], [20001, 8192])

    def test_lines_of_wide_characters(self):
        text = "\u0a41\u4100\u0a41\n\u0100\n"
        for codec in ("utf-16-le", "utf-16-be", "utf-32-le"):
            self.put("wide", text.encode(codec))
            self.assertEqual("|".join(self.nfs.open("wide", codec=codec)),
                             "\u0a41\u4100\u0a41\n|\u0100\n")

    def test_only_for_writing(self):
        file = self.nfs.open("new", "w")
        self.assertRaises(OSError, file.read)
        self.assertEqual((file.readable(), file.writable()), (False, True))


class Writing(LocalExport):
    def test_what_is_written(self):
        file = self.nfs.open("/foo", "w+")
        self.assertIsNone(file.write("Test string"))
        self.assertIsNone(file.write(b" bytes"))
        self.assertIsNone(file.write(bytearray(b" bytearray")))
        file.write(memoryview(b""))
        file.writelines([" ä", b"\n"])
        self.assertIsNone(file.close())
        self.assertEqual(self.get("foo"), "Test string bytes bytearray ä\n".encode())

    def test_codec_counts_for_bytes_too(self):
        with self.nfs.open("foo", "wb", codec="latin-1") as file:
            file.write("ä")
        self.assertEqual(self.get("foo"), b"\xe4")

    def test_short_writes_go_on(self):
        real = os.write
        with mock.patch("os.write", lambda fd, data: real(fd, data[:3])):
            self.nfs.open("foo", "w").write("Test string")
        self.assertEqual(self.get("foo"), b"Test string")

    def test_errors_are_raised(self):
        full = OSError(errno.ENOSPC, "No space left on device")
        file = self.nfs.open("foo", "w")
        with mock.patch("os.write", side_effect=full):
            self.assertRaises(OSError, file.write, "x")
        self.assertEqual(file.error, "No space left on device")
        for call in (file.flush, file.close):
            with mock.patch("os.fsync", side_effect=full):
                self.assertRaises(OSError, call)
        self.assertTrue(file.closed)
        self.assertFalse(is_open(file._fd))
        self.assertIsNone(file.close())
        self.assertEqual(file.error, "No space left on device")

    def test_close_writes_back_only_what_was_written(self):
        for mode, calls in (("r+", 0), ("a", 1)):
            self.put("foo", b"x")
            with mock.patch("os.fsync") as fsync, self.nfs.open("foo", mode) as file:
                if calls:
                    file.write("y")
                file.close()
            self.assertEqual(fsync.call_count, calls)

    def test_modes(self):
        self.put("foo", b"old")
        self.nfs.open("foo", "a").write("er")
        self.assertEqual(self.get("foo"), b"older")
        self.nfs.open("foo", "r+").write("c")
        self.assertEqual(self.get("foo"), b"clder")
        file = self.nfs.open("foo", "a+b")
        file.write("!")
        file.seek(0, os.SEEK_SET)
        self.assertEqual(file.read(), b"clder!")
        self.nfs.open("foo", "w").write("n")
        self.assertEqual(self.get("foo"), b"n")
        self.assertEqual(self.nfs.open("foo", "b").read(), b"n")
        with self.assertRaisesRegex(IOError, "open for reading"):
            self.nfs.open("foo").write("x")

    def test_rights_of_a_new_file(self):
        for mask, mode in ((0, 0o644), (0o077, 0o600)):
            before = os.umask(mask)
            try:
                self.nfs.open(f"new{mask}", "w").close()
            finally:
                os.umask(before)
            self.assertEqual(os.stat(self.path(f"new{mask}")).st_mode & 0o7777, mode)

    def test_truncate(self):
        self.put("foo", b"0123456789")
        file = self.nfs.open("foo", "r+")
        self.assertIsNone(file.truncate(8))
        self.assertEqual(file.tell(), 0)
        file.seek(4)
        self.assertIsNone(file.truncate())
        self.assertEqual(self.get("foo"), b"0123")
        self.assertRaises(OSError, self.nfs.open("foo").truncate, 1)

    def test_seek(self):
        self.put("foo", b"0123456789")
        file = self.nfs.open("foo")
        self.assertIsNone(file.seek(2))
        self.assertIsNone(file.seek(3))
        self.assertEqual((file.tell(), file.read(1)), (5, "5"))
        file.seek(-1, os.SEEK_END)
        self.assertEqual(file.read(), "9")
        file.seek(1, os.SEEK_SET)
        self.assertEqual(file.tell(), 1)
        self.assertRaises(OSError, file.seek, -2)


class Opening(LocalExport):
    def test_not_there(self):
        with self.assertRaises(IOError) as caught:
            self.nfs.open("none")
        self.assertEqual((caught.exception.errno, str(caught.exception)),
                         (errno.ENOENT, "[Errno 2] No such file or directory"))

    def test_other_refusals(self):
        os.mkdir(self.path("dir"))
        os.symlink("loop", self.path("loop"))
        for name, mode, code in (("dir", "r", errno.EISDIR), ("dir", "w", errno.EISDIR),
                                 ("loop", "r", errno.ELOOP), ("/", "r", errno.EISDIR)):
            with self.assertRaisesRegex(ValueError, "^open failed: ") as caught:
                self.nfs.open(name, mode)
            self.assertEqual(caught.exception.errno, code)
            self.assertEqual(self.nfs.error, os.strerror(code))
        self.assertRaises(ValueError, self.nfs.open, "a\0b")

    def test_a_fifo_is_not_waited_for(self):
        os.mkfifo(self.path("fifo"))
        for mode in ("r", "w", "r+"):
            self.assertRaises(ValueError, self.nfs.open, "fifo", mode)

    def test_properties(self):
        file = self.nfs.open("foo", "w+")
        self.assertEqual((file.name, file.mode, file.encoding), ("foo", "w+", "utf-8"))
        self.assertEqual((file.closed, file.error, file.isatty()), (False, "", False))
        self.assertEqual((file.readable(), file.writable(), file.seekable()), (True,) * 3)
        self.assertEqual(os.fstat(file.fileno()).st_ino, file.fstat()["ino"])
        self.assertTrue(os.get_blocking(file.fileno()))
        self.assertFalse(os.get_inheritable(file.fileno()))

    def test_closed(self):
        file = self.nfs.open("foo", "w")
        file.write("x")
        for _ in range(2):
            self.assertIsNone(file.close())
        self.assertTrue(file.closed)
        for call in (file.read, file.tell, file.truncate, file.flush, file.fstat, file.fileno,
                     file.readline, file.readlines, file.__enter__, lambda: next(file),
                     lambda: iter(file), lambda: file.seek(0), lambda: file.write("x")):
            with self.assertRaisesRegex(ValueError, "I/O operation on closed file"):
                call()

    def test_closed_by_another_thread_meanwhile(self):
        file = self.nfs.open("foo", "w")
        file.write("x")
        taken = []

        def sync(_):
            with mock.patch.object(os, "fsync"):
                file.close()
            taken.append(os.open(self.path("foo"), os.O_RDONLY))  # gets the number

        number = file.fileno()
        with mock.patch.object(os, "fsync", sync):
            self.assertIsNone(file.close())
        self.assertEqual(taken, [number])
        self.assertTrue(is_open(number))
        os.close(number)

    def test_with(self):
        with self.nfs.open("foo", "w") as file:
            file.write("x")
        self.assertTrue(file.closed)

    def test_a_file_nobody_has_is_closed(self):
        file = self.nfs.open("foo", "w")
        fd = file.fileno()
        del file
        self.assertFalse(is_open(fd))

    def test_file_outlives_nfs_object(self):
        self.put("foo", b"x")
        file = self.nfs.open("foo")
        self.nfs.close()
        self.assertEqual(file.read(), "x")

    def test_by_url(self):
        os.mkdir(self.path("dir"))
        file = snfs.open(URL + "/dir/foo%20bar", "w+")
        self.assertEqual(file.name, URL + "/dir/foo%20bar")
        file.write("Test string")
        file.close()
        self.assertEqual(self.get("dir/foo bar"), b"Test string")
        self.assertEqual(self.nfs.open(URL + "/dir/foo%20bar").read(), "Test string")
        self.assertEqual(snfs.NFSFH(self.nfs._nfs, "dir/foo bar").read(), "Test string")


if __name__ == "__main__":
    unittest.main()
