"""A class graded: submissions found, run and judged, rows kept at every moment; killed and started again, it goes on."""

from __future__ import annotations

import atexit
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from evcourse.grading import cluster, intake, processes
from evcourse.grading.arrangement import Reference
from evcourse.grading.cage import Limits
from evcourse.grading.grader import Grader, Known, Refused, Row, Settings, rules
from evcourse.grading.results import NAME, Results, rows_in, with_question
from evcourse.grading.submission import Submission
from evcourse.questions import lesson

#: Called with how many rows there are, how many there will be, and how many of those were there before.
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Plan:
    """What is to be graded, and where the results go.

    Attributes
    ----------
    source
        A folder or zip file of submissions.
    out
        The folder for the results.
    settings
        How.
    roster
        Platform's name → learner's id.
    question
        The one question to be graded again; empty for all.
    cluster
        Address of a Dask scheduler whose workers do the work; empty for this machine.
    """

    source: Path
    out: Path
    settings: Settings
    roster: dict[str, str]
    question: str = ""
    cluster: str = ""


def grade(plan: Plan, progress: Progress = lambda *_: None) -> list[Row]:
    """Grade a class and return its rows in the order of the learners' ids; they are kept in `plan.out`, too.

    Raises
    ------
    Refused
        If there is nothing to grade, or the cage does not hold here.
    """
    # The helper processes do not work in this process's folder.
    source, out, folder = plan.source.resolve(), plan.out.resolve(), plan.settings.folder.resolve()
    try:
        found = intake.entries(source, folder.name, plan.roster)
    except (ValueError, OSError) as problem:
        raise Refused(str(problem)) from None
    hidden = (*plan.settings.hidden, source if source.is_dir() else source.parent, out)
    plan = replace(plan, source=source, out=out, settings=replace(plan.settings, folder=folder, hidden=hidden))
    # Rows are read into memory when the processes that made them have gone.
    return (_graded_on_cluster if plan.cluster else _graded_here)(plan, found, progress).finish([each.learner for each in found])


def grade_shard(submissions: list[dict[str, Any]], settings: dict[str, Any]) -> list[Row]:
    """Return the rows of a few submissions, as plain data in and out: what a worker of a cluster does.

    Parameters
    ----------
    submissions
        As `Submission.to_json` writes them.
    settings
        As `settings_json` writes them.
    """
    grader = _worker(json.dumps(settings, sort_keys=True))
    return [row for row, _ in grader.graded([Submission.from_json(each) for each in submissions])]


def settings_json(settings: Settings) -> dict[str, Any]:
    """Return settings as plain data."""
    plain = asdict(settings) | {"folder": str(settings.folder), "secret": settings.secret.hex()}
    return plain | {"hidden": [str(each) for each in settings.hidden]}


def lesson_folder(name: str, source: Path) -> Path:
    """Return the folder of the lesson that is graded: the one named, else the one in the submissions' path, else the only one.

    Raises
    ------
    Refused
        If that leaves none, or more than one.
    """
    known = {folder.name: folder for folder in lesson.lessons()}
    parts = source.resolve().parts
    guessed = [name] if name else [each for each in known if each in parts] or list(known)
    if len(guessed) != 1:
        raise Refused(f"Which lesson is to be graded? Say --lesson and one of {', '.join(known) or 'none yet'}.")
    try:
        return lesson.find(guessed[0])
    except LookupError as problem:
        raise Refused(str(problem)) from None


def _graded_here(plan: Plan, found: list[intake.Entry], progress: Progress) -> Results:
    with Grader(plan.settings) as grader:
        progress(0, len(found), 0)
        return (_regraded if plan.question else _graded)(plan, grader, found, progress)


def _graded(plan: Plan, grader: Grader, found: list[intake.Entry], progress: Progress) -> Results:
    results = Results(plan.out, grader.key)
    earlier = 0
    for count, (row, is_new) in enumerate(grader.graded(found, _known_to(results)), 1):
        earlier += not is_new
        if is_new:
            results.add(row)
        progress(count, len(found), earlier)
    return results


def _known_to(results: Results) -> Known:
    return lambda submission: results.known(submission.learner, submission.sha256)


def _graded_on_cluster(plan: Plan, found: list[intake.Entry], progress: Progress) -> Results:
    """Let the workers of a cluster run and judge; submissions are read here, since the files lie here."""
    if plan.question:
        raise Refused("One question is graded again on one machine: leave out --cluster.")
    results = Results(plan.out, rules(plan.settings, _engine(plan.settings)))
    reference = Reference.of(lesson.declared(plan.settings.folder), plan.settings.folder)
    known = results.done()
    read = (intake.submission(each, reference) for each in found)
    new = (each.to_json() for each in read if (each.learner, each.sha256) not in known)
    work = partial(grade_shard, settings=settings_json(plan.settings))
    for count, row in enumerate(cluster.graded(plan.cluster, new, work), 1 + len(known)):
        results.add(row)
        progress(min(count, len(found)), len(found), len(known))
    return results


def _engine(settings: Settings) -> str:
    judges = processes.Judges(settings.folder, settings.secret)
    try:
        return judges.ready().about["engine"]
    except processes.Failed as reason:
        raise Refused(f"Grading cannot start: {reason}.") from None
    finally:
        judges.stop()


def _regraded(plan: Plan, grader: Grader, found: list[intake.Entry], progress: Progress) -> Results:
    """Grade anew, and take only the one question from it; a submission that is new meanwhile is taken whole."""
    _require(plan.question, grader)
    before = {row["learner"]: row for row in rows_in(plan.out / NAME)}
    unfinished = Results(plan.out, f"{grader.key} again {plan.question}")
    rows: list[Row] = []
    for row, is_new in grader.graded(found, _known_to(unfinished)):
        rows.append(_taken_over(before.get(row["learner"]), row, plan.question) if is_new else row)
        if is_new:
            unfinished.add(rows[-1])
        progress(len(rows), len(found), len(rows) - is_new)
    final = Results(plan.out, grader.key)
    for row in rows:
        final.add(row)
    return final


def _require(question: str, grader: Grader) -> None:
    names = [name for name, _, _ in grader.setting["questions"]]
    if question not in names:
        raise Refused(f"There is no question {question!r} in this lesson: it has {', '.join(names)}.")


def _taken_over(old: Row | None, new: Row, name: str) -> Row:
    if old is None or (old["sha256"], old["lesson"]) != (new["sha256"], new["lesson"]) or not old["questions"]:
        return new
    newer = next(each for each in new["questions"] if each["name"] == name)
    return with_question(old, newer) | {"engine": new["engine"], "sandbox": new["sandbox"] and old["sandbox"]}


_workers: dict[str, Grader] = {}


def _worker(settings: str) -> Grader:
    """Return this process's grader for some settings; it is started once and ended with the process."""
    if settings not in _workers:
        plain = json.loads(settings)
        own = {"folder": Path(plain["folder"]), "secret": bytes.fromhex(plain["secret"]), "limits": Limits(**plain["limits"])}
        grader = Grader(Settings(**plain | own | {"hidden": tuple(map(Path, plain["hidden"]))}))
        _workers[settings] = grader.__enter__()
        atexit.register(grader.__exit__)
    return _workers[settings]
