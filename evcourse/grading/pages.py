"""One HTML page that needs nothing else: no script, no network, readable without colour, by ear and on paper."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable
from typing import Any

_STYLE = """
:root { color-scheme: light }
body { font: 16px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: #222; background: #fff;
  max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem 4rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0 .25rem }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; border-top: 1px solid #ccc; padding-top: 1rem }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem }
p, ul { max-width: 46rem }
ul { padding-left: 1.2rem }
a { color: #00528a }
a:focus-visible, summary:focus-visible, .wide:focus-visible { outline: 3px solid #00528a; outline-offset: 2px }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums }
caption { text-align: left; color: #555; padding-bottom: .25rem }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd }
td.n, th.n { text-align: right }
td { overflow-wrap: anywhere; min-width: 3rem }
samp { font: 14px/1.45 "Liberation Mono", Consolas, monospace; white-space: pre-wrap }
.hint { font-weight: normal }
pre, .text { font: 14px/1.45 "Liberation Mono", Consolas, monospace; background: #f4f4f4; padding: .6rem .8rem;
  overflow-wrap: anywhere; white-space: pre-wrap; margin: .25rem 0; max-width: 46rem }
.text { font-family: inherit; font-size: 15px }
.lead { font-size: 1.1rem }
.note { border-left: 4px solid #b35c00; padding-left: .75rem }
.quiet { color: #555 }
.items { list-style: none; padding-left: 0 }
.wide { overflow-x: auto }
img { max-width: 100%; height: auto }
summary { cursor: pointer }
.skip { position: absolute; left: -999rem } .skip:focus { position: static }
@media print { body { max-width: none; font-size: 11pt } h2, h3 { break-after: avoid } details { display: block } }
"""
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def page(title: str, body: str) -> str:
    """Return a whole page. The title is text; the body is HTML in which everything foreign is escaped already."""
    # The policy is a second lock: should anything slip through the escaping, it neither runs nor calls out.
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{escaped(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body>\n<a class="skip" href="#content">To the content</a>\n<main id="content">\n{body}\n</main>\n</body>\n</html>\n'
    )


def escaped(words: Any) -> str:
    """Return text for HTML, in attributes as well."""
    return html.escape(visible(words), quote=True)


def visible(words: Any) -> str:
    """Return text with � for what cannot be seen, turns the writing direction round, or is no character."""
    return "".join(each if each.isprintable() or each == "\n" else "�" for each in str(words))


def by_learner(words: Any, tag: str = "span") -> str:
    """Return somebody's own words, marked as of an unknown language and of their own writing direction."""
    return f'<{tag} lang="" dir="auto">{escaped(words)}</{tag}>'


def paragraph(words: str, kind: str = "") -> str:
    """Return text as a paragraph; nothing if there is none."""
    return f"<p{_class(kind)}>{escaped(words)}</p>" if words else ""


def table(caption: str, columns: dict[str, bool], rows: Iterable[Iterable[str]]) -> str:
    """Return a table.

    Parameters
    ----------
    caption
        What it shows, as text.
    columns
        Heading → whether it holds numbers.
    rows
        Cells as HTML; the first of each row is its heading.
    """
    kinds = [' class="n"' if is_number else "" for is_number in columns.values()]
    head = "".join(f'<th scope="col"{kind}>{escaped(name)}</th>' for name, kind in zip(columns, kinds, strict=True))
    lines = "".join(f"<tr>{_line(list(row), kinds)}</tr>\n" for row in rows)
    # Whoever has no mouse must be able to scroll a wide table.
    start = f'<div class="wide" tabindex="0" role="region" aria-label="{escaped(caption)}"><table>'
    return f"{start}<caption>{escaped(caption)}</caption><thead><tr>{head}</tr></thead><tbody>\n{lines}</tbody></table></div>"


def _line(cells: list[str], kinds: list[str]) -> str:
    rest = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(cells[1:], kinds[1:], strict=True))
    return f'<th scope="row">{cells[0]}</th>{rest}'


def file_name(learner: str) -> str:
    """Return a file name that belongs to this learner alone, on every file system."""
    plain = re.sub(r"[^a-z0-9-]+", "_", learner.casefold())[:60].strip("_") or "learner"
    is_own = plain == learner and plain not in _RESERVED
    digest = hashlib.sha256(learner.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain}.html" if is_own else f"{plain}-{digest}.html"


def points(number: float) -> str:
    """Return points without needless decimals."""
    return f"{round(number, 2):g}"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
