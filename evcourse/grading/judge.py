"""The process that knows the answers: it reads submissions as text, makes each learner's numbers, and gives verdicts.

It never runs a learner's code and never sees a learner's object. It is started beside the zygote, by a process that
knows no answer, so that no caged child is its descendant. Run as a program: `python -I judge.py DESCRIPTOR`; the
course's secret comes over the connection.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(PACKAGE.parent))

from evcourse import __version__  # noqa: E402
from evcourse.grading import intake, naming  # noqa: E402
from evcourse.grading.arrangement import Reference  # noqa: E402
from evcourse.grading.messages import Channel  # noqa: E402
from evcourse.questions.clock import TimeUp, limited  # noqa: E402
from evcourse.questions.kind import Kind  # noqa: E402
from evcourse.questions.lesson import declared  # noqa: E402
from evcourse.questions.question import variants  # noqa: E402
from evcourse.questions.sheet import public  # noqa: E402
from evcourse.questions.verdict import Verdict  # noqa: E402

SECONDS = 20.0
#: A learner who does not exist: the secret shows in these numbers, and no more than it does in any learner's.
_NOBODY = "\N{BULLET} nobody"


class Judge:
    """A lesson with its answers.

    Parameters
    ----------
    folder
        The lesson's folder in `exercises/`.
    secret
        The course's, mixed into every learner's numbers.
    """

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.lesson, self.secret = declared(folder), secret
        self._drawn: tuple[str, dict[str, dict[str, Any]]] = "", {}
        self.reference = Reference.of(self.lesson, folder)
        self.rules = self._rules(folder)

    def warm_up(self) -> None:
        """Work out every answer once: what is imported on the way is then there, in all processes forked from this one."""
        for kind in self.lesson:
            given = self._given(_NOBODY)[kind.name]
            for method in (kind.expected, *kind.misconceptions().values()):
                if kind.kind() != "FreeText":
                    kind.key(given, method)
        gc.collect()
        gc.freeze()

    def about(self) -> dict[str, Any]:
        """Return the questions with their points, and a fingerprint of all that a verdict follows from."""
        questions = [[kind.name, kind.points, kind.kind() == "FreeText"] for kind in self.lesson]
        return {"questions": questions, "engine": f"{__version__}+{self.rules}"}

    def read(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return a submission, given where it lies, and what its notebook may know of the lesson."""
        named = intake.Entry(**entry | {"name": naming.Name(**entry["name"]), "date": tuple(entry["date"])})
        submission = intake.submission(named, self.reference)
        return {"submission": submission.to_json()} | self.facts(submission.learner)

    def facts(self, learner: str) -> dict[str, Any]:
        """Return what a learner's notebook may know of the lesson."""
        return {"facts": public(self.lesson, self._given(learner))}

    def verdicts(self, learner: str, answers: dict[str, Any]) -> dict[str, Any]:
        """Return the verdict on each question, from what came out of a cage."""
        given = self._given(learner)
        return {"verdicts": [self._verdict(kind, given[kind.name], answers.get(kind.name)) for kind in self.lesson]}

    def _given(self, learner: str) -> dict[str, dict[str, Any]]:
        # Kept for one learner at a time: a notebook is read first, and judged when it has run.
        if self._drawn[0] != learner:
            self._drawn = learner, variants(self.lesson, learner, self.secret)
        return self._drawn[1]

    def _verdict(self, kind: Kind, given: dict[str, Any], encoded: Any) -> dict[str, Any]:
        verdict = self._judged(kind, _in_form(encoded, kind), given)
        points = 0.0 if kind.kind() == "FreeText" else min(max(float(verdict.points), 0.0), float(kind.points))
        return asdict(verdict) | {"points": points, "of": kind.points}

    def _judged(self, kind: Kind, encoded: dict[str, Any], given: dict[str, Any]) -> Verdict:
        if kind.kind() != "FreeText":
            # Not limited, and not the learner's fault if it fails.
            kind.key(given)
        try:
            with limited(SECONDS):
                return kind.judge(encoded, given)
        except (Exception, TimeUp):  # noqa: BLE001 - a forged answer may have any shape
            return kind.judge({"unreadable": "What the notebook handed in is not an answer of this kind."}, given)

    def _rules(self, folder: Path) -> str:
        digest = hashlib.sha256()
        for path in [*sorted(folder.glob("*.py")), folder / "exercise.ipynb", *sorted((PACKAGE / "questions").glob("*.py"))]:
            digest.update(path.read_bytes() if path.is_file() else b"")
        digest.update(json.dumps(self.facts(_NOBODY), sort_keys=True, default=str).encode())
        return digest.hexdigest()[:12]


def serve(channel: Channel, judge: Judge) -> None:
    """Answer requests until the other end hangs up."""
    does = {"read": judge.read, "facts": judge.facts, "verdicts": judge.verdicts}
    while True:
        try:
            request = channel.receive()
        except EOFError:
            return
        channel.send(does[request["do"]](*request["with"]))


def _in_form(encoded: Any, kind: Kind) -> dict[str, Any]:
    """Return an answer in one of the three forms that `encode` gives; scores of one's own are not the learner's here."""
    if not isinstance(encoded, dict) or not encoded:
        return {"blank": True}
    if "answer" not in encoded:
        reason = encoded.get("unreadable")
        return {"unreadable": reason[:500]} if isinstance(reason, str) and reason else {"blank": True}
    answer = encoded["answer"]
    if kind.kind() == "FreeText" and isinstance(answer, dict):
        answer = answer | {"scores": None}
    return {"answer": answer}


def _main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    opening = Channel(control).receive()
    judge = Judge(Path(opening["folder"]), bytes.fromhex(opening["secret"]))
    judge.warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.sendall(json.dumps(judge.about()).encode() + b"\n")
    while descriptors := socket.recv_fds(control, 1, 1)[1]:
        if os.fork() == 0:
            control.close()
            serve(Channel(socket.socket(fileno=descriptors[0])), judge)
            os._exit(0)
        os.close(descriptors[0])


if __name__ == "__main__":
    _main()
