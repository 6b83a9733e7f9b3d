"""Measure every figure that the README quotes: one script after the other, each in a process of its own.

Results are kept in benchmarks/results/, one JSON file a figure. Exit status 1 if one is above its budget or failed.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
# class_of_200.py makes a class to look at; other_graders.py is used by grading.py.
NOT_A_FIGURE = {"run_all.py", "report.py", "class_of_200.py", "other_graders.py"}


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    scripts = [path for path in sorted(HERE.glob("*.py")) if path.name not in NOT_A_FIGURE]
    bad = [script.stem for script in scripts if not is_within_budget(script)]
    sys.exit(f"Above budget or failed: {', '.join(bad)}." if bad else 0)


def is_within_budget(script: Path) -> bool:
    run = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    print(f"{script.stem}\n{run.stdout}", flush=True)
    for line in run.stdout.splitlines():
        if line.startswith("{"):
            (RESULTS / f"{script.stem}.json").write_text(
                json.dumps(json.loads(line), indent=1) + "\n", encoding="utf-8"
            )
    return run.returncode == 0


if __name__ == "__main__":
    main()
