"""Make a class as classes are: right, half-right, wrong, blank and broken notebooks of one lesson, as Moodle's zip file.

`python benchmarks/class_of_200.py LESSON ZIP [LEARNERS] [SECRET]`. The same arguments give the same class. Most notebooks
follow from the lesson's own solution and misconceptions; a few learners copy, hand in twice, or hand in something else.
"""

from __future__ import annotations

import copy
import json
import random
import re
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evcourse.questions import lesson as lessons  # noqa: E402
from evcourse.questions.question import variant  # noqa: E402
from tests import broken_notebooks  # noqa: E402

FIRST = "Amira Ben Chloé Deniz Emre Fatima Goran Hanna Ioana José Kofi Lucía Mei Nils Olena Priya Quentin Rosa Søren Tariq".split()
LAST = "Abadi Brown Čermák Diallo Evans Fischer García Horváth Ito Jansen Kowalska Li Müller Nguyen O'Neill Petrov".split()
# Of ten learners: how many of each kind.
KINDS = ["right"] * 2 + ["half"] * 4 + ["wrong"] * 2 + ["blank", "broken"]


class ClassRoom:
    """One lesson's notebooks, to be filled in.

    Parameters
    ----------
    folder
        The lesson's, with `exercise.ipynb`, `solution.ipynb` and `questions.py`.
    secret
        The course's.
    """

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.lesson, self.secret = lessons.declared(folder), secret
        self.blank = json.loads((folder / "exercise.ipynb").read_text(encoding="utf-8"))
        solution = json.loads((folder / "solution.ipynb").read_text(encoding="utf-8"))
        self.right = {cell["id"]: "".join(cell["source"]) for cell in solution["cells"]}

    def notebook(self, learner: str, kind: str, rng: random.Random) -> dict:
        """Return a learner's notebook of one kind."""
        filled = copy.deepcopy(self.blank)
        for cell in filled["cells"]:
            cell["source"] = "".join(cell["source"])
            question = self.lesson.kinds.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
            if question and kind != "blank":
                cell["source"] = self.answer(question, learner, kind, rng) or cell["source"]
        # Two people never save the same file; whoever does has copied it.
        filled["cells"].append({"cell_type": "markdown", "id": "own", "metadata": {}, "source": f"Notes of {learner}"})
        return filled

    def answer(self, question, learner: str, kind: str, rng: random.Random) -> str:
        """Return code for one answer; nothing where it is left out."""
        how = {"right": [20, 1, 0, 0, 1], "half": [9, 6, 2, 1, 2], "wrong": [1, 8, 3, 2, 4]}.get(kind, [1, 1, 0, 0, 0])
        return rng.choices([self.solved, self.mistaken, self.odd, self.failing, lambda *_: ""], how)[0](question, learner, rng)

    def solved(self, question, learner, rng):
        """Return the solution's own code."""
        return self.right[question.name]

    def mistaken(self, question, learner, rng):
        """Return the answer of somebody who holds one of the question's misconceptions."""
        names = list(question.misconceptions())
        # The first ones are common, the last ones rare.
        name = rng.choices(names, [1 / (place + 1) for place in range(len(names))])[0] if names else None
        given = variant(question, learner, self.secret)
        return written(question, given, question.misconceptions()[name](given)) if name else ""

    def odd(self, question, learner, rng):
        """Return an answer of another kind, or one that nobody foresaw."""
        guess = round(rng.uniform(0, 100), rng.randint(0, 3))
        return rng.choice([f"{question.name} = {guess}", f"{question.name} = '{guess} %'", f"{question.name} = [{guess}, 'I think']"])

    def failing(self, question, learner, rng):
        """Return code that raises."""
        return rng.choice([f"{question.name} = undefined / 2", f"{question.name} = (1", f"raise ValueError('{question.name}: <b>why</b>?')"])


def written(question, given, answer) -> str:
    """Return code that gives an answer."""
    name, kind = question.name, question.kind()
    if kind == "FreeText":
        return f"{name} = {'I have read the text several times. It ' + answer + '. ' + 'More could be said about it. ' * 12!r}"
    if kind == "Function":
        calls = {tuple(each): answer(*each) for each in question.inputs(given)}
        return f"def {name}(*numbers):\n    return {plain(calls)}.get(numbers)"
    if kind == "Table":
        return f"import pandas as pd\n\n{name} = pd.DataFrame({plain(answer.to_dict('list'))})"
    if kind == "Chart":
        return f"import altair as alt\n\n{name} = alt.Chart.from_dict({answer.to_dict()!r})"
    return f"{name} = {float(answer)!r}" if kind == "Number" else f"{name} = {answer!r}"


def plain(content) -> str:
    """Return numbers in lists and dictionaries as code, without the names of NumPy's types."""
    return re.sub(r"np\.\w+\(([^()]*)\)", r"\1", repr(content))


def whole_class(room: ClassRoom, size: int) -> dict[str, bytes]:
    """Return path → file for a class, with people who copy, hand in twice, or hand in something else."""
    rng = random.Random(size)
    names = rng.sample([f"{first} {last}" for first in FIRST for last in LAST], size)
    notebooks = {name: room.notebook(name, KINDS[place % len(KINDS)], rng) for place, name in enumerate(names)}
    files = {path(name, place): json.dumps(notebooks[name]).encode() for place, name in enumerate(names)}
    broken = broken_notebooks.corpus(notebooks[names[0]])
    for number, place in enumerate(range(9, size, 10)):
        files[path(names[place], place)] = list(broken.values())[number * 7 % len(broken)]
    copy_numbers(room, files, names)
    files[path(names[3], 3)] = files[path(names[2], 2)]
    files[path(names[4], 4).replace("exercise", "exercise (1)")] = files[path(names[4], 4)]
    files[path(names[5], 5).replace("exercise.ipynb", "report.pdf")] = files.pop(path(names[5], 5))
    return files


def copy_numbers(room: ClassRoom, files: dict[str, bytes], names: list[str]) -> None:
    """Let one learner in fifty write down the right numbers of the learner before."""
    numbers = [kind for kind in room.lesson if kind.kind() == "Number"]
    for place in range(10, len(names), 50):
        lender = room.notebook(names[place - 10], "right", random.Random(place))
        borrower = room.notebook(names[place], "half", random.Random(place))
        for kind in numbers:
            given = variant(kind, names[place - 10], room.secret)
            for notebook in (lender, borrower):
                cell = next(each for each in notebook["cells"] if each["id"] == kind.name)
                cell["source"] = written(kind, given, kind.expected(given))
        files[path(names[place - 10], place - 10)], files[path(names[place], place)] = (json.dumps(each).encode() for each in (lender, borrower))


def path(name: str, place: int) -> str:
    """Return the path that Moodle gives."""
    return f"{name}_{40_000 + place}_assignsubmission_file_/exercise.ipynb"


def main(name: str, target: str, size: str = "200", secret: str = "") -> None:
    """Write the zip file."""
    room = ClassRoom(lessons.find(name), secret.encode())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in whole_class(room, int(size)).items():
            archive.writestr(zipfile.ZipInfo(file, (2026, 3, 1, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main(*sys.argv[1:])
