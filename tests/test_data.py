"""Every dataset keeps its promises: checks that are found by data, so that a new table is tested by being there."""

import re
import shutil
import tomllib

import pandas as pd
import pytest

import evcourse as ev
from evcourse import course
from evcourse.datasets import DatasetError, data_folder

TABLES = {path.stem: path for path in sorted(data_folder().glob("*/*.csv"))}
SOURCES = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in sorted(data_folder().glob("*/source.toml"))}
FILES = sorted(path.relative_to(course.folder()).as_posix() for path in data_folder().glob("*/*.*"))
DECLARATIONS = {name: tomllib.loads(path.with_suffix(".toml").read_text("utf-8")) for name, path in TABLES.items()}
TRANSLATED = [name for name, table in DECLARATIONS.items() if any("of" in field for field in table["fields"])]

ORIGINS = {"transcribed", "derived", "constructed", "simulated"}
LICENCES = {"CC-BY-3.0", "CC-BY-4.0", "CC0-1.0"}
PLAIN = {"plain", "no notice known"}

# The end of a numeric column's name, and the unit that it must declare; the longest end that fits counts.
UNITS = {
    "_nm": "nm",
    "_ug": "µg",
    "_ml": "mL",
    "_ul": "µL",
    "_min": "min",
    "_h": "h",
    "_d": "d",
    "_weeks": "week",
    "rcf_g": "g (standard gravity)",
    "_gram": "g",
    "_c": "°C",
    "_percent": "%",
    "_mol_per_l": "mol/L",
    "_umol": "µmol",
    "_umol_per_l": "µmol/L",
    "_ug_per_ml": "µg/mL",
    "_g_per_ml": "g/mL",
    "_rpm": "1/min",
    "_nt": "nt",
    "_v": "V",
    "_ma": "mA",
    "_cm": "cm",
    "_mm": "mm",
    "_deg": "°",
    "_mpa_s": "mPa s",
}

# What the project promised to hold, with the number of rows where it was named.
PROMISED = {
    "ev_classes": 5,
    "biogenesis_steps": None,
    "bone_remodelling": 17,
    "bone_remodelling_cargo": 28,
    "bone_remodelling_molecules": None,
    "metastasis": 6,
    "metastasis_effects": None,
    "metastasis_incidence": 4,
    "ageing_signals": None,
    "therapies": None,
    "therapy_limits": None,
    "findings": None,
    "review_abbreviations": None,
    "review_references": 32,
    "exosome_sizes": 2,
    "animals": None,
    "assay_groups": None,
    "centrifugation": None,
    "media": None,
    "primers": 10,
    "antibodies": None,
    "reagents": None,
    "protocol_steps": None,
    "outcomes": None,
    "statistics": None,
    "study_references": 36,
    "study_abbreviations": None,
    "signals": None,
    "glossary": range(40, 1000),
    "critical_reading": None,
    "source_status": 70,
    "rotors": None,
    "constants": None,
}

CITED = r"( \[\d+(,\d+)*\])?"
PLACES = {
    "bianciardi2021": (
        rf"Title|Summary|(Introduction|EV classes|Bone metabolism|Metastasis|Ageing|Applications){CITED}|Fig\. 1 legend|"
        r"Table 1 legend|Table 1(, row ([1-9]|1[0-7]))?|Table 2(, row [1-6])?|References|Reference ([1-9]|[12]\d|3[0-2])"
    ),
    "ren2022": (
        r"Title|Byline|Abbreviations|Author contributions|Ethical statement|Funding|Fig\. [1-5]( legend|[A-F])|References|"
        rf"Reference ([1-9]|[12]\d|3[0-6])|(Abstract|Introduction|Discussion){CITED}|"
        r"Methods: (animals|BMSC isolation|exosomes|PKH-26|EdU|CCK-8|western blot|alizarin red|ALP|qPCR|statistics)"
        rf"{CITED}|Results: (identification|proliferation and osteogenesis|mechanism|AKT in vitro|AKT in vivo){CITED}"
    ),
    "course": r"course",
}

# Places whose questions no table can carry, because no table repeats what is printed there: a statement of the
# discussion on what PTEN does, the price of drugs, and the line of argument of an introduction.
QUESTIONS_WITHOUT_A_ROW = {"R66", "R75", "R94"}


# --- tables and their declarations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_no_problems(name):
    assert ev.dataset(name).problems() == []


def test_every_table_has_one_declaration_and_every_declaration_one_table():
    declared = {path.with_suffix(".csv") for path in data_folder().glob("*/*.toml") if path.stem != "source"}
    assert declared == set(data_folder().glob("*/*.csv"))


def test_no_two_tables_share_a_name():
    assert len(TABLES) == len(list(data_folder().glob("*/*.csv")))


