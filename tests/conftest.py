"""What tests share: what to do where there is no browser, and how to run a program without network."""

import os
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.lab import browser_program

TESTS = Path(__file__).resolve().parent
CLONE = TESTS.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if TESTS / "browser" in item.path.parents:
            item.add_marker("browser")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None or browser_program():
        return
    reason = "No Chromium was found on this machine: `.ci/run` installs one on Debian."
    if os.environ.get("CI"):
        pytest.fail(f"{reason} Where CI is set, browser tests must run.", pytrace=False)
    pytest.skip(reason)


@dataclass(frozen=True)
class Offline:
    """Runs programs that can reach nothing but this machine, and keeps the list of what they tried to reach."""

    log: Path
    surroundings: dict[str, str]

    @property
    def attempts(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()

    def run(self, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(map(str, command)), env=self.surroundings | more, cwd=self.log.parent, text=True, capture_output=True
        )


@pytest.fixture
def offline(tmp_path: Path) -> Iterator[Offline]:
    """What runs programs without network: Python is refused its sockets, compiled code is led to a false proxy."""
    log = tmp_path / "attempts"
    log.touch()
    with _false_proxy(log) as address:
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), address)
        own = {"PYTHONPATH": TESTS / "offline", "OFFLINE_LOG": log, "IPYTHONDIR": tmp_path / "ipython"}
        own |= {"JUPYTER_RUNTIME_DIR": tmp_path / "runtime", "NO_PROXY": "127.0.0.1,localhost"}
        yield Offline(log, os.environ | proxies | {name: str(place) for name, place in own.items()})


@contextmanager
def _false_proxy(log: Path) -> Iterator[str]:
    """Run a proxy that writes down who is asked for and hangs up; give its address."""

    class Visitor(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"proxy {self.rfile.readline(200)!r}\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Visitor) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
