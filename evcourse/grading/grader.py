"""The grader: helper processes and jobs, from submissions to rows. Nothing that a submission does stops it."""

from __future__ import annotations

import json
import queue
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from evcourse import course
from evcourse.grading import cgroups, probe, processes, rows
from evcourse.grading.cage import Limits
from evcourse.grading.intake import Entry
from evcourse.grading.keeper import Findings, Keeper
from evcourse.grading.processes import Failed
from evcourse.grading.submission import Submission

Row = dict[str, Any]
Known = Callable[[Submission], Row | None]
#: Memory of Python and its libraries, which counts in a cgroup; shared between children where it is not changed.
_OWN_MIB = 256
_TRUST = (
    " Grade on another Linux machine; or, if you trust every submission as you would trust a program of your own, "
    "say --no-sandbox: the reports will say so."
)
_LINUX = (
    "Grading a class needs Linux, whose namespaces the cage is made of; this is {}. Run it in a Linux container (started "
    "with --privileged), on a Linux machine or in WSL 2; everything in the notebooks works here, checks included."
)
_NAMESPACES = (
    " This system does not let you make user namespaces. In a container: start it with --privileged, or with "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined; on Ubuntu 24.04 or newer: "
    "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0." + _TRUST
)


class Refused(Exception):
    """Grading does not start; the message is one sentence with the way out."""


@dataclass(frozen=True)
class Settings:
    """How a lesson's submissions are graded.

    Attributes
    ----------
    folder
        The lesson's folder in `exercises/`.
    secret
        The course's, mixed into every learner's numbers.
    jobs
        How many submissions are run at a time.
    sandbox
        Whether they are run in a cage. Without one a submission can do whatever the grader can.
    limits
        What a notebook may use.
    hidden
        Further folders that must not be seen in the cage, such as that of the submissions.
    """

    folder: Path
    secret: bytes = b""
    jobs: int = 2
    sandbox: bool = True
    limits: Limits = field(default_factory=Limits)
    hidden: tuple[Path, ...] = ()


