"""What is shown of every question, whatever its kind: answers made from it, and what its hints give away."""

import json
import re

from evcourse.questions import plain
from evcourse.questions.kind import filled
from evcourse.questions.question import variant

LEARNERS = [f"learner {number}" for number in range(50)]


def variants(kind):
    """Return one set of given values for each learner; a single one where the question has no variant."""
    given = [variant(kind, learner) for learner in LEARNERS]
    return given if kind.has_variant else given[:1]


def judged(kind, answer, given):
    """Return the verdict on an answer; it goes through JSON, as it does between cage and judge."""
    encoded = json.loads(json.dumps(kind.encode(answer, kind.asked(given)), allow_nan=False))
    return kind.judge(encoded, given)


def nudged(kind, given, factor):
    """Return the right answer, encoded, with its numbers moved by so many tolerances; None where it has none to move."""
    key = kind.key(given)
    values = _places(kind, key)
    moved = [_moved(each, kind, factor) for each in values]
    return None if moved == values else {"answer": _put_back(kind, key, moved)}


def given_away(kind, given):
    """Return the hints that contain the answer, or a part of it that would do."""
    hints = [filled(words, given) for words in kind.hints]
    hints += [filled(method.hint, given) for method in kind.misconceptions().values()]
    return [hint for hint in hints if _reveals(hint, kind, given)]


def _places(kind, key):
    """Return the values in an encoded answer that have a tolerance, in a fixed order."""
    if kind.kind() == "Table":
        columns = [key["names"].index(name) for name in kind.columns]
        return [row[column] for row in key["rows"] for column in columns]
    if kind.kind() == "Chart":
        return [row[name] for view in key for row in view["rows"] for name in row]
    if kind.kind() == "Function":
        return [each["value"] for each in key]
    return {"Number": [key], "Set": key, "OrderedList": key}.get(kind.kind(), [])


def _put_back(kind, key, moved):
    if kind.kind() == "Number":
        return moved[0]
    if kind.kind() == "Function":
        return [{"value": each} for each in moved]
    left = iter(moved)
    if kind.kind() == "Table":
        rows = [dict(zip(key["names"], row, strict=True)) for row in key["rows"]]
        rows = [row | {name: next(left) for name in kind.columns} for row in rows]
        return {"names": key["names"], "rows": [list(row.values()) for row in rows]}
    if kind.kind() == "Chart":
        return [view | {"rows": [{name: next(left) for name in row} for row in view["rows"]]} for view in key]
    return moved


def _moved(value, kind, factor):
    if isinstance(value, list):
        return [_moved(each, kind, factor) for each in value]
    if not isinstance(value, float) or isinstance(value, bool):
        return value
    return value + factor * max(kind.tolerance * abs(value), kind.absolute)


def _reveals(hint, kind, given):
    key, name = kind.key(given), kind.kind()
    if name == "Number":
        numbers = [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", hint)]
        return any(plain.close(each, key, kind.tolerance, kind.absolute) for each in numbers)
    if name in ("Choice", "Choices"):
        words = {option: said for _, option, said in kind.asked(given)["options"]}
        return any(_says(hint, words[each]) for each in ([key] if name == "Choice" else key))
    if name in ("Set", "OrderedList"):
        return any(isinstance(each, str) and _says(hint, each) for each in key)
    return name == "FreeText" and any(_says(hint, sentence) for sentence in key["text"].split("."))


def _says(hint, words):
    return bool(words.strip()) and re.search(rf"\b{re.escape(plain.folded(words))}\b", plain.folded(hint)) is not None
