"""Controls for a question with options: radio buttons or checkboxes, for mouse, keyboard and screen reader."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_HERE = Path(__file__).parent


class Options(anywidget.AnyWidget):
    """Options to choose from and a button to check the choice; the verdict appears below and is read out.

    Parameters
    ----------
    prompt
        What is asked.
    options
        (letter, words) of each option.
    several
        Whether any number of them may be chosen.
    checked
        Called with this control when the button is pressed; what it returns is shown as text.

    Attributes
    ----------
    chosen
        The letters chosen so far.
    """

    _esm = _HERE / "options.js"
    _css = _HERE / "options.css"
    prompt = traitlets.Unicode().tag(sync=True)
    options = traitlets.List().tag(sync=True)
    several = traitlets.Bool().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    presses = traitlets.Int(0).tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, prompt: str, options: list[list[str]], *, several: bool, checked: Callable[[Options], object]
    ) -> None:
        super().__init__(prompt=prompt, options=options, several=several)
        self._checked = checked
        self.observe(self._answer, "presses")

    def _answer(self, _change: Any) -> None:
        self.verdict = str(self._checked(self))
        # The same verdict again changes no trait; the page still waits for it.
        self.send("checked")

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options)
        lines = [f"{letter}. {words}" for letter, words in self.options]
        items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        listed = f'<ul style="list-style: none">{items}</ul>'
        still = f"<p><strong>{html.escape(self.prompt)}</strong></p>{listed}"
        return {**data, "text/html": still, "text/plain": "\n".join([self.prompt, *lines])}, metadata
