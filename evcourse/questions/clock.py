"""A limit on the time that reading an answer may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SECONDS = 2.0


class TimeUp(BaseException):
    """The time is up. Not an `Exception`, so that `except Exception` in a learner's loop does not swallow it."""


@contextmanager
def limited(seconds: float | None = None) -> Iterator[None]:
    """Raise `TimeUp` in the body after `seconds` (or SECONDS), again and again until the body ends.

    Only where the system has a timer that nobody else is using, and in the main thread; elsewhere the learner's stop
    button remains.
    """
    if not _is_free():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds or SECONDS, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _is_free() -> bool:
    in_main = threading.current_thread() is threading.main_thread()
    return in_main and hasattr(signal, "setitimer") and not signal.getitimer(signal.ITIMER_REAL)[0]


def _ring(*_signal: Any) -> None:
    raise TimeUp
