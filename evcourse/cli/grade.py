"""`evcourse grade`: what was typed, the progress bar, and the words at the end."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcourse.cli.stop import Stop

if TYPE_CHECKING:
    from evcourse.grading.grader import Settings

_BAR = 24
_DESCRIPTION = """Grade a class: every notebook is run in a cage and judged outside it. Run the same command again after
an interruption, and it goes on where it stopped. Results, gradebooks, feedback pages and the class report go to RESULTS."""


def add_options(commands: Any, status: str) -> None:
    """Add the command `grade` to the others."""
    words = {"help": "grade a class's notebooks, each in a cage", "description": _DESCRIPTION, "epilog": status}
    add = commands.add_parser("grade", **words).add_argument
    add("submissions", metavar="SUBMISSIONS", type=Path, help="a folder of notebooks, nbgrader's tree or a platform's zip file")
    add("--out", metavar="RESULTS", type=Path, required=True, help="the folder for the results")
    add("--lesson", default="", help="name of the lesson's folder in exercises/ (default: found out)")
    add("--jobs", type=_positive, default=os.cpu_count() or 1, help="notebooks to run at a time (default: %(default)s)")
    add("--secret", metavar="FILE", type=Path, help="file with the course's secret (else EVCOURSE_SECRET or course.toml)")
    add("--roster", metavar="FILE", type=Path, help="CSV file with a column learner, for other names and numbers of theirs")
    add("--regrade", metavar="QUESTION", default="", help="grade one question again, after its check was corrected")
    add("--cluster", metavar="ADDRESS", default="", help="scheduler of a Dask cluster that does the work (needs evcourse[cluster])")
    add("--seconds", type=float, default=10.0, help="time for one cell (default: %(default)g)")
    add("--no-sandbox", action="store_true", help="run without a cage, if you trust every submission; reports say so")
    add("--quiet", action="store_true", help="no progress bar; only what went wrong")


def grade(choices: argparse.Namespace) -> int:
    """Grade a class and return the exit status.

    Raises
    ------
    Stop
        If it cannot be done.
    """
    from evcourse.grading.cluster import ClusterError
    from evcourse.grading.grader import Refused

    bar = _Bar(quiet=choices.quiet)
    try:
        final = _graded(choices, bar)
    except (Refused, ClusterError, ValueError, OSError) as problem:
        raise Stop(str(problem)) from None
    finally:
        bar.end()
    if not choices.quiet:
        print(_summary(final, choices.out))
    return 0


def _graded(choices: argparse.Namespace, bar: _Bar) -> list[dict[str, Any]]:
    from evcourse.grading import outputs, run
    from evcourse.questions.lesson import declared

    settings, roster = _settings(choices), _roster(choices.roster)
    plan = run.Plan(choices.submissions, choices.out, settings, roster, choices.regrade, choices.cluster)
    return outputs.write_all(choices.out, run.grade(plan, bar.show), declared(settings.folder), settings.secret)


def _settings(choices: argparse.Namespace) -> Settings:
    from evcourse.grading import run
    from evcourse.grading.cage import Limits
    from evcourse.grading.grader import Settings
    from evcourse.questions import learner

    secret = choices.secret.read_bytes().strip() if choices.secret else learner.setting().secret
    folder = run.lesson_folder(choices.lesson, choices.submissions)
    limits = Limits(cell_seconds=choices.seconds, notebook_seconds=max(90.0, 9 * choices.seconds))
    hidden = (choices.secret.resolve().parent,) if choices.secret else ()
    return Settings(folder, secret, choices.jobs, not choices.no_sandbox, limits, hidden)


def _roster(path: Path | None) -> dict[str, str]:
    from evcourse.grading.intake import roster_from

    return roster_from(path) if path else {}


def _summary(rows: list[dict[str, Any]], out: Path) -> str:
    from evcourse.questions.plain import counted

    unread = sum(bool(row["problem"]) for row in rows)
    failed = sum(any(each["state"] == "failed" for each in row["questions"]) for row in rows) - unread
    caged = "" if all(row["sandbox"] for row in rows) else " They were run WITHOUT a cage."
    return (
        f"{counted(len(rows), 'submission')} graded: {unread} could not be run, {failed} have a question that failed; "
        f"each has its row and its reason.{caged}\nLook at {out / 'report.html'}."
    )


def _positive(words: str) -> int:
    number = int(words)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{words} is no number of jobs: 1 or more is.")
    return number


class _Bar:
    """A progress bar with rate and time left: on a terminal one line, elsewhere a line every tenth."""

    def __init__(self, quiet: bool) -> None:
        self._quiet, self._start, self._shown = quiet, time.monotonic(), -1
        self._is_terminal = sys.stderr.isatty()

    def show(self, count: int, total: int, earlier: int) -> None:
        """Show how far it is; rows that an earlier run has done count for the bar and not for the rate."""
        tenth = 10 * count // total
        if count == 0:
            # Getting ready takes seconds, and would make the rate look low for a long time.
            self._start = time.monotonic()
        if self._quiet or (not self._is_terminal and tenth == self._shown):
            return
        self._shown = tenth
        print(self._line(count, total, earlier), end="" if self._is_terminal else "\n", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._shown >= 0 and self._is_terminal and not self._quiet:
            print(file=sys.stderr)

    def _line(self, count: int, total: int, earlier: int) -> str:
        rate = (count - earlier) / max(time.monotonic() - self._start, 1e-3)
        full = _BAR * count // total
        left = f"{_duration((total - count) / rate)} left" if rate and count > earlier else "nothing new yet"
        start = "\r\x1b[K" if self._is_terminal else ""
        return f"{start}[{'#' * full}{'.' * (_BAR - full)}] {count}/{total}, {60 * rate:.0f} a minute, {left}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