@pytest.mark.parametrize(("name", "rows"), PROMISED.items())
def test_a_promised_table_is_there_with_its_rows(name, rows):
    found = len(ev.load(name))
    assert found in rows if isinstance(rows, range) else found == (rows or found) > 0


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_it_is(name):
    table = DECLARATIONS[name]
    assert 3 <= len(table["title"]) <= 60
    assert not table["title"].endswith(".")
    assert table["description"].endswith((".", "?"))
    assert table["how"].endswith(".")
    assert table["origin"] in ORIGINS
    assert table["primaryKey"]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_in_a_sentence(name):
    assert [field["name"] for field in DECLARATIONS[name]["fields"] if not field["description"].endswith((".", "…"))] == []


@pytest.mark.parametrize("name", TABLES)
def test_names_of_numeric_columns_end_in_the_unit_that_they_declare(name):
    wrong = {
        field["name"]: (field.get("unit"), unit_of(field["name"]))
        for field in DECLARATIONS[name]["fields"]
        if field["type"] in ("integer", "number") and field.get("unit") != unit_of(field["name"])
    }
    assert wrong == {}


@pytest.mark.parametrize("name", TABLES)
def test_only_numbers_have_a_unit(name):
    assert [field["name"] for field in DECLARATIONS[name]["fields"] if "unit" in field and field["type"] == "string"] == []


@pytest.mark.parametrize("name", TABLES)
def test_what_is_simulated_says_so(name):
    if DECLARATIONS[name]["origin"] == "simulated":
        assert "SIMULATED" in DECLARATIONS[name]["description"]


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_column_in_italian_belongs_to_one_in_english(name):
    fields = [field["name"] for field in DECLARATIONS[name]["fields"]]
    pairs = [(field["name"], field["of"]) for field in DECLARATIONS[name]["fields"] if "of" in field]
    assert [pair for pair in pairs if pair[0] != f"{pair[1]}_it" or pair[1] not in fields] == []


@pytest.mark.parametrize("name", TABLES)
def test_a_column_that_ends_as_italian_says_of_what(name):
    italian = [field for field in DECLARATIONS[name]["fields"] if field["name"].endswith("_it") and "of" not in field]
    assert [field["name"] for field in italian if field["name"] not in ("term_it", "expansion_it")] == []


