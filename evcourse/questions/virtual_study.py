"""A question whose answer is a whole study of the virtual laboratory: a plan, an analysis, and how sure one is of what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.kind import Json, Kind, filled
from evcourse.questions.plain import Unreadable
from evcourse.questions.verdict import Item

ENOUGH_POWER = 0.8
EARLIEST_FRACTION = 0.5
"""What part of its change the output must have made at the read-out: below, a design sees mostly what was there before."""
TOLERATED_LOSS, MOST_LOSS = 0.08, 0.40
"""Loss of stated probabilities: all points up to the first, none from the second (certain of what is wrong loses 2)."""
NUMBER_TOLERANCE = 0.005
"""In multiples of the sham mean, or on the committed scale: three digits are enough."""
_PARTS = ("plan", "probabilities", "estimate", "interval")
_CONCLUSION = "laboratory.conclusion(study, …)"


class VirtualStudy(Kind):
    """A study of a learner's own virtual laboratory, judged by what its design could tell and what its data do say.

    Nothing in a verdict follows from the hidden truth. The design is repeated under every alternative; the committed
    analysis is done again on the learner's own data; stated probabilities are set against those that Bayes' theorem
    gives for the same data. Whoever looks the truth up gains nothing, and whoever has bad luck loses nothing.

    `given` has laboratory (a number), spread and budget; `design` returns a plan that earns every point.
    """

    scale: ClassVar[str] = "difference"

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[Any, ...], dict[str, frozenset[str]]] = {}

    def design(self, given: dict[str, Any]) -> Any:
        """Return a plan (of `evcourse.models.laboratory`) with which every point can be earned."""
        raise NotImplementedError(f"{self.name} does not say which design serves.")

    def answered(self, plan: Any, given: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Return what somebody concludes from a plan whose analysis and judgement are perfect, with parts changed."""
        from evcourse.models import laboratory

        (estimate, low, high), probabilities = _reference(plan, given)
        stated = dict(zip(laboratory.ALTERNATIVES, probabilities, strict=True))
        answer = {"plan": asdict(plan), "probabilities": stated, "estimate": estimate, "interval": [low, high]}
        return answer | changed

    def expected(self, given: dict[str, Any]) -> Any:
        return self.answered(self.design(given), given)

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        return super().asked(given) | {name: given[name] for name in ("laboratory", "spread", "budget")}

    def wanted(self, asked: dict[str, Json]) -> str:
        from evcourse.models import laboratory

        return (
            f"what {_CONCLUSION} returns: a plan within {asked['budget']:g} points, a probability for each of "
            f"{', '.join(laboratory.ALTERNATIVES)}, and the committed estimate with its 95 % interval, within "
            f"{NUMBER_TOLERANCE:g}."
        )

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        given = _members(answer, f"What `{_CONCLUSION}` returns", _PARTS)
        if all(plain.is_blank(each) for each in given.values()):
            return None
        ends = plain.items(given["interval"], "An interval (low, high)", 3)
        if len(ends) != 2:
            raise Unreadable(f"An interval has two ends, (low, high); yours has {plain.counted(len(ends), 'end')}.")
        low, high = (plain.number(end, "Each end of the interval") for end in ends)
        estimate = plain.number(given["estimate"], "An estimate")
        return {
            "plan": asdict(_plan(given["plan"])),
            "probabilities": _probabilities(given["probabilities"]),
            "estimate": estimate,
            "interval": sorted([low, high]),
        }

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        # Read once more: what comes out of a cage may have been forged.
        read = self.read(answer, asked)
        plan = _plan(read["plan"])
        design = [_budget(plan, asked), *_arms(plan), _time(plan), _blinding(plan), _unit(plan), _power(plan, asked)]
        return [*design, self._contrast(plan), self._scale(plan), *_conclusions(read, plan, asked)]

    def worked_solution(self, given: dict[str, Any]) -> str:
        key = self.key(given)
        low, high = key["interval"]
        stated = ", ".join(f"{name} {value:.2f}" for name, value in key["probabilities"].items())
        found = f"Its data give {key['estimate']:.3f} ({low:.3f} to {high:.3f}), and these probabilities: {stated}."
        return "\n\n".join([filled(self.solution, given), f"One design that serves. {_plan(key['plan'])}", found])

    def _contrast(self, plan: Any) -> Item:
        from evcourse.models.laboratory_analysis import DECISIVE

        holds = plan.contrast in DECISIVE
        answers = "differs" if holds else "need not differ"
        return Item("contrast", holds, f"{plan.contrast}: it {answers} between a gain that needs AKT and one that does not.", 0.05)

    def _scale(self, plan: Any) -> Item:
        holds = plan.scale == self.scale
        return Item("scale", holds, f"The scale, {plan.scale}, is {'' if holds else 'not '}the one the question is about.", 0.03)

    def _matched(self, answer: Json, items: list[Item], given: dict[str, Any]) -> tuple[str, str]:
        """Return the misconception with the same things amiss; else that which has most of them, and no others."""
        failed, best = _failed(items), ("", "", 0.0)
        for name, own in self._amiss(given).items() if failed else ():
            likeness = len(own) + (own == failed) if own <= failed else 0
            if likeness > best[2]:
                best = (name, filled(self.misconceptions()[name].hint, given), likeness)
        return best[:2]

    def _amiss(self, given: dict[str, Any]) -> dict[str, frozenset[str]]:
        """Return what is amiss with the answer of each misconception; kept, since it takes longer than a verdict."""
        own = (given["laboratory"], given["spread"], given["budget"])
        if own not in self._kept:
            asked, methods = self.asked(given), self.misconceptions()
            found = {name: _failed(self.compare(self.key(given, method), None, asked)) for name, method in methods.items()}
            self._kept = dict(list(self._kept.items())[-63:]) | {own: found}
        return self._kept[own]


