"""Take the README's picture of a real lesson: `python deploy/take_screenshot.py`, with Chromium on the machine."""

import shutil
import sys
import tempfile
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(COURSE))

from tests.browser import lab  # noqa: E402

LESSON, PICTURE = "notebooks/01_ev_biology.ipynb", COURSE / "docs" / "lesson.png"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, lab.chromium() as browser:
        shutil.copytree(COURSE / "notebooks", Path(folder) / "notebooks")
        with lab.jupyterlab(Path(folder)) as server:
            tab = lab.new_tab(browser, height=1000)
            tab.open(server, LESSON)
            tab.run_all()
            take(tab)


def take(tab: lab.Tab) -> None:
    name, spin = next((name, control) for name, control in tab.controls() if "Spin" in name)
    spin.press("ArrowRight")
    spin.press("ArrowRight")
    tab.page.evaluate("() => document.activeElement.blur()")
    tab.show(int(name.split(":")[0].removeprefix("cell ")))
    tab.page.wait_for_timeout(500)
    tab.page.screenshot(path=PICTURE)
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
