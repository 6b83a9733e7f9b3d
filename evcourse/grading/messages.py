"""JSON between processes: one object a line, and what comes out of a cage cut down to plain bounded data."""

from __future__ import annotations

import json
import math
import socket
from typing import Any

MOST_CHARACTERS = 20_000
MOST_MEMBERS = 60_000
DEEPEST = 12
_LARGEST = 2**63


class Untrusted(ValueError):
    """What came out of a cage is no plain bounded JSON."""


class Channel:
    """One end of a connection between two of the grader's own processes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines = connection.makefile("rb")

    def send(self, message: dict[str, Any]) -> None:
        """Send one message."""
        self._connection.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> dict[str, Any]:
        """Return the next message.

        Raises
        ------
        EOFError
            If the other end is gone.
        TimeoutError
            If it says nothing for too long.
        """
        line = self._lines.readline()
        if not line.endswith(b"\n"):
            raise EOFError("The other process has ended.")
        return json.loads(line)

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._connection.close()


def parsed(line: bytes) -> dict[str, Any]:
    """Return a message from a cage.

    Raises
    ------
    Untrusted
        If it is not one object of finite numbers, short texts and lists, or has too many of them.
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise Untrusted(f"no JSON ({type(problem).__name__})") from None
    if not isinstance(message, dict):
        raise Untrusted("no message")
    _check(message)
    return message


def _check(message: Any) -> None:
    level, members = [message], 0
    for _ in range(DEEPEST):
        members += len(level)
        if members > MOST_MEMBERS:
            raise Untrusted("too many members")
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise Untrusted("lists in lists in lists")


def _inside(thing: Any) -> list[Any]:
    if isinstance(thing, dict):
        return [*thing.keys(), *thing.values()]
    if isinstance(thing, list):
        return thing
    if isinstance(thing, str) and (len(thing) > MOST_CHARACTERS or not _is_unicode(thing)):
        raise Untrusted("a text that is too long or damaged")
    if (isinstance(thing, float) and not math.isfinite(thing)) or (isinstance(thing, int) and abs(thing) >= _LARGEST):
        raise Untrusted("a number that is not finite, or too large")
    return []


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
