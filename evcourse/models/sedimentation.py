"""Sedimentation of vesicles: what a spin does, from the rotor's geometry and the particle's size.

Radii are distances from the rotor's axis: `rmin_mm` of the meniscus, `rmax_mm` of the tube's bottom. A force `rcf_g`
is always the one **at rmax**. To use a force stated at another radius, convert it first:
`relative_centrifugal_force(rmax_mm, rotor_speed(rcf_g, radius_mm))`.

Every function works on numbers, on arrays, and on the expressions of a chart; where it takes `xp`, expressions need
`xp=browser_math` (`evcourse.charts.browser_math`), elsewhere it is arithmetic only.
The model: spheres that sink independently of each other (Stokes), evenly spread at the start, without diffusion.
"""

from __future__ import annotations

from math import pi

import numpy as np

from evcourse.models.quantities import require_between, require_positive, require_smaller

STANDARD_GRAVITY = 9.80665
"""m/s², by definition (3rd General Conference on Weights and Measures, 1901)."""

VESICLE_DENSITY = 1.13
"""g/mL, of small extracellular vesicles; range 1.08 to 1.19. A default to be varied, not a measured value."""

MEDIUM_DENSITY = 1.006
"""g/mL, of buffered saline at 4 °C; range 1.000 to 1.010."""

MEDIUM_VISCOSITY = 1.60
"""mPa s, of buffered saline at 4 °C (water 1.567); range 1.57 to 1.70."""

SVEDBERG = 1e-13
"""s, by definition."""


def angular_velocity(speed_rpm):
    """Return the angular velocity ω = 2πn in rad/s of a rotor at n turns per minute."""
    require_positive(speed_rpm=speed_rpm)
    return 2 * pi / 60 * speed_rpm


def relative_centrifugal_force(radius_mm, speed_rpm):
    """Return the acceleration ω²r at a radius, as a multiple of standard gravity.

    Parameters
    ----------
    radius_mm
        Distance from the axis, in mm.
    speed_rpm
        Rotor speed in turns per minute.

    Notes
    -----
    Manuals print it as 1.118e-5 · r/cm · rpm²; here the constant is exact (1.11824e-5).

    Examples
    --------
    >>> round(float(relative_centrifugal_force(152.5, 32_000)))
    174625
    """
    require_positive(radius_mm=radius_mm, speed_rpm=speed_rpm)
    return angular_velocity(speed_rpm) ** 2 * (radius_mm * 1e-3) / STANDARD_GRAVITY


def rotor_speed(rcf_g, radius_mm, *, xp=np):
    """Return the speed, in turns per minute, that gives a force at a radius (in mm)."""
    require_positive(rcf_g=rcf_g, radius_mm=radius_mm)
    return 60 / (2 * pi) * xp.sqrt(rcf_g * STANDARD_GRAVITY / (radius_mm * 1e-3))


def k_factor(rmin_mm, rmax_mm, speed_rpm, *, xp=np):
    """Return the clearing factor k of a rotor at a speed: the hours in which 1 S is cleared (in S h).

    Parameters
    ----------
    rmin_mm, rmax_mm
        Smallest and largest radius in mm.
    speed_rpm
        Speed in turns per minute; rotor lists give k at the highest speed allowed.

    Notes
    -----
    k = 10¹³/3600 · ln(rmax/rmin)/ω², as rotor manuals define it (there 2.53e11 ln(rmax/rmin)/rpm²).
    """
    require_positive(rmin_mm=rmin_mm, speed_rpm=speed_rpm)
    require_smaller(rmin_mm=rmin_mm, rmax_mm=rmax_mm)
    return xp.log(rmax_mm / rmin_mm) / angular_velocity(speed_rpm) ** 2 / SVEDBERG / 3600


def clearing_time_h(k, sedimentation_svedberg):
    """Return the hours in which a swing-out rotor clears its tube of particles: t = k/s.

    Parameters
    ----------
    k
        The rotor's k at the speed used, in S h.
    sedimentation_svedberg
        Sedimentation coefficient in svedberg (S). One of zero or below never pellets and is refused.
    """
    require_positive(k=k, sedimentation_svedberg=sedimentation_svedberg)
    return k / sedimentation_svedberg


def sedimentation_coefficient(
    diameter_nm,
    *,
    particle_density_g_per_ml=VESICLE_DENSITY,
    medium_density_g_per_ml=MEDIUM_DENSITY,
    viscosity_mpa_s=MEDIUM_VISCOSITY,
):
    """Return the sedimentation coefficient of a sphere, in svedberg (1 S = 10⁻¹³ s).

    It is negative for a particle lighter than the medium, which floats.

    Parameters
    ----------
    diameter_nm
        Hydrodynamic diameter in nm.
    particle_density_g_per_ml, medium_density_g_per_ml
        Densities in g/mL. The particle's is the one it has in this medium: the density found in a sucrose gradient
        is higher, because vesicles lose water there.
    viscosity_mpa_s
        Viscosity of the medium in mPa s.

    Notes
    -----
    s = d²(ρp − ρm)/(18η), from Stokes's law of drag (Stokes 1851).

    Examples
    --------
    >>> round(sedimentation_coefficient(100), 1)
    430.6
    """
    require_positive(diameter_nm=diameter_nm, viscosity_mpa_s=viscosity_mpa_s)
    excess = (particle_density_g_per_ml - medium_density_g_per_ml) * 1e3
    return (diameter_nm * 1e-9) ** 2 * excess / (18 * viscosity_mpa_s * 1e-3) / SVEDBERG


