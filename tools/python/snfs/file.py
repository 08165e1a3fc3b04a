# SPDX-License-Identifier: GPL-2.0
"""Files of an export, as libnfs-python has them."""

import codecs
import errno
import os
import stat
import weakref
from contextlib import contextmanager

from . import url
from .attributes import to_dict
from .context import Context

# Rights of a new file, of which the process's umask takes away: libnfs gives all of them.
_NEW_FILE_MODE = 0o644

_READ_BYTES = 1 << 20
_LINE_BYTES = 8192


class NFSFH:
    """A file of a context, or of a context of its own if the path is a URL."""

    def __init__(self, nfs, path, mode="r", codec=None):
        path = os.fspath(path)
        self._name = path
        self._mode = mode
        self._codec = codec or "utf-8"
        self._binary = "b" in mode
        self._error = ""
        self._need_flush = False
        self._private = url.is_url(path)
        if self._private:
            directory, path = url.split_file(path)
            nfs = Context(directory)
            nfs.linger()
        self._nfs = nfs
        flags = _open_flags(mode)
        self._access = flags & os.O_ACCMODE
        try:
            with self._nfs.watch():
                self._fd = _open(self._nfs.root, path, flags)
        except BaseException as error:
            self._forget_context()
            if isinstance(error, OSError) and error.errno != errno.ENOENT:
                raise _refusal(error.errno) from error
            raise
        self._finalizer = weakref.finalize(self, os.close, self._fd)

    def close(self):
        """Write back what was written, and close. An error of either is raised, once."""
        if self.closed:
            return
        try:
            with self._watch():
                try:
                    if self._need_flush:
                        os.fsync(self._fd)
                finally:
                    # Another thread may close it as well: the number is somebody else's then.
                    if self._finalizer.detach():
                        os.close(self._fd)
        finally:
            self._forget_context()

    def write(self, data):
        """Write all of a text, or of bytes as they are."""
        with self._watch():
            if self._access == os.O_RDONLY:
                raise IOError("Trying to write on file open for reading")
            if isinstance(data, str):
                data = data.encode(self._codec)
            rest = memoryview(data).cast("B")
            self._need_flush = True
            while rest:
                rest = rest[os.write(self._fd, rest):]

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def read(self, size=-1):
        """So many bytes, fewer only at the end of the file; all that follow if size is negative.

        A bytearray, or a text: of the same bytes, and of those that complete its last character.
        """
        with self._watch():
            data = self._read_bytes(size)
            return data if self._binary else self._decode(data)

    def readinto(self, buffer):
        """Fill the buffer. Returns the number of bytes, fewer only at the end of the file."""
        with self._watch():
            view = memoryview(buffer).cast("B")
            done = 0
            while done < len(view):
                count = os.readv(self._fd, [view[done:]])
                if not count:
                    break
                done += count
            return done

    def readline(self, size=-1):
        """What comes up to and with the next newline, or as many bytes if that is farther."""
        with self._watch():
            start = os.lseek(self._fd, 0, os.SEEK_CUR)
            data = self._read_line(start, size)
            os.lseek(self._fd, start + len(data), os.SEEK_SET)
            return data if self._binary else self._decode(data)

    def readlines(self):
        return list(self)

    def seek(self, offset, whence=os.SEEK_CUR):
        """Move in bytes; as in libnfs-python, from the current position unless told otherwise."""
        with self._watch():
            os.lseek(self._fd, offset, whence)

    def tell(self):
        with self._watch():
            return os.lseek(self._fd, 0, os.SEEK_CUR)

    def truncate(self, offset=-1):
        """Make the file so many bytes long; without an offset, as many as the position says."""
        with self._watch():
            if offset < 0:
                offset = os.lseek(self._fd, 0, os.SEEK_CUR)
            os.ftruncate(self._fd, offset)
            self._need_flush = True

    def flush(self):
        """What was written is on the server's disk afterwards, or an error is raised."""
        with self._watch():
            os.fsync(self._fd)
            self._need_flush = False

    def fstat(self):
        with self._watch():
            return to_dict(os.fstat(self._fd))

    def fileno(self):
        """The file descriptor."""
        with self._watch():
            return self._fd

    def isatty(self):
        return False

    def readable(self):
        return self._access != os.O_WRONLY

    def writable(self):
        return self._access != os.O_RDONLY

    def seekable(self):
        return True

    @property
    def name(self):
        return self._name

    @property
    def mode(self):
        return self._mode

    @property
    def encoding(self):
        return self._codec

    @property
    def closed(self):
        return not self._finalizer.alive

    @property
    def error(self):
        """The text of the context's last error, empty if there was none."""
        nfs = self._nfs
        return nfs.error if nfs else self._error

    def __enter__(self):
        with self._watch():
            return self

    def __exit__(self, *_):
        self.close()

    def __iter__(self):
        with self._watch():
            return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    @contextmanager
    def _watch(self):
        """What every use of the file goes through: it is open, and an error's text is kept."""
        nfs = self._nfs
        if self.closed or nfs is None:
            raise ValueError("I/O operation on closed file")
        with nfs.watch():
            yield

    def _forget_context(self):
        nfs = self._nfs
        if nfs is None:
            return
        self._error = nfs.error
        if self._private:
            nfs.close()
        self._nfs = None

    def _read_bytes(self, size):
        data = bytearray()
        while size < 0 or len(data) < size:
            want = _READ_BYTES if size < 0 else min(_READ_BYTES, size - len(data))
            piece = os.read(self._fd, want)
            if not piece:
                break
            data += piece
        return data

    def _decode(self, data):
        """The text of the bytes just read, and of those that its last character lacks."""
        decoder = codecs.getincrementaldecoder(self._codec)()
        text = decoder.decode(data)
        while decoder.getstate()[0]:
            piece = os.read(self._fd, 1)
            text += decoder.decode(piece, final=not piece)
        return text

    def _read_line(self, start, size):
        newline = b"\n" if self._binary else _newline(self._codec)
        data, searched = bytearray(), 0
        while size < 0 or len(data) < size:
            want = _LINE_BYTES if size < 0 else min(_LINE_BYTES, size - len(data))
            piece = os.pread(self._fd, want, start + len(data))
            data += piece
            end = _find_aligned(data, newline, searched)
            if end >= 0 or not piece:
                return data[:end + len(newline)] if end >= 0 else data
            searched = len(data) - len(data) % len(newline)
        return data


