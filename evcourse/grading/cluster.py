"""Grading on more than one machine, with Dask distributed (`pip install "evcourse[cluster]"`).

Submissions go out in shards as plain JSON text and rows come back as plain JSON text. A shard whose worker dies is
given to another one. Rows follow from the submission alone, so it does not matter where, or how often, one was made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client, Future

Json = dict[str, Any]
SHARD = 25
#: How many shards lie ready for each worker: enough to keep it busy, few enough to keep memory flat.
AHEAD = 3
#: How often a shard may lose its worker before it is believed to be the reason.
RETRIES = 5


class ClusterError(RuntimeError):
    """The cluster cannot be reached or has lost a shard for good; the message says what to do."""


def graded(
    address: str, submissions: Iterable[Json], grade: Callable[[list[Json]], list[Json]], shard: int = SHARD
) -> Iterator[Json]:
    """Yield rows in the order in which they are made.

    Parameters
    ----------
    address
        Of the scheduler, for example "tcp://grader:8786".
    submissions
        As plain JSON (`Submission.to_json`).
    grade
        Returns the rows of a shard. A function of a module, or a partial of one, so that every worker can import it.
    shard
        How many submissions go out together.

    Raises
    ------
    ClusterError
        If there is no distributed, no scheduler or no worker, or if a shard keeps ending its workers.
    """
    with _client(address) as client:
        shards = _shards(submissions, shard)
        # Work that is not asked for yet is not read yet: ten thousand notebooks do not fit into memory at once.
        for text in _results(client, grade, shards):
            yield from json.loads(text)


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError('--cluster needs Dask distributed: pip install "evcourse[cluster]".') from None
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError) as problem:
        raise ClusterError(f"No scheduler answers at {address!r} ({problem}): is `dask scheduler` running there?") from None
    if not client.scheduler_info(n_workers=-1)["workers"]:
        client.close()
        raise ClusterError(f"The scheduler at {address!r} has no workers: start `dask worker {address}` on each machine.")
    return client


def _shards(submissions: Iterable[Json], size: int) -> Iterator[str]:
    remaining = iter(submissions)
    while some := list(islice(remaining, size)):
        yield json.dumps(some)


def _results(client: Client, grade: Callable[[list[Json]], list[Json]], shards: Iterator[str]) -> Iterator[str]:
    from distributed import as_completed

    ahead = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    running = as_completed([_submitted(client, grade, each) for each in islice(shards, ahead)], loop=client.loop)
    for future in running:
        yield _result(future)
        for each in islice(shards, 1):
            running.add(_submitted(client, grade, each))


def _submitted(client: Client, grade: Callable[[list[Json]], list[Json]], shard: str) -> Future:
    # Not pure: the same shard graded twice is two pieces of work, and no result is kept longer than it is needed.
    return client.submit(_graded, grade, shard, pure=False, retries=RETRIES)


def _result(future: Future) -> str:
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as problem:
        raise ClusterError(f"One shard has ended {RETRIES} workers ({problem}): grade the class on one machine.") from None


def _graded(grade: Callable[[list[Json]], list[Json]], shard: str) -> str:
    """Return the rows of a shard as text; this is what runs on a worker."""
    return json.dumps(grade(json.loads(shard)))
