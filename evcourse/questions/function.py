"""A question whose answer is a function, tried on several inputs."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.clock import TimeUp
from evcourse.questions.kind import Json, Kind
from evcourse.questions.number import described_unit, power_of_ten, tolerances
from evcourse.questions.plain import Unreadable
from evcourse.questions.verdict import Item


_CARET = re.compile(r"for \^|'bitwise_xor'")


class Function(Kind):
    """A function of plain values that returns a plain value; every input earns its share.

    Attributes
    ----------
    signature
        As a learner would define it: "rcf(radius_cm, rpm)".
    unit
        Unit of what it returns; "" where that is not a number, or one whose unit depends on the arguments.
    tolerance, absolute
        Tolerances of the numbers it returns; both 0 where it returns none.
    """

    signature: ClassVar[str] = "f(x)"
    unit: ClassVar[str] = "1"
    tolerance: ClassVar[float] = 0.01
    absolute: ClassVar[float] = 0.0

    def inputs(self, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Return the arguments of each call."""
        raise NotImplementedError(f"{self.name} does not say on which inputs it is tried.")

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        inputs = [list(arguments) for arguments in self.inputs(given)]
        within = tolerances(self.tolerance, self.absolute)
        return super().asked(given) | {"signature": self.signature, "unit": self.unit, "within": within, "inputs": inputs}

    def wanted(self, asked: dict[str, Json]) -> str:
        numbers = "" if asked["within"] == "exactly" else f"; numbers {asked['within']}"
        returned = f"{described_unit(asked['unit'])}, {asked['within']}" if asked["unit"] else f"a value{numbers}"
        return f"a function {asked['signature']} that returns {returned}."

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        if not callable(answer):
            raise Unreadable(f"A function {asked['signature']} was expected; you gave {plain.described(answer)}.")
        with redirect_stdout(_Silence()) as silence, redirect_stderr(_Silence()):
            outputs = [_output(answer, arguments, silence) for arguments in asked["inputs"]]
        # A function that prints instead of returning is an attempt; an untouched one does neither.
        return None if all(each == {"value": None} for each in outputs) else outputs

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        if len(answer) > 1 and _fails(answer[0]) and all(output == answer[0] for output in answer):
            return [Item("every input", False, f"Each of the {len(answer)} calls {_outcome(answer[0])}.")]
        share = 1 / len(key)
        calls = [_call(asked["signature"], arguments) for arguments in asked["inputs"]]
        return [self._item(place, *both, share) for place, both in enumerate(zip(calls, answer, key, strict=True))]

    def _item(self, place: int, call: str, output: Json, wanted: Json, share: float) -> Item:
        about = f"input {place + 1}"
        if "error" in output:
            return Item(about, False, f"{call} {_outcome(output)}.", share)
        given, right = output["value"], wanted.get("value")
        holds = right is not None and plain.alike(given, right, self.tolerance, self.absolute)
        words = f"{_sort(right)} was expected" if type(given) is not type(right) else self._distance(holds)
        return Item(about, holds, f"{call} {_outcome(output)}: {words}.", share)

    def _distance(self, holds: bool) -> str:
        return f"{'' if holds else 'not '}{tolerances(self.tolerance, self.absolute)} of the expected value"

    def slip(self, answer: Json, given: dict[str, Any]) -> tuple[str, str]:
        if any(_CARET.search(output.get("error", "")) for output in answer):
            return "caret for a power", "Powers are written ** in Python, as in r**2; ^ means something else there."
        pairs = [(mine.get("value"), right.get("value")) for mine, right in zip(answer, self.key(given), strict=True)]
        if not all(isinstance(each, float) for pair in pairs for each in pair):
            return "", ""
        power = power_of_ten(pairs, self.tolerance, self.absolute)
        unit = f"return {described_unit(self.unit)}"
        return ("power of ten", f"The digits are right, the power of ten is not: {unit}.") if power else ("", "")


class _Silence(io.TextIOBase):
    """What a learner's function prints while it is tried is not shown: it has its own cells to print in."""

    broken = False

    def write(self, words: str) -> int:
        self.broken = self.broken or not plain.is_blank(words)
        return len(words)


def _output(function: Any, arguments: list[Json], silence: _Silence) -> Json:
    silence.broken = False
    try:
        value = plain.value(function(*_copied(arguments)))
        return {"value": value, "printed": True} if value is None and silence.broken else {"value": value}
    except Unreadable as reason:
        return {"error": f"returned something else: {str(reason).rstrip('.')}"}
    except TimeUp:
        return {"error": "took too long: look for a loop that never ends"}
    except KeyboardInterrupt:
        return {"error": "was stopped"}
    except BaseException as problem:  # noqa: BLE001 - a learner's function may raise anything
        return {"error": f"raised {_reason(problem)}"}


def _copied(arguments: list[Json]) -> list[Json]:
    # A function that changes its arguments must not change those of the next call.
    return [_copied(each) if isinstance(each, list) else each for each in arguments]


def _reason(problem: BaseException) -> str:
    name = plain.described(problem).split(" ", 1)[-1]
    first = problem.args[0] if type(problem).__module__ == "builtins" and problem.args else ""
    # Addresses differ from run to run.
    words = re.sub(r" at 0x[0-9a-fA-F]+", "", plain.text(first)) if plain.is_a(first, str) else ""
    return f"{name}: {plain.short(words, 120)}".rstrip(": .")


def _call(signature: str, arguments: list[Json]) -> str:
    shown = ", ".join(repr(each) if isinstance(each, str) else plain.short(each) for each in arguments)
    return f"{signature.split('(')[0]}({shown})"


def _fails(output: Json) -> bool:
    return "error" in output or output["value"] is None


def _outcome(output: Json) -> str:
    if "error" in output:
        return output["error"]
    if output["value"] is not None:
        return f"returned {plain.short(output['value'])}"
    return f"returned nothing (is there a return?){'; it printed something' if 'printed' in output else ''}"


def _sort(value: Json) -> str:
    sorts = {float: "a number", str: "text", bool: "True or False", list: "a list or tuple", dict: "a set or dictionary"}
    return sorts.get(type(value), "nothing")
