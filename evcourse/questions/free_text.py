"""A question answered in words, scored by the learner against a model answer, or by a lecturer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.kind import Json, Kind, filled
from evcourse.questions.plain import Unreadable
from evcourse.questions.verdict import Item, Verdict

MOST_CHARACTERS = 10_000


class FreeText(Kind):
    """Words with a rubric. The points are the learner's own and marked so; a lecturer can mark the text instead.

    A misconception returns a phrase; its hint appears where a text contains it.

    Attributes
    ----------
    rubric
        Name (a Python name) → (most points, what the text has to do).
    least_words
        Shorter texts are not scored.
    """

    rubric: ClassVar[dict[str, tuple[float, str]]] = {}
    least_words: ClassVar[int] = 30
    honest_tries = 1

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        rubric = {name: [most, words] for name, (most, words) in self.rubric.items()}
        return super().asked(given) | {"rubric": rubric, "least_words": self.least_words}

    def wanted(self, asked: dict[str, Json]) -> str:
        # The criteria's names alone would say what to write about: they are shown with the first text that is scored.
        criteria = "1 criterion" if len(asked["rubric"]) == 1 else f"{len(asked['rubric'])} criteria"
        return f"text of at least {asked['least_words']} words; afterwards you score it yourself, with {criteria}."

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        written, scores = answer if plain.is_a(answer, tuple) and len(answer) == 2 else (answer, None)
        if plain.is_blank(written):
            return None
        scored = None if plain.is_blank(scores) else _scores(scores, asked["rubric"])
        return {"text": plain.text(written, "Text", MOST_CHARACTERS), "scores": scored}

    def complete(self, given: dict[str, Any]) -> Any:
        return self.expected(given), {name: most for name, (most, _) in self.rubric.items()}

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        words, least = len(answer["text"].split()), asked["least_words"]
        if words < least:
            return [Item("length", False, f"{plain.counted(words, 'word')}; at least {least} were expected.")]
        return [_criterion(name, *asked["rubric"][name], answer["scores"], self._most()) for name in asked["rubric"]]

    def judge(self, encoded: dict[str, Json], given: dict[str, Any]) -> Verdict:
        verdict = super().judge(encoded, given)
        if "answer" not in encoded or verdict.items[0].about == "length":
            return verdict
        verdict = replace(verdict, expected=_scores_wanted(self.rubric))
        if encoded["answer"]["scores"] is None:
            note = "Read `.solution()`, then give your own scores: `.check(text, {…})` with the names above."
            return replace(verdict, state="to be scored", note=note)
        return replace(verdict, self_scored=True, note="These points are your own; in class a lecturer marks the text.")

    def full_headline(self) -> str:
        return Verdict(self.name, "right", self.points, self.points, self_scored=True).headline()

    def worked_solution(self, given: dict[str, Any]) -> str:
        rubric = "\n".join(f"- {name} (0 to {most:g}): {words}" for name, (most, words) in self.rubric.items())
        return "\n\n".join(filter(None, [super().worked_solution(given), self.expected(given), rubric]))

    def _matched(self, answer: Json, items: list[Item], given: dict[str, Any]) -> tuple[str, str]:
        written = plain.folded(answer["text"])
        for name, method in self.misconceptions().items():
            if plain.folded(method(given)) in written:
                return name, filled(method.hint, given)
        return "", ""

    def _most(self) -> float:
        return sum(most for most, _ in self.rubric.values())


def _scores_wanted(rubric: dict[str, tuple[float, str]]) -> str:
    scores = ", ".join(f'"{name}": 0 to {most:g}' for name, (most, _) in rubric.items())
    return f"your own score for each criterion, {{{scores}}}."


def _scores(scores: Any, rubric: dict[str, Json]) -> dict[str, float]:
    if not plain.is_a(scores, dict):
        raise Unreadable(f"Scores were expected as {{name: points}}; you gave {plain.described(scores)}.")
    named = {plain.text(name, "A criterion's name"): given for name, given in list(dict.items(scores))[:50]}
    unknown = [name for name in named if name not in rubric]
    if unknown:
        raise Unreadable(f"No criterion {plain.short(unknown[0])!r}: they are {', '.join(rubric)}.")
    numbers = {name: plain.number(given, "A score") for name, given in named.items() if not plain.is_blank(given)}
    beyond = [name for name, points in numbers.items() if not 0 <= points <= rubric[name][0]]
    if beyond:
        raise Unreadable(f"The score for {beyond[0]} must lie between 0 and {rubric[beyond[0]][0]:g}.")
    return numbers


def _criterion(name: str, most: float, words: str, scores: dict[str, float] | None, all_points: float) -> Item:
    points = (scores or {}).get(name)
    scored = "not scored yet" if points is None else f"{points:g} of {most:g} (your own score)"
    got = 0.0 if points is None else points / most
    return Item(name, got >= 1, f"{name}, {words}: {scored}.", most / all_points, got)
