"""A class is graded on several worker processes, and a worker that is killed half way costs nobody a row."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from evcourse.grading import cluster
from tests import cluster_work

ROOT = Path(__file__).resolve().parent.parent
CLASS = [{"learner": f"learner {number:03}", "cells": [1] * (number % 5)} for number in range(120)]
needs_distributed = pytest.mark.skipif(
    not importlib.util.find_spec("distributed"), reason="Dask distributed is not installed"
)


class Cluster:
    """A scheduler and some workers, each a process of its own."""

    def __init__(self, folder):
        self.folder, self.processes, self.workers = folder, [], []

    def start(self, workers):
        contact = self.folder / "scheduler.json"
        self.run("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", contact)
        until(contact.exists)
        address = re.search(r"tcp://[\d.]+:\d+", contact.read_text(encoding="utf-8")).group()
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", self.folder)
        self.workers = [self.run("distributed.cli.dask_worker", address, *options) for _ in range(workers)]
        return address

    def run(self, module, *arguments):
        paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
        log = (self.folder / f"log {len(self.processes)}").open("w")
        command = [sys.executable, "-m", module, *map(str, arguments)]
        self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": paths}))
        return self.processes[-1]

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()


def until(holds, seconds=60):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(holds)
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster_of_three(tmp_path_factory):
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        address = started.start(3)
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=60)
        yield started, address
    finally:
        started.stop()


@needs_distributed
def test_a_mistake_in_grading_comes_back_as_itself(cluster_of_three):
    _, address = cluster_of_three
    with pytest.raises(KeyError):
        list(cluster.graded(address, iter([{"no": "learner"}]), partial(cluster_work.grade, "/nowhere")))


@needs_distributed
def test_a_worker_that_is_killed_half_way_costs_nobody_a_row(cluster_of_three, tmp_path):
    started, address = cluster_of_three
    marks = tmp_path / "marks"
    marks.mkdir()
    rows = []
    for row in cluster.graded(address, iter(CLASS), partial(cluster_work.grade, str(marks)), shard=4):
        rows.append(row)
        if len(rows) == len(CLASS) // 2:
            # One that has been at work, and is at work now.
            victim = started.workers[0].pid
            assert any(mark.name.startswith(f"{victim}-") for mark in marks.iterdir())
            os.kill(victim, signal.SIGKILL)
    expected = [{"learner": each["learner"], "points": len(each["cells"])} for each in CLASS]
    assert sorted(rows, key=lambda row: row["learner"]) == expected
    assert len({mark.name.partition("-")[0] for mark in marks.iterdir()}) == 3
    assert started.workers[0].wait(10) == -signal.SIGKILL


@needs_distributed
def test_a_scheduler_that_does_not_answer_is_one_sentence(monkeypatch):
    import distributed

    monkeypatch.setattr(distributed, "Client", refusing)
    with pytest.raises(cluster.ClusterError, match="No scheduler answers at 'tcp://127.0.0.1:9'"):
        list(cluster.graded("tcp://127.0.0.1:9", iter(CLASS), len))


def refusing(address, **options):
    raise OSError("timed out")


def test_without_distributed_the_way_out_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(cluster.ClusterError, match=r"pip install \"evcourse\[cluster\]\""):
        list(cluster.graded("tcp://127.0.0.1:9", iter(CLASS), len))
