"""A question in a learner's hands: prompt, check, hints and solution."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from evcourse import progress
from evcourse.questions import learner
from evcourse.questions.kind import Kind, filled
from evcourse.questions.page import Page
from evcourse.questions.plain import counted
from evcourse.questions.verdict import Verdict


class Question:
    """One question with one learner's numbers.

    Attributes
    ----------
    name, points, minutes, bloom
        As its author declared them.
    given
        The learner's own numbers.
    """

    def __init__(self, kind: Kind, learner_id: str, setting: learner.Setting) -> None:
        self._kind, self._setting, self._hinted = kind, setting, 0
        self.name, self.points, self.minutes, self.bloom = kind.name, kind.points, kind.minutes, kind.bloom
        self._given = variant(kind, learner_id, setting.secret)
        self._asked = kind.asked(self._given)

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self._given.items() if not name.startswith("_")}

    @property
    def prompt(self) -> Page:
        """The question's text with the learner's numbers, what to answer, points and minutes."""
        facts = f"**{self.name}** ({self._size()})"
        return Page("\n\n".join(filter(None, [facts, self._kind.prompt(self._given), *self._details()])))

    def check(self, answer: Any, scores: Any = None) -> Verdict:
        """Return the verdict on an answer and note it in the learner's progress file; never raise.

        Parameters
        ----------
        answer
            Anything at all.
        scores
            For a free-text question, the learner's own score for each criterion.
        """
        encoded = self._kind.encode(answer if scores is None else (answer, scores), self._asked)
        verdict = self._kind.judge(encoded, self._given)
        return self._noted(verdict, encoded)

    def hint(self) -> Page:
        """Return the first hint; the next time the second."""
        words = [words for words in self._kind.hints if words]
        if not words:
            return Page("There is no hint for this question.")
        stage = min(self._hinted, len(words) - 1)
        self._hinted += 1
        return Page(f"Hint {stage + 1} of {len(words)}: {filled(words[stage], self._given)}")

    def solution(self) -> Page:
        """Return the worked solution: after three different answers, or once the question is answered in full."""
        if self._setting.withholds_solutions:
            return Page("Solutions are closed in this class: ask your lecturer.")
        missing = self._tries_missing()
        if missing:
            return Page(f"The solution opens after {counted(missing, 'more different answer')}. Hints are open: `.hint()`.")
        return Page(self._kind.worked_solution(self._given))

    def choose(self) -> Any:
        """Return radio buttons or checkboxes for the options, for mouse and keyboard.

        Raises
        ------
        TypeError
            If this question has no options.
        """
        if "options" not in self._asked:
            raise TypeError(f"{self.name} has no options to choose from: answer it in a variable.")
        from evcourse.widgets.options import Options

        options = [[letter, words] for letter, _, words in self._asked["options"]]
        legend = self._kind.prompt(self._given).split("\n\n")[0]
        return Options(legend, options, several=self._asked["several"], checked=self.check)

    def __repr__(self) -> str:
        return f"{self.name}: {self._size()} ({self.bloom})"

    def __dir__(self) -> list[str]:
        return ["bloom", "check", "choose", "given", "hint", "minutes", "name", "points", "prompt", "solution"]

    def _size(self) -> str:
        return f"{counted(self.points, 'point')}, about {counted(self.minutes, 'minute')}"

    def _details(self) -> list[str]:
        options = "\n".join(f"- {letter}. {words}" for letter, _, words in self._asked.get("options", []))
        scalars = {name: value for name, value in self.given.items() if isinstance(value, (int, float, str))}
        shown = ", ".join(f"`{name}` = {value}" for name, value in scalars.items())
        numbers = f"Your own numbers: {shown}." if shown else ""
        same = "" if self._kind.has_variant else "Everybody has the same numbers in this question."
        return [options, numbers, same, f"Answer: {self._kind.wanted(self._asked)}"]

    def _noted(self, verdict: Verdict, encoded: dict[str, Any]) -> Verdict:
        if "answer" not in encoded:
            return verdict
        fingerprint = hashlib.sha256(json.dumps(encoded, sort_keys=True).encode()).hexdigest()[:12]
        try:
            progress.record(self._kind.lesson, self.name, verdict.points, verdict.of, fingerprint)
        except (progress.ProgressError, OSError) as problem:
            return noted(verdict, f"This try was not kept: {problem}")
        return verdict

    def _tries_missing(self) -> int:
        try:
            tried = progress.questions().get(f"{self._kind.lesson}/{self.name}")
        except progress.ProgressError:
            return self._kind.honest_tries
        if tried is None:
            return self._kind.honest_tries
        return 0 if tried["points"] >= tried["of"] else max(0, self._kind.honest_tries - len(tried["tries"]))


def variants(lesson: Iterable[Kind], learner_id: str, secret: bytes = b"") -> dict[str, dict[str, Any]]:
    """Return a learner's own numbers for every question of a lesson: question → name → number."""
    return {kind.name: variant(kind, learner_id, secret) for kind in lesson}


def variant(kind: Kind, learner_id: str, secret: bytes = b"") -> dict[str, Any]:
    """Return a learner's own numbers for a question. Names that begin with "_" are the engine's."""
    rng = learner.numbers(learner_id, kind.lesson, kind.name, secret)
    order = rng.getrandbits(32)
    return {**kind.given(rng), "_order": order}


def noted(verdict: Verdict, words: str) -> Verdict:
    """Return a verdict with one more sentence in its note."""
    return replace(verdict, note=" ".join(filter(None, [verdict.note, words])))
