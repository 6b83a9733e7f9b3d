"""Every notebook keeps the rules of the house. Whether its outputs are still true is nbval's part of `make test`."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from statistics import median

import nbformat
import pytest

import evcourse as ev

COURSE = Path(__file__).resolve().parent.parent
LESSONS = sorted((COURSE / "notebooks").glob("*.ipynb"))
NOTEBOOKS = [*LESSONS, *sorted((COURSE / "exercises").glob("*/*.ipynb"))]

WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURE, CHART = "image/svg+xml", "application/vnd.vegalite.v5+json"
LONGEST_CELL, MEDIAN_CELL = 15, 5
# Words of prose per line of code, over a lesson. Other courses have 8 to 14; here one line calls what takes ten there,
# so that a lesson which talks as much has fewer lines.
PROSE = (8, 50)
# Bytes. A chart's specification and picture together should take about 20 kB; the network of 54 signals has 29 kB.
LARGEST_CHART, LARGEST_NOTEBOOK = 32_000, 1_000_000
EXEMPT = {"nbval-ignore-output", "nbval-skip", "nbval-raises-exception", "raises-exception"}

FILES = r"\.(?:csv|toml|json|ipynb|py|html|png|svg|txt|tsv|xlsx)$"
PLACES = r"^(?:\.{0,2}/|~|[A-Za-z]:\\)|\\\\"
ADDRESSES = r"\w+://|\bwww\.|\bdoi\.org\b"


def each(notebooks):
    return pytest.mark.parametrize("path", notebooks, ids=lambda path: path.relative_to(COURSE).as_posix())


# --- every notebook, exercises included ------------------------------------------------------------------------------


@each(NOTEBOOKS)
def test_a_notebook_is_valid_and_its_cells_have_lasting_names(path):
    # As it is on disk: reading it with nbformat would mend it.
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert (stored["nbformat"], stored["nbformat_minor"]) >= (4, 5)
    assert len({cell["id"] for cell in stored["cells"]}) == len(stored["cells"])
    nbformat.validate(stored)


@each(NOTEBOOKS)
def test_every_cell_was_run_in_order_from_a_clean_start(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1)), "run `make notebooks`"
    assert all(cell.source.strip() for cell in code_cells(path)), "an empty code cell"


@each(NOTEBOOKS)
def test_no_cell_complains(path):
    complaints = [output for output in outputs(path) if output.output_type == "error" or output.get("name") == "stderr"]
    assert complaints == []


@each(NOTEBOOKS)
def test_nothing_of_one_run_or_one_machine_is_stored(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.get("kernelspec", {}).get("name") == "python3"
    assert notebook.metadata.get("language_info") == {"name": "python"}, "store with deploy/run_notebooks.py"
    assert [cell.id for cell in notebook.cells if "execution" in cell.metadata] == []
    assert [output for output in outputs(path) if WIDGET in output.get("data", {})] == []
    assert path.read_bytes().endswith(b"}\n")


@each(NOTEBOOKS)
def test_headings_begin_with_one_title_and_skip_no_level(path):
    levels = [level for level, _ in headings(path)]
    assert levels[:1] == [1] and levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in zip(levels, levels[1:], strict=False))
    assert prose_cells(path)[0] is read(path).cells[0] and prose_cells(path)[0].source.startswith("# ")


@each(NOTEBOOKS)
def test_every_picture_can_be_read_out(path):
    for output in outputs(path):
        data = output.get("data", {})
        assert not {"image/png", "image/jpeg"} & set(data), "pixels have no accessible name: make it an Altair chart"
        if PICTURE in data:
            assert re.match(r'<svg [^>]*aria-label="[^"]{10,}"', joined(data[PICTURE]))
        if CHART in data:
            assert data[CHART].get("description", "").strip()
    assert re.findall(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")", prose(path)) == [], "a picture without words"


@each(NOTEBOOKS)
def test_stored_charts_and_notebooks_stay_small(path):
    assert path.stat().st_size <= LARGEST_NOTEBOOK
    for output in outputs(path):
        data = output.get("data", {})
        stored = json.dumps(data.get(CHART, ""), ensure_ascii=False) + joined(data.get(PICTURE, ""))
        assert len(stored.encode()) <= LARGEST_CHART


@each(NOTEBOOKS)
def test_a_cell_whose_output_is_not_compared_gives_the_reason(path):
    assert "NBVAL_" not in "".join(cell.source for cell in code_cells(path)), "use a tag and a reason"
    exempt = [cell for cell in code_cells(path) if EXEMPT & set(cell.metadata.get("tags", []))]
    assert [cell.id for cell in exempt if len(cell.metadata.get("evcourse", {}).get("why", "").split()) < 4] == []


@each(NOTEBOOKS)
def test_the_reader_learns_that_a_paper_is_retracted_before_its_first_table(path):
    for number, name in loaded(path):
        state = status_of(name)
        before = "\n".join(cell.source for cell in read(path).cells[:number] if cell.cell_type == "markdown")
        assert state is None or re.search(rf"\b{state}\b", before, re.IGNORECASE), f"{name} rests on a {state} paper"


# --- lessons ---------------------------------------------------------------------------------------------------------


def test_every_lesson_is_in_the_table_of_lessons_and_has_its_notebook():
    assert [path.stem for path in LESSONS] == sorted(ev.load("lessons")["lesson"].astype(str))


@each(LESSONS)
def test_a_lesson_begins_with_aims_that_are_listed(path):
    head = "\n".join(cell.source for cell in head_cells(path))
    aims = re.search(r"^(?:#+ |\*\*)Aims\b(.*?)(?=^#|\Z)", head, re.MULTILINE | re.DOTALL)
    assert aims and re.search(r"^(?:[-*]|\d+\.) \w", aims[1], re.MULTILINE)


@each(LESSONS)
def test_a_lesson_names_the_minutes_that_the_table_of_lessons_gives_it(path):
    (minutes,) = (row.minutes for row in ev.load("lessons").itertuples() if str(row.lesson) == path.stem)
    head = "\n".join(cell.source for cell in head_cells(path))
    assert [int(number) for number in re.findall(r"\b(\d+)\W+minutes\b", head)][:1] == [minutes]
    assert minutes <= 90


@each(LESSONS)
def test_the_sections_of_a_lesson_are_numbered_without_a_gap_and_end_with_take_aways_and_sources(path):
    *sections, last = [words for level, words in headings(path) if level == 2]
    assert [section.split(".")[0] for section in sections] == [str(number + 1) for number in range(len(sections))]
    assert last == "Sources" and any(section.endswith("Take-aways") for section in sections[-2:])


@each(LESSONS)
def test_code_of_a_lesson_is_calls_and_nothing_that_a_newcomer_must_decipher(path):
    banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    nodes = [node for cell in code_cells(path) for node in ast.walk(ast.parse(cell.source))]
    assert [ast.unparse(node) for node in nodes if isinstance(node, banned)] == []
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if re.search(f"{FILES}|{PLACES}|{ADDRESSES}", text)] == []


@each(LESSONS)
def test_no_cell_of_a_lesson_is_hidden(path):
    hiding = {"hide-input", "hide-cell", "hide-output", "remove-input", "remove-cell", "remove-output"}
    hidden = [
        cell for cell in read(path).cells if cell.metadata.get("jupyter") or hiding & set(cell.metadata.get("tags", []))
    ]
    assert [cell.id for cell in hidden] == []


@each(LESSONS)
def test_cells_of_a_lesson_are_short(path):
    lengths = [len(cell.source.strip().splitlines()) for cell in code_cells(path)]
    assert max(lengths) <= LONGEST_CELL
    assert median(lengths) <= MEDIAN_CELL


@each(LESSONS)
def test_a_lesson_talks_enough_and_not_too_much(path):
    fewest, most = PROSE
    assert fewest <= words_per_line_of_code(path) <= most


@each(LESSONS)
def test_a_lesson_ends_with_its_sources_as_the_library_prints_them(path):
    last = code_cells(path)[-1]
    calls = [node.func for node in ast.walk(ast.parse(last.source)) if isinstance(node, ast.Call)]
    assert any(ast.unparse(call).split(".")[-1] == "sources" for call in calls)
    assert re.search(r"\bsources\b", headings(path)[-1][1], re.IGNORECASE)


@each(LESSONS)
def test_sources_are_never_retyped(path):
    assert re.findall(r"\b10\.\d{4,}/\S+", prose(path)) == []


@each(LESSONS)
def test_the_sources_at_the_end_cover_every_table_of_the_lesson(path):
    printed = "".join(output.get("text", "") for output in code_cells(path)[-1].outputs)
    assert [name for _, name in loaded(path) if ev.dataset(name).paper not in printed] == []


# --- what the tests above ask ----------------------------------------------------------------------------------------


@cache
def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def prose_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "markdown"]


def head_cells(path):
    """Return the prose before the first code cell."""
    cells = read(path).cells
    first = next((number for number, cell in enumerate(cells) if cell.cell_type == "code"), len(cells))
    return [cell for cell in cells[:first] if cell.cell_type == "markdown"]


def outputs(path):
    return [output for cell in code_cells(path) for output in cell.outputs]


def prose(path):
    return "\n\n".join(cell.source for cell in prose_cells(path))


def headings(path):
    """Return level and words of every heading, leaving out what stands in code blocks."""
    text = re.sub(r"^```.*?^```", "", prose(path), flags=re.MULTILINE | re.DOTALL)
    return [(len(marks), words) for marks, words in re.findall(r"^(#{1,6}) (.+)$", text, flags=re.MULTILINE)]


def words_per_line_of_code(path):
    """Return words of prose, markup apart, per line of code that is neither empty nor a comment."""
    text = re.sub(r"<[^>]+>|\]\([^)]*\)|[#*_`|>-]", " ", prose(path))
    lines = [line.strip() for cell in code_cells(path) for line in cell.source.splitlines()]
    return len(text.split()) / sum(bool(line) and not line.startswith("#") for line in lines)


def loaded(path):
    """Return the position of each cell that names a dataset, and the name."""
    return [
        (number, name)
        for number, cell in enumerate(read(path).cells)
        if cell.cell_type == "code"
        for name in re.findall(r"\b(?:load|dataset)\(\s*[\"'](\w+)[\"']", cell.source)
        # A lesson may show what an unknown name answers.
        if name in names_of_datasets()
    ]


@cache
def names_of_datasets():
    return set(ev.datasets()["name"])


@cache
def status_of(name):
    """Return the state of a paper that a table, or one of its rows, comes from; None if there is nothing to say."""
    rows = ev.load(name)
    papers = {ev.dataset(name).path.parent.name, *(rows["source"].astype(str) if "source" in rows else ())}
    return next((state for paper, state in states().items() if paper in papers), None)


@cache
def states():
    """Return the state of every paper about which `source` has something to say."""
    entries = [ev.dataset(name) for name in names_of_datasets()]
    return {each.path.parent.name: each.origin_of_data["status"]["state"] for each in entries if each.status}


def joined(text):
    return "".join(text)
