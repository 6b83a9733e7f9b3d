"""Simulated micrographs: an exact truth, what thresholds and counting find of it, and the microscope that shows it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from evcourse import widgets
from evcourse.charts import microscope as panels
from evcourse.charts import pictures
from evcourse.models import image_analysis, micrographs
from evcourse.models.image_analysis import ALL, EACH, measured
from evcourse.models.micrographs import STAINS, batch, nuclei_field, stained_field

SEEDS = range(8)


# --- the truth -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", STAINS)
@pytest.mark.parametrize("share", [0, 0.02, 0.2, 0.6])
def test_the_stained_area_is_exact_to_a_pixel(kind, share):
    field = stained_field(kind, area_share=share, size_px=128)
    assert field.area_share == pytest.approx(share, abs=1 / 128**2)
    assert field.image.shape == (128, 128, 3) and 0 <= field.image.min() <= field.image.max() <= 1


def test_the_same_seed_gives_the_same_field():
    first, again, other = (stained_field(size_px=64, seed=seed).image for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_shading_darkens_the_corners_and_leaves_the_middle():
    even, shaded = (stained_field(area_share=0, size_px=65, shading=each, noise=0).image for each in (0, 0.4))
    assert shaded[32, 32].tolist() == pytest.approx(even[32, 32].tolist())
    assert shaded[0, 0].tolist() == pytest.approx((0.6 * even[0, 0]).tolist())


def test_nuclei_know_how_many_they_are_and_which_are_labelled():
    field = nuclei_field(nuclei=80, positive_share=0.25, seed=3)
    assert len(field.nuclei) == 80
    assert field.positive_share == field.nuclei["positive"].mean()
    assert field.positive_share == pytest.approx(0.25, abs=3 * np.sqrt(0.25 * 0.75 / 80))
    middles = field.nuclei[field.nuclei["positive"]][["row_px", "column_px"]].to_numpy().astype(int)
    assert field.truth[tuple(middles.T)].all()


def test_every_field_says_that_it_is_simulated():
    assert all(field.how.startswith("SIMULATED") for field in (stained_field(size_px=64), nuclei_field(size_px=64)))


# --- colours ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", STAINS)
def test_separation_gives_back_the_amount_of_stain_that_was_put_in(kind):
    amount = np.linspace(0, 1, 50).reshape(5, 10)
    image = 10 ** -(amount[..., None] * np.array(STAINS[kind]))
    found = image_analysis.separated(image, image_analysis.stain_vectors(kind))
    np.testing.assert_allclose(found[..., 0], amount, atol=1e-12)
    np.testing.assert_allclose(found[..., 1:], 0, atol=1e-12)


def test_amounts_of_three_stains_survive_the_round_trip_where_nothing_is_saturated():
    from skimage.color import hed2rgb, rgb2hed

    amounts = np.random.default_rng(1).uniform(0, 0.25, (20, 20, 3))
    np.testing.assert_allclose(rgb2hed(hed2rgb(amounts)), amounts, atol=1e-12)


def test_the_common_set_of_vectors_takes_alizarin_red_for_two_other_stains():
    field = stained_field("alizarin red", shading=0, noise=0, size_px=64)
    seen = {name: image_analysis.hed_amount(field, name)[field.truth].mean() for name in image_analysis.HED}
    own = image_analysis.stain_amount(field)[field.truth].mean()
    assert own == pytest.approx(1, abs=0.05)
    assert seen["eosin"] > 0.1 and seen["DAB"] > 0.1


def test_the_common_set_of_vectors_is_right_for_dab():
    field = stained_field("DAB", area_share=0.2, seed=5)
    amount = image_analysis.hed_amount(field, "DAB")
    mask = amount > image_analysis.otsu_threshold(amount)
    assert image_analysis.area_share(mask) == pytest.approx(0.2, abs=0.01)
    assert image_analysis.dice(mask, field.truth) > 0.97


# --- thresholds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", STAINS)
@pytest.mark.parametrize("share", [0.02, 0.2, 0.6])
@pytest.mark.parametrize("size_px", [128, 512])
def test_otsu_finds_a_stained_area_to_a_point_under_weak_shading(kind, share, size_px):
    (row,) = measured([stained_field(kind, area_share=share, size_px=size_px)], EACH).to_dict("records")
    assert row["area_share"] == pytest.approx(share, abs=0.01)
    assert row["dice"] > 0.97


@pytest.mark.parametrize("kind", STAINS)
def test_otsu_calls_a_quarter_to_a_half_of_a_blank_field_stained(kind):
    blank = [stained_field(kind, area_share=0, seed=seed) for seed in SEEDS]
    assert measured(blank, EACH)["area_share"].between(0.20, 0.55).all()
    assert measured(blank, image_analysis.FIXED)["area_share"].max() < 1e-3


def test_strong_shading_brings_a_fixed_threshold_to_grief_on_a_blank_field():
    shares = [
        measured([stained_field(area_share=0, shading=shading, size_px=512)], 0.15)["area_share"].iloc[0]
        for shading in (0.15, 0.40)
    ]
    assert shares[0] < 1e-3
    assert shares[1] == pytest.approx(0.24, abs=0.03)


def test_dividing_by_an_empty_field_takes_shading_away():
    empty = stained_field(area_share=0, shading=0.5, seed=90)
    field = stained_field(area_share=0.2, shading=0.5, seed=91)
    flat = image_analysis.flat_fielded(field, empty)
    before, after = (abs(measured([each], 0.2)["area_share"].iloc[0] - 0.2) for each in (field, flat))
    assert before > 0.03 and after < 0.002


def test_one_threshold_for_a_batch_leaves_its_blank_field_blank():
    fields = batch("alizarin red", size_px=128)
    own, together = measured(fields, EACH), measured(fields, ALL)
    assert own["area_share"].iloc[0] > 0.2 and together["area_share"].iloc[0] < 1e-3
    assert own["threshold"].nunique() == 4 and together["threshold"].nunique() == 1
    assert (together["area_share"] - together["true_area_share"]).abs().max() < 0.01


def test_otsu_loses_weakly_stained_places_and_a_lower_threshold_keeps_them():
    fields = batch("alizarin red", weak_share=0.5, size_px=128)[1:]
    otsu, lower = (measured(fields, threshold) for threshold in (ALL, image_analysis.FIXED))
    assert (otsu["area_share"] < 0.9 * otsu["true_area_share"]).all()
    assert (lower["area_share"] - lower["true_area_share"]).abs().max() < 0.01


def test_debris_is_taken_for_stain():
    clean, dirty = (measured([stained_field(area_share=0, debris=each)], 0.2)["area_share"].iloc[0] for each in (0, 30))
    assert clean == 0 and dirty > 0.002


def test_dice_of_equal_empty_and_separate_masks():
    left = np.array([[True, False]])
    empty = np.zeros((1, 2), dtype=bool)
    assert image_analysis.dice(left, left) == 1 and image_analysis.dice(empty, empty) == 1
    assert image_analysis.dice(left, ~left) == 0
    assert image_analysis.dice(left, np.array([[True, True]])) == pytest.approx(2 / 3)


# --- counting --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted():
    """Counts on eight fields for each number of nuclei, with and without watershed."""
    return {
        (number, watershed): [
            image_analysis.counts(nuclei_field(nuclei=number, seed=seed), watershed=watershed) for seed in SEEDS
        ]
        for number in (60, 120, 250)
        for watershed in (True, False)
    }


@pytest.mark.parametrize(
    ("number", "low", "high"), [(60, -0.08, -0.01), (120, -0.14, -0.06), (250, -0.26, -0.16)]
)
def test_the_watershed_misses_the_more_nuclei_the_denser_they_lie(counted, number, low, high):
    missed = np.mean([each["count"] / each["true_count"] - 1 for each in counted[number, True]])
    assert low < missed < high


@pytest.mark.parametrize(
    ("number", "low", "high"), [(60, -0.20, -0.08), (120, -0.34, -0.20), (250, -0.56, -0.40)]
)
def test_without_watershed_a_clump_counts_as_one(counted, number, low, high):
    missed = np.mean([each["count"] / each["true_count"] - 1 for each in counted[number, False]])
    assert low < missed < high


@pytest.mark.parametrize("number", [60, 120, 250])
def test_the_positive_share_holds_though_the_count_does_not(counted, number):
    off = [each["positive_share"] - each["true_positive_share"] for each in counted[number, True]]
    assert abs(np.mean(off)) < 0.05
    assert np.max(np.abs(off)) < 0.07


def test_a_threshold_of_its_own_finds_labelled_nuclei_where_there_are_none():
    field = nuclei_field(positive_share=0, seed=2)
    assert image_analysis.counts(field)["positive_share"] > 0.05
    assert image_analysis.counts(field, threshold=0.3)["positive_share"] == 0


def test_a_field_without_nuclei_counts_none():
    assert image_analysis.counts(nuclei_field(nuclei=0, noise=0, size_px=64))["count"] == 0


# --- the microscope --------------------------------------------------------------------------------------------------


def test_a_mask_is_drawn_pixel_by_pixel():
    mask, truth = (np.array([each] * 12, dtype=bool) for each in ([1, 1, 0, 0] * 3, [1, 0, 1, 0] * 3))
    seen = opened(panels.pictures_of(np.ones((12, 12, 3)), mask, truth)[0]["called"])
    kinds = {name: {tuple(pixel) for pixel in seen[where]} for name, where in (("found", mask & truth), ("false", mask & ~truth), ("missed", truth & ~mask), ("none", ~mask & ~truth))}
    assert kinds["found"] == {panels.INKS["found"]} and kinds["none"] == {pictures.CLEAR}
    assert kinds["false"] == {panels.INKS["false"], panels.INKS["gap"]}
    assert kinds["missed"] == {panels.INKS["missed"], panels.INKS["gap"]}


def test_a_photograph_survives_its_way_into_the_chart():
    field = stained_field(size_px=144)
    seen = opened(pictures.photograph_address(field.image))[..., :3] / 255
    assert np.abs(seen - field.image).mean() < 0.03


def test_the_histogram_counts_every_pixel_once():
    field = stained_field(size_px=64, area_share=0.3)
    rows = panels.histogram_of(image_analysis.stain_amount(field), field.truth)
    assert sum(row["stained"] for row in rows) == field.truth.sum()
    assert sum(row["clean"] + row["stained"] for row in rows) == 64**2


@pytest.fixture(scope="module")
def scope():
    return widgets.microscope()


@pytest.mark.parametrize("stain", [*STAINS, micrographs.EDU])
def test_the_microscope_shows_a_batch_as_measured_apart(scope, stain):
    scope.values = {**scope.starts, "stain": stain, "field": 0, "method": EACH}
    shares = dict(zip(*(scope.content["batch"][name] for name in ("method", "share")), strict=False))
    assert len(scope.content["batch"]["share"]) == 12 and shares
    assert scope.content["share"] == pytest.approx(scope.content["batch"]["share"][0], abs=1e-4)
    assert 0.2 < scope.content["share"] < 0.55 and scope.content["missed_share"] == 0
    assert "of a field without any stain" in scope.content["summary"]


def test_a_higher_threshold_never_calls_more_stained(scope):
    shares = []
    for threshold in (0.02, 0.1, 0.2, 0.5, 1.2):
        scope.values = {**scope.starts, "method": panels.BY_HAND, "threshold": threshold}
        shares.append(scope.content["share"])
        assert scope.content["limit"] == threshold
    assert shares == sorted(shares, reverse=True) and shares[0] > shares[-1]


def test_the_sentence_tells_share_truth_and_dice(scope):
    scope.values = {**scope.starts, "field": 3, "method": panels.BY_HAND, "threshold": 0.2}
    assert re.fullmatch(r"Your slider, for all fields: threshold 0\.20\. Called stained 4\d\.\d%, truly stained 45\.0%, Dice [01]\.\d\d\.", scope.content["summary"])


@pytest.mark.parametrize("difficulty", ["clean", "weak", "debris", "both"])
def test_what_the_microscope_shows_stays_small(scope, difficulty):
    for stain in STAINS:
        scope.values = {**scope.starts, "stain": stain, "difficulty": difficulty, "field": 3}
        assert len(str(scope.content["pictures"])) < 18_000
    assert len(str(scope.spec)) < 32_000 and "SIMULATED" in str(scope.spec["title"])


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: stained_field("H&E"), "No stain 'H&E': choose alizarin red, ALP, DAB; for EdU"),
        (lambda: stained_field(area_share=20), "area_share must lie between 0 and 0.9, but is 20"),
        (lambda: stained_field(shading=0.9), "shading must lie between 0 and 0.6"),
        (lambda: nuclei_field(nuclei=1000), "nuclei must lie between 0 and 400"),
        (lambda: measured([stained_field(size_px=64)], "triangle"), "No threshold 'triangle': choose 'each its own', 'one for all'"),
        (lambda: image_analysis.counts(stained_field(size_px=64)), "A field of alizarin red has no nuclei to count"),
        (lambda: image_analysis.hed_amount(stained_field(size_px=64), "PAS"), "No channel 'PAS': choose haematoxylin, eosin, DAB"),
        (lambda: image_analysis.dice(np.zeros((2, 2)), np.zeros((3, 3))), "different sizes"),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()


def opened(address):
    """Return the picture behind a data address: height × width × 4, from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGBA"))