def _open_flags(mode):
    """The flags of a mode; letters that mean nothing are ignored, as libnfs-python does."""
    flags = os.O_RDONLY
    if "w" in mode:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    if "a" in mode:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    if "+" in mode and set(mode) & set("rwa"):
        flags = flags & ~os.O_ACCMODE | os.O_RDWR
    return flags


def _open(root, path, flags):
    """A descriptor of a regular file.

    Nothing is waited for: a fifo on the server must not stop whoever looks for a file.
    """
    mode = _NEW_FILE_MODE if flags & os.O_CREAT else 0
    fd = root.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY, mode)
    try:
        _must_be_file(fd)
        os.set_blocking(fd, True)
    except OSError:
        os.close(fd)
        raise
    return fd


def _refusal(code):
    """What libnfs-python raises for a file that cannot be opened although it is there."""
    refusal = ValueError(f"open failed: {os.strerror(code)}")
    refusal.errno = code
    return refusal


def _must_be_file(fd):
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(code, os.strerror(code))


def _newline(codec):
    """The bytes of a newline inside a text: without the mark that some codecs begin with."""
    return "\n\n".encode(codec)[len("\n".encode(codec)):]


def _find_aligned(data, newline, start):
    """Where a newline begins, by whole characters, or -1."""
    while True:
        start = data.find(newline, start)
        if start < 0 or not start % len(newline):
            return start
        start += 1
