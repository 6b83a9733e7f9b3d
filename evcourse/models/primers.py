"""Primers: length, GC, melting temperature, hairpins and dimers, as the field's own library (primer3) computes them.

Everything rests on nearest-neighbour energies and two-state melting. **The convention matters**: primer3 divides the
concentration of the oligo by 4, as for two different strands at equal concentration; calculators that take the primer
in excess do not, and give 1.6 to 2.0 °C more for the same primer. Whether a primer binds to one place only cannot be
told from its sequence: that takes a transcriptome (Primer-BLAST).

References
----------
primer3: Untergasser et al. (2012), https://doi.org/10.1093/nar/gks596; energies: SantaLucia (1998),
https://doi.org/10.1073/pnas.95.4.1460; divalent salt: Owczarzy et al. (2008), https://doi.org/10.1021/bi702363u.
Cited as general knowledge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse.models.quantities import require_between, require_positive

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NT = 60
"""Longest sequence for which primer3 computes two-state melting (its documentation)."""

_CALORIES = 1000.0


@dataclass(frozen=True)
class Conditions:
    """In what a primer melts.

    Parameters
    ----------
    monovalent_mmol_per_l, divalent_mmol_per_l, dntp_mmol_per_l
        Salt (K⁺, Na⁺), magnesium, and the nucleotides that bind magnesium.
    oligo_nmol_per_l
        Concentration of the primer; primer3 divides it by 4.
    salt_correction
        "santalucia" (sodium only in mind) or "owczarzy" (for magnesium), as primer3 calls them.
    """

    monovalent_mmol_per_l: float = 50.0
    divalent_mmol_per_l: float = 0.0
    dntp_mmol_per_l: float = 0.0
    oligo_nmol_per_l: float = 250.0
    salt_correction: str = "santalucia"

    def __post_init__(self) -> None:
        require_positive(monovalent_mmol_per_l=self.monovalent_mmol_per_l, oligo_nmol_per_l=self.oligo_nmol_per_l)
        require_between(0, 100, divalent_mmol_per_l=self.divalent_mmol_per_l, dntp_mmol_per_l=self.dntp_mmol_per_l)
        if self.salt_correction not in ("schildkraut", "santalucia", "owczarzy"):
            raise ValueError(f"No salt correction {self.salt_correction!r}: choose schildkraut, santalucia or owczarzy.")


SALT_ONLY = Conditions()
"""50 mM salt, no magnesium, 250 nM primer, correction of SantaLucia (1998): for comparing calculators."""

IN_PCR = Conditions(
    divalent_mmol_per_l=3.0, dntp_mmol_per_l=0.8, oligo_nmol_per_l=200.0, salt_correction="owczarzy"
)
"""50 mM salt, 3 mM magnesium, 0.8 mM nucleotides, 200 nM primer, correction of Owczarzy (2008): a usual PCR mix, the
course's choice."""


def primer_report(primers: pd.DataFrame, conditions: Conditions = SALT_ONLY) -> pd.DataFrame:
    """Return what can be said of each primer from its sequence.

    Parameters
    ----------
    primers
        Columns primer and sequence; gaps of a scan are removed (see `cleaned`).
    conditions
        Salt and concentrations.

    Returns
    -------
    pandas.DataFrame
        One row per primer: primer, sequence (cleaned), length_nt, gc_percent, gc_in_last_5, longest_run, tm_c,
        hairpin_dg_kcal_per_mol and hairpin_tm_c (empty where no hairpin forms), homodimer_dg_kcal_per_mol,
        homodimer_tm_c, end_self_dg_kcal_per_mol (of the 3′ end on another copy). ΔG at 37 °C.
    """
    import pandas as pd

    _require_columns(primers, ["primer", "sequence"])
    named = zip(primers["primer"], map(cleaned, primers["sequence"]), strict=True)
    return pd.DataFrame([{"primer": name, **_described(sequence, conditions)} for name, sequence in named])


def pair_report(primers: pd.DataFrame, conditions: Conditions = SALT_ONLY) -> pd.DataFrame:
    """Return how the two primers of each gene get on with each other.

    Parameters
    ----------
    primers
        Columns gene, strand ("forward" or "reverse") and sequence; one of each strand per gene.
    conditions
        Salt and concentrations.

    Returns
    -------
    pandas.DataFrame
        One row per gene: gene, forward_tm_c, reverse_tm_c, tm_difference_c (without sign), heterodimer_dg_kcal_per_mol,
        heterodimer_tm_c, end_dg_kcal_per_mol (most stable binding of a 3′ end to the other primer). ΔG at 37 °C.
    """
    import pandas as pd

    _require_columns(primers, ["gene", "strand", "sequence"])
    pairs = [(gene, *_pair(gene, rows)) for gene, rows in primers.groupby("gene", sort=False, observed=True)]
    return pd.DataFrame([{"gene": gene, **_paired(one, other, conditions)} for gene, one, other in pairs])


