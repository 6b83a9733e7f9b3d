"""The `evcourse` command: `start` copies the course, `lab` opens it, `verify` runs a learner's exercises.

`grade` grades a class, `doctor` looks for what is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import evcourse
from evcourse.cli import grade
from evcourse.cli.stop import Stop

DESCRIPTION = "Extracellular vesicles in bone: a Jupyter course. Begin with `evcourse start DIR`."
STATUS = "exit status: 0 all well, 1 something is wrong (a sentence says what), 2 the command was not understood"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 all well, 1 something is wrong.

    Parameters
    ----------
    arguments
        What was typed after `evcourse`; by default, what was typed.

    Raises
    ------
    SystemExit
        With status 2 if the command was not understood, 0 after `--help` and `--version`.
    """
    own, for_jupyterlab = _divided(sys.argv[1:] if arguments is None else arguments)
    choices = _parser().parse_args(own)
    try:
        if choices.command == "start":
            return _start(choices.folder)
        if choices.command == "lab":
            return _lab(choices.folder, for_jupyterlab)
        if choices.command == "verify":
            return _verify(choices.notebook)
        if choices.command == "grade":
            return grade.grade(choices)
        return _doctor()
    except Stop as reason:
        print(f"evcourse: {reason}", file=sys.stderr)
        return 1


# Imported where used, so that `evcourse --help` is there at once and `doctor` runs where something is broken.
def _start(folder: Path) -> int:
    from evcourse.cli import start

    print(start.start(folder))
    return 0


def _lab(folder: Path, options: list[str]) -> int:
    from evcourse.cli import lab

    return lab.open_lab(folder, options)


def _verify(notebook: Path) -> int:
    from evcourse.questions.verify import VerifyError, verify

    try:
        report = verify(notebook)
    except (VerifyError, LookupError, ValueError) as reason:
        raise Stop(str(reason)) from None
    print(report)
    return 0 if report.holds else 1


def _doctor() -> int:
    from evcourse.cli import doctor

    return doctor.report()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("evcourse", description=DESCRIPTION, epilog=STATUS)
    parser.add_argument("--version", action="version", version=f"evcourse {evcourse.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser(
        "start", help="copy the notebooks and exercises into a folder", epilog=STATUS,
        description="Copy the notebooks and exercises into a folder. Files of yours are never overwritten: a file "
        "that is there and differs from the course's is kept and named.",
    )  # fmt: skip
    start.add_argument("folder", metavar="DIR", type=Path, help="where to; the folder is made if it is not there")
    lab = commands.add_parser(
        "lab", help="open the course in JupyterLab", usage="evcourse lab [-h] [DIR] [JupyterLab's options]",
        description="Open the course in JupyterLab, on its first notebook.", epilog=STATUS,
    )  # fmt: skip
    lab.add_argument("folder", metavar="DIR", nargs="?", default=Path(), type=Path,
                     help="the folder with the course (default: the current one); what follows it goes to JupyterLab, "
                     "for example --no-browser or --port=8890")  # fmt: skip
    verify = commands.add_parser(
        "verify", help="run your own exercise notebook in a clean kernel and say what holds", epilog=STATUS,
        description="Run an exercise notebook in a clean kernel and say, question by question, what holds.",
    )  # fmt: skip
    verify.add_argument("notebook", metavar="NOTEBOOK", type=Path, help="your exercise.ipynb; it is not changed")
    grade.add_options(commands, STATUS)
    commands.add_parser(
        "doctor", help="check that everything the course needs works, and say how to mend what does not",
        description="Check Python, packages, kernel, charts, data, progress and JupyterLab, a line each.", epilog=STATUS,
    )  # fmt: skip
    return parser


def _divided(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return the arguments for evcourse and those for JupyterLab: what follows `lab [DIR]`."""
    if arguments[:1] != ["lab"] or arguments[1:2] in (["-h"], ["--help"]):
        return arguments, []
    named = len(arguments) > 1 and not arguments[1].startswith("-")
    return arguments[: 1 + named], arguments[1 + named :]
