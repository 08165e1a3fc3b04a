# SPDX-License-Identifier: GPL-2.0
"""Uses all of libnfs-python's interface, as a program written for it would.

    whole_api.py URL        of an empty export that may be written

What libnfs-python returns is known from its source. A result that is another, and is not meant
to be, is told and counts as a failure; one that is meant to be is printed.
"""

import errno
import os
import stat
import sys

import snfs as libnfs

failures = 0


def same(what, wanted, found):
    """libnfs-python gives what is wanted here."""
    global failures
    if wanted != found:
        failures += 1
        print(f"{what}: expected {wanted!r}, found {found!r}")


def other(what, theirs, wanted, found):
    """libnfs-python gives something else here, for which README.md has the reason."""
    print(f"differs: {what}: {theirs} there, {found!r} here")
    same(what, wanted, found)


def raised(call, *arguments, **named):
    """The kind of exception and its errno; what was returned if there was none."""
    try:
        return call(*arguments, **named)
    except (OSError, ValueError) as error:
        kind = IOError if isinstance(error, OSError) else ValueError
        return kind, getattr(error, "errno", None)


def directories(nfs):
    same("mkdir", 0, nfs.mkdir("/dir"))
    same("mkdir, there already", -errno.EEXIST, nfs.mkdir("/dir"))
    same("mkdir, no parent", (IOError, errno.ENOENT), raised(nfs.mkdir, "/none/dir"))
    same("mkdir, its rights", 0o40755, nfs.stat("/dir")["mode"])
    same("makedirs", None, nfs.makedirs("/dir/a/b/c"))
    same("makedirs, there already", None, nfs.makedirs("/dir/a/b"))
    same("isdir", (True, False, False), tuple(map(nfs.isdir, ("/dir/a/b/c", "/none", "/dir/x"))))
    same("listdir, empty", [".", ".."], nfs.listdir("/dir/a/b/c"))
    same("listdir, relative", [".", "..", "a"], sorted(nfs.listdir("dir")))
    same("listdir, the root", [".", "..", "dir"], sorted(nfs.listdir("/")))
    same("listdir, none", (IOError, errno.ENOENT), raised(nfs.listdir, "/none"))
    same("rmdir, not empty", -errno.ENOTEMPTY, nfs.rmdir("/dir"))
    same("rmdir, none", (IOError, errno.ENOENT), raised(nfs.rmdir, "/none"))
    for path in ("/dir/a/b/c", "/dir/a/b", "dir/a"):
        same(f"rmdir {path}", 0, nfs.rmdir(path))


def attributes(nfs):
    with nfs.open("/dir/file", "w") as file:
        file.write("12345")
    found = nfs.stat("/dir/file")
    same("stat, its keys", "atime blksize blocks ctime dev gid ino mode mtime nlink rdev size uid",
         " ".join(sorted(found)))
    same("stat, times", ["nsec", "sec"], sorted(found["mtime"]))
    same("stat, numbers", {int}, {type(n) for n in found.values() if not isinstance(n, dict)})
    same("stat, mode", stat.S_IFREG | 0o644, found["mode"])
    same("stat, size and links", (5, 1), (found["size"], found["nlink"]))
    same("stat, owner", (os.geteuid(), os.getegid()), (found["uid"], found["gid"]))
    same("lstat", found, nfs.lstat("dir/file"))
    raw = nfs.rawstat("/dir/file")
    same("rawstat", (found["ino"], found["mtime"]["sec"], found["mtime"]["nsec"]),
         (raw.nfs_ino, raw.nfs_mtime, raw.nfs_mtime_nsec))
    for call in (nfs.stat, nfs.lstat, nfs.rawstat):
        same("stat, none", (IOError, errno.ENOENT), raised(call, "/none"))
    other("stat, not a directory above", "zeros", (IOError, errno.ENOTDIR),
          raised(nfs.stat, "/dir/file/x"))
    other("listdir of a file", "a crash", (IOError, errno.ENOTDIR),
          raised(nfs.listdir, "/dir/file"))
    same("isfile", (True, False, False), tuple(map(nfs.isfile, ("/dir/file", "/dir", "/none"))))


