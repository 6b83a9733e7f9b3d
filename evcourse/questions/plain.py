"""Any Python object, read with care: what it holds as plain bounded data, or a sentence about what was expected.

Only the type that Python itself keeps for an object is trusted. An object's own `__class__`, `__repr__`, `__len__`,
`__eq__` or `__float__` may lie, raise or never come back, so values are taken out by the methods of the built-in
types and of pandas and NumPy, and never more than a set number of them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

MOST_ITEMS = 1_000
MOST_CHARACTERS = 2_000
MOST_IN_ALL = 20_000
DEEPEST = 4
_WORDS = {str: "text", bool: "a truth value", int: "a whole number", float: "a number", dict: "a dictionary"}
_BOXES = (list, tuple, set, frozenset, dict, range, type({}.keys()), type({}.values()))


class Unreadable(Exception):
    """An answer cannot be read as what was asked for; its message is a sentence for the learner."""


def is_a(thing: Any, *kinds: type) -> bool:
    """Return whether an object's true type is one of these, whatever the object says of itself."""
    return issubclass(type(thing), kinds)


def known(module: str, *names: str) -> tuple[type, ...]:
    """Return classes of a module that is already imported; an object cannot be of a class that was never loaded."""
    loaded = sys.modules.get(module)
    return tuple(getattr(loaded, name) for name in names if hasattr(loaded, name)) if loaded else ()


def is_blank(answer: Any) -> bool:
    """Return whether nothing was answered: `...`, None, or text without a character to be seen."""
    if is_a(answer, str):
        return not str.strip(str.__getitem__(answer, slice(MOST_CHARACTERS)))
    return answer is None or answer is ...


def described(thing: Any) -> str:
    """Return in a few words what kind of thing this is; the thing itself is not asked."""
    if thing is ... or thing is None:
        return "nothing"
    if is_a(thing, *known("pandas", "DataFrame")):
        return f"a table of shape {thing.shape[0]} × {thing.shape[1]}"
    if is_a(thing, *known("pandas", "Series", "Index"), *known("numpy", "ndarray")):
        return f"{_with_article(_name(thing))} of {thing.size} values"
    return _WORDS.get(type(thing)) or _with_article(_name(thing))


def number(thing: Any, wanted: str = "A number") -> float:
    """Return an object's value as a finite float.

    Raises
    ------
    Unreadable
        If it is not a single real and finite number.
    """
    value = _as_float(thing, wanted)
    if math.isnan(value):
        raise Unreadable(f"{wanted} was expected; yours is NaN (not a number), which an earlier step has produced.")
    if math.isinf(value):
        raise Unreadable(f"{wanted} was expected; yours is infinite: look for a division by zero.")
    return value


def _as_float(thing: Any, wanted: str) -> float:
    if is_a(thing, *known("numpy", "ndarray")) and thing.shape == ():
        thing = thing[()]
    if is_a(thing, *known("numpy", "generic")):
        thing = thing.item()
    if is_a(thing, bool) or not is_a(thing, int, float, Decimal, Fraction):
        raise Unreadable(f"{wanted} was expected; you gave {described(thing)}.{_way_out(thing)}")
    try:
        # The methods of the built-in types, so that a subclass cannot put its own in their place.
        return next(base.__float__(thing) for base in (float, int, Decimal, Fraction) if is_a(thing, base))
    except OverflowError:
        raise Unreadable(f"{wanted} was expected; yours is larger than a computer's floating-point number.") from None


def _way_out(thing: Any) -> str:
    if is_a(thing, str):
        return " Write the digits without quotation marks and without a unit."
    if is_a(thing, *known("pandas", "Series", "Index", "DataFrame"), *known("numpy", "ndarray")) and thing.size == 1:
        return " Take the one value out with `.item()`."
    return " Call the function and give what it returns." if callable(thing) else ""


def text(thing: Any, wanted: str = "Text", most: int = MOST_CHARACTERS) -> str:
    """Return a string's characters, in valid Unicode and without control characters.

    Raises
    ------
    Unreadable
        If it is not a string, or longer than `most` characters.
    """
    if not is_a(thing, str):
        raise Unreadable(f"{wanted} was expected, in quotation marks; you gave {described(thing)}.")
    if str.__len__(thing) > most:
        raise Unreadable(f"{wanted} of at most {most} characters was expected; yours has {str.__len__(thing)}.")
    whole = str.__str__(thing).encode("utf-8", "replace").decode("utf-8")
    return "".join(each if each.isprintable() or each == "\n" else " " for each in whole)


def items(thing: Any, wanted: str = "A list", most: int = MOST_ITEMS) -> list[Any]:
    """Return the members of a list, tuple, set, dictionary (its keys), array, column or generator.

    Raises
    ------
    Unreadable
        If it is none of these, or has more than `most` members.
    """
    members = list(islice(_members(thing, wanted), most + 1))
    if len(members) > most:
        raise Unreadable(f"{wanted} of at most {most} members was expected; yours has more.")
    return members


