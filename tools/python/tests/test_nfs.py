# SPDX-License-Identifier: GPL-2.0
"""Names in an export, on a directory of this machine."""

import errno
import os
import unittest

import snfs
from .local import LocalExport

KEYS = ["atime", "blksize", "blocks", "ctime", "dev", "gid", "ino", "mode", "mtime", "nlink",
        "rdev", "size", "uid"]


class Attributes(LocalExport):
    def test_dictionary(self):
        self.put("foo", b"12345")
        os.utime(self.path("foo"), ns=(1_500_000_001, 2_000_000_002))
        there = os.stat(self.path("foo"))
        found = self.nfs.stat("/foo")
        self.assertEqual(sorted(found), KEYS)
        self.assertEqual(found["atime"], {"sec": 1, "nsec": 500_000_001})
        self.assertEqual(found["mtime"], {"sec": 2, "nsec": 2})
        self.assertEqual(found["ctime"]["sec"] * 10**9 + found["ctime"]["nsec"], there.st_ctime_ns)
        for name in KEYS:
            if not name.endswith("time"):
                self.assertEqual(found[name], getattr(there, f"st_{name}"), name)
        self.assertEqual(found, self.nfs.open("foo").fstat())

    def test_times_before_1970(self):
        self.put("old", b"")
        os.utime(self.path("old"), ns=(-1, -1_500_000_000))
        self.assertEqual(self.nfs.stat("old")["atime"], {"sec": -1, "nsec": 999_999_999})
        self.assertEqual(self.nfs.stat("old")["mtime"], {"sec": -2, "nsec": 500_000_000})

    def test_raw(self):
        self.put("foo", b"12345")
        raw, found = self.nfs.rawstat("foo"), self.nfs.stat("foo")
        self.assertIsInstance(raw, snfs.nfs_stat_64)
        for name in KEYS:
            if name.endswith("time"):
                self.assertEqual(getattr(raw, f"nfs_{name}"), found[name]["sec"])
                self.assertEqual(getattr(raw, f"nfs_{name}_nsec"), found[name]["nsec"])
            else:
                self.assertEqual(getattr(raw, f"nfs_{name}"), found[name])

    def test_links(self):
        self.put("foo", b"12345")
        os.symlink("foo", self.path("link"))
        os.symlink("none", self.path("dangling"))
        self.assertEqual(self.nfs.stat("link")["size"], 5)
        self.assertEqual(self.nfs.lstat("link")["mode"], 0o120777)
        self.assertEqual(self.nfs.lstat("dangling")["size"], 4)
        self.assertRaises(FileNotFoundError, self.nfs.stat, "dangling")

    def test_errors(self):
        self.put("foo", b"")
        for call in (self.nfs.stat, self.nfs.lstat, self.nfs.rawstat):
            with self.assertRaises(IOError) as caught:
                call("none")
            self.assertEqual(caught.exception.errno, errno.ENOENT)
            self.assertRaises(NotADirectoryError, call, "foo/bar")
        self.assertEqual(self.nfs.error, "Not a directory")

    def test_kinds(self):
        self.put("foo", b"")
        os.mkdir(self.path("dir"))
        os.symlink("dir", self.path("link"))
        for name, is_file, is_dir in (("foo", True, False), ("dir", False, True),
                                      ("/", False, True), ("link", False, True),
                                      ("none", False, False), ("foo/bar", False, False)):
            self.assertEqual((self.nfs.isfile(name), self.nfs.isdir(name)), (is_file, is_dir), name)


