"""Saved pictures stay small, and lose nothing that is seen."""

import re

import pytest
import vl_convert

from evcourse import charts
from evcourse.charts import theme
from evcourse.widgets import decision_bench, microscope

LARGEST = 32_000
CHARTS = {
    "plate": lambda: charts.qpcr_plate().to_dict(),
    "bench": lambda: decision_bench(difference_sd=10.0).spec,
    "microscope": lambda: microscope().spec,
}


@pytest.fixture(scope="module", params=CHARTS)
def spec(request):
    return CHARTS[request.param]()


@pytest.fixture
def whole(spec, monkeypatch):
    """The picture before anything is taken out of it."""
    monkeypatch.setattr(theme, "HUGE_PICTURE", 10**9)
    svg = theme.picture(spec)
    monkeypatch.undo()
    return svg


def test_a_stripped_picture_looks_the_same_to_the_last_pixel(spec, whole):
    stripped = theme.picture(spec)
    assert len(stripped) < 0.75 * len(whole)
    assert vl_convert.svg_to_png(stripped) == vl_convert.svg_to_png(whole)


def test_a_stripped_picture_is_small_enough_to_be_stored(spec):
    assert len(theme.picture(spec).encode()) <= LARGEST


def test_a_stripped_picture_keeps_its_name_and_its_words(spec, whole):
    stripped = theme.picture(spec)
    assert re.match(r'<svg [^>]*role="img" aria-label="[^"]{10,}"', stripped)
    assert re.findall(">([^<]+)</t", stripped) == re.findall(">([^<]+)</t", whole)


def test_a_photograph_shown_twice_is_stored_once():
    svg = theme.picture(CHARTS["microscope"]())
    stored = re.findall(r'id="(image\w+)"', svg)
    assert svg.count("data:image/jpeg") == 1
    assert re.findall(r'<use xlink:href="#(\w+)"', svg) == [stored[0]]


def test_two_photographs_have_two_names():
    images = [theme._images_once(f'<image xlink:href="data:{each}"/>') for each in ("a", "b")]
    assert len({re.search(r'id="(\w+)"', image)[1] for image in images}) == 2
