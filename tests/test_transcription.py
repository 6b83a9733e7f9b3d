"""What the tables quote stands in the papers, word for word.

The papers' texts are not part of the course. Put them as <source>.txt into a folder and name it in EVCOURSE_SOURCES.
"""

import os
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from evcourse.datasets import data_folder

FOLDER = os.environ.get("EVCOURSE_SOURCES")
TABLES = {path.stem: path for path in sorted(data_folder().glob("*/*.csv")) if path.parent.name != "course"}
PRINTED = ["authors", "journal", "title", "volume", "pages", "doi", "pmid", "sequence", "catalogue_number", "supplier"]
LONGEST_QUOTE = 15  # words
GREEK = {"alpha": "α", "beta": "β", "kappa": "κ", "Delta": "Δ"}
SIGNS = {"pm": "±", "times": "×"}

needs_the_papers = pytest.mark.skipif(
    not FOLDER,
    reason="The papers' texts are not part of the course: to run this, name the folder that holds them in EVCOURSE_SOURCES.",
)


@needs_the_papers
@pytest.mark.parametrize("name", [name for name in TABLES if "quote" in list(pd.read_csv(TABLES[name], nrows=0))])
def test_every_quotation_stands_in_the_paper(name):
    assert missing(name, "quote") == []


@needs_the_papers
@pytest.mark.parametrize("name", TABLES)
def test_every_cell_in_italian_stands_in_the_review(name):
    fields = tomllib.loads(TABLES[name].with_suffix(".toml").read_text("utf-8"))["fields"]
    italian = [field["name"] for field in fields if field["name"].endswith("_it")]
    assert [cell for column in italian for cell in missing(name, column)] == []


@needs_the_papers
@pytest.mark.parametrize(
    ("name", "column"),
    [(name, column) for name in TABLES for column in PRINTED if column in list(pd.read_csv(TABLES[name], nrows=0))],
)
def test_every_name_and_number_stands_in_the_paper(name, column):
    assert missing(name, column) == []


@pytest.mark.parametrize("name", [name for name in TABLES if "quote" in list(pd.read_csv(TABLES[name], nrows=0))])
def test_a_quotation_is_short(name):
    assert [quote for quote in cells(name, "quote") if len(quote.split()) > LONGEST_QUOTE] == []


def missing(name, column):
    """Return the cells of a column that the paper's text does not contain."""
    text = squeezed(printed_text(TABLES[name].parent.name))
    return [cell for cell in cells(name, column) if squeezed(cell) not in text]


def cells(name, column):
    return pd.read_csv(TABLES[name], dtype="str", keep_default_na=False, na_values=[""])[column].dropna().unique()


def printed_text(source):
    return (Path(FOLDER) / f"{source}.txt").read_text("utf-8")


def squeezed(text):
    """Return a text without markup, white space, hyphens and case, so that line breaks and typesetting do not matter."""
    text = re.sub(r"</?(sup|sub|i|b)>", "", text)
    text = re.sub(r"\\(\w+)", lambda word: (GREEK | SIGNS).get(word[1], word[0]), text)
    return re.sub(r"[\s\-‐‑–—−*$^{}_\\]", "", text).casefold()
