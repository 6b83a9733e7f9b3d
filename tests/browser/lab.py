"""A real JupyterLab and a real browser whose network is cut off, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HERE = r"^(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|^(data|blob|about):"
ALL_RUN = """() => {
  const { sessionContext, content } = window.jupyterapp.shell.currentWidget;
  const cells = content.model.cells;
  let waiting = 0, failed = false;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells.get(i);
    if (cell.type !== 'code' || !cell.sharedModel.getSource().trim()) continue;
    failed ||= cell.outputs.toJSON().some((output) => output.output_type === 'error');
    if (cell.executionCount === null) waiting += 1;
  }
  return (failed || waiting === 0) && sessionContext.session?.kernel?.status === 'idle';
}"""
READY = """() => {
  const { sessionContext } = window.jupyterapp?.shell?.currentWidget ?? {};
  return sessionContext?.isReady && sessionContext.session?.kernel?.connectionStatus === 'connected'
    && sessionContext.session.kernel.status === 'idle';
}"""


def browser_program() -> str | None:
    """Return the browser on this machine, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@dataclass
class Tab:
    """One page and what went wrong in it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def open(self, server: str, notebook: str) -> None:
        self.page.goto(f"{server}/lab/tree/{notebook}?reset", wait_until="domcontentloaded")
        self.page.wait_for_function(READY, timeout=90_000)

    def run_all(self) -> None:
        # The stored counts are cleared first, so that only this run counts.
        for command in ("notebook:clear-all-cell-outputs", "notebook:run-all-cells"):
            self.page.evaluate(f"() => window.jupyterapp.commands.execute('{command}')")
        self.page.wait_for_function(ALL_RUN, timeout=120_000)


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run JupyterLab on a folder; give its address."""
    port = _free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    command += ["--LabApp.news_url=None", "--ServerApp.port_retries=0"]
    surroundings = {**os.environ, **_own_settings(folder), "EVCOURSE_PROGRESS": str(folder / "progress.json")}
    server = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/status", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the machine's Chromium with no way out but this machine."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    arguments += ["--disable-component-update", "--disable-sync", "--font-render-hinting=none"]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=browser_program(), args=arguments)
        yield browser
        browser.close()


def new_tab(browser: Browser, height: int = 900) -> Tab:
    """Return a page that refuses every request which leaves the machine, and writes down what it complains of."""
    page = browser.new_context(viewport={"width": 1280, "height": height}, service_workers="block").new_page()
    tab = Tab(page)
    page.route(lambda address: not re.match(HERE, address), lambda route: route.abort())
    page.on("request", lambda request: None if re.match(HERE, request.url) else tab.strangers.append(request.url))
    page.on("console", lambda line: tab.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    return tab


def _own_settings(folder: Path) -> dict[str, str]:
    settings = folder / ".settings"
    quiet = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    names = {"JUPYTERLAB_SETTINGS_DIR": settings, "JUPYTERLAB_WORKSPACES_DIR": folder / ".workspaces"}
    return {name: str(place) for name, place in (names | {"JUPYTER_RUNTIME_DIR": folder / ".runtime"}).items()}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            if server.poll() is not None:
                raise RuntimeError(f"JupyterLab ended at once with status {server.returncode}.") from None
            time.sleep(0.2)
    raise RuntimeError("JupyterLab did not answer within a minute.")