def cleaned(sequence_as_printed: str) -> str:
    """Return a printed sequence without the gaps of a scan (spaces, line and page breaks), in capitals.

    Raises
    ------
    ValueError
        If something other than A, C, G or T is left, or nothing.

    Examples
    --------
    >>> cleaned("agcaggagaagaa ggatgagaca")
    'AGCAGGAGAAGAAGGATGAGACA'
    """
    letters = re.sub(r"\s+", "", str(sequence_as_printed)).upper()
    wrong = re.search("[^ACGT]", letters)
    if wrong:
        raise ValueError(f"{wrong[0]!r} at place {wrong.start() + 1} of {letters!r} is no base: a primer is written with A, C, G and T.")
    if not 1 <= len(letters) <= LONGEST_NT:
        raise ValueError(f"A primer has 1 to {LONGEST_NT} bases, but this one has {len(letters)}: check the sequence.")
    return letters


def gc_percent(sequence: str) -> float:
    """Return the share of G and C, in per cent.

    Examples
    --------
    >>> gc_percent("TGACTGGATCGTGGCACCTC")
    60.0
    """
    letters = cleaned(sequence)
    return 100 * sum(letters.count(base) for base in "GC") / len(letters)


def longest_run(sequence: str) -> str:
    """Return the longest stretch of one base, the first of them if there are several.

    Examples
    --------
    >>> longest_run("AGGGAATAGAGGGGATGCATTAG")
    'GGGG'
    """
    return max((run[0] for run in re.finditer(r"(.)\1*", cleaned(sequence))), key=len)


def melting_temperature(sequence: str, conditions: Conditions = SALT_ONLY) -> float:
    """Return the melting temperature in °C by nearest neighbours, the concentration divided by 4 (primer3)."""
    import primer3

    return primer3.calc_tm(
        cleaned(sequence), tm_method="santalucia", salt_corrections_method=conditions.salt_correction, **_mix(conditions)
    )


def rule_of_thumb(sequence: str) -> float:
    """Return 2·(A + T) + 4·(G + C) in °C: Wallace's rule, for up to 14 bases; longer primers come out too high."""
    letters = cleaned(sequence)
    return 2 * len(letters) + 2.0 * sum(letters.count(base) for base in "GC")


def _described(sequence: str, conditions: Conditions) -> dict[str, Any]:
    import primer3

    mix = _mix(conditions)
    folds = {"hairpin": primer3.calc_hairpin(sequence, **mix), "homodimer": primer3.calc_homodimer(sequence, **mix)}
    end = primer3.calc_end_stability(sequence, sequence, **mix)
    return {
        "sequence": sequence,
        "length_nt": len(sequence),
        "gc_percent": gc_percent(sequence),
        "gc_in_last_5": sum(sequence[-5:].count(base) for base in "GC"),
        "longest_run": longest_run(sequence),
        "tm_c": melting_temperature(sequence, conditions),
        **_energies(**folds),
        "end_self_dg_kcal_per_mol": end.dg / _CALORIES,
    }


def _paired(forward: str, reverse: str, conditions: Conditions) -> dict[str, float]:
    import primer3

    mix = _mix(conditions)
    melting = [melting_temperature(each, conditions) for each in (forward, reverse)]
    ends = [primer3.calc_end_stability(one, other, **mix).dg for one, other in ((forward, reverse), (reverse, forward))]
    return {
        "forward_tm_c": melting[0],
        "reverse_tm_c": melting[1],
        "tm_difference_c": abs(melting[0] - melting[1]),
        **_energies(heterodimer=primer3.calc_heterodimer(forward, reverse, **mix)),
        "end_dg_kcal_per_mol": min(ends) / _CALORIES,
    }


def _energies(**structures: Any) -> dict[str, float]:
    """ΔG and Tm of structures by name, empty where primer3 finds none."""
    found = {}
    for name, each in structures.items():
        found[f"{name}_dg_kcal_per_mol"] = each.dg / _CALORIES if each.structure_found else np.nan
        found[f"{name}_tm_c"] = each.tm if each.structure_found else np.nan
    return found


def _mix(conditions: Conditions) -> dict[str, float]:
    """The conditions under primer3's names."""
    return {
        "mv_conc": conditions.monovalent_mmol_per_l,
        "dv_conc": conditions.divalent_mmol_per_l,
        "dntp_conc": conditions.dntp_mmol_per_l,
        "dna_conc": conditions.oligo_nmol_per_l,
    }


def _pair(gene: Any, rows: pd.DataFrame) -> list[str]:
    strands = rows["strand"].astype(str).tolist()
    if sorted(strands) != ["forward", "reverse"]:
        raise ValueError(f"Gene {gene} needs one forward and one reverse primer, but has {', '.join(strands)}.")
    by_strand = dict(zip(strands, map(cleaned, rows["sequence"]), strict=True))
    return [by_strand["forward"], by_strand["reverse"]]


def _require_columns(primers: pd.DataFrame, names: list[str]) -> None:
    missing = [name for name in names if name not in primers]
    if missing:
        raise ValueError(f"The table lacks the column {missing[0]!r}: it needs {', '.join(names)}.")