class Grader:
    """Grades submissions of one lesson; to be used in a `with` statement.

    Parameters
    ----------
    settings
        How.

    Attributes
    ----------
    setting
        What is the same in all rows: `sandbox`, `engine` and `questions`.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._restart = threading.Lock()
        self._benches: queue.SimpleQueue[_Bench] = queue.SimpleQueue()
        self._judges = self._zygote = None
        self._groups: list[cgroups.Group] = []

    def __enter__(self) -> Grader:
        if sys.platform != "linux":
            raise Refused(_LINUX.format({"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)))
        try:
            self._start()
        except Failed as reason:
            self.__exit__()
            raise Refused(f"Grading cannot start: {reason}.{_way_out(str(reason))}") from None
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        for helper in filter(None, (self._zygote, self._judges)):
            helper.stop()
        for group in self._groups:
            group.remove()

    @property
    def key(self) -> str:
        """What rows follow from beside the submission: the rules under which they are made."""
        return rules(self.settings, self.setting["engine"])

    def graded(self, items: Iterable[Entry | Submission], known: Known = lambda submission: None) -> Iterator[tuple[Row, bool]]:
        """Yield the row of each submission as soon as it is there, and whether it is new.

        Parameters
        ----------
        items
            Submissions, or where they lie.
        known
            Returns the row of a submission that has been graded before, None where it has not.
        """
        with ThreadPoolExecutor(self.settings.jobs) as pool:
            remaining = iter(items)
            # A few ahead are enough to keep every job busy; thousands would only fill memory.
            running = {pool.submit(self._row, each, known) for each in islice(remaining, 2 * self.settings.jobs)}
            while running:
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {pool.submit(self._row, each, known) for each in islice(remaining, len(ended))}
                yield from (each.result() for each in ended)

    def judge(self) -> processes.Judge:
        """Return a new judge."""
        with self._restart:
            if self._judges.process.poll() is not None:
                self._judges.stop()
                self._judges = processes.Judges(self.settings.folder, self.settings.secret).ready()
            return self._judges.judge()

    def zygote(self) -> processes.Helper:
        """Return the process that forks caged children; a new one where it has ended."""
        with self._restart:
            if self._zygote.process.poll() is not None:
                self._zygote.stop()
                self._zygote = processes.Zygote(self._zygote_settings()).ready()
            return self._zygote

    def _start(self) -> None:
        # Both are started anew: neither could have anything of the other's in its memory.
        self._zygote = processes.Zygote(self._zygote_settings())
        self._judges = processes.Judges(self.settings.folder, self.settings.secret)
        self._zygote.ready()
        self._probe()
        self.setting = self._judges.ready().about | {"sandbox": self.settings.sandbox}
        for number in range(self.settings.jobs):
            self._benches.put(_Bench(self, self._group(number)))

    def _row(self, item: Entry | Submission, known: Known) -> tuple[Row, bool]:
        bench = self._benches.get()
        try:
            return bench.row(item, known)
        except Exception as problem:  # noqa: BLE001 - nothing stops the batch, not even a mistake in here
            with suppress(Failed):
                bench.renew()
            start = item if isinstance(item, Submission) else Submission(item.learner, item.lesson, item.path)
            return rows.failed_row(start, f"It could not be graded: {problem or type(problem).__name__}.", self.setting), True
        finally:
            self._benches.put(bench)

    def _group(self, number: int) -> cgroups.Group | None:
        limits = self.settings.limits
        if not self.settings.sandbox:
            return None
        made = cgroups.group(str(number), (limits.memory_mib + _OWN_MIB) << 20, limits.processes + 8)
        self._groups += [made] if made else []
        return made

    def _zygote_settings(self) -> dict[str, Any]:
        shown = {"readable": [str(course.folder() / "data")], "hidden": [str(each) for each in self._hidden()]}
        shown["imports"] = _imports(self.settings.folder / "exercise.ipynb")
        return shown | {"limits": asdict(self.settings.limits), "sandbox": self.settings.sandbox}

    def _hidden(self) -> list[Path]:
        return [course.folder() / "exercises", self.settings.folder, *self.settings.hidden]

    def _probe(self) -> None:
        if self.settings.sandbox:
            patient = replace(self.settings.limits, cell_seconds=30.0)
            found = probe.found(Keeper(self._zygote, patient), [str(each) for each in self._hidden()])
            if found:
                raise Failed(f"the cage does not hold on this machine ({found})")


def rules(settings: Settings, engine: str) -> str:
    """Return in one line what rows follow from beside the submission."""
    limits = json.dumps(asdict(settings.limits), sort_keys=True)
    return f"{engine} {'caged' if settings.sandbox else 'uncaged'} {limits}"


class _Bench:
    """What one job works with: a cage and a judge."""

    def __init__(self, grader: Grader, group: cgroups.Group | None) -> None:
        self._grader, self._group = grader, group
        self.renew()

    def renew(self) -> None:
        """Take a new judge, and a new zygote where it has ended."""
        self._judge = self._grader.judge()
        self._keeper = Keeper(self._grader.zygote(), self._grader.settings.limits, self._group)

    def row(self, item: Entry | Submission, known: Known) -> tuple[Row, bool]:
        """Return a submission's row, and whether it is new."""
        submission, facts = self._read(item)
        earlier, setting = known(submission), self._grader.setting
        if earlier is not None:
            return earlier, False
        if submission.problem:
            return rows.failed_row(submission, submission.problem, setting), True
        found = self._findings(submission, facts)
        verdicts = self._judge.ask("verdicts", submission.learner, found.counting())["verdicts"]
        return rows.row(submission, found, verdicts, setting), True

    def _read(self, item: Entry | Submission) -> tuple[Submission, dict[str, Any]]:
        if isinstance(item, Submission):
            return item, self._judge.ask("facts", item.learner)["facts"]
        read = self._judge.ask("read", asdict(item))
        return Submission.from_json(read["submission"]), read["facts"]

    def _findings(self, submission: Submission, facts: dict[str, Any]) -> Findings:
        try:
            return self._keeper.findings(submission.cells, facts)
        except Failed:
            # The zygote has ended, for want of memory perhaps: once more, with a new one.
            self.renew()
            return self._keeper.findings(submission.cells, facts)


def _imports(notebook: Path) -> list[str]:
    """Return the modules that the course's own notebook imports, which its learners' notebooks import as well."""
    if not notebook.is_file():
        return []
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return sorted(set(re.findall(r"^(?:import|from) ([\w.]+)", code, flags=re.MULTILINE)))


def _way_out(reason: str) -> str:
    if "Operation not permitted" in reason or "unshare" in reason or "clone" in reason:
        return _NAMESPACES
    return _TRUST
