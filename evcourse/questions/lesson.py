"""The questions of one lesson: declared by its author in `questions.py`, opened by a learner in a notebook."""

from __future__ import annotations

import difflib
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

from evcourse import course
from evcourse.questions.kind import Kind

BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")
_FILE = "questions.py"


class Lesson:
    """A collection of declared questions.

    Parameters
    ----------
    title
        What the lesson is called. Its name is that of the folder it lies in.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.name = ""
        self.kinds: dict[str, Kind] = {}

    def question(self, *, points: float, minutes: float, bloom: str) -> Callable[[type[Kind]], type[Kind]]:
        """Return the decorator that declares a question.

        Parameters
        ----------
        points
            Points for a complete answer.
        minutes
            How long a learner should need.
        bloom
            Level of Bloom's taxonomy: remember, understand, apply, analyse, evaluate or create.

        Raises
        ------
        ValueError
            If the level is unknown, the points or minutes are not positive, or a name is used twice.
        """
        _check(points, minutes, bloom)

        def declare(kind: type[Kind]) -> type[Kind]:
            if kind.__name__ in self.kinds:
                raise ValueError(f"Two questions are named {kind.__name__!r}: rename one of them.")
            question = kind()
            question.name, question.points, question.minutes, question.bloom = kind.__name__, points, minutes, bloom
            self.kinds[kind.__name__] = question
            return kind

        return declare

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.kinds.values())


def find(name: str, here: Path | None = None) -> Path:
    """Return the folder of a lesson's exercises: next to the notebook, else in the course folder, else the course's.

    Raises
    ------
    LookupError
        If there is none of this name; the message gives the nearest one.
    """
    for folder in _places(name, here or Path.cwd()):
        if (folder / _FILE).is_file():
            return folder
    known = [folder.name for folder in lessons()]
    near = difflib.get_close_matches(str(name), known, 1, 0.4)
    hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(known) or 'none yet'}."
    raise LookupError(f"No exercises named {name!r}.{hint}")


def lessons() -> list[Path]:
    """Return the folders of all lessons that have exercises, in the order of their names."""
    here = Path.cwd()
    roots = [folder / "exercises" for folder in (here, *here.parents, course.folder())]
    root = next((each for each in roots if any(each.glob(f"*/{_FILE}"))), roots[-1])
    return sorted(path.parent for path in root.glob(f"*/{_FILE}"))


def declared(folder: Path) -> Lesson:
    """Return the lesson that a folder's `questions.py` declares.

    Raises
    ------
    LookupError
        If the file declares no lesson.
    """
    spec = importlib.util.spec_from_file_location(f"questions_of_{folder.name}", folder / _FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lesson = next((each for each in vars(module).values() if isinstance(each, Lesson)), None)
    if lesson is None:
        raise LookupError(f"{folder / _FILE} declares no lesson: it needs a line lesson = Lesson('its title').")
    lesson.name = folder.name
    for question in lesson:
        question.lesson = lesson.name
    return lesson


def _places(name: str, here: Path) -> Iterator[Path]:
    # A tool that moves notebooks about (nbgrader does) keeps their questions beside them, in a folder of any name.
    if here.name == name:
        yield here
    yield from (folder / part for folder in (here, *here.parents) for part in (name, f"exercises/{name}"))
    yield course.folder() / "exercises" / name


def _check(points: float, minutes: float, bloom: str) -> None:
    if bloom not in BLOOM:
        raise ValueError(f"No level {bloom!r} in Bloom's taxonomy: it has {', '.join(BLOOM)}.")
    if points <= 0 or minutes <= 0:
        raise ValueError(f"points={points} and minutes={minutes} must both be more than 0.")
