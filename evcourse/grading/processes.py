"""The grader's own helper processes: started anew with an empty environment, each at the end of one connection."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from evcourse.grading.messages import Channel

HERE = Path(__file__).resolve().parent
_SECONDS_TO_START = 120
_SECONDS_TO_ANSWER = 120
#: Threads are what a fork does not copy: numerical libraries get along with one.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


class Failed(Exception):
    """A helper process did not start, or has ended; the message says why."""


class Helper:
    """One helper process.

    Parameters
    ----------
    program
        File name of its program, beside this module.
    arguments
        What it gets on the command line, after the descriptor of its connection.
    """

    def __init__(self, program: str, *arguments: str) -> None:
        self.connection, theirs = socket.socketpair()
        self._said = tempfile.TemporaryFile()
        command = [sys.executable, "-I", str(HERE / program), str(theirs.fileno()), *arguments]
        self.process = subprocess.Popen(
            command, env=_ENVIRONMENT, cwd="/", pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._said, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self._turn = threading.Lock()

    def wait_until_ready(self) -> bytes:
        """Return what it says once it has started.

        Raises
        ------
        Failed
            If it does not start.
        """
        self.connection.settimeout(_SECONDS_TO_START)
        try:
            said = self.connection.recv(1 << 20)
        except OSError:
            said = b""
        if not said:
            self.stop()
            raise Failed(self._last_words() or "it ended without a word")
        return said

    def ask_for_child(self, *descriptors: int) -> tuple[int, int]:
        """Hand descriptors over to a new child; return what comes back: a number and a descriptor (-1 if there is none).

        Raises
        ------
        Failed
            If the process has ended.
        """
        try:
            with self._turn:
                socket.send_fds(self.connection, [b"."], list(descriptors))
                said, received, _, _ = socket.recv_fds(self.connection, 64, 1)
            return int(said), received[0]
        except (OSError, ValueError, IndexError):
            raise Failed(self._last_words() or "it has ended") from None

    def stop(self) -> None:
        """Hang up and end it."""
        self.connection.close()
        self.process.kill()
        self.process.wait()

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""


class Zygote(Helper):
    """The process that forks caged children; started, but not waited for."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__("zygote.py", json.dumps(settings))

    def ready(self) -> Zygote:
        """Wait until it has started; raise `Failed` if it does not."""
        self.wait_until_ready()
        # Forking takes milliseconds; whatever takes longer than this hangs.
        self.connection.settimeout(_SECONDS_TO_ANSWER)
        return self


class Judges(Helper):
    """The judging process, which forks one judge for each job; started, but not waited for.

    Attributes
    ----------
    about
        What it says of the lesson: the questions, and a fingerprint of the rules; known once it is ready.
    """

    def __init__(self, folder: Path, secret: bytes) -> None:
        super().__init__("judge.py")
        self.about: dict[str, Any] = {}
        Channel(self.connection).send({"folder": str(folder), "secret": secret.hex()})

    def ready(self) -> Judges:
        """Wait until it has started; raise `Failed` if it does not."""
        self.about = json.loads(self.wait_until_ready())
        return self

    def judge(self) -> Judge:
        """Return a connection to a new judge."""
        ours, theirs = socket.socketpair()
        ours.settimeout(_SECONDS_TO_ANSWER)
        try:
            with self._turn, theirs:
                socket.send_fds(self.connection, [b"."], [theirs.fileno()])
        except OSError:
            raise Failed(self._last_words() or "the judging process has ended") from None
        return Judge(Channel(ours))


class Judge:
    """One job's judge."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def ask(self, what: str, *arguments: Any) -> dict[str, Any]:
        """Return the answer to a request.

        Raises
        ------
        Failed
            If the judge has ended or does not answer; it cannot be asked again.
        """
        try:
            self._channel.send({"do": what, "with": arguments})
            return self._channel.receive()
        except (OSError, EOFError) as problem:
            self._channel.close()
            raise Failed(f"the judge did not answer ({type(problem).__name__})") from None


def readable(descriptors: list[int], seconds: float) -> list[int]:
    """Return which of some descriptors have something to read, waiting for it no longer than this."""
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _ in poll.poll(max(0, int(seconds * 1000) + 1))]


def close(*descriptors: int) -> None:
    """Close descriptors, those that are closed already included."""
    for descriptor in descriptors:
        try:
            os.close(descriptor)
        except OSError:
            pass
