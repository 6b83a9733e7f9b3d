"""Viscosity and density of water, and of the media in which vesicles are spun.

Formulas are for liquid water at atmospheric pressure. They use arithmetic only, so they also run in the browser.
"""

from __future__ import annotations

from evcourse.models.quantities import require_between

MEDIUM_FACTOR = 1.021
"""Viscosity of buffered saline or serum-free medium over that of water: the course's assumption, range 1.00 to 1.09
(the upper end for medium with 10 % serum)."""


def water_viscosity(temperature_c):
    """Return the viscosity of water in mPa s.

    Parameters
    ----------
    temperature_c
        Temperature in °C, -20 to 110.

    Notes
    -----
    η/(µPa s) = Σ aᵢ (T/300 K)^bᵢ: Pátek et al. (2009), https://doi.org/10.1063/1.3043575, which agrees with the
    IAPWS formulation of 2008 (equation 37 of Huber et al. 2009, https://doi.org/10.1063/1.3088050).

    Examples
    --------
    >>> round(water_viscosity(25), 4)
    0.89
    """
    require_between(-20, 110, temperature_c=temperature_c)
    relative = (temperature_c + 273.15) / 300
    terms = [280.68 * relative**-1.9, 511.45 * relative**-7.7, 61.131 * relative**-19.6, 0.45903 * relative**-40.0]
    return (terms[0] + terms[1] + terms[2] + terms[3]) / 1000


def water_density(temperature_c):
    """Return the density of air-free water in g/mL.

    Parameters
    ----------
    temperature_c
        Temperature in °C, 0 to 40.

    Notes
    -----
    Tanaka et al. (2001), https://doi.org/10.1088/0026-1394/38/4/3.

    Examples
    --------
    >>> round(water_density(20), 4)
    0.9982
    """
    require_between(0, 40, temperature_c=temperature_c)
    shortfall = (temperature_c - 3.983035) ** 2 * (temperature_c + 301.797) / (522528.9 * (temperature_c + 69.34881))
    return 0.999974950 * (1 - shortfall)


def medium_viscosity(temperature_c, *, factor=MEDIUM_FACTOR):
    """Return the viscosity of a medium, in mPa s, as a stated multiple of that of water.

    Parameters
    ----------
    temperature_c
        Temperature in °C.
    factor
        Viscosity of the medium over that of water at the same temperature.

    Examples
    --------
    >>> round(medium_viscosity(4), 2)
    1.6
    """
    return factor * water_viscosity(temperature_c)
