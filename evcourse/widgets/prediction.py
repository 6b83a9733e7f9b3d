"""A question to commit to before looking: predict, observe, explain."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from evcourse import progress

if TYPE_CHECKING:
    import pandas as pd

_HERE = Path(__file__).parent


class Prediction(anywidget.AnyWidget):
    """A question with options: choose one, commit, look, then compare it with what you saw.

    The reply to a committed prediction names the idea behind that choice. Nothing is marked; that an answer was
    given is noted in the learner's own progress file.

    Parameters
    ----------
    predictions
        Rows with the columns lesson, question, kind ("predict" or "review"), prompt, option, words, reply.
    question
        Which question to ask.

    Attributes
    ----------
    choice
        The committed option, 0 until then.

    Raises
    ------
    ValueError
        If no row has this question.
    """

    _esm = _HERE / "prediction.js"
    _css = _HERE / "widgets.css"
    kind = traitlets.Unicode().tag(sync=True)
    prompt = traitlets.Unicode().tag(sync=True)
    options = traitlets.List().tag(sync=True)
    choice = traitlets.Int(0).tag(sync=True)

    def __init__(self, predictions: pd.DataFrame, question: str) -> None:
        rows = predictions[predictions["question"] == question].sort_values("option")
        if rows.empty:
            known = ", ".join(predictions["question"].unique())
            raise ValueError(f"No question {question!r} in this table: it has {known}.")
        first = rows.iloc[0]
        options = rows[["option", "words", "reply"]].to_dict("records")
        super().__init__(kind=first["kind"], prompt=first["prompt"], options=options)
        self.observe(lambda change: progress.note(first["lesson"], question, change["new"]), "choice")

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options)
        words = [option["words"] for option in self.options]
        items = "".join(f"<li>{html.escape(each)}</li>" for each in words)
        still = f"<p><strong>{html.escape(self.prompt)}</strong></p><ol type='A'>{items}</ol>"
        letters = "\n".join(f"{letter}. {each}" for letter, each in zip("ABCDEFGH", words, strict=False))
        return {**data, "text/html": still, "text/plain": f"{self.prompt}\n{letters}"}, metadata
