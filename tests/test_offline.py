"""Nothing in the course opens a connection to anywhere but its own machine.

The notebooks are run under the same refusal by test_wheel.py, so that each is run once for both purposes.
"""

import sys

import pytest

EVERYTHING = """
import importlib, pkgutil
import evcourse as ev
for module in pkgutil.walk_packages(ev.__path__, "evcourse."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
for name in ev.datasets()["name"]:
    entry = ev.dataset(name)
    print(name, len(ev.load(name)), len(ev.load(name, lang="it")), entry.source, len(entry.doubts), entry.problems())
"""
PICTURE = """
import altair as alt
from evcourse.charts.theme import picture
from evcourse.widgets import LiveChart, Slider
chart = alt.Chart(alt.Data(values=[{"x": 1}]), description="One point.").mark_point().encode(x="x:Q")
live = LiveChart(chart.add_params(alt.param(name="size", value=1)), Slider("size", "Size", 0, 2, 1))
print(picture(chart.to_dict())[:4], live._repr_mimebundle_()[0]["image/svg+xml"][:4])
"""
REACHING_OUT = {
    "a connection by number": "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "a connection by name": "import urllib.request; urllib.request.urlopen('http://example.org', timeout=1)",
    "a message without a connection": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
    "a table at an address": "import pandas; pandas.read_csv('https://example.org/table.csv')",
}
IN_A_KERNEL = """
from jupyter_client.manager import run_kernel
with run_kernel() as client:
    code = "try:\\n __import__('socket').create_connection(('192.0.2.1', 80))\\nexcept OSError: pass"
    print(client.execute_interactive(code, timeout=60)["content"]["status"])
"""
BY_COMPILED_CODE = """
import vl_convert
vl_convert.vegalite_to_svg({"data": {"url": "https://example.org/table.csv"}, "mark": "point"}, vl_version="6.4")
"""


@pytest.mark.parametrize("code", REACHING_OUT.values(), ids=REACHING_OUT)
def test_what_reaches_out_is_refused_and_noted(offline, code):
    ran = offline.run(sys.executable, "-c", code)
    assert ran.returncode == 1
    assert any("192.0.2.1" in attempt or "example.org" in attempt for attempt in offline.attempts)


def test_what_is_tried_in_a_kernel_and_hushed_up_is_noted(offline):
    ran = offline.run(sys.executable, "-c", IN_A_KERNEL)
    assert ran.stdout.strip() == "ok", ran.stderr
    assert any("192.0.2.1" in attempt for attempt in offline.attempts)


def test_what_compiled_code_asks_for_is_noted(offline):
    offline.run(sys.executable, "-c", BY_COMPILED_CODE)
    assert any("example.org" in attempt for attempt in offline.attempts)


def test_the_library_and_all_datasets_reach_for_nothing(offline):
    ran = offline.run(sys.executable, "-c", EVERYTHING)
    assert ran.returncode == 0, ran.stderr
    assert offline.attempts == []


def test_charts_reach_for_nothing(offline):
    ran = offline.run(sys.executable, "-c", PICTURE)
    assert ran.stdout.split() == ["<svg", "<svg"], ran.stderr
    assert offline.attempts == []
