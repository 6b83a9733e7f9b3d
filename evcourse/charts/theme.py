"""One look for every chart, and one way of showing it that works without network, live and in print."""

from __future__ import annotations

import html
import re
import zlib
from typing import Any

import altair as alt
import vl_convert

# Okabe & Ito's palette, told apart with every common form of colour vision; https://jfly.uni-koeln.de/color/
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, YELLOW, INK, GREY = "#56B4E9", "#CC79A7", "#F0E442", "#222222", "#6B6B6B"
PALETTE = [BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, GREY]

# Fonts of one width everywhere, so that a saved picture does not depend on the machine that made it.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 620
VEGA_LITE = "6.4"

LARGE_PICTURE, HUGE_PICTURE = 20_000, 30_000
"""Bytes from which on a saved picture is shortened, and stripped; below, the converter's own text is stored."""


def show(spec: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Return one chart as JupyterLab draws it and as every other page shows it.

    JupyterLab 4 bundles Vega-Lite 5 and draws only types that end in `+json`; the SVG beside it is for code-hosting
    sites, static pages and anything else. Neither loads a script.
    """
    own = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "usermeta": {"embedOptions": {"actions": False}}}
    for_lab = {**spec, **own}
    return {
        "application/vnd.vegalite.v5+json": for_lab,
        "image/svg+xml": picture(spec),
        "text/plain": spec.get("description", "A chart without a description."),
    }


def picture(spec: dict[str, Any]) -> str:
    """Return a chart as SVG text whose accessible name is the chart's description."""
    # A picture has one name; a name for each of its marks would double its size and be read out by nobody.
    plain = {**spec, "config": {**spec.get("config", {}), "aria": False}}
    # No addresses: a specification may not make the converter fetch anything.
    svg = vl_convert.vegalite_to_svg(plain, vl_version=VEGA_LITE, allowed_base_urls=[])
    name = html.escape(spec.get("description", ""))
    named = svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
    short = named if len(named) < LARGE_PICTURE else _shortened(named)
    return short if len(short) < HUGE_PICTURE else _stripped(short)


def _shortened(svg: str) -> str:
    """The same picture with places to a tenth of a pixel, and what nearly all marks repeat said once."""
    font = f'font-family="{FONT}"'
    once = svg.replace(font + " ", "").replace("<svg ", f"<svg {font} ", 1)
    plain = re.sub(r'(?<=<path) transform="translate\(0,0\)"| opacity="1"| aria-roledescription="[^"]*"', "", once)
    # Only where something stands: a number in a text or a name stays as it is.
    return re.sub(r' (?:d|transform)="[^"]*"', lambda place: _PLACE.sub(_to_a_tenth, place[0]), plain)


def _stripped(svg: str) -> str:
    """The same picture without what only scripts and style sheets look for, and with what repeats said once."""
    head, mark, body = svg.partition(">")
    for pattern, words in _NOT_SEEN.items():
        body = re.sub(pattern, words, body)
    return head + mark + _images_once(body)


# Marks without filling and outline (the root has none), attributes with their default value, and circles as paths.
_NOT_SEEN = {
    r'<path[^>]* display="none"[^>]*/>': "",
    r'<path class="background"(?![^>]* (?:fill|stroke)=)[^>]*/>': "",
    r' (?:class|role|aria-label|aria-hidden|pointer-events)="[^"]*"': "",
    r' (?:stroke-width="1"|text-anchor="start"|transform="translate\(0,0\)")': "",
    r'<path([^>]*) d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"': r'<circle\1 r="\2"',
    r"<g(?: [^>]*)?></g>": "",
}


def _images_once(svg: str) -> str:
    """Let a photograph that is shown twice, in the same size, be shown again instead of stored again."""
    seen: dict[str, str] = {}

    def again(image: re.Match[str]) -> str:
        place, plain = _apart(image[0])
        if plain in seen:
            return f'<use xlink:href="#{seen[plain]}"{place}/>'
        # Of its content, so that two pictures on one page do not show each other's photographs.
        seen[plain] = f"image{zlib.crc32(plain.encode()):08x}"
        named = plain.replace("<image", f'<image id="{seen[plain]}"', 1)
        return f"<g{place}>{named}</g>"

    return re.sub(r"<image [^>]*/>|<image [^>]*></image>", again, svg)


def _apart(image: str) -> tuple[str, str]:
    """Return what may differ between two showings of one image, and the rest of it."""
    own = re.findall(r' (?:transform|opacity)="[^"]*"', image)
    return "".join(own), re.sub(r' (?:transform|opacity)="[^"]*"', "", image)


_PLACE = re.compile(r"-?\d+\.\d{2,}")


def _to_a_tenth(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


@alt.theme.register("evcourse", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Return the course's Vega-Lite configuration."""
    text = {"font": FONT, "color": INK}
    title = {**text, "fontSize": 15, "fontWeight": "bold", "anchor": "start", "subtitleFontSize": 12.5, "offset": 12}
    labels = {"labelFont": FONT, "labelFontSize": 12, "labelColor": INK, "labelLimit": 260}
    titles = {"titleFont": FONT, "titleFontSize": 12.5, "titleColor": INK, "titleFontWeight": "normal"}
    return {
        "config": {
            "font": FONT,
            "background": "white",
            "view": {"continuousWidth": WIDTH, "discreteWidth": WIDTH, "continuousHeight": 260, "stroke": None},
            "title": {**title, "subtitleFont": FONT, "subtitleColor": GREY, "subtitlePadding": 6},
            "axis": {**labels, **titles, "gridColor": "#E4E4E4", "domainColor": GREY, "tickColor": GREY, "titlePadding": 8},
            "legend": {**labels, **titles, "symbolSize": 110},
            "header": {**labels, **titles},
            "text": {"font": FONT, "fontSize": 12.5, "color": INK},
            "range": {"category": PALETTE},
            "line": {"strokeWidth": 2.5},
            "bar": {"color": BLUE},
        }
    }


alt.renderers.register("evcourse", show)
alt.renderers.enable("evcourse")
