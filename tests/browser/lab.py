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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, TimeoutError, sync_playwright

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
ERRORS = """() => {
  const errors = [];
  for (const cell of window.jupyterapp.shell.currentWidget.content.model.cells) {
    for (const output of cell.outputs?.toJSON() ?? []) {
      if (output.output_type === 'error') errors.push(`${output.ename}: ${output.evalue}`);
    }
  }
  return errors;
}"""
DRAWINGS = """() => {
  const drawn = ['application/vnd.jupyter.widget-view+json', 'application/vnd.vegalite.v5+json'];
  const places = [];
  const { cells } = window.jupyterapp.shell.currentWidget.content.model;
  for (let i = 0; i < cells.length; i++) {
    const outputs = cells.get(i).outputs?.toJSON() ?? [];
    if (outputs.some(({ data }) => data && drawn.some((type) => type in data))) places.push(i);
  }
  return places;
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

    def errors(self) -> list[str]:
        """Return the errors in the outputs of the cells."""
        return self.page.evaluate(ERRORS)

    def drawings(self) -> list[int]:
        """Return the numbers of the cells whose output is a chart or a widget."""
        return self.page.evaluate(DRAWINGS)

    def is_drawn(self, cell: int) -> bool:
        """Whether a cell's output shows something of a size, once it is scrolled into view."""
        self.show(cell)
        inside = self.page.locator(f"[data-windowed-list-index='{cell}'] .jp-OutputArea-output").last
        seen = inside.locator(".evcourse-prediction fieldset, .evcourse-options fieldset, .evcourse-live svg, .vega-embed svg, .vega-embed canvas")
        try:
            seen.first.wait_for(state="visible", timeout=10_000)
        except TimeoutError:
            return False
        box = seen.first.bounding_box()
        return bool(box) and box["width"] > 100 and box["height"] > 40

    def show(self, cell: int) -> None:
        """Scroll a cell into view, wherever JupyterLab keeps it."""
        self.page.evaluate(f"() => window.jupyterapp.shell.currentWidget.content.scrollToItem({cell}, 'start')")
        self.page.locator(f"[data-windowed-list-index='{cell}']").wait_for(state="attached")

    def controls(self, kind: str = "input[type=range], input[type=checkbox], select") -> Iterator[tuple[str, Locator]]:
        """Give each control of each live chart, scrolled into view, with its label."""
        for cell in self.drawings():
            self.show(cell)
            inside = self.page.locator(f"[data-windowed-list-index='{cell}'] .evcourse-live label").filter(
                has=self.page.locator(kind)
            )
            for place in range(inside.count()):
                label = inside.nth(place)
                yield f"cell {cell}: {label.locator('span').inner_text()}", label.locator(kind)

    def draggable_charts(self) -> Iterator[tuple[int, Locator]]:
        for cell in self.drawings():
            self.show(cell)
            charts = self.page.locator(f"[data-windowed-list-index='{cell}'] .evcourse-draggable")
            for place in range(charts.count()):
                yield cell, charts.nth(place)

    def predictions(self) -> Iterator[tuple[str, Locator]]:
        for cell in self.drawings():
            self.show(cell)
            forms = self.page.locator(f"[data-windowed-list-index='{cell}'] .evcourse-prediction")
            for place in range(forms.count()):
                yield forms.nth(place).locator("legend").inner_text(), forms.nth(place)

    def changes(self, part: Locator, move: Callable[..., None], *arguments: Any) -> bool:
        """Whether the chart around a part is drawn anew, and differently, after a move."""
        chart = part.locator("xpath=ancestor-or-self::*[contains(@class, 'evcourse-live')]").locator("svg").first
        before = chart.inner_html()
        move(*arguments)
        for _ in range(40):
            if chart.inner_html() != before:
                return True
            self.page.wait_for_timeout(25)
        return False

    @staticmethod
    def next_key(control: Locator) -> str:
        """Return the key that moves a control to another value: forwards, or back from the end."""
        return control.evaluate(
            """(e) => e.type === 'checkbox' ? 'Space' : e.tagName === 'SELECT'
              ? (e.selectedIndex === e.options.length - 1 ? 'ArrowUp' : 'ArrowDown')
              : (e.value === e.max ? 'ArrowLeft' : 'ArrowRight')"""
        )

    @staticmethod
    def click_elsewhere(slider: Locator) -> None:
        """Click on the half of a slider in which its handle is not."""
        share = slider.evaluate("(e) => (e.value - e.min) / (e.max - e.min) > 0.5 ? 0.1 : 0.9")
        box = slider.bounding_box()
        slider.click(position={"x": share * box["width"], "y": box["height"] / 2})

    def drag_across(self, chart: Locator) -> None:
        chart.scroll_into_view_if_needed()
        box = chart.locator("svg").bounding_box()
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + 0.5 * box["width"], middle)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 0.6 * box["width"], middle, steps=4)
        self.page.mouse.up()

    def predict(self, form: Locator) -> bool:
        """Choose the second option and commit, by keyboard alone; whether a reply comes."""
        form.locator("input").first.focus()
        self.page.keyboard.press("ArrowDown")
        while form.locator("button:focus").count() == 0:
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        reply = form.locator(".evcourse-reply")
        reply.wait_for(state="visible", timeout=5_000)
        return len(reply.inner_text()) > 20

    def stop_kernel(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
        self.page.wait_for_timeout(500)


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
