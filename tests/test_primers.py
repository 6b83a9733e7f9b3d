"""Primers: lengths, melting temperatures and dimers against a table computed apart, and against primer3's own example."""

import pytest

import evcourse as ev
from evcourse.models import primers
from evcourse.models.primers import IN_PCR, SALT_ONLY, Conditions, cleaned, pair_report, primer_report

# Computed once, apart from this course, with primer3-py 2.4.0: length, GC in per cent, Tm (salt only), Tm (in PCR),
# hairpin ΔG and Tm (in PCR), homodimer ΔG (salt only), homodimer ΔG and Tm (in PCR), ΔG of the 3′ end on itself (in PCR).
NONE = None
BY_PRIMER = {
    "BMP2-F": (20, 60.0, 58.28, 65.50, NONE, NONE, -5.57, -6.44, 17.6, -4.69),
    "BMP2-R": (25, 48.0, 58.46, 65.37, -0.57, 45.1, -5.04, -6.60, 19.5, -3.65),
    "RUNX2-F": (23, 47.8, 55.09, 62.36, NONE, NONE, -4.22, -5.09, 3.7, -0.17),
    "RUNX2-R": (20, 50.0, 54.17, 61.51, NONE, NONE, -1.30, -1.30, -67.6, 0.00),
    "PI3KR1-F": (25, 44.0, 57.40, 64.00, -0.94, 46.9, -2.84, -4.05, 6.1, 0.94),
    "PI3KR1-R": (22, 54.5, 58.09, 65.33, NONE, NONE, -2.42, -2.94, -9.6, 0.82),
    "PI3KCA-F": (23, 47.8, 56.76, 63.92, NONE, NONE, -2.68, -2.86, -27.1, -1.69),
    "PI3KCA-R": (22, 54.5, 57.09, 64.13, NONE, NONE, -2.68, -2.86, -27.1, -0.09),
    "PTEN-F": (22, 54.5, 58.74, 66.04, NONE, NONE, -5.77, -6.29, 12.8, -1.44),
    "PTEN-R": (23, 52.2, 58.22, 65.07, -0.39, 44.1, -7.31, -8.18, 25.9, -3.06),
}
# Heterodimer ΔG and Tm (salt only), ΔG and Tm (in PCR), most stable 3′ end (in PCR).
BY_PAIR = {
    "BMP2": (-3.79, -3.5, -4.48, -0.4, -2.41),
    "RUNX2": (-1.30, -66.6, -1.30, -67.6, -0.97),
    "PI3KR1": (-3.42, -7.8, -3.94, -5.6, 0.04),
    "PI3KCA": (-2.68, -27.3, -2.86, -27.1, -1.15),
    "PTEN": (-3.34, -10.4, -3.86, -8.1, -0.42),
}
# Tm of a nearest-neighbour calculator that takes the primer in excess (no division by 4), 50 mM salt, 250 nM.
IN_EXCESS = {"BMP2-F": 60.22, "RUNX2-R": 56.16, "PTEN-F": 60.54}


@pytest.fixture(scope="module")
def printed():
    return ev.load("primers")


@pytest.fixture(scope="module")
def salt_only(printed):
    return primer_report(printed, SALT_ONLY).set_index("primer")


@pytest.fixture(scope="module")
def in_pcr(printed):
    return primer_report(printed, IN_PCR).set_index("primer")


@pytest.mark.parametrize("name", BY_PRIMER)
def test_a_primer_is_described_as_computed_apart(salt_only, in_pcr, name):
    length, gc, tm, tm_pcr, hairpin, hairpin_tm, dimer, dimer_pcr, dimer_tm, end = BY_PRIMER[name]
    first, second = salt_only.loc[name], in_pcr.loc[name]
    assert (first["length_nt"], first["gc_percent"]) == pytest.approx((length, gc), abs=0.05)
    assert (first["tm_c"], second["tm_c"]) == pytest.approx((tm, tm_pcr), abs=0.05)
    assert first["homodimer_dg_kcal_per_mol"] == pytest.approx(dimer, abs=0.01)
    assert second["homodimer_dg_kcal_per_mol"] == pytest.approx(dimer_pcr, abs=0.01)
    assert second["homodimer_tm_c"] == pytest.approx(dimer_tm, abs=0.06)
    assert second["end_self_dg_kcal_per_mol"] == pytest.approx(end, abs=0.01)
    folded = second[["hairpin_dg_kcal_per_mol", "hairpin_tm_c"]].tolist()
    expected = [float("nan") if each is NONE else each for each in (hairpin, hairpin_tm)]
    assert folded == pytest.approx(expected, abs=0.06, nan_ok=True)


