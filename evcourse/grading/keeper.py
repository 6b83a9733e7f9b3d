"""Outside the cage: hands a notebook in, listens to what comes out, and ends what takes too long.

What comes out decides nothing but this learner's own answers: it is bounded, parsed as JSON, and what is no message is
dropped.
"""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from evcourse.grading import messages, processes
from evcourse.grading.cage import Limits
from evcourse.grading.cgroups import Group
from evcourse.grading.processes import Helper
from evcourse.grading.submission import Cell

#: What a cell that does not let itself be interrupted gets on top of its time.
_GRACE_SECONDS = 1.0
_SECONDS_TO_FIRST_CELL = 20.0
_MOST_STARTS = 12
_ENDED = "ended the notebook's process (os._exit, a crash, or too much memory)"
_HUNG = "took longer than {:g} s and could not be interrupted"


@dataclass
class Findings:
    """What came out of a cage.

    Attributes
    ----------
    answers
        Question → encoded answer, handed in by the course's check cell.
    others
        Question → the last answer that was not blank, handed in by any other cell.
    problems
        Cell's number → what went wrong in it.
    killers
        Cell's number → how it ended the process; such a cell is left out when the notebook is started anew.
    broken
        Why the notebook was not run to its end; empty if it was.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    killers: dict[int, str] = field(default_factory=dict)
    broken: str = ""

    def counting(self) -> dict[str, Any]:
        """Return question → the answer that counts."""
        blank = {"blank": True}
        return {
            name: self.others.get(name, self.answers.get(name))
            if self.answers.get(name, blank) == blank
            else self.answers[name]
            for name in {**self.others, **self.answers}
        }


class Keeper:
    """Runs the notebooks of one job, one after the other.

    Parameters
    ----------
    zygote
        The process that forks the children.
    limits
        What a notebook may use.
    group
        A cgroup for the children, where there are cgroups.
    """

    def __init__(self, zygote: Helper, limits: Limits, group: Group | None = None) -> None:
        self._zygote, self._limits, self._group = zygote, limits, group

    def findings(self, cells: tuple[Cell, ...], facts: dict[str, Any]) -> Findings:
        """Return what comes out when cells are run; one that ends the process or hangs costs itself and no other."""
        found = Findings()
        end = time.monotonic() + self._limits.notebook_seconds
        for _ in range(_MOST_STARTS):
            hearing = self._heard(cells, facts, found, end)
            if hearing.done or found.broken:
                return found
            if hearing.cell is None:
                found.broken = hearing.broken or "The notebook's process ended before its first cell."
            elif time.monotonic() >= end:
                found.broken = f"The notebook took longer than {self._limits.notebook_seconds:g} s."
            else:
                found.killers[hearing.cell] = _HUNG.format(self._limits.cell_seconds) if hearing.hung else _ENDED
        found.broken = found.broken or f"The notebook's process ended {_MOST_STARTS} times."
        return found

    def _heard(self, cells: tuple[Cell, ...], facts: dict[str, Any], found: Findings, end: float) -> _Hearing:
        sources, skipped = [cell.source for cell in cells], sorted(found.killers)
        task = {"facts": facts, "cells": sources, "skipped": skipped, "seconds": self._limits.cell_seconds}
        (task_out, task_in), (out, answers_in) = os.pipe(), os.pipe()
        try:
            pid, child = self._zygote.ask_for_child(task_out, answers_in)
        finally:
            processes.close(task_out, answers_in)
        try:
            if self._group:
                self._group.add(pid)
            _write(task_in, json.dumps(task).encode())
            return _Hearing(cells, found).listen(out, end, self._limits)
        finally:
            _end(child, pid)
            processes.close(out, child)


class _Hearing:
    """One run of a notebook, as it is heard from outside."""

    def __init__(self, cells: tuple[Cell, ...], found: Findings) -> None:
        self._cells, self._found = cells, found
        self.cell: int | None = None
        self.done = self.hung = False
        self.broken = ""
        self._deadline = time.monotonic() + _SECONDS_TO_FIRST_CELL

    def listen(self, out: int, end: float, limits: Limits) -> _Hearing:
        """Take in messages until the last, the end of the process, or a limit."""
        rest, size = b"", 0
        while not self.done:
            left = min(self._deadline, end) - time.monotonic()
            if left <= 0 or not processes.readable([out], left):
                self.hung = True
                return self
            chunk = os.read(out, 1 << 16)
            size += len(chunk)
            if not chunk or size > limits.output_bytes:
                self._found.broken = "The notebook handed in more than it may." if chunk else ""
                return self
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._take(line, limits)
        return self

    def _take(self, line: bytes, limits: Limits) -> None:
        # Whatever a learner's code writes here in place of a message is lost, and nothing else.
        with suppress(messages.Untrusted):
            message = messages.parsed(line)
            if _is_number(message.get("cell"), self._cells):
                self.cell = message["cell"]
                self._deadline = time.monotonic() + limits.cell_seconds + _GRACE_SECONDS
            elif _is_number(message.get("ended"), self._cells):
                self._end_cell(message)
            elif isinstance(message.get("question"), str) and isinstance(message.get("answer"), dict):
                self._take_answer(message["question"], message["answer"])
            self.done = self.done or message.get("done") is True
            self.broken = str(message.get("broken", self.broken))[:300]

    def _end_cell(self, message: dict[str, Any]) -> None:
        self._found.problems.pop(message["ended"], None)
        if isinstance(message.get("problem"), str) and message["problem"]:
            self._found.problems[message["ended"]] = message["problem"][:1200]

    def _take_answer(self, question: str, encoded: dict[str, Any]) -> None:
        cell = self._cells[self.cell] if self.cell is not None else None
        if cell and cell.check and cell.question == question:
            self._found.answers[question] = encoded
        elif "answer" in encoded:
            self._found.others[question] = encoded


def _is_number(thing: Any, cells: tuple[Cell, ...]) -> bool:
    return type(thing) is int and 0 <= thing < len(cells)


def _write(descriptor: int, content: bytes) -> None:
    # A child that has ended reads no more; what it says, or does not, is heard soon enough.
    with suppress(BrokenPipeError), open(descriptor, "wb") as file:
        file.write(content)


def _end(child: int, pid: int) -> None:
    """Kill the child and wait until it is gone, and everything that it started with it."""
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(child, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    processes.readable([child], 10)
