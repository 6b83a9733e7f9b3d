"""The network's drawing and the remodelling bench: every signal is drawn, can be read, and what is switched on acts."""

import re

import numpy as np
import pytest

import evcourse as ev
from evcourse import charts, widgets
from evcourse.charts import network, network_layout, network_plan, theme
from evcourse.charts.theme import LARGE_PICTURE, picture
from evcourse.models import cargos, remodelling

BENCH = [4, 13, 14, 17, 18, 19, 20, 21, 22, 23]


@pytest.fixture(scope="module")
def signals():
    return ev.load("signals")


@pytest.fixture(scope="module", params=["table 1", "all"])
def drawn(request, signals):
    return signals if request.param == "all" else signals[signals["evidence"] == request.param]


@pytest.fixture(scope="module")
def effects():
    every = ev.load("cargo_effects")
    return every[every["edge"].isin(BENCH)]


# --- the network -----------------------------------------------------------------------------------------------------


def test_every_signal_has_an_arrow_of_its_own(drawn):
    curves = curves_of(drawn)
    assert set(curves) == set(drawn["edge"])
    assert len({curve.path for curve in curves.values()}) == len(drawn)


def test_an_arrow_ends_at_its_target_and_begins_nearer_to_its_origin(drawn):
    _, places = network_layout.places_of(drawn)
    for edge, curve in curves_of(drawn).items():
        (row,) = drawn[drawn["edge"] == edge].itertuples()
        origin, target = places[row.origin_cell], places[row.target_cell]
        assert distance(curve.end, target) < 60
        assert distance(curve.start, origin) < 170


def test_everything_stands_inside_the_picture(drawn):
    plan, _ = network_layout.places_of(drawn)
    for curve in curves_of(drawn).values():
        for point in (*(curve.at(step / 20) for step in range(21)), curve.label):
            assert 0 <= point.x <= plan.width and 0 <= point.y <= plan.height


def test_no_name_covers_another(drawn):
    boxes = [box(curve, name) for curve, name in zip(curves_of(drawn).values(), names(drawn), strict=True)]
    covered = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if overlap(a, b)]
    assert covered == []


def test_the_same_table_gives_the_same_picture(drawn):
    assert charts.signal_network(drawn).to_dict() == charts.signal_network(drawn).to_dict()


def test_the_description_counts_arrows_by_sign(signals):
    described = charts.signal_network(signals).to_dict()["description"]
    assert "54 arrows" in described and "40 arrows raise" in described and "14 lower one" in described


def test_a_contested_signal_is_marked_and_a_picture_keeps_its_names(signals):
    svg = picture(charts.signal_network(signals).to_dict())
    assert svg.count(">miR-218 ?<") == 2, "the name, and the white edge below it"
    assert svg.count(">miR-23a-5p<") == 2


def test_a_signal_of_a_retracted_study_is_marked_and_the_key_says_how(signals):
    (marked,) = signals[signals["sign_note"].astype(str).str.contains("retracted")]["edge"]
    names = {row["edge"]: row["name"] for row in drawn_rows(signals)}
    assert [edge for edge, name in names.items() if name.endswith(" †")] == [marked]
    assert ">of a retracted study: see its row<" in picture(charts.signal_network(signals).to_dict())


def test_what_a_retracted_study_says_is_told_as_reported(signals):
    marked = signals["sign_note"].astype(str).str.contains("retracted")
    sentences = charts.signal_network(signals).to_dict()["params"][-1]["expr"]
    for edge, retracted in zip(signals["edge"], marked, strict=True):
        (sentence,) = [each for each in re.findall(r'"(Signal \d+\..*?)"', sentences) if each.startswith(f"Signal {edge}.")]
        assert ("is reported, in a retracted study, to" in sentence) == retracted


def test_a_network_without_a_retracted_study_does_not_explain_the_mark(signals):
    table_1 = signals[signals["evidence"] == "table 1"]
    assert "retracted" not in picture(charts.signal_network(table_1).to_dict())


@pytest.mark.parametrize(("filters", "heading"), [({"origin": "OC"}, "Who tells whom · from OC"), ({"evidence": "table 2"}, "Who tells whom · table 2")])
def test_a_picture_says_what_it_leaves_out(signals, filters, heading):
    assert heading in picture(charts.signal_network(signals, **filters).to_dict())


def test_an_unknown_filter_is_answered_with_the_known_ones(signals):
    with pytest.raises(ValueError, match="no filter 'cell': it has origin, target, process, cargo_type, evidence"):
        charts.signal_network(signals, cell="OB")


def test_every_signal_can_be_chosen_without_a_pointer(signals):
    chooser = next(each for each in widgets.signal_network(signals).controls if each["parameter"] == "edge")
    assert [value for _, value in chooser["options"]] == [0, *signals["edge"]]


