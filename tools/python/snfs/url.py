# SPDX-License-Identifier: GPL-2.0
"""What an nfs:// URL names: RFC 2224, IPv6 in brackets, and libnfs's arguments.

    nfs://[user@]server[:port]/path[?argument[=value][&...]]

Pure text: nothing here asks the network or the kernel.
"""

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote, unquote_to_bytes

_SCHEME = "nfs://"
_AUTHORITY = re.compile(r"""
    (?:(?P<user>[^@]*)@)?
    (?:\[(?P<ipv6>[^][]+)\] | (?P<name>[^][:@]+))
    (?::(?P<port>[0-9]*))?
    """, re.VERBOSE | re.ASCII)

# libnfs's arguments that are mount options by another name
_RENAMED = {"version": "vers", "nfsport": "port"}
# Hints to libnfs's own buffers and logs. The kernel has means of its own for them.
_HINTS = {"debug", "pagecache", "readahead", "readdir-buffer", "tcp-syncnt"}


@dataclass(frozen=True)
class Location:
    """An export and how to mount it. Equal locations are one mount."""

    server: str  # name or address, no brackets, in lower case
    export: str  # begins with a slash and ends with none, unless it is "/"
    options: tuple  # of (mount option, value or None for a flag), in the URL's order

    @property
    def source(self):
        """The source of a mount: SERVER:/export."""
        server = f"[{self.server}]" if ":" in self.server else self.server
        return f"{server}:{self.export}"

    def option(self, name):
        """The value of a mount option, the last if there are several, or None."""
        return next((value for key, value in reversed(self.options) if key == name), None)


def is_url(text):
    """Is it an nfs:// URL, rather than a path?"""
    return text[:len(_SCHEME)].lower() == _SCHEME


def parse(url):
    """The Location of a URL whose whole path is the export. ValueError says what is wrong."""
    if not is_url(url):
        raise ValueError(f"{url!r} is no URL: it begins with nfs://")
    rest, _, query = url[len(_SCHEME):].partition("?")
    authority, _, path = rest.partition("/")
    server, user, options = _authority(authority)
    options += _options(query)
    if user and any(key == "sec" and (value or "").startswith("krb5") for key, value in options):
        raise ValueError("user@: Kerberos tickets are those of the calling process; leave it out")
    return Location(server, "/" + decode(path).strip("/"), tuple(options))


def split_file(url):
    """The URL of a file as (URL of its directory, name of the file), cut at the last slash.

    Arguments belong to the directory.
    """
    place, mark, query = url.partition("?")
    directory, _, name = place[len(_SCHEME):].rpartition("/")
    return place[:len(_SCHEME)] + directory + mark + query, decode(name)


def decode(text):
    """The text without %-escapes, as a file name in Python's way."""
    data = unquote_to_bytes(os.fsencode(text))
    if b"\0" in data:
        raise ValueError(f"{text!r}: no name has a zero byte")
    return os.fsdecode(data)


def _authority(text):
    """(server, user or None, options) of what stands before the path."""
    match = _AUTHORITY.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no server: write NAME, ADDRESS or [IPv6], then :PORT if any")
    server = unquote(match["ipv6"] or match["name"]).lower()
    port = match["port"]
    return server, match["user"], [("port", _number("port", port, 1, 65535))] if port else []


def _options(query):
    options = []
    for argument in query.split("&"):
        if not argument:
            continue
        key, equals, value = argument.partition("=")
        options += _option(decode(key), decode(value) if equals else None)
    return options


def _option(key, value):
    """The mount options that an argument stands for. What is not libnfs's is the kernel's."""
    if key in _HINTS:
        return []
    if key == "if":
        raise ValueError("if=: the routing table decides which interface is used; leave it out")
    if key == "source":
        raise ValueError("source=: the URL itself says what is mounted")
    if key == "readonly":
        return [("ro", None)]
    if key == "auto-traverse-mounts":
        return [] if int(_number(key, value, 0)) else [("notraverse", None)]
    if key == "dircache":
        return [] if int(_number(key, value, 0)) else [("acdirmin", "0"), ("acdirmax", "0")]
    if key == "autoreconnect":
        return _reconnect(int(_number(key, value, -1)))
    return [(_RENAMED.get(key, key), value)]


def _reconnect(times):
    """How often libnfs connects anew before it gives up: -1 for ever, which is what hard means."""
    if times < 0:
        return [("hard", None)]
    return [("soft", None)] + ([("retrans", str(times))] if times else [])


def _number(key, value, least, most=2**31 - 1):
    """The value as decimal text, once it is sure that it is a number in range."""
    if not re.fullmatch(r"-?[0-9]{1,10}", value or "", re.ASCII) or not least <= int(value) <= most:
        raise ValueError(f"{key}={value or ''}: it must be a number from {least} to {most}")
    return str(int(value))
