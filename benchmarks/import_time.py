"""How long `import evcourse` takes beyond a bare interpreter."""

import subprocess
import sys
import time

from report import report

RUNS = 30
BUDGET_MS = 20


def main() -> None:
    for program in ("pass", "import evcourse"):
        started_and_ended_ms(program)
    # Taken in turns, so that what else the machine does falls on both alike.
    pairs = [(started_and_ended_ms("pass"), started_and_ended_ms("import evcourse")) for _ in range(RUNS)]
    report(
        "import_time",
        "`import evcourse` takes {} beyond a bare interpreter.",
        [with_course - bare for bare, with_course in pairs],
        budget=BUDGET_MS,
    )


def started_and_ended_ms(program: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