@pytest.mark.parametrize("gene", BY_PAIR)
def test_a_pair_is_described_as_computed_apart(printed, gene):
    dg, tm, dg_pcr, tm_pcr, end = BY_PAIR[gene]
    first, second = (pair_report(printed, mix).set_index("gene").loc[gene] for mix in (SALT_ONLY, IN_PCR))
    assert (first["heterodimer_dg_kcal_per_mol"], second["heterodimer_dg_kcal_per_mol"]) == pytest.approx((dg, dg_pcr), abs=0.01)
    assert (first["heterodimer_tm_c"], second["heterodimer_tm_c"]) == pytest.approx((tm, tm_pcr), abs=0.06)
    assert second["end_dg_kcal_per_mol"] == pytest.approx(end, abs=0.01)


def test_a_pair_differs_by_the_difference_of_its_melting_temperatures(printed, salt_only):
    pair = pair_report(printed).set_index("gene").loc["RUNX2"]
    difference = abs(salt_only.loc["RUNX2-F", "tm_c"] - salt_only.loc["RUNX2-R", "tm_c"])
    assert pair["tm_difference_c"] == pytest.approx(difference, rel=1e-12)


def test_primer3_is_asked_as_its_documentation_shows():
    # README of primer3-py: calc_tm gives 54.695…, calc_hairpin tm=66.75, dg=-3176.92, with these defaults.
    defaults = Conditions(50, 1.5, 0.6, 50, "santalucia")
    assert primers.melting_temperature("GTAAAACGACGGCCAGT", defaults) == pytest.approx(54.695494691112515, abs=1e-9)
    rows = ev.load("primers").iloc[:1].assign(sequence="CCCCCATCCGATCAGGGGG")
    hairpin = primer_report(rows, defaults).iloc[0]
    assert hairpin["hairpin_tm_c"] == pytest.approx(66.75, abs=0.005)
    assert hairpin["hairpin_dg_kcal_per_mol"] == pytest.approx(-3.17692, abs=1e-5)


@pytest.mark.parametrize("name", IN_EXCESS)
def test_a_calculator_that_takes_the_primer_in_excess_equals_primer3_with_four_times_the_primer(printed, salt_only, name):
    four_times = primer_report(printed, Conditions(oligo_nmol_per_l=1000)).set_index("primer")["tm_c"]
    assert four_times[name] == pytest.approx(IN_EXCESS[name], abs=0.02)
    assert 1.5 < IN_EXCESS[name] - salt_only.loc[name, "tm_c"] < 2.05


def test_no_primer_of_the_table_sticks_to_itself_at_working_temperatures(in_pcr):
    assert in_pcr["homodimer_tm_c"].max() < 26
    assert in_pcr["homodimer_dg_kcal_per_mol"].idxmin() == "PTEN-R"


def test_the_rule_of_thumb_is_too_high_for_long_primers(salt_only):
    thumb = salt_only["sequence"].map(primers.rule_of_thumb)
    assert thumb["BMP2-F"] == 64 and thumb["BMP2-R"] == 74
    assert (thumb > salt_only["tm_c"]).all()


# --- cleaning --------------------------------------------------------------------------------------------------------


def test_printed_sequences_without_their_gaps_are_those_of_the_table(printed):
    assert printed["sequence_as_printed"].map(cleaned).tolist() == printed["sequence"].tolist()
    assert printed["sequence"].str.len().tolist() == printed["length_nt"].tolist()


def test_a_report_of_printed_sequences_counts_no_gap_as_a_base(printed, salt_only):
    gapped = printed.assign(sequence=printed["sequence_as_printed"])
    assert primer_report(gapped).set_index("primer").equals(salt_only)


@pytest.mark.parametrize("gap", [" ", "\n", "\t", "\u00a0", "\n\n"])
def test_every_kind_of_gap_is_removed(gap):
    assert cleaned(f"acg{gap}T") == "ACGT"


def test_the_longest_run_is_the_first_of_the_longest():
    assert primers.longest_run("AGGGAATAGAGGGGATGCATTAG") == "GGGG"
    assert primers.longest_run("AATTC") == "AA"


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: cleaned("ACGU"), "'U' at place 4 of 'ACGU' is no base"),
        (lambda: cleaned("5'-ACGT-3'"), "is no base: a primer is written with A, C, G and T"),
        (lambda: cleaned("  "), "has 1 to 60 bases, but this one has 0"),
        (lambda: cleaned("A" * 61), "but this one has 61"),
        (lambda: Conditions(oligo_nmol_per_l=0), "oligo_nmol_per_l must be above zero"),
        (lambda: Conditions(salt_correction="wallace"), "choose schildkraut, santalucia or owczarzy"),
        (lambda: primer_report(ev.load("primers").drop(columns="primer")), "lacks the column 'primer'"),
        (lambda: pair_report(ev.load("primers").iloc[:3]), "RUNX2 needs one forward and one reverse primer, but has forward"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()