def _failed(items: list[Item]) -> frozenset[str]:
    return frozenset(item.about for item in items if not item.holds)


def _members(thing: Any, wanted: str, names: tuple[str, ...]) -> dict[str, Any]:
    if not plain.is_a(thing, dict):
        raise Unreadable(f"{wanted} was expected; you gave {plain.described(thing)}.")
    if dict.__len__(thing) > 20:
        raise Unreadable(f"{wanted} was expected, with {', '.join(names)}; yours has {dict.__len__(thing)} parts.")
    found = {plain.text(name, "A name", 60): each for name, each in dict.items(thing)}
    if missing := [name for name in names if name not in found]:
        raise Unreadable(f"{wanted} was expected; in yours {missing[0]!r} is missing.")
    return {name: found[name] for name in names}


def _plan(thing: Any) -> Any:
    from evcourse.models import laboratory

    names = tuple(laboratory.Plan.__dataclass_fields__)
    parts = {name: _small(each) for name, each in _members(thing, "A plan", names).items()}
    try:
        return laboratory.plan(**parts)
    except (ValueError, TypeError) as reason:
        raise Unreadable(f"This is no plan of the laboratory: {plain.short(str(reason), 300)}") from None


def _small(thing: Any) -> Json:
    if plain.is_a(thing, list, tuple):
        return [plain.text(each, "A name in a plan", 60) for each in plain.items(thing, "A list in a plan", 20)]
    if plain.is_a(thing, str):
        return plain.text(thing, "A word in a plan", 60)
    return plain.value(thing, 0)


def _probabilities(thing: Any) -> dict[str, float]:
    from evcourse.models import laboratory

    found = _members(thing, "A probability for each alternative", laboratory.ALTERNATIVES)
    numbers = {name: plain.number(each, f"The probability of {name!r}") for name, each in found.items()}
    if beyond := [each for each in numbers.values() if not 0 <= each <= 1]:
        raise Unreadable(f"A probability lies between 0 and 1; one of yours is {beyond[0]:g}.")
    if abs(sum(numbers.values()) - 1) > 0.01:
        raise Unreadable(f"The four probabilities add up to 1; yours add up to {sum(numbers.values()):g}.")
    return numbers


def _budget(plan: Any, asked: dict[str, Json]) -> Item:
    from evcourse.models import laboratory

    points = laboratory.cost(plan)
    words = f"The plan costs {points:g} of {asked['budget']:g} points."
    return Item("budget", points <= asked["budget"], words, 0.05)


