"""What one vesicle does and holds: diffusion, light scattering, tracking, protein, lumen.

The functions also work on the expressions of a chart (see `evcourse.charts.browser_math`).
"""

from __future__ import annotations

from math import pi

import numpy as np

from evcourse.models.quantities import is_numeric, require_between, require_positive, require_smaller, shown
from evcourse.models.sedimentation import VESICLE_DENSITY

BOLTZMANN = 1.380649e-23
"""J/K, exact by definition of the SI (2019)."""

AVOGADRO = 6.02214076e23
"""1/mol, exact by definition of the SI (2019)."""

WATER_VISCOSITY_25_C = 0.890
"""mPa s, water at 25 °C (https://doi.org/10.1063/1.3043575); `water.water_viscosity` has other temperatures."""

REFRACTIVE_INDEX = 1.33
"""Of water, for visible light."""

WAVELENGTH_NM = 633
"""nm, in vacuum, of a red helium-neon laser."""

DETECTION_ANGLE_DEG = 173
"""Angle of a common backscatter instrument."""

PROTEIN_SHARE = 0.25
"""Protein over wet mass of a vesicle: the course's assumption, uncertain by a factor of several."""

MEMBRANE_NM = 5
"""nm, thickness of a lipid bilayer."""


def diffusion_coefficient(diameter_nm, *, temperature_c=25, viscosity_mpa_s=WATER_VISCOSITY_25_C):
    """Return the diffusion coefficient of a sphere in µm²/s.

    Parameters
    ----------
    diameter_nm
        Hydrodynamic diameter in nm.
    temperature_c, viscosity_mpa_s
        Temperature in °C and viscosity of the medium in mPa s; they belong together.

    Notes
    -----
    Stokes–Einstein: D = k_B T/(3πηd) (Einstein 1905, https://doi.org/10.1002/andp.19053220806).

    Examples
    --------
    >>> round(diffusion_coefficient(100), 3)
    4.907
    """
    require_positive(diameter_nm=diameter_nm, viscosity_mpa_s=viscosity_mpa_s)
    energy = BOLTZMANN * (temperature_c + 273.15)
    return energy / (3 * pi * (viscosity_mpa_s * 1e-3) * (diameter_nm * 1e-9)) * 1e12


def scattering_vector(
    *, angle_deg=DETECTION_ANGLE_DEG, wavelength_nm=WAVELENGTH_NM, refractive_index=REFRACTIVE_INDEX, xp=np
):
    """Return the length of the scattering vector, q = (4πn/λ) sin(θ/2), in 1/m.

    Parameters
    ----------
    angle_deg
        Angle between incident and detected light in degrees.
    wavelength_nm
        Wavelength in vacuum in nm.
    refractive_index
        Of the medium.
    """
    require_positive(wavelength_nm=wavelength_nm, refractive_index=refractive_index)
    require_between(0, 180, angle_deg=angle_deg)
    return 4 * pi * refractive_index / (wavelength_nm * 1e-9) * xp.sin(angle_deg * (pi / 360))


def decay_rate(
    diameter_nm,
    *,
    temperature_c=25,
    viscosity_mpa_s=WATER_VISCOSITY_25_C,
    angle_deg=DETECTION_ANGLE_DEG,
    wavelength_nm=WAVELENGTH_NM,
    refractive_index=REFRACTIVE_INDEX,
    xp=np,
):
    """Return the decay rate Γ = Dq² of the field correlation in dynamic light scattering, in 1/s.

    Arguments as for `diffusion_coefficient` and `scattering_vector`.
    """
    diffusion = diffusion_coefficient(diameter_nm, temperature_c=temperature_c, viscosity_mpa_s=viscosity_mpa_s)
    q = scattering_vector(
        angle_deg=angle_deg, wavelength_nm=wavelength_nm, refractive_index=refractive_index, xp=xp
    )
    return diffusion * 1e-12 * q**2


def apparent_size_spread(diameter_nm, steps, *, xp=np):
    """Return mean and standard deviation, in nm, of the sizes that tracking finds for particles of one size.

    Parameters
    ----------
    diameter_nm
        The particles' true diameter in nm.
    steps
        Steps per track, more than 2 (above that the standard deviation is finite).

    Returns
    -------
    tuple
        Mean and standard deviation of the apparent diameters, in nm.

    Notes
    -----
    n independent steps in two dimensions, no localisation error: the estimated D follows a gamma distribution with
    a coefficient of variation of 1/√n (Qian et al. 1991, https://doi.org/10.1016/S0006-3495(91)82125-7). The size,
    proportional to 1/D, follows the inverse gamma distribution: mean d·n/(n − 1), variance mean²/(n − 2).

    Examples
    --------
    >>> [round(float(value), 1) for value in apparent_size_spread(100, 10)]
    [111.1, 39.3]
    """
    require_positive(diameter_nm=diameter_nm)
    if is_numeric(steps) and np.any(np.asarray(steps) <= 2):
        raise ValueError(f"steps must be above 2, but is {shown(steps)}: shorter tracks have no limit to their spread.")
    mean = diameter_nm * steps / (steps - 1)
    return mean, mean / xp.sqrt(steps - 2)


def particles_per_microgram(
    diameter_nm, *, protein_share=PROTEIN_SHARE, particle_density_g_per_ml=VESICLE_DENSITY
):
    """Return how many vesicles of one size hold a microgram of protein.

    Parameters
    ----------
    diameter_nm
        Diameter in nm.
    protein_share
        Protein over wet mass of a vesicle, above 0 and at most 1.
    particle_density_g_per_ml
        Wet density in g/mL.

    Examples
    --------
    >>> f"{particles_per_microgram(100):.1e}"
    '6.8e+09'
    """
    require_positive(
        diameter_nm=diameter_nm, protein_share=protein_share, particle_density_g_per_ml=particle_density_g_per_ml
    )
    require_between(0, 1, protein_share=protein_share)
    volume_ml = pi / 6 * (diameter_nm * 1e-7) ** 3
    return 1e-6 / (protein_share * particle_density_g_per_ml * volume_ml)


def lumen_volume(diameter_nm, *, membrane_nm=MEMBRANE_NM):
    """Return the volume enclosed by a vesicle's membrane, in litres.

    Parameters
    ----------
    diameter_nm
        Outer diameter in nm.
    membrane_nm
        Thickness of the membrane in nm; twice that must be less than the diameter.

    Examples
    --------
    >>> f"{lumen_volume(100):.1e}"
    '3.8e-19'
    """
    require_positive(membrane_nm=membrane_nm)
    require_smaller(twice_membrane_nm=2 * membrane_nm, diameter_nm=diameter_nm)
    return pi / 6 * ((diameter_nm - 2 * membrane_nm) * 1e-8) ** 3


def molecules_per_vesicle(concentration_umol_per_l, diameter_nm, *, membrane_nm=MEMBRANE_NM):
    """Return the mean number of molecules in a vesicle's lumen, from their concentration in µmol/L.

    Examples
    --------
    >>> round(molecules_per_vesicle(1, 100), 2)
    0.23
    """
    return concentration_umol_per_l * 1e-6 * AVOGADRO * lumen_volume(diameter_nm, membrane_nm=membrane_nm)