@pytest.mark.parametrize("name", TABLES)
def test_both_languages_have_the_same_columns_and_rows(name):
    english, italian = ev.load(name), ev.load(name, lang="it")
    assert list(english.columns) == list(italian.columns)
    assert english.index.equals(italian.index)


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_italian_words_are_given_where_the_english_ones_are(name):
    english, italian = ev.load(name), ev.load(name, lang="it")
    pairs = [field["of"] for field in DECLARATIONS[name]["fields"] if "of" in field]
    assert [column for column in pairs if not (english[column].isna() == italian[column].isna()).all()] == []


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_plain_utf_8_with_unix_lines(file):
    raw = (course.folder() / file).read_bytes()
    assert raw.decode("utf-8").endswith("\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert b"\0" not in raw


@pytest.mark.parametrize("file", FILES)
def test_no_line_ends_in_a_space(file):
    lines = (course.folder() / file).read_text("utf-8").split("\n")
    assert [number for number, line in enumerate(lines, 1) if line != line.rstrip()] == []


@pytest.mark.parametrize("name", TABLES)
def test_no_cell_begins_or_ends_in_a_space(name):
    cells = pd.read_csv(TABLES[name], dtype="str", keep_default_na=False)
    assert [column for column in cells if (cells[column] != cells[column].str.strip()).any()] == []


# --- places and references -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_stands_in_a_way_that_others_can_join(name):
    rows = ev.load(name)
    strange = [
        (source, locator)
        for source, locator in zip(sources_of(name, rows), rows["locator"], strict=True)
        if not any(re.fullmatch(PLACES[paper], locator) for paper in papers(source))
    ]
    assert strange == []


@pytest.mark.parametrize("name", TABLES)
def test_every_reference_number_is_in_the_bibliography_of_its_paper(name):
    rows = ev.load(name)
    for source, row in zip(sources_of(name, rows), rows.to_dict("records"), strict=True):
        cited = cited_by(row) | printed_at(row)
        known = [bibliography(paper) for paper in papers(source) if paper != "course"]
        assert any(cited <= numbers for numbers in known), row


@pytest.mark.parametrize("name", [name for name, table in DECLARATIONS.items() if table["origin"] == "transcribed"])
def test_a_reference_number_is_that_of_the_place(name):
    rows = ev.load(name)
    if "reference" in rows:
        assert [row for row in rows.to_dict("records") if cited_by(row) != printed_at(row)] == []


@pytest.mark.parametrize("name", [name for name in TABLES if {"dataset", "locator"} <= set(ev.load(name).columns)])
def test_a_row_that_names_a_table_leads_back_to_a_row_of_it(name):
    lost = []
    for row in ev.load(name).to_dict("records"):
        rows = ev.load(row["dataset"])
        there = rows["locator"] == row["locator"]
        if pd.notna(row.get("dataset_row")):
            there &= rows["row"] == row["dataset_row"]
        lost += [] if there.any() else [row]
    assert lost == []


def test_every_question_has_its_main_place_among_its_places():
    questions, places = ev.load("critical_reading"), ev.load("critical_reading_places")
    known = set(zip(places["id"], places["locator"], strict=True))
    assert [row.id for row in questions.itertuples() if (row.id, row.locator) not in known] == []


def test_a_question_reaches_a_row_of_a_table_unless_no_table_repeats_what_is_printed():
    asked = {"critical_reading", "critical_reading_places"}
    reached = {each for name in TABLES if name not in asked for each in ev.dataset(name).doubts["id"]}
    assert set(ev.load("critical_reading")["id"]) - reached == QUESTIONS_WITHOUT_A_ROW


@pytest.mark.parametrize(
    ("name", "questions"),
    {
        "bone_remodelling": {"B01", "B03", "B13", "B30", "B52", "R72"},
        "ev_classes": {"B14", "B15", "B17", "X01"},
        "metastasis": {"B04", "B05", "B06", "B31", "B32"},
        "metastasis_incidence": {"B49", "M02"},
        "exosome_sizes": {"X01", "X03", "R29", "R30", "R32"},
        "centrifugation": {"R35", "R36", "R37", "R41", "R90"},
        "assay_groups": {"R01", "R03", "R04", "R05", "R07"},
        "animals": {"R01", "R12", "R14", "R15"},
        "primers": {"R52", "R53", "R54"},
        "signals": {"B01", "B03", "B09", "R72"},
    }.items(),
)
def test_a_table_shows_the_questions_that_its_reader_expects(name, questions):
    assert questions <= set(ev.dataset(name).doubts["id"])


# --- sources ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_can_be_cited_and_used(source):
    about = SOURCES[source]
    assert about["short"] in about["citation"] or about["short"].split()[0] in about["citation"]
    assert about["licence"] in LICENCES
    assert about["retrieved"].year >= 2026
    assert about["status"]["state"]
    assert source == "course" or f"https://doi.org/{about['doi']}" in about["citation"]


@pytest.mark.parametrize("source", [source for source, about in SOURCES.items() if about["status"]["state"] not in PLAIN])
def test_a_status_that_is_not_plain_is_documented_and_printed_with_every_table(source):
    status = SOURCES[source]["status"]
    tables = [ev.dataset(name) for name, path in TABLES.items() if path.parent.name == source]
    assert {"date", "notice", "notice_doi", "reason"} <= set(status)
    assert tables
    for table in tables:
        for words in (table.source, table._repr_html_()):
            assert status["state"].upper() in words
            assert status["notice_doi"] in words
            assert status["reason"] in words


def test_the_study_of_2022_is_known_to_be_retracted():
    assert SOURCES["ren2022"]["status"]["state"] == "retracted"
    assert "retracted" in ev.dataset("outcomes").description


@pytest.mark.parametrize("name", TABLES)
def test_a_table_describes_itself_in_a_notebook(name):
    page = ev.dataset(name)._repr_html_()
    assert DECLARATIONS[name]["title"] in page
    assert DECLARATIONS[name]["how"] in page
    assert "<table" in page


def test_the_catalogue_lists_every_table_once():
    catalogue = ev.datasets()
    assert catalogue["name"].tolist() == sorted(TABLES)
    assert catalogue["title"].is_unique
    assert (catalogue["rows"] > 0).all()


# --- bad input -------------------------------------------------------------------------------------------------------


def test_an_unknown_table_gets_the_nearest_name():
    with pytest.raises(DatasetError, match=r"^No dataset named 'bone_remodeling'\. Did you mean 'bone_remodelling'\? "):
        ev.load("bone_remodeling")


@pytest.mark.parametrize("name", ["", "qqqq", "../secret", 3])
def test_a_name_near_nothing_gets_the_way_to_the_list(name):
    with pytest.raises(DatasetError, match=r"^No dataset named .*ev\.datasets\(\) lists them all\.$"):
        ev.load(name)


@pytest.mark.parametrize("lang", ["fr", "IT", "", None])
def test_an_unknown_language_gets_the_two_known_ones(lang):
    with pytest.raises(ValueError, match=r"^No language .*lang='en'.*lang='it'.*\.$"):
        ev.load("bone_remodelling", lang=lang)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the data that may be damaged."""
    shutil.copytree(data_folder(), tmp_path / "data")
    monkeypatch.setattr("evcourse.course.folder", lambda: tmp_path)
    return tmp_path / "data" / "bianciardi2021"


DAMAGES = {
    "a missing table": ("metastasis.csv", lambda raw: None, "is missing"),
    "an empty table": ("metastasis.csv", lambda raw: b"", "cannot be read"),
    "a lost column": ("metastasis.csv", lambda raw: raw.replace(b"row,", b"", 1), "its columns are"),
    "a cell too few": ("metastasis.csv", lambda raw: raw.replace(b"\n1,", b"\n", 1), "row 1 has 12 cells instead of 13"),
    "an open quotation mark": ("metastasis.csv", lambda raw: raw.replace(b"\n1,", b'\n"1,', 1), "cannot be read"),
    "a cell too many": ("metastasis.csv", lambda raw: raw.replace(b"\n1,", b"\n1,,,,,,,,,,,,,,,,,,", 1), "cannot be read"),
    "letters for a number": ("metastasis.csv", lambda raw: raw.replace(b"\n2,", b"\ntwo,", 1), "'row'.*whole number"),
    "a broken number": ("metastasis.csv", lambda raw: raw.replace(b"\n2,", b"\n2.5,", 1), "'row'.*whole number"),
    "letters for a size": ("ev_classes.csv", lambda raw: raw.replace(b",40,", b",forty,", 1), "'min_nm'.*a number"),
    "an unknown word": ("ev_classes.csv", lambda raw: raw.replace(b"exosome,", b"exosum,", 1), "exosum.*allowed are"),
    "neither true nor false": ("ev_classes.csv", lambda raw: raw.replace(b",false,", b",no,", 1), "'max_open'.*true or false"),
    "broken letters": ("ev_classes.csv", lambda raw: raw + b"\xff\xfe", "cannot be read"),
    "a missing declaration of the source": ("source.toml", lambda raw: None, "is missing"),
    "a broken declaration": ("ev_classes.toml", lambda raw: raw.replace(b'"', b"", 1), "cannot be read"),
    "a declaration without columns": ("ev_classes.toml", lambda raw: raw.replace(b"fields =", b"feilds ="), "fields"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_with_the_way_out(copied, damage):
    file, change, what = DAMAGES[damage]
    spoil(copied / file, change)
    with pytest.raises(DatasetError, match=what) as told:
        ev.load("metastasis" if file.startswith("metastasis") else "ev_classes")
    assert str(told.value).startswith(f"The file data/bianciardi2021/{file} ")
    assert str(told.value).endswith(f"put it back with `git restore data/bianciardi2021/{file}`, or reinstall evcourse.")
    assert "\n" not in str(told.value)


def test_a_damaged_table_counts_as_a_problem(copied):
    spoil(copied / "metastasis.csv", lambda raw: raw + b"\xff")
    assert [problem for problem in ev.dataset("metastasis").problems() if "metastasis.csv cannot be read" in problem]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda raw: raw.replace(b"\n2,1,", b"\n1,1,", 1), "the key ['row', 'item'] is not unique"),
        (lambda raw: raw.replace(b"\n2,1,", b"\n99,1,", 1), "['row'] = (99,) leads to no row of 'bone_remodelling'"),
        (lambda raw: raw.replace(b"\n2,1,", b"\n2,0,", 1), "column 'item' falls below 1"),
        (lambda raw: raw.replace(b"\n2,1,MALAT1,", b"\n2,1,,", 1), "column 'cargo' has empty cells"),
    ],
)
def test_a_wrong_cell_is_found(copied, change, problem):
    spoil(copied / "bone_remodelling_cargo.csv", change)
    assert ev.dataset("bone_remodelling_cargo").problems() == [f"bone_remodelling_cargo: {problem}"]


# --- helpers ---------------------------------------------------------------------------------------------------------


def unit_of(column):
    ends = [end for end in UNITS if column.endswith(end)]
    return UNITS[max(ends, key=len)] if ends else None


def sources_of(name, rows):
    """Return the source of each row: its folder, or for a table of the course the paper that the row names."""
    folder = TABLES[name].parent.name
    return list(rows["source"]) if folder == "course" and "source" in rows else [folder] * len(rows)


def papers(source):
    """Return the sources whose places a row may name; a row of the course that names no paper may mean any."""
    return [source] if source in SOURCES and source != "course" else list(PLACES)


def bibliography(source):
    (name,) = [name for name, path in TABLES.items() if path.parent.name == source and DECLARATIONS[name]["locator"] == "References"]
    return set(ev.load(name)["number"])


def cited_by(row):
    return {int(row[column]) for column in ("reference", "second_reference") if column in row and pd.notna(row[column])}


def printed_at(row):
    numbers = re.search(r"\[([\d,]+)\]$", row["locator"])
    return {int(number) for number in numbers[1].split(",")} if numbers else set()


def spoil(file, change):
    spoiled = change(file.read_bytes())
    file.unlink() if spoiled is None else file.write_bytes(spoiled)
