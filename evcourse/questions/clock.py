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
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Raise `TimeUp` in the body after some seconds, again and again until the body ends.

    Only where the system has interval timers and in the main thread; elsewhere the learner's stop button remains.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(*_signal: Any) -> None:
    raise TimeUp