def _arms(plan: Any) -> list[Item]:
    missing = [arm for arm in ("PMO", "PMO+Exo", "PMO+MK", "PMO+Exo+MK") if arm not in plan.arms]
    if not missing:
        return [Item("arms", True, "The arms can tell a gain that needs AKT from one that does not.", 0.1)]
    one = "An arm is" if len(missing) == 1 else f"{len(missing)} arms are"
    open_ = "However many animals it has, this design leaves the question open, which costs points elsewhere, too."
    return [Item("arms", False, f"{one} missing without which nothing can tell.", 0.1), Item("decision", False, open_, -0.3)]


def _time(plan: Any) -> Item:
    from evcourse.models.laboratory_worlds import output_fraction

    part = output_fraction(plan.hours)
    words = f"After {plan.hours:g} h the output has made {100 * part:.0f} % of its change."
    return Item("time", part >= EARLIEST_FRACTION, words, 0.06)


def _blinding(plan: Any) -> Item:
    words = "does not know" if plan.blinded else "knows"
    return Item("blinding", plan.blinded, f"Whoever reads the output {words} the arms.", 0.08)


def _unit(plan: Any) -> Item:
    n = plan.animals if plan.unit == "animal" else plan.animals * plan.replicates
    words = f"The analysis counts n = {n} in each arm, of {plan.animals} animals."
    return Item("unit", n == plan.animals, words, 0.07)


def _power(plan: Any, asked: dict[str, Json]) -> Item:
    from evcourse.models import laboratory

    found = laboratory.power(plan, asked["spread"])
    worst = min(found, key=found.get)
    least = found[worst]
    # One of four is found by guessing: that much earns nothing, and nearly enough earns half.
    got = 1.0 if least >= ENOUGH_POWER else 0.5 * max(0.0, (least - 0.25) / (ENOUGH_POWER - 0.25))
    words = (
        f"Repeated under each alternative, the design finds {worst!r} least often: in {int(100 * least + 1e-9)} % of the "
        f"repetitions in which it is true; {100 * ENOUGH_POWER:.0f} % are asked for."
    )
    return Item("power", least >= ENOUGH_POWER, words, 0.3, got)


def _conclusions(read: Json, plan: Any, asked: dict[str, Json]) -> list[Item]:
    (estimate, low, high), supported = _reference(plan, asked)
    right = _near(read["estimate"], estimate)
    ends = _near(read["interval"][0], low) and _near(read["interval"][1], high)
    same = {True: "is what the committed analysis gives", False: "is not what the committed analysis gives"}
    return [
        Item("estimate", right, f"The estimate {same[right]} on your data.", 0.06),
        Item("interval", ends, f"The interval {same[ends]} on your data.", 0.05),
        _calibration(list(read["probabilities"].values()), supported),
    ]


def _calibration(stated: list[float], supported: list[float]) -> Item:
    # What Brier's score loses on average if the data's own probabilities hold: zero for these, and only for these.
    loss = sum((mine - theirs) ** 2 for mine, theirs in zip(stated, supported, strict=True))
    got = min(1.0, max(0.0, (MOST_LOSS - loss) / (MOST_LOSS - TOLERATED_LOSS)))
    sure = "surer" if max(stated) > max(supported) else "less sure"
    most = stated.index(max(stated)) == supported.index(max(supported))
    told = "They are as sure as your data allow." if loss <= TOLERATED_LOSS else f"You are {sure} than they are."
    favour = "" if most or loss <= TOLERATED_LOSS else " They favour another alternative than you do."
    words = f"Beside what your own data support, your probabilities lose {loss:.2f} (up to {TOLERATED_LOSS:g} is no loss). {told}{favour}"
    return Item("probabilities", loss <= TOLERATED_LOSS, words, 0.15, got)


def _near(given: float, wanted: float) -> bool:
    return plain.close(given, wanted, 0.005, NUMBER_TOLERANCE)


def _reference(plan: Any, given: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Return the committed estimate with its interval, and the probabilities that the data of this plan support."""
    import numpy as np

    from evcourse.models import laboratory, laboratory_analysis, laboratory_worlds

    values = laboratory.values(plan, given["laboratory"], given["spread"])
    # A scale without a value for a mean (the ratio to one below zero) has no answer, and zero is as wrong as any.
    found = np.nan_to_num(laboratory_analysis.interval(values[plan.assays.index("output")], plan), posinf=0, neginf=0)
    means = values.mean(axis=(2, 3)).reshape(1, -1)
    return found.tolist(), laboratory_worlds.probabilities(means, plan, given["spread"])[0].tolist()