def _members(thing: Any, wanted: str) -> Iterator[Any]:
    for box in _BOXES:
        if is_a(thing, box):
            return box.__iter__(thing)
    if is_a(thing, *known("pandas", "Series", "Index"), *known("numpy", "ndarray")):
        # A slice first: turning ten million values into Python objects takes a second.
        short = thing[: MOST_ITEMS + 1] if thing.ndim == 1 else thing.ravel()[: MOST_ITEMS + 1]
        return iter(short.tolist())
    if is_a(thing, type(_ for _ in ()), map, filter, zip):
        return thing
    raise Unreadable(f"{wanted} was expected; you gave {described(thing)}.")


class _Budget:
    """What one answer may hold in all, counted in members and characters: lists of long lists grow without end."""

    def __init__(self) -> None:
        self.left = MOST_IN_ALL

    def spend(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise Unreadable(f"A short value was expected; yours has more than {MOST_IN_ALL} members and characters.")


def value(thing: Any, depth: int = DEEPEST, budget: _Budget | None = None) -> Any:
    """Return a value as plain JSON: a truth value, number, text, list, {"set": […]} or {"map": […]}.

    Parameters
    ----------
    depth
        How many lists deep it may be; 0 for single values only.

    Raises
    ------
    Unreadable
        If it is none of these, too deep, or too long.
    """
    budget = budget or _Budget()
    budget.spend(str.__len__(thing) if is_a(thing, str) else 1)
    if thing is None or thing is ...:
        return None
    if is_a(thing, str, bool, int, float, Decimal, Fraction, *known("numpy", "number", "bool_")):
        return _single(thing)
    if depth == 0:
        raise Unreadable(f"A single value was expected here; one of yours is {described(thing)}.")
    members = [value(each, depth - 1, budget) for each in items(thing, "A number, text or a list of them")]
    if is_a(thing, set, frozenset):
        return {"set": sorted(members, key=repr)}
    return {"map": _pairs(thing, members, depth, budget)} if is_a(thing, dict) else members


def cell(thing: Any) -> Any:
    """Return a single value as plain JSON, and None for anything else."""
    # Nearly all cells are such numbers or words, and a chart or table has thousands.
    if type(thing) is float and math.isfinite(thing):
        return thing
    if type(thing) is str and len(thing) <= MOST_CHARACTERS and thing.isascii() and thing.isprintable():
        return thing
    try:
        return value(thing, 0)
    except Unreadable:
        return None


def _single(thing: Any) -> Any:
    if is_a(thing, str):
        return text(thing)
    return bool(thing) if is_a(thing, bool, *known("numpy", "bool_")) else number(thing)


def _pairs(thing: dict[Any, Any], keys: list[Any], depth: int, budget: _Budget) -> list[list[Any]]:
    contents = [value(each, depth - 1, budget) for each in dict.values(thing)]
    return sorted(([key, content] for key, content in zip(keys, contents, strict=True)), key=repr)


def alike(given: Any, wanted: Any, relative: float, absolute: float = 0.0) -> bool:
    """Return whether two plain values agree, numbers within a tolerance and text regardless of case and spaces."""
    if _is_number(given) and _is_number(wanted):
        return close(given, wanted, relative, absolute)
    if isinstance(given, str) and isinstance(wanted, str):
        return folded(given) == folded(wanted)
    if isinstance(given, list) and isinstance(wanted, list) and len(given) == len(wanted):
        return all(alike(*both, relative, absolute) for both in zip(given, wanted, strict=True))
    if isinstance(given, dict) and isinstance(wanted, dict) and given.keys() == wanted.keys():
        return all(alike(given[key], wanted[key], relative, absolute) for key in wanted)
    return type(given) is type(wanted) and given == wanted


def close(given: float, wanted: float, relative: float, absolute: float = 0.0) -> bool:
    """Return whether two numbers differ by no more than the larger of the two tolerances."""
    # One part in 10¹² for the rounding of floating-point numbers, so that an exact answer is never refused.
    return abs(given - wanted) <= max(relative * abs(wanted), absolute, 1e-12 * abs(wanted))


def folded(words: str) -> str:
    """Return text as it is compared: one case, single spaces."""
    return " ".join(words.split()).casefold()


def short(shown: Any, most: int = 60) -> str:
    """Return a plain value as a learner reads it, cut to one short line."""
    words = f"{shown:.6g}" if _is_number(shown) else str(shown)
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1] + "…"


def counted(number: float, noun: str) -> str:
    """Return a number with its noun: "1 point", "2 points"."""
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"


def _is_number(thing: Any) -> bool:
    return isinstance(thing, (int, float)) and not isinstance(thing, bool)


def _name(thing: Any) -> str:
    name = type.__dict__["__name__"].__get__(type(thing))
    return "".join(each for each in name[:40] if each.isalnum() or each in "_ ")


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