class Changes(LocalExport):
    def test_directories(self):
        self.assertEqual(self.nfs.mkdir("/dir"), 0)
        self.assertEqual(self.nfs.mkdir("dir/sub/"), 0)
        self.assertEqual(self.nfs.mkdir("dir"), -errno.EEXIST)
        self.assertEqual(self.nfs.rmdir("dir"), -errno.ENOTEMPTY)
        self.assertEqual(self.nfs.error, "Directory not empty")
        self.assertEqual(self.nfs.rmdir("/dir/sub"), 0)
        self.assertEqual(self.nfs.rmdir("dir"), 0)
        self.assertFalse(os.path.exists(self.path("dir")))

    def test_rights_of_a_new_directory(self):
        before = os.umask(0)
        try:
            self.nfs.mkdir("dir")
        finally:
            os.umask(before)
        self.assertEqual(os.stat(self.path("dir")).st_mode & 0o7777, 0o755)

    def test_makedirs(self):
        self.assertIsNone(self.nfs.makedirs("a/b//c"))
        self.assertIsNone(self.nfs.makedirs("/a/b/d/"))
        self.assertTrue(os.path.isdir(self.path("a/b/c")) and os.path.isdir(self.path("a/b/d")))
        self.assertIsNone(self.nfs.makedirs("a/b"))
        self.put("file", b"")
        self.assertRaises(FileExistsError, self.nfs.makedirs, "file")
        self.assertRaises(OSError, self.nfs.makedirs, "file/dir")

    def test_unlink_and_rename(self):
        self.put("foo", b"x")
        os.mkdir(self.path("dir"))
        self.assertEqual(self.nfs.rename("foo", "/dir/bar"), 0)
        self.assertEqual(self.get("dir/bar"), b"x")
        self.assertEqual(self.nfs.rename("dir", "dir/bar/sub"), -errno.ENOTDIR)
        self.assertEqual(self.nfs.unlink("dir"), -errno.EISDIR)
        self.assertEqual(self.nfs.unlink("dir/bar"), 0)
        self.assertEqual(os.listdir(self.path("dir")), [])

    def test_not_there(self):
        for call in (lambda: self.nfs.unlink("none"), lambda: self.nfs.rmdir("none"),
                     lambda: self.nfs.mkdir("none/dir"), lambda: self.nfs.rename("none", "new"),
                     lambda: self.nfs.listdir("none")):
            with self.assertRaises(IOError) as caught:
                call()
            self.assertEqual(caught.exception.errno, errno.ENOENT)

    def test_listdir(self):
        self.put("foo", b"")
        self.put("\udce4", b"")
        os.mkdir(self.path("dir"))
        self.assertEqual(self.nfs.listdir("/dir"), [".", ".."])
        for path in ("/", "", ".", "dir/.."):
            self.assertEqual(sorted(self.nfs.listdir(path)), [".", "..", "dir", "foo", "\udce4"])
        self.assertRaises(NotADirectoryError, self.nfs.listdir, "foo")

    def test_names_that_are_none(self):
        self.assertEqual(self.nfs.mkdir("/"), -errno.EEXIST)
        self.assertEqual(self.nfs.rmdir(".."), -errno.EBUSY)
        self.assertEqual(self.nfs.unlink("."), -errno.EISDIR)
        self.assertEqual(self.nfs.rename("..", "x"), -errno.EBUSY)
        self.assertRaises(ValueError, self.nfs.mkdir, "a\0b")


class Bounds(LocalExport):
    """Nothing outside the export is reached."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.path("export/etc"))
        self.put("secret", b"secret")
        self.put("export/etc/inside", b"inside")
        self.directory = self.path("export")
        self.nfs = snfs.NFS("nfs://server/export?noac")

    def test_dots(self):
        self.assertEqual(self.nfs.open("../../etc/inside").read(), "inside")
        self.assertEqual(self.nfs.stat("..")["ino"], self.nfs.stat("/")["ino"])
        for call in (self.nfs.open, self.nfs.stat, self.nfs.unlink, self.nfs.listdir):
            self.assertRaises(FileNotFoundError, call, "../secret")
        self.assertEqual(self.nfs.mkdir("../made"), 0)
        self.assertTrue(os.path.isdir(self.path("made")))

    def test_links(self):
        os.symlink("/", self.path("root"))
        os.symlink("../..", self.path("etc/up"))
        for way in ("root", "etc/up"):
            self.assertEqual(self.nfs.open(f"{way}/etc/inside").read(), "inside")
            self.assertRaises(FileNotFoundError, self.nfs.open, f"{way}/secret")
            self.assertEqual(self.nfs.rename("etc/inside", f"{way}/moved"), 0)
            self.assertEqual(self.nfs.rename("moved", "etc/inside"), 0)


if __name__ == "__main__":
    unittest.main()
