"""A learner's cells beside the course's own: which answers which question, and in what order everything is to run.

Cells are matched by id, then by nbgrader's name, then by the variable or function they set. What the learner's metadata
says of points and tests is ignored. The learner's order stays; the course's own check cell stands where the learner's
stood, or behind the answer.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evcourse.grading.notebooks import RawCell, Reading, read
from evcourse.grading.remarks import Remarks
from evcourse.grading.submission import Cell

if TYPE_CHECKING:
    from evcourse.questions import Lesson

_CHECK = re.compile(r"^\s*\w+\.(\w+)\.check\(.*\)\s*$", re.DOTALL)
_OPENING = re.compile(r"^(\w+)\s*=\s*(?:\w+\.)*exercises\(", re.MULTILINE)
_MAGIC = re.compile(r"^(\s*)(?:[%!?].*|[\w.]+\?{1,2}\s*)$", re.MULTILINE)
_HARMLESS = ("%%time", "%%timeit", "%%capture")
_LONGEST_WITH_MAGIC = 20_000


@dataclass(frozen=True)
class Own:
    """What the course knows of one of its own cells."""

    source: str
    question: str = ""
    is_check: bool = False


@dataclass(frozen=True)
class Reference:
    """The course's own exercise notebook.

    Attributes
    ----------
    questions
        Names, in order.
    in_words
        Those answered with text.
    by_id, by_grade_id
        Its cells.
    setup
        Id and code of the cells before the first question; one of them opens the exercises.
    opened
        The name under which it opens them.
    checks
        For each question the code that hands its answer in.
    """

    questions: tuple[str, ...]
    in_words: frozenset[str]
    by_id: dict[str, Own]
    by_grade_id: dict[str, Own]
    setup: tuple[tuple[str, str], ...]
    opened: str
    checks: dict[str, str]

    @classmethod
    def of(cls, lesson: Lesson, folder: Path | None = None) -> Reference:
        """Return the reference of a lesson, whose `exercise.ipynb` lies in a folder; it may be missing."""
        names = tuple(lesson.kinds)
        reading = read(folder / "exercise.ipynb") if folder and (folder / "exercise.ipynb").is_file() else None
        cells = [(cell, _own(cell, names)) for cell in reading.cells if cell.kind == "code"] if reading else []
        by_id = {cell.id: own for cell, own in cells if cell.id}
        by_grade_id = {cell.grade_id: own for cell, own in cells if cell.grade_id}
        words = frozenset(kind.name for kind in lesson if kind.kind() == "FreeText")
        setup, opened = _setup(cells, lesson.name)
        # Written anew and not copied: a check in words may have scores in it, and those are not the learner's to give.
        checks = {name: f"{opened}.{name}.check({name})" for name in names}
        return cls(names, words, by_id, by_grade_id, setup, opened, checks)

    @property
    def answered(self) -> set[str]:
        """The questions that have an answer cell in the course's notebook."""
        owned = (*self.by_id.values(), *self.by_grade_id.values())
        return {own.question for own in owned if own.question and not own.is_check}

    def own(self, cell: RawCell) -> Own | None:
        """Return the course's cell that a learner's cell was made from, if it was."""
        return self.by_id.get(cell.id) or self.by_grade_id.get(cell.grade_id)


@dataclass(frozen=True)
class _Placed:
    """A learner's cell and what it was found to be."""

    raw: RawCell
    question: str = ""
    is_check: bool = False
    stub: str = ""

    @property
    def is_filled(self) -> bool:
        return _squeezed(self.raw.source) != _squeezed(self.stub)


def arranged(reading: Reading, reference: Reference) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Return the code to run, in order, and notes on what was odd."""
    notes = Remarks()
    placed = [each for cell in reading.cells if (each := _placed(cell, reference, notes))]
    placed = _found_by_name(placed, reference, notes)
    for name in reference.questions:
        placed = _without_copies(placed, name, notes)
    cells = _with_checks(placed, reference, notes)
    return tuple(_opened(cells, placed, reference, notes)), notes.sentences()


def _placed(cell: RawCell, reference: Reference, notes: Remarks) -> _Placed | None:
    own = reference.own(cell)
    if cell.kind != "code":
        return _retyped(cell, own, reference, notes) if own and own.question and not own.is_check else None
    if own:
        return _Placed(cell, own.question, own.is_check, own.source)
    found = _CHECK.match(cell.source) if len(cell.source) < 2_000 else None
    is_check = bool(found and found.group(1) in reference.questions and "\n" not in cell.source.strip())
    return _Placed(cell, found.group(1) if is_check else "", is_check)


def _retyped(cell: RawCell, own: Own, reference: Reference, notes: Remarks) -> _Placed:
    """Return an answer cell that is no code cell any more: read as code, or as the text it answers with."""
    notes.add("Answer cells that were no code cells any more were read as code", own.question)
    source = cell.source
    if own.question in reference.in_words and not re.search(_binding(own.question), source, re.MULTILINE):
        source = f"{own.question} = {source!r}"
    return _Placed(replace(cell, source=source), own.question, False, own.source)


def _found_by_name(placed: list[_Placed], reference: Reference, notes: Remarks) -> list[_Placed]:
    """Return the cells with those that set a missing question's name marked as its answer."""
    answered = {each.question for each in placed if not each.is_check}
    for name in reference.questions:
        if name in answered:
            continue
        setting = [each for each in placed if not each.question and re.search(_binding(name), each.raw.source, re.MULTILINE)]
        if name in reference.answered:
            instead = "another cell that sets the name was taken" if setting else "nothing else sets the name"
            notes.add(f"The answer cell was missing, and {instead}", name)
        placed = [replace(each, question=name) if each in setting[-1:] else each for each in placed]
    return placed


