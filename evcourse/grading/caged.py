"""What happens inside the cage: a learner's cells run one after the other, and answers go out as JSON.

Nothing that is said here is believed outside: a learner's code runs in this process and can say the same, or else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from evcourse.questions import opened
from evcourse.questions.clock import TimeUp, limited
from evcourse.questions.sheet import Sheet

Say = Callable[[dict[str, Any]], None]


def run(task: dict[str, Any], out: int) -> None:
    """Run a notebook's cells and say what happens: where it is, what failed, and the answers.

    Parameters
    ----------
    task
        `facts` of the lesson, `cells` as source code, `skipped` cells' numbers, `seconds` for each cell.
    out
        The descriptor to write to, one JSON object a line.
    """
    own = os.getpid()
    say = _writer(out)
    opened.hand_out(Sheet(task["facts"], lambda question, encoded: say({"question": question, "answer": encoded})))
    main = _main_module()
    for number, source in enumerate(task["cells"]):
        if number not in task["skipped"]:
            say({"cell": number})
            say({"ended": number, "problem": problem_of(source, f"cell {number + 1}", main, task["seconds"])})
        if os.getpid() != own:
            # A copy that the learner's code has forked must not go on with the notebook.
            os._exit(0)
    say({"done": True})


def problem_of(source: str, name: str, namespace: dict[str, Any], seconds: float) -> str:
    """Run one cell and return what went wrong, in one short line; empty if nothing did."""
    try:
        with limited(seconds):
            exec(compile(source, f"<{name}>", "exec"), namespace)
        return ""
    except TimeUp:
        return f"took longer than {seconds:g} s"
    except BaseException as problem:  # noqa: BLE001 - a learner's code may raise anything, SystemExit included
        return _described(problem)


def _writer(out: int) -> Say:
    encode, write = json.JSONEncoder(allow_nan=False).encode, os.write

    def say(message: dict[str, Any]) -> None:
        left = memoryview(encode(message).encode() + b"\n")
        while left:
            left = left[write(out, left) :]

    return say


def _main_module() -> dict[str, Any]:
    """Return the names of a fresh `__main__`, with what notebooks have beside Python's own."""
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    module.display = lambda *shown, **options: None
    return vars(module)


def _described(problem: BaseException) -> str:
    name = type.__dict__["__name__"].__get__(type(problem))
    try:
        words = str(problem)
    except BaseException:  # noqa: BLE001 - its own __str__ may raise anything, too
        words = ""
    return f"raised {name}: {' '.join(words.split())[:1000]}".rstrip(": ")
