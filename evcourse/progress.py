"""What a learner has done so far: one small file in the learner's own course folder, and nobody else's business."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

FORMAT = 1


class ProgressError(ValueError):
    """The progress file cannot be read; it is left as it is."""


def file() -> Path:
    """Return the progress file: `progress.json` in the course folder, or what EVCOURSE_PROGRESS names."""
    named = os.environ.get("EVCOURSE_PROGRESS")
    return Path(named) if named else _course_folder() / "progress.json"


def read() -> dict[str, dict[str, Any]]:
    """Return the answered questions: "lesson/question" to the option chosen and the date.

    Raises
    ------
    ProgressError
        If the file is damaged, or was written by a newer evcourse. It is not changed.
    """
    path = file()
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version, answered = content["format"], dict(content["answered"])
    except (ValueError, KeyError, TypeError, OSError):
        raise ProgressError(f"{path} is damaged and was left as it is: rename it to start anew.") from None
    if version != FORMAT:
        raise ProgressError(f"{path} is of format {version}, this evcourse reads {FORMAT}: update evcourse.")
    return answered


def note(lesson: str, question: str, choice: int) -> None:
    """Add one answer to the file, keeping the first answer to a question that was answered before."""
    answered = read()
    answered.setdefault(f"{lesson}/{question}", {"choice": choice, "on": date.today().isoformat()})
    content = json.dumps({"format": FORMAT, "answered": answered}, indent=1)
    fresh = file().with_suffix(".new")
    fresh.write_text(content, encoding="utf-8")
    # Replaced in one step, so that an interrupted write loses nothing.
    fresh.replace(file())


def answered_per_lesson() -> dict[str, int]:
    """Return how many questions have been answered in each lesson."""
    lessons = [key.split("/")[0] for key in read()]
    return {lesson: lessons.count(lesson) for lesson in dict.fromkeys(lessons)}


def _course_folder() -> Path:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "notebooks").is_dir()), here)
