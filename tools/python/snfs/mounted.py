# SPDX-License-Identifier: GPL-2.0
"""Mounts of snfs that somebody else made, for who may make none."""

import os
import re
from dataclasses import dataclass

from . import kernel, url

_MOUNTINFO = "/proc/self/mountinfo"

# Asked for in a URL, these change how fast an answer comes, and not what is answered.
_TUNING = {"debug", "mountport", "mountproto", "readdir-buffer", "retrans", "rsize", "timeo",
           "wsize"}

# Arguments of libnfs, and the option by which a mount shows that it has them; an empty text if
# nothing is to be seen. The kernel has the whole list.
_SHOWN = {
    ("autoreconnect", "-1"): "hard",
    ("autoreconnect", "0"): "soft",
    ("auto-traverse-mounts", "1"): "",
    ("dircache", "1"): "",
    ("readonly", None): "ro",
    ("readonly", "1"): "ro",
}
_RENAMED = {"version": "vers", "nfsport": "port"}


@dataclass(frozen=True)
class Mounted:
    """A line of /proc/self/mountinfo about a mount of snfs."""

    number: int  # of the mount
    point: str  # where it is mounted
    server: str  # in lower case; empty for a root that has all servers below it
    export: str  # the directory of the server that is seen at .point
    options: frozenset

    def option(self, name):
        prefix = name + "="
        return next((text[len(prefix):] for text in self.options if text.startswith(prefix)), None)

    def has(self, name, value):
        """Is it mounted as an argument of a URL asks for?"""
        name = _RENAMED.get(name, name)
        if name in _TUNING:
            return True
        if name == "port":
            return (self.option("port") or "2049") == value
        plain = name if value is None else f"{name}={value}"
        return _SHOWN.get((name, value), plain) in self.options | {""}

    def is_of(self, location, addresses):
        """Is it of the server that the location names? addresses() are those of its name."""
        if not self.server or self.server == location.server:
            return True
        return self.option("addr") in addresses()

    def below(self, location):
        """The path of a location's export below the mount point, or None if it is not there."""
        if not self.server:
            return location.server + location.export if self.export == "/" else None
        return url.path_below(self.export, location.export)

    def paths(self, location, addresses):
        """Where below the mount point it may be: the kernel need not know a server's name."""
        yield self.below(location)
        if not self.server:
            yield from (address + location.export for address in addresses()
                        if address != location.server)


def find(location, addresses):
    """An O_PATH descriptor of a location's export below some mount, or None if there is no such.

    OSError is what the nearest of several mounts says, if none has it.
    """
    with open(_MOUNTINFO, "rb") as lines:
        mounts = [mount for mount in map(parse_line, map(os.fsdecode, lines)) if mount]
    first_error = None
    try:
        for mount in candidates(mounts, location, addresses):
            for path in mount.paths(location, addresses):
                try:
                    fd = _open_below(mount, path)
                except OSError as error:
                    first_error = first_error or error
                    continue
                if fd is not None:
                    return fd
        if first_error:
            raise first_error
        return None
    finally:
        del first_error  # it refers to this frame, and so to itself


def _open_below(mount, path):
    """A descriptor of a directory; None if the mount point itself cannot be reached."""
    point = _open_point(mount)
    if point is None:
        return None
    try:
        return kernel.open_in_root(point, os.fsencode(path), os.O_PATH | os.O_DIRECTORY)
    finally:
        os.close(point)


def candidates(mounts, location, addresses):
    """Those of the mounts that have a location, the one that is nearest to it first."""
    wanted = location.arguments + ([("port", location.port)] if location.port else [])
    fit = [mount for mount in mounts
           if mount.below(location) is not None and mount.is_of(location, addresses) and
           all(mount.has(name, value) for name, value in wanted)]
    return sorted(fit, key=lambda mount: len(mount.export) if mount.server else -1, reverse=True)


def parse_line(line):
    """A Mounted of a line, or None if it is of another file system."""
    before, _, after = line.rstrip("\n").partition(" - ")
    fields, (fstype, source, super_options) = before.split(" "), after.split(" ", 2)
    if fstype != "snfs":
        return None
    origin = _origin(_unescape(source))
    if origin is None:
        return None
    server, export, port = origin
    export = (export.rstrip("/") + _unescape(fields[3])).rstrip("/") or "/"
    options = {_unescape(text) for text in fields[5].split(",") + super_options.split(",")}
    if port and not any(text.startswith("port=") for text in options):
        options.add(f"port={port}")
    return Mounted(int(fields[0]), _unescape(fields[4]), server, export, frozenset(options))


def _origin(source):
    """(server, export, port or None) of a source, or None if it is none of ours."""
    if source.lower().rstrip("/") == "nfs:":
        return "", "/", None
    if url.is_url(source):
        try:
            location = url.parse(source)
        except ValueError:
            return None
        return location.server, location.export, location.port
    match = re.fullmatch(r"(?:\[([^]]+)\]|([^:]+)):(.+)", source, re.DOTALL)
    return ((match[1] or match[2]).lower(), match[3], None) if match else None


def _unescape(text):
    """The text of a field, in which spaces and the like are octal."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def _open_point(mount):
    """A descriptor of the mount's root; None if it cannot be reached, or something covers it."""
    try:
        fd = os.open(mount.point, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    with open(f"/proc/self/fdinfo/{fd}", encoding="ascii") as lines:
        if f"mnt_id:\t{mount.number}\n" in lines:
            return fd
    os.close(fd)
    return None
