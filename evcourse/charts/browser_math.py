"""The functions of numpy that formulas need, as Vega expressions: pass `xp=browser_math` and plot the result.

A formula of `evcourse.models` that needs such a function takes `xp=np` and works on arrays. With `xp=browser_math` the
same formula, fed with `alt.datum.<column>` or with a parameter of a chart, returns an expression that the reader's
browser evaluates:

>>> import altair as alt
>>> from evcourse.charts import browser_math
>>> from evcourse.models.isolation import pelleted_fraction
>>> density = alt.param(name="density", value=1.13)
>>> rotor = {"kind": "swing-out", "rmin_mm": 66.8, "rmax_mm": 152.5}
>>> pelleted = pelleted_fraction(alt.datum.nm, 100_000, 60, rotor, particle_density_g_per_ml=density, xp=browser_math)
>>> chart = alt.Chart().transform_calculate(pelleted=pelleted).add_params(density)

The names are those of the Python array API (https://data-apis.org/array-api/); the expressions are described at
https://vega.github.io/vega/docs/expressions/.
"""

from math import pi as pi

from altair import expr


def exp(x):
    """Return e to the power of x."""
    return expr.exp(x)


def log(x):
    """Return the natural logarithm of x."""
    return expr.log(x)


def sqrt(x):
    """Return the square root of x."""
    return expr.sqrt(x)


def sin(x):
    """Return the sine of x, in radians."""
    return expr.sin(x)


def cos(x):
    """Return the cosine of x, in radians."""
    return expr.cos(x)


def acos(x):
    """Return the angle, in radians, whose cosine is x."""
    return expr.acos(x)


def minimum(x, y):
    """Return the smaller of x and y."""
    return expr.min(x, y)


def maximum(x, y):
    """Return the larger of x and y."""
    return expr.max(x, y)


def where(condition, x, y):
    """Return x where the condition holds, else y."""
    return expr.if_(condition, x, y)


def written(expression) -> str:
    """Return an expression as text, the form in which a calculation takes one made of parameters alone."""
    content = expression.to_dict()
    return content["expr"] if isinstance(content, dict) else content
