"""The process that holds imports and nothing else, and forks a caged child for each submission.

It is started anew (not forked) with an empty environment, reads no question and no secret, and leaves itself a root
in which there are none. Run as a program: `python -I zygote.py DESCRIPTOR SETTINGS`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PACKAGE.parent))

_OWN_PARTS = ("questions", "models", "charts", "widgets")
_OTHERS = ("numpy", "pandas", "altair", "IPython.display")
_MOST_BYTES = 64 << 20


def serve(control: socket.socket, settings: dict[str, Any]) -> None:
    """Fork a child for every pair of descriptors that comes in, until the other end is closed."""
    enter_cage, fork = _caged(settings) if settings["sandbox"] else (lambda: None, _forked)
    # Children are never asked for their exit status: whoever watches them has a descriptor of each.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _freeze()
    control.sendall(b"ready")
    while descriptors := socket.recv_fds(control, 1, 2)[1]:
        pid, watched = fork()
        if pid == 0:
            control.close()
            _live(*descriptors, enter_cage)
        socket.send_fds(control, [b"%d" % pid], [watched])
        for descriptor in (*descriptors, watched):
            os.close(descriptor)


def _caged(settings: dict[str, Any]) -> tuple[Callable[[], None], Callable[[], tuple[int, int]]]:
    """Confine this process; return what a child does to enter its cage, and how it is forked."""
    from evcourse.grading import cage, linux, syscall_filter

    limits, filter_ = cage.Limits(**settings["limits"]), syscall_filter.find()
    cage.confine([PACKAGE, *map(Path, settings["readable"])], [Path(each) for each in settings["hidden"]])
    user, group = os.geteuid(), os.getegid()
    return lambda: cage.enter(limits, filter_, user, group), lambda: linux.fork_into(cage.NAMESPACES)


def preload(imports: list[str]) -> None:
    """Import what notebooks use, and do once what is slow the first time."""
    names = [f"evcourse.{part}.{each.name}" for part in _OWN_PARTS for each in pkgutil.iter_modules([str(PACKAGE / part)])]
    for name in ("evcourse.datasets", "evcourse.grading.caged", *names, *_OTHERS, *imports):
        with suppress(ImportError):
            importlib.import_module(name)
    _warm_up()


def _live(task: int, out: int, enter_cage: Callable[[], Any]) -> None:
    """Be the child: never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        _silence()
        content = _read(task)
        from evcourse.grading import caged

        enter_cage()
        caged.run(json.loads(content), out)
    except BaseException as problem:  # noqa: BLE001 - whatever it is, it is said and nothing else is done
        with suppress(BaseException):
            os.write(out, json.dumps({"broken": f"{type(problem).__name__}: {problem}"[:300]}).encode() + b"\n")
    finally:
        os._exit(0)


def _silence() -> None:
    nothing = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _read(task: int) -> bytes:
    with open(task, "rb") as file:
        return file.read(_MOST_BYTES)


def _forked() -> tuple[int, int]:
    pid = os.fork()
    return (pid, os.pidfd_open(pid)) if pid else (0, -1)


def _warm_up() -> None:
    """Use tables and charts once as notebooks do: most libraries put off some of their work until they are first used."""
    import altair as alt
    import pandas as pd

    import evcourse
    from evcourse.questions import KINDS

    rows = _rows_in_all_shapes(pd)
    encoding = {"x": alt.X("name:N").title("Name"), "y": alt.Y("value").scale(type="log"), "color": "group"}
    chart = alt.layer(alt.Chart(rows).mark_line().encode(**encoding), alt.Chart(rows).mark_point().encode(**encoding))
    chart.to_dict()
    KINDS["Chart"].encode(chart, {"channels": ["x", "y"]})
    KINDS["Table"].encode(rows, {"key": ["name"], "columns": {"value": "1"}})
    KINDS["Function"].encode(lambda x: x, {"signature": "f(x)", "inputs": [[1.0]]})
    for name in evcourse.datasets()["name"]:
        evcourse.load(name)


def _rows_in_all_shapes(pd: Any) -> Any:
    rows = pd.DataFrame({"name": ["a", "b"], "value": [1.0, 2.0], "group": pd.Categorical(["x", "y"])})
    rows.groupby("name")["value"].agg(["mean", "max"]).reset_index().merge(rows, on="name").sort_values("value")
    rows.pivot_table(index="name", columns="group", values="value", observed=True)
    pd.concat([rows, rows.query("name == 'a'")]).assign(more=rows["value"].where(rows["value"] < 2, 0)).set_index("name").loc["a"]
    return rows


def _freeze() -> None:
    # Objects that are never looked at again by the collector stay in memory that all children share.
    gc.collect()
    gc.freeze()


def _main() -> None:
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    os.environ.update(HOME="/desk", TMPDIR="/desk", LC_ALL="C.UTF-8", EVCOURSE_MODE="class")
    control, settings = socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2])
    preload(settings["imports"])
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        raise SystemExit(f"{threads} threads are running before the first fork: one was expected.")
    serve(control, settings)


if __name__ == "__main__":
    _main()