def stokes_diameter(
    sedimentation_svedberg,
    *,
    particle_density_g_per_ml=VESICLE_DENSITY,
    medium_density_g_per_ml=MEDIUM_DENSITY,
    viscosity_mpa_s=MEDIUM_VISCOSITY,
    xp=np,
):
    """Return the diameter in nm of the sphere with a sedimentation coefficient (the inverse of that function).

    Raises
    ------
    ValueError
        If the particle is not denser than the medium: then no diameter pellets.
    """
    require_positive(sedimentation_svedberg=sedimentation_svedberg, viscosity_mpa_s=viscosity_mpa_s)
    require_smaller(
        medium_density_g_per_ml=medium_density_g_per_ml, particle_density_g_per_ml=particle_density_g_per_ml
    )
    excess = (particle_density_g_per_ml - medium_density_g_per_ml) * 1e3
    return 1e9 * xp.sqrt(18 * viscosity_mpa_s * 1e-3 * sedimentation_svedberg * SVEDBERG / excess)


def pelleted_fraction_swing_out(sedimentation_svedberg, rcf_g, duration_min, *, rmin_mm, rmax_mm, xp=np):
    """Return the fraction pelleted in a swing-out rotor, 0 to 1 (0 for particles that float).

    Parameters
    ----------
    sedimentation_svedberg
        Sedimentation coefficient in svedberg.
    rcf_g
        Force at rmax, as a multiple of gravity.
    duration_min
        Duration at this force in minutes.
    rmin_mm, rmax_mm
        Radii of meniscus and bottom in mm.

    Notes
    -----
    Particles between r = rmax·exp(−ω²st) and rmax arrive: F = min(1, (rmax − r)/(rmax − rmin)). It gives the
    tables 2 and 3 of Livshits et al. (2015), https://doi.org/10.1038/srep17319, to their rounding (see the tests).
    """
    path = _run_integral(rcf_g, duration_min, rmax_mm) * xp.maximum(sedimentation_svedberg, 0) * SVEDBERG
    require_positive(rmin_mm=rmin_mm)
    require_smaller(rmin_mm=rmin_mm, rmax_mm=rmax_mm)
    return xp.minimum(1, rmax_mm * (1 - xp.exp(-path)) / (rmax_mm - rmin_mm))


def pelleted_fraction_fixed_angle(
    sedimentation_svedberg, rcf_g, duration_min, *, rmin_mm, rmax_mm, tube_diameter_mm, angle_deg, xp=np
):
    """Return the fraction pelleted in a fixed-angle rotor, 0 to 1 (0 for particles that float).

    Particles cross the tilted tube horizontally, at the mean radius, and slide down its outer wall.

    Parameters
    ----------
    sedimentation_svedberg, rcf_g, duration_min
        As for a swing-out rotor.
    rmin_mm, rmax_mm
        Smallest and largest radius in mm.
    tube_diameter_mm
        Inner diameter of the tube in mm.
    angle_deg
        Angle between tube and rotor axis (the vertical) in degrees.

    Notes
    -----
    With L = D/cos α, r̄ = (rmin + rmax)/2 and u = ω²r̄st/L the liquid left clear is the overlap of two displaced
    ellipses: F = 1 − (2/π)(arccos u − u√(1 − u²)), F = 1 for u ≥ 1. It gives the tables 2 and 3 of
    Livshits et al. (2015), https://doi.org/10.1038/srep17319, to their rounding (see the tests).
    """
    mean_radius, path = _crossing(rmin_mm, rmax_mm, tube_diameter_mm, angle_deg, xp)
    velocity = mean_radius * xp.maximum(sedimentation_svedberg, 0) * SVEDBERG
    u = xp.minimum(1, _run_integral(rcf_g, duration_min, rmax_mm) * velocity / path)
    return 1 - 2 / pi * (xp.acos(u) - u * xp.sqrt(1 - u * u))


def cut_off_swing_out(rcf_g, duration_min, *, rmin_mm, rmax_mm, xp=np):
    """Return the smallest sedimentation coefficient, in svedberg, that a swing-out rotor pellets completely.

    s = ln(rmax/rmin)/(ω²t); arguments as for `pelleted_fraction_swing_out`.
    """
    require_positive(rmin_mm=rmin_mm)
    require_smaller(rmin_mm=rmin_mm, rmax_mm=rmax_mm)
    return xp.log(rmax_mm / rmin_mm) / _run_integral(rcf_g, duration_min, rmax_mm) / SVEDBERG


def cut_off_fixed_angle(rcf_g, duration_min, *, rmin_mm, rmax_mm, tube_diameter_mm, angle_deg, xp=np):
    """Return the smallest sedimentation coefficient, in svedberg, that a fixed-angle rotor pellets completely.

    s = L/(ω²r̄t); arguments as for `pelleted_fraction_fixed_angle`.
    """
    mean_radius, path = _crossing(rmin_mm, rmax_mm, tube_diameter_mm, angle_deg, xp)
    return path / (mean_radius * _run_integral(rcf_g, duration_min, rmax_mm)) / SVEDBERG


def _run_integral(rcf_g, duration_min, rmax_mm):
    """The run integral ω²t in 1/s, from a force at rmax and a duration."""
    require_positive(rcf_g=rcf_g, duration_min=duration_min, rmax_mm=rmax_mm)
    return rcf_g * STANDARD_GRAVITY / (rmax_mm * 1e-3) * (duration_min * 60)


def _crossing(rmin_mm, rmax_mm, tube_diameter_mm, angle_deg, xp):
    """Mean radius, and way across a tilted tube, both in mm."""
    require_positive(rmin_mm=rmin_mm, tube_diameter_mm=tube_diameter_mm)
    require_smaller(rmin_mm=rmin_mm, rmax_mm=rmax_mm)
    require_between(0, 89, angle_deg=angle_deg)
    return (rmin_mm + rmax_mm) / 2, tube_diameter_mm / xp.cos(angle_deg * (pi / 180))
