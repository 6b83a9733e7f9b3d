"""`evcourse doctor`: check everything the course needs, one line each, with one plain fix for what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from evcourse.cli.checks import ALL, NotTried, Problem, reinstall
from evcourse.cli.start import command


def report() -> int:
    """Print one line per check and return the exit status: 0 if no check failed, 1 if one did."""
    failed = sum(not _passed(name, check) for name, check in ALL.items())
    if failed:
        print(f"\n{failed} of {len(ALL)} checks failed. Begin with the first, then run {command('doctor')} again.")
        return 1
    print("\nEverything the course needs is here.")
    return 0


def _passed(name: str, check: Callable[[], str]) -> bool:
    try:
        _say("ok", name, check())
    except NotTried as reason:
        _say("not tried", name, str(reason))
    except Problem as problem:
        _say("problem", name, str(problem), problem.fix)
        return False
    except KeyboardInterrupt:
        raise
    # In a broken environment anything can be raised, also what compiled packages raise past `Exception`.
    except BaseException as reason:  # noqa: BLE001
        _say("problem", name, _in_words(reason), reinstall())
        return False
    return True


def _say(verdict: str, name: str, words: str, fix: str = "") -> None:
    print(f"{verdict:9}  {name}: {words}", flush=True)
    if fix:
        print(f"{'':9}  to mend it: {fix}", flush=True)


def _in_words(reason: BaseException) -> str:
    if isinstance(reason, ModuleNotFoundError):
        return f"the Python package {reason.name!r} is missing"
    lines = str(reason).strip().splitlines() or ["no reason given"]
    return f"it stopped with {type(reason).__name__}: {lines[0][:200]}"