def names(nfs):
    other("rename", "TypeError", 0, nfs.rename("/dir/file", "/renamed"))
    same("rename, none", (IOError, errno.ENOENT), raised(nfs.rename, "/none", "/x"))
    same("unlink, a directory", True, nfs.unlink("/dir") in (-errno.EISDIR, -errno.EPERM))
    same("unlink", 0, nfs.unlink("renamed"))
    same("unlink, none", (IOError, errno.ENOENT), raised(nfs.unlink, "/renamed"))
    same("rmdir", 0, nfs.rmdir("/dir"))


def opening(nfs):
    same("open, none", (IOError, errno.ENOENT), raised(nfs.open, "/none"))
    same("open, none, to change it", (IOError, errno.ENOENT), raised(nfs.open, "/none", "r+"))
    nfs.mkdir("dir")
    same("open, a directory", ValueError, raised(nfs.open, "/dir", mode="w")[0])
    nfs.rmdir("dir")


def writing(nfs):
    file = nfs.open("/file", mode="w+")
    same("name, closed, isatty", ("/file", False, False), (file.name, file.closed, file.isatty()))
    same("write", None, file.write("Test string\n"))
    same("write, bytearray", None, file.write(bytearray(b"bytes\n")))
    other("write, bytes", "AttributeError", None, file.write(b"more\n"))
    same("tell", 23, file.tell())
    same("seek", None, file.seek(-23))
    same("read", "Test string\nbytes\nmore\n", file.read())
    same("seek, from the start", None, file.seek(5, os.SEEK_SET))
    same("seek, from here", None, file.seek(-5))
    same("read, so much", "Test", file.read(4))
    same("seek, from the end", None, file.seek(-5, os.SEEK_END))
    same("read, to the end", "more\n", file.read(100))
    same("truncate", None, file.truncate(11))
    same("fstat", 11, file.fstat()["size"])
    file.seek(4, os.SEEK_SET)
    same("truncate, at the position", None, file.truncate())
    same("flush", None, file.flush())
    other("fileno", "inode number", file.fstat()["ino"], os.fstat(file.fileno()).st_ino)
    same("close", None, file.close())
    other("close, again", "a crash", None, file.close())
    same("closed", True, file.closed)
    same("write, closed", (ValueError, None), raised(file.write, "x"))
    same("flush, closed", (ValueError, None), raised(file.flush))
    other("read, closed", "a crash", (ValueError, None), raised(file.read))


def reading(nfs):
    nfs.open("/file", "a").write(" äöü\n")
    same("append", "Test äöü\n", nfs.open("/file", "r").read())
    data = nfs.open("/file", "rb").read()
    same("read, bytes", (bytearray, "Test äöü\n".encode()), (type(data), data))
    same("codec", "Test Ã¤", nfs.open("/file", codec="latin-1").read(7))
    other("read, a character cut", "UnicodeDecodeError", "Test ä", nfs.open("/file").read(6))
    same("write, open for reading", (IOError, None), raised(nfs.open("/file").write, "x"))
    other("lines", "TypeError", ["Test äöü\n"], list(nfs.open("/file")))
    nfs.open("/file", "w").close()
    same("w truncates", "", nfs.open("/file").read())
    nfs.unlink("/file")


def by_url(url):
    file = libnfs.open(url + "/by-url", mode="w")
    same("name of a URL", url + "/by-url", file.name)
    same("error, none", "", file.error)
    file.write("x")
    file.close()
    same("open by URL", "x", libnfs.open(url + "/by-url").read())
    same("NFSFH by URL", "x", libnfs.NFSFH(None, url + "/by-url", "r").read())
    same("open by URL, none", (IOError, errno.ENOENT), raised(libnfs.open, url + "/none"))
    nfs = libnfs.NFS(url)
    same("NFSFH of a context", "x", libnfs.NFSFH(nfs._nfs, "/by-url").read())
    same("unlink", 0, nfs.unlink("by-url"))
    other("no URL", "AttributeError", (ValueError, None), raised(libnfs.NFS, "/data"))


def main(url):
    nfs = libnfs.NFS(url)
    for part in (directories, attributes, names, opening, writing, reading):
        part(nfs)
    by_url(url.rstrip("/"))
    same("nothing is left", [".", ".."], nfs.listdir("/"))
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
