"""A question as the learner sees it: accessible HTML, and the same as text."""

from __future__ import annotations

import html
import re
from typing import Any


class Page:
    """Words that a notebook shows as HTML and everything else as text."""

    def __init__(self, words: str, markup: str | None = None) -> None:
        self.words = words
        self.markup = markup if markup is not None else paragraphs(words)

    def __str__(self) -> str:
        return self.words

    __repr__ = __str__

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        return {"text/plain": self.words, "text/html": f"<div>{self.markup}</div>"}


def paragraphs(words: str) -> str:
    """Return text as HTML: paragraphs, lists whose lines begin with "- ", `code` and **strong**; all else escaped."""
    return "".join(_block(block) for block in re.split(r"\n\s*\n", words.strip()) if block)


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(line.startswith(("- ", "  ")) for line in lines):
        entries = [entry for entry in re.split(r"(?:^|\n)- ", block) if entry]
        return f"<ul>{''.join(f'<li>{_inline(entry)}</li>' for entry in entries)}</ul>"
    return f"<p>{_inline(block)}</p>"


def _inline(words: str) -> str:
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(words, quote=False))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
