"""NIST's eleven certified one-way analyses of variance: three as files, eight made from their rule (see nist/README.md)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd

FILES = Path(__file__).parent / "nist"
REPLICATES = {"SmLs01": 21, "SmLs02": 201, "SmLs03": 2001}
SETS = ["SiRstv", "AtmWtAg", *(f"SmLs{number:02d}" for number in range(1, 10))]

# First value of each treatment, in tenths; the others stand a tenth below and above it in turn.
_CENTRES = [4, 3, 5, 3, 5, 3, 5, 3, 5]
_CONSTANTS = ["1", "1000000", "1000000000000"]


@cache
def measurements(name):
    """Return a set as a tidy table, group and value, the values as text, as printed."""
    if (FILES / f"{name}.dat").exists():
        return rows_of((FILES / f"{name}.dat").read_text(encoding="ascii"))
    return made(name)


@cache
def certified(name):
    """Return the certified values of a set by name: between, within (sums of squares), f, r_squared, s."""
    if (FILES / f"{name}.dat").exists():
        return certified_in((FILES / f"{name}.dat").read_text(encoding="ascii"))
    # The rule's own values, exact: n replicates have the sums 0.08·n and 0.09·(n − 1), F = n.
    n = replicates(name)
    between, within = 8 * 0.01 * n, 9 * 0.01 * (n - 1)
    return {"between": between, "within": within, "f": n, "r_squared": between / (between + within), "s": 0.1}


def made(name):
    """Return one of the sets SmLs01 to SmLs09 from the rule of Simon and Lesage."""
    constant = _CONSTANTS[(int(name[-2:]) - 1) // 3]
    steps = [0] + [-1, 1] * (replicates(name) // 2)
    values = [f"{constant}.{centre + step}" for centre in _CENTRES for step in steps]
    groups = [str(number) for number in range(1, 10) for _ in steps]
    return pd.DataFrame({"group": groups, "value": values})


def replicates(name):
    return list(REPLICATES.values())[(int(name[-2:]) - 1) % 3]


def rows_of(text):
    """Return the data of one of NIST's files."""
    return pd.DataFrame([line.split() for line in text.splitlines()[60:] if line.strip()], columns=["group", "value"])


def certified_in(text):
    """Return the certified values in one of NIST's files."""
    head = "\n".join(text.splitlines()[:60])
    numbers = [float(each) for each in re.findall(r"\d\.\d+E[-+]\d+", head)]
    names = ["between", "between_mean_square", "f", "within", "within_mean_square", "r_squared", "s"]
    return dict(zip(names, numbers, strict=True))