def _without_copies(placed: list[_Placed], name: str, notes: Remarks) -> list[_Placed]:
    answers = [each for each in placed if each.question == name and not each.is_check]
    if len(answers) < 2:
        return placed
    filled = [each for each in answers if each.is_filled]
    which = "the last one that was written in counts" if filled else "all are as they were handed out"
    notes.add(f"The answer cell was there more than once, and {which}", name)
    # An untouched copy behind the answer would set it back to nothing.
    dropped = [each for each in answers if not each.is_filled] if filled else answers[1:]
    return [each for each in placed if not any(each is gone for gone in dropped)]


def _with_checks(placed: list[_Placed], reference: Reference, notes: Remarks) -> list[Cell]:
    """Return the cells to run, with the course's checks in place of the learner's."""
    last = {each.question: place for place, each in enumerate(placed) if each.question}
    cells: list[Cell] = []
    for place, each in enumerate(placed):
        cells += _own_code(each, reference, notes)
        cells += [_check(name, reference) for name in reference.questions if last.get(name) == place]
    return [*cells, *(_check(name, reference) for name in reference.questions if name not in last)]


def _own_code(each: _Placed, reference: Reference, notes: Remarks) -> list[Cell]:
    name = f"cell {each.raw.place} of the file"
    source, had_magic = without_magic(each.raw.source)
    if had_magic:
        notes.add("Lines for the notebook program (%, !, ?) were left out", name)
    if not each.is_check:
        return [Cell(f"{name} ({each.question})" if each.question else name, source, each.question)] if source.strip() else []
    if _squeezed(source) in (_squeezed(each.stub), _squeezed(reference.checks[each.question]), ""):
        return []
    # In a question answered with words the check is where learners score themselves: that is no oddity.
    if each.question not in reference.in_words:
        notes.add("The check cell was changed, and the course's own was used beside it", each.question)
    return [Cell(f"{name} (changed check of {each.question})", source)]


def _check(name: str, reference: Reference) -> Cell:
    return Cell(f"check of {name}", reference.checks[name], name, True)


def _opened(cells: list[Cell], placed: list[_Placed], reference: Reference, notes: Remarks) -> list[Cell]:
    """Return the cells with those of the course's first ones in front that do not stand before the first question."""
    first = next((place for place, each in enumerate(placed) if each.question), len(placed))
    before = [each.raw for each in placed[:first]]
    present = {raw.id for raw in before} | {_squeezed(raw.source) for raw in before}
    is_open = any(found.group(1) == reference.opened for raw in before for found in _OPENING.finditer(raw.source))
    missing = [
        Cell(f"the course's cell {name}".strip(), source)
        for name, source in reference.setup
        if not (is_open if _OPENING.search(source) else present & {name or None, _squeezed(source)})
    ]
    if missing:
        notes.add("Cells that open the exercises were missing or behind the answers, and the course's own were put first")
    return [*missing, *cells]


def without_magic(source: str) -> tuple[str, bool]:
    """Return code without lines for the notebook program, and whether there were any."""
    if len(source) > _LONGEST_WITH_MAGIC or not _MAGIC.search(source) or _is_python(source):
        return source, False
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        return (rest if first.split()[0] in _HARMLESS else ""), True
    return _MAGIC.sub(lambda match: f"{match.group(1)}pass", source), True


def _is_python(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _own(cell: RawCell, names: tuple[str, ...]) -> Own:
    found = _CHECK.match(cell.source)
    if found and found.group(1) in names:
        return Own(cell.source, found.group(1), True)
    setting = [name for name in names if cell.grade_id == name or re.search(_binding(name), cell.source, re.MULTILINE)]
    return Own(cell.source, setting[0] if setting else "")


def _setup(cells: list[tuple[RawCell, Own]], lesson: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the cells before the first question, and the name under which the exercises are opened."""
    opened = next((found.group(1) for _, own in cells if (found := _OPENING.search(own.source))), "")
    if not opened:
        return (("", f"from evcourse.questions import exercises\n\nq = exercises({lesson!r})"),), "q"
    is_later = [own.question or (f"{opened}." in own.source and not _OPENING.search(own.source)) for _, own in cells]
    first = next((place for place, later in enumerate(is_later) if later), len(cells))
    return tuple((cell.id, own.source) for cell, own in cells[:first]), opened


def _binding(name: str) -> str:
    return rf"^(?:{name}\s*(?::[^=\n]+)?=(?!=)|(?:async\s+)?def\s+{name}\s*\()"


def _squeezed(source: str) -> str:
    return "".join(source.split())