def test_a_filter_with_one_value_is_left_out(signals):
    table_1 = signals[signals["evidence"] == "table 1"]
    assert "evidence" not in [each["parameter"] for each in widgets.signal_network(table_1).controls]


# --- the bench -------------------------------------------------------------------------------------------------------


def test_what_is_switched_on_is_computed_anew(effects):
    bench = widgets.remodelling_bench(effects)
    bench.values = {**bench.values, "on": [18]}
    expected = remodelling.simulate(remodelling.HEALTHY.times(alpha2=0.9), days=1500)["bone_mass_percent"].iloc[-1]
    assert bench.content["course"]["bone_mass_percent"][-1] == pytest.approx(expected, abs=1e-3)
    assert "73.9 % after 1000 days" in bench.content["summary"]


def test_the_sentence_tells_apart_two_signals_of_one_cargo(effects):
    bench = widgets.remodelling_bench(effects)
    bench.values = {**bench.values, "on": [18, 19]}
    assert "On: miR-214-3p (OC → OB), miR-214-3p (OC → OC)" in bench.content["summary"]


def test_every_answer_is_a_change_even_if_it_brings_nothing_new(effects):
    bench = widgets.remodelling_bench(effects)
    answers = []
    for days in (500, 900):
        bench.values = {**bench.values, "days": days}
        answers.append(bench.content["answer"])
    assert answers == [1, 2]


@pytest.mark.parametrize("on", [[], [13], [13, 14], [18, 20, 21], BENCH])
@pytest.mark.parametrize("strength", [10, 50])
def test_the_browser_shows_the_factors_that_python_uses(effects, on, strength):
    acting = effects[effects["edge"].isin(on)]
    factors = cargos.factors_of(acting, strength_percent=strength)
    spec = widgets.remodelling_bench(effects).spec
    moved = {"on": on, "strength_percent": strength}
    shown = picture({**spec, "params": [{**each, "value": moved.get(each["name"], each["value"])} for each in spec["params"]]})
    for words, constant in (("osteoclasts formed", "alpha1"), ("osteoblasts formed", "alpha2")):
        assert f"({words}) × {factors.get(constant, 1):.2f}" in shown


def test_a_contested_cargo_can_act_as_its_source_says(effects):
    contested = effects[effects["direction_per_source"].notna()]
    assert cargos.factors_of(contested) == {"alpha2": 0.9}
    assert cargos.factors_of(contested, per_source=True) == {"alpha2": 1.1}


def test_bone_that_is_gone_is_not_drawn_below_zero(effects):
    bench = widgets.remodelling_bench(effects)
    bench.values = {**bench.values, "on": [18, 21], "strength_percent": 50}
    assert min(bench.content["course"]["bone_mass_percent"]) == 0
    assert "All bone of the site is gone on day" in bench.content["summary"]


def test_a_strength_beyond_the_range_is_refused(effects):
    with pytest.raises(ValueError, match="strength_percent must lie between 0 and 50, but is 80"):
        cargos.site_with(effects, strength_percent=80)


def test_a_thinned_course_misses_no_value(effects):
    course = remodelling.simulate(days=200, start=(11.06, 212.13), form="published", step_days=0.1)
    thinned = charts.remodelling.thin(course)
    assert len(thinned) < len(course) / 10
    for column in ("osteoclasts", "osteoblasts", "bone_mass_percent"):
        between = abs(course[column] - interpolated(course, thinned, column)).max()
        assert between <= 0.0021 * (course[column].max() - course[column].min())


def interpolated(course, thinned, column):
    return np.interp(course["day"], thinned["day"], thinned[column])


def curves_of(rows):
    curves = network_layout.curves_of(rows, dict(zip(rows["edge"], names(rows), strict=True)))
    return {edge: curves[edge] for edge in rows["edge"]}


def drawn_rows(signals):
    """Return the rows of the chart's own table of arrows."""
    tables = charts.signal_network(signals).to_dict()["datasets"].values()
    return next(rows for rows in tables if "line" in rows[0] and "edge" in rows[0])


def names(rows):
    return [network.drawn_name(cargo) for cargo in rows["cargo"].astype(str)]


def box(curve, name):
    """Return about the rectangle that a name fills: left, right, top, bottom."""
    wide = network_plan.text_width(name)
    left = curve.label.x - {"left": 0, "center": wide / 2, "right": wide}[curve.align]
    return left, left + wide, curve.label.y - 9, curve.label.y + 1, name


def overlap(a, b):
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def distance(a, b):
    return ((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5


def test_a_large_picture_is_shortened_in_its_places_only():
    text = "aria-label=\"0.728 of 11.061\""
    long = f'<svg {text}><path d="M1.23456,7.00001" opacity="1"/><text>1.061</text>{" " * LARGE_PICTURE}</svg>'
    short = theme._shortened(long)
    assert text in short and ">1.061<" in short
    assert 'd="M1.2,7"' in short
