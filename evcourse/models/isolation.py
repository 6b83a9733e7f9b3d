"""Differential centrifugation, rotor by rotor: what a spin pellets, and what a whole protocol recovers.

A rotor is a mapping or a row of a table with `kind` ("swing-out" or "fixed-angle"), `rmin_mm` and `rmax_mm`, and for
a fixed-angle rotor `tube_diameter_mm` and `angle_deg`. Other entries are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from evcourse.models import sedimentation

KINDS = {"swing-out": ("rmin_mm", "rmax_mm"), "fixed-angle": ("rmin_mm", "rmax_mm", "tube_diameter_mm", "angle_deg")}
"""What has to be known of each kind of rotor."""

KEPT = ("supernatant", "pellet")
"""The fraction that a protocol goes on with after a spin."""


def pelleted_fraction(diameter_nm, rcf_g, duration_min, rotor, *, xp=np, **particle_and_medium):
    """Return the fraction of the particles of a size that a spin pellets, 0 to 1 (0 if they float).

    Parameters
    ----------
    diameter_nm
        Diameter in nm.
    rcf_g
        Force at the rotor's largest radius, as a multiple of gravity.
    duration_min
        Duration in minutes.
    rotor
        A mapping or row that describes the rotor (see the module).
    **particle_and_medium
        `particle_density_g_per_ml`, `medium_density_g_per_ml`, `viscosity_mpa_s`, as for `sedimentation_coefficient`.

    Raises
    ------
    ValueError
        If a number is out of range, or the rotor is of unknown kind or lacks a dimension.

    Examples
    --------
    >>> sw_32 = {"kind": "swing-out", "rmin_mm": 66.8, "rmax_mm": 152.5}
    >>> round(float(pelleted_fraction(100, 10_000, 30, sw_32)), 3)
    0.087
    """
    kind, dimensions = _rotor_geometry(rotor)
    sinking = sedimentation.sedimentation_coefficient(diameter_nm, **particle_and_medium)
    fraction = {
        "swing-out": sedimentation.pelleted_fraction_swing_out,
        "fixed-angle": sedimentation.pelleted_fraction_fixed_angle,
    }[kind]
    return fraction(sinking, rcf_g, duration_min, **dimensions, xp=xp)


def cut_off_diameter(rcf_g, duration_min, rotor, *, xp=np, **particle_and_medium):
    """Return the smallest diameter, in nm, that a spin pellets completely; arguments as for `pelleted_fraction`.

    Raises
    ------
    ValueError
        Also if the particles are not denser than the medium: they float, whatever their size.
    """
    kind, dimensions = _rotor_geometry(rotor)
    cut_off = {"swing-out": sedimentation.cut_off_swing_out, "fixed-angle": sedimentation.cut_off_fixed_angle}[kind]
    sinking = cut_off(rcf_g, duration_min, **dimensions, xp=xp)
    return sedimentation.stokes_diameter(sinking, xp=xp, **particle_and_medium)


def protocol_recovery(
    diameters_nm: Iterable[float],
    spins: pd.DataFrame,
    rotor: Mapping[str, Any] | pd.Series,
    **particle_and_medium: float,
) -> pd.DataFrame:
    """Return where the particles of each size are after each spin of a protocol.

    Each kept pellet is taken up again completely and evenly before the next spin.

    Parameters
    ----------
    diameters_nm
        Diameters in nm.
    spins
        One row per spin, in order, with `rcf_g` (at the largest radius), `duration_min` and `kept`: the fraction that
        the protocol goes on with, "supernatant" or "pellet".
    rotor
        The one rotor that all spins use (see the module).
    **particle_and_medium
        As for `pelleted_fraction`.

    Returns
    -------
    pandas.DataFrame
        One row per diameter and spin: `diameter_nm`, `spin` (from 1), `rcf_g`, `duration_min`, `kept`;
        `pelleted_fraction` of what this spin began with; then, as shares of the original, `share_in_pellet`,
        `share_in_supernatant`, `share_kept`, `share_lost` in this spin, and `final_yield` after the last spin.

    Raises
    ------
    ValueError
        If a spin has no force or duration, `kept` is neither word, or the rotor or a number is not acceptable.
    """
    _check_spins(spins)
    diameters = np.asarray(list(diameters_nm), dtype=float)
    remaining, spun = np.ones_like(diameters), []
    for number, spin in enumerate(spins.itertuples(index=False), start=1):
        fraction = pelleted_fraction(diameters, spin.rcf_g, spin.duration_min, rotor, **particle_and_medium)
        spun.append(_after_spin(number, spin, diameters, fraction, remaining))
        remaining = spun[-1]["share_kept"].to_numpy()
    recovery = pd.concat(spun, ignore_index=True).sort_values(["diameter_nm", "spin"], ignore_index=True, kind="stable")
    return recovery.assign(final_yield=recovery["diameter_nm"].map(dict(zip(diameters, remaining, strict=True))))


def _after_spin(
    number: int, spin: Any, diameters: np.ndarray, fraction: np.ndarray, before: np.ndarray
) -> pd.DataFrame:
    pellet, supernatant = before * fraction, before * (1 - fraction)
    kept, lost = (pellet, supernatant) if spin.kept == "pellet" else (supernatant, pellet)
    return pd.DataFrame(
        {
            "diameter_nm": diameters,
            "spin": number,
            "rcf_g": spin.rcf_g,
            "duration_min": spin.duration_min,
            "kept": str(spin.kept),
            "pelleted_fraction": fraction,
            "share_in_pellet": pellet,
            "share_in_supernatant": supernatant,
            "share_kept": kept,
            "share_lost": lost,
        }
    )


def _check_spins(spins: pd.DataFrame) -> None:
    missing = [column for column in ("rcf_g", "duration_min", "kept") if column not in spins.columns]
    if missing or spins.empty:
        lack = missing or "rows"
        raise ValueError(f"A protocol needs spins with rcf_g, duration_min and kept; missing here: {lack}.")
    for number, spin in enumerate(spins.itertuples(index=False), start=1):
        if pd.isna(spin.rcf_g) or pd.isna(spin.duration_min):
            raise ValueError(
                f"Spin {number} has rcf_g {spin.rcf_g} and duration_min {spin.duration_min}, and both are needed: "
                "a speed in rpm gives a force only with the rotor's radius (relative_centrifugal_force)."
            )
        if spin.kept not in KEPT:
            raise ValueError(f"Spin {number} keeps {spin.kept!r}: write 'supernatant' or 'pellet'.")


def _rotor_geometry(rotor: Mapping[str, Any] | pd.Series) -> tuple[str, dict[str, Any]]:
    if not isinstance(rotor, Mapping | pd.Series):
        given = type(rotor).__name__
        raise ValueError(f"A rotor is one row of a table of rotors, such as rotors.iloc[0], not a {given}.")
    kind = rotor.get("kind")
    if kind not in KINDS:
        raise ValueError(f"No rotor kind {kind!r}: it is {' or '.join(map(repr, KINDS))}.")
    dimensions = {name: rotor.get(name) for name in KINDS[kind]}
    missing = [name for name, value in dimensions.items() if value is None or _is_nan(value)]
    if missing:
        raise ValueError(f"A {kind} rotor needs {', '.join(KINDS[kind])}; this one lacks {', '.join(missing)}.")
    return str(kind), dimensions


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and np.isnan(value)
