"""Who is learning, in which setting, and the numbers that follow from it."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

from evcourse import progress

GUEST = "guest"


@dataclass(frozen=True)
class Setting:
    """Self-study, or a class whose lecturer keeps solutions back.

    Attributes
    ----------
    secret
        Mixed into every learner's numbers; empty in self-study.
    withholds_solutions
        Whether solutions stay closed.
    """

    secret: bytes = b""
    withholds_solutions: bool = False


def setting() -> Setting:
    """Return the setting, from `course.toml` in the course folder and the variables EVCOURSE_MODE and EVCOURSE_SECRET.

    Raises
    ------
    ValueError
        If `course.toml` cannot be read: a class whose secret is lost would silently get other numbers.
    """
    declared = _declared(progress.course_folder() / "course.toml")
    secret = os.environ.get("EVCOURSE_SECRET") or str(declared.get("secret", ""))
    withheld = os.environ.get("EVCOURSE_MODE") == "class" or bool(declared.get("withhold_solutions", False))
    return Setting(secret.encode(), withheld)


def identity() -> str:
    """Return the learner's id: the Hub's user name, nbgrader's student, the name kept in the course folder, or "guest"."""
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        # nbgrader runs each submission in …/<student>/<assignment>.
        return Path.cwd().parent.name
    return os.environ.get("JUPYTERHUB_USER") or progress.learner() or GUEST


def numbers(learner: str, lesson: str, question: str, secret: bytes = b"") -> random.Random:
    """Return a learner's own source of random numbers for one question.

    It is seeded by HMAC-SHA256 (RFC 2104) of learner, lesson and question under the course's secret: the same
    learner always gets the same numbers, and without the secret nobody can work out another learner's.
    """
    # NUL cannot stand in any of the three, so that no two triples give the same message.
    message = "\0".join([learner, lesson, question]).encode("utf-8", "replace")
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return random.Random(int.from_bytes(digest, "big"))


def _declared(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise ValueError(f"{path} cannot be read ({problem}): mend or remove it.") from None
