"""What a learner has done so far: one small file in the learner's own course folder, and nobody else's business."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

FORMAT = 1
MOST_TRIES_KEPT = 20


class ProgressError(ValueError):
    """The progress file cannot be read; it is left as it is."""

    def _render_traceback_(self) -> list[str]:
        # What a notebook shows: the sentence alone. The learner has done nothing wrong that a traceback would explain.
        return [str(self)]


def file() -> Path:
    """Return the progress file: `progress.json` in the course folder, or what EVCOURSE_PROGRESS names."""
    named = os.environ.get("EVCOURSE_PROGRESS")
    return Path(named) if named else course_folder() / "progress.json"


def course_folder() -> Path:
    """Return the nearest folder at or above this one that has `notebooks/` in it, else this one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "notebooks").is_dir()), here)


def read() -> dict[str, dict[str, Any]]:
    """Return the answered predictions: "lesson/question" to the option chosen and the date.

    Raises
    ------
    ProgressError
        If the file is damaged, or was written by a newer evcourse. It is not changed.
    """
    return _content(file())["answered"]


def note(lesson: str, question: str, choice: int) -> None:
    """Add one prediction to the file, keeping the first answer to a question that was answered before."""
    content = _content(file())
    content["answered"].setdefault(f"{lesson}/{question}", {"choice": choice, "on": date.today().isoformat()})
    _write(content, file())


def answered_per_lesson() -> dict[str, int]:
    """Return how many predictions have been made in each lesson."""
    lessons = [key.split("/")[0] for key in read()]
    return {lesson: lessons.count(lesson) for lesson in dict.fromkeys(lessons)}


def questions(path: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return the tried questions: "lesson/question" to tries (one fingerprint per distinct answer), points, of, on.

    Parameters
    ----------
    path
        Another progress file than this folder's.
    """
    return _content(path or file())["questions"]


def record(lesson: str, question: str, points: float, of: float, fingerprint: str) -> None:
    """Add one try to the file. The best points stand; the same answer given again is no further try."""
    content = _content(file())
    try_ = {"tries": [fingerprint], "points": points, "of": of, "on": date.today().isoformat()}
    name = f"{lesson}/{question}"
    content["questions"][name] = _better(content["questions"].get(name), try_)
    _write(content, file())


def commit(subject: str, fingerprint: str, at: str) -> int:
    """Write a plan down before its data exist, and return its number among the plans for this subject, from 1.

    Parameters
    ----------
    subject
        What the plan is for.
    fingerprint
        What the plan is known by. The same plan written down again keeps its first time and number.
    at
        Date and time, in ISO 8601.
    """
    content = _content(file())
    plans = content["plans"].setdefault(subject, {})
    plans.setdefault(fingerprint, at)
    _write(content, file())
    return list(plans).index(fingerprint) + 1


def plans(subject: str) -> dict[str, str]:
    """Return the plans written down for a subject, fingerprint to date and time, in the order of writing."""
    return _content(file())["plans"].get(subject, {})


def learner() -> str:
    """Return the name that the learner has given in this course folder, empty if none."""
    return _content(file())["learner"]


def introduce(name: str) -> None:
    """Keep the learner's name (any name or number that a lecturer knows) in the course folder.

    Raises
    ------
    ValueError
        If the name is empty or longer than 100 characters.
    """
    if not isinstance(name, str) or not 0 < len(name.strip()) <= 100:
        raise ValueError(f"{name!r} is no name: give text of 1 to 100 characters.")
    _write(_content(file()) | {"learner": name.strip()}, file())


def copy_name_to(path: Path) -> None:
    """Write a new progress file with the learner's name and nothing done."""
    _write(_fresh() | {"learner": learner()}, path)


def export_to(path: str | Path) -> Path:
    """Write everything done so far to one file and return its path; it is what `import_from` reads.

    Raises
    ------
    ProgressError
        If the file to write exists and is no progress file: it may be somebody's work.
    """
    target = Path(path)
    if target.exists():
        _content(target)
    _write(_content(file()), target)
    return target


def import_from(path: str | Path) -> None:
    """Add what an exported file holds: of each question the best points and all tries, of predictions the first.

    Raises
    ------
    ProgressError
        If the file is missing, damaged or newer. Nothing is changed then.
    """
    if not Path(path).is_file():
        raise ProgressError(f"There is no file {path}: give the file that was exported.")
    _write(_merged(_content(file()), _content(Path(path))), file())


def _merged(here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    questions = dict(here["questions"])
    for name, tried in there["questions"].items():
        questions[name] = _better(questions.get(name), tried)
    answered = dict(here["answered"])
    for name, prediction in there["answered"].items():
        answered[name] = min(answered.get(name, prediction), prediction, key=lambda each: each["on"])
    extra = {key: content for key, content in there.items() if key not in here}
    done = {"answered": answered, "questions": questions, "plans": _merged_plans(here["plans"], there["plans"])}
    return here | extra | {"learner": here["learner"] or there["learner"]} | done


def _merged_plans(here: dict[str, dict[str, str]], there: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for subject in here | there:
        both = [*here.get(subject, {}).items(), *there.get(subject, {}).items()]
        plans = merged[subject] = {}
        # In the order of writing, each plan with its first time.
        for plan, at in sorted(both, key=lambda each: datetime.fromisoformat(each[1]).timestamp()):
            plans.setdefault(plan, at)
    return merged


def _better(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    if old is None:
        return new
    tries = list(dict.fromkeys([*old["tries"], *new["tries"]]))
    # The earlier of two equals: the date says when the points were first reached.
    best = max(old, new, key=lambda each: (each["points"] / each["of"], _reversed_date(each["on"])))
    return best | {"tries": tries[:MOST_TRIES_KEPT]}


def _reversed_date(day: str) -> int:
    return -date.fromisoformat(day).toordinal()


def _content(path: Path) -> dict[str, Any]:
    if not path.exists():
        return _fresh()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["format"]
        if version == FORMAT:
            return _checked(_fresh() | content)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        raise ProgressError(f"{path} is damaged and was left as it is: rename it to start anew.") from None
    raise ProgressError(f"{path} is of format {version!r}, this evcourse reads {FORMAT}: update evcourse.")


def _fresh() -> dict[str, Any]:
    return {"format": FORMAT, "learner": "", "answered": {}, "questions": {}, "plans": {}}


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content as it is; raise what `_content` calls damage where it is not what was written."""
    for prediction in content["answered"].values():
        date.fromisoformat(prediction["on"])
    for tried in content["questions"].values():
        date.fromisoformat(tried["on"])
        if not (isinstance(tried["tries"], list) and 0 <= tried["points"] <= tried["of"] > 0):
            raise ValueError(tried)
        [str.encode(each) for each in tried["tries"]]
    for times in content["plans"].values():
        [datetime.fromisoformat(at) for at in times.values()]
    str.encode(content["learner"])
    return content


def _write(content: dict[str, Any], path: Path) -> None:
    # Replaced in one step, so that an interrupted write loses nothing; a name of its own for each process.
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)
