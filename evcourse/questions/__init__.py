'''Questions that teach: declared once, with every learner's own numbers, checked in the notebook and in class.

A learner opens a lesson and passes each answer in explicitly::

    q = ev.exercises("01_ev_biology")     # the questions, their points and minutes
    q.overlap.prompt                      # the task with this learner's own numbers, also in q.overlap.given
    overlap = 0.5
    q.overlap.check(overlap)              # a verdict in words and points; never an exception
    q.overlap.hint()                      # the first hint, then the second
    q.overlap.solution()                  # after three different answers

An author writes `exercises/<lesson>/questions.py`::

    from evcourse.questions import Lesson, Number, misconception

    lesson = Lesson("EV biology")


    @lesson.question(points=2, minutes=5, bloom="apply")
    class overlap(Number):
        """What share of the range {low}–{high} nm lies above 100 nm?"""      # the prompt

        unit = "1"                       # "1" where there is none
        tolerance = 0.001                # relative; `absolute = …` in the unit; the larger counts
        hints = ("Which range is the whole?", "Share = part / whole: write down both lengths in nm.")
        solution = "The part above 100 nm is {high} - 100 nm long, the whole {high} - {low} nm: {answer}."

        def given(self, rng):            # a random.Random of the learner's own; plain values only
            return {"low": rng.randint(30, 60), "high": rng.randint(140, 190)}

        def expected(self, given):       # follows from data and models; called with this learner's numbers
            return (given["high"] - 100) / (given["high"] - given["low"])

        @misconception(hint="The whole is the range itself; your denominator starts at 0.")
        def divides_by_the_upper_end(self, given):
            return (given["high"] - 100) / given["high"]

The docstring is the prompt; `{name}` and `{name:.1f}` in it, in hints and in the solution stand for the learner's
numbers, `{answer}` in the solution for the right answer. Blank lines part paragraphs, lines that begin with "- " make
a list, `code` and **strong** are marked as in Markdown. No `given` means no variant, and the prompt says so.

`expected` and the misconceptions return an answer just as a learner would give it, which is then read and compared in
the same way: a number, a set, a DataFrame, a function, a chart. A misconception's hint appears when that misconception
explains everything that is wrong with an answer; the first declared one wins, so that one whose table has rows
missing, and agrees with any other in those, comes last. Of several options it is enough to explain every wrong one
chosen, or every right one left out. Hints never contain the answer.

=============  ======================================  ========================================================
Kind           An answer                               What the author sets
=============  ======================================  ========================================================
Number         ``0.5``                                 `unit`, `tolerance`, `absolute`
Choice         ``"B"`` or `q.x.choose()`               `options` = {key: words} (or `options_for(given)`),
                                                       `shuffled`; `expected` returns a key, not a letter
Choices        ``{"A", "C"}`` or `q.x.choose()`        the same; `expected` returns a set of keys
Set            ``{"CD9", "CD63"}``                     `noun`; `tolerance`, `absolute` for numbers
OrderedList    ``["300 g", "2,000 g"]``                `noun`; `tolerance`, `absolute` for numbers
Table          a DataFrame                             `row_key` = column names, `columns` = {name: unit},
                                                       "text" for words; `tolerance`, `absolute`
Function       a function                              `signature`, `inputs(given)` = list of argument tuples,
                                                       `unit`, `tolerance`, `absolute`; `expected` returns a function
Chart          an Altair chart                         `channels`, `looks_at`, `weights` = {"data": 0.6}, `tolerance`;
                                                       `expected` returns a chart
SignedPath     ``[("OB", "+", "OC"), …]``              `edges(given)` = every (source, sign, target)
FreeText       text, and a score for each criterion    `rubric` = {name: (most points, words)}, `least_words`;
                                                       `expected` returns the model answer
VirtualStudy   ``laboratory.conclusion(study, …)``     `design(given)` = a plan that serves; `given` has laboratory,
                                                       spread and budget; misconceptions change what `answered` gives
=============  ======================================  ========================================================

Every kind has three steps. `encode` turns any Python object into bounded JSON or a sentence about what was expected;
`judge` turns that JSON into an itemised `Verdict` and never sees a learner's object; the verdict shows itself as text
and as accessible HTML. A notebook runs all three in one process; for a class, `encode` runs in a cage and `judge`
outside; a `Sheet` (see `evcourse.questions.sheet`) is all that the cage needs to know of a lesson.
'''

from evcourse.questions.chart import Chart
from evcourse.questions.choice import Choice, Choices
from evcourse.questions.free_text import FreeText
from evcourse.questions.function import Function
from evcourse.questions.kind import Kind, misconception
from evcourse.questions.lesson import Lesson
from evcourse.questions.lists import OrderedList, Set
from evcourse.questions.number import Number
from evcourse.questions.opened import Exercises, exercises
from evcourse.questions.signed_path import SignedPath
from evcourse.questions.table import Table
from evcourse.questions.verdict import Item, Verdict
from evcourse.questions.virtual_study import VirtualStudy

#: Every kind of question by its name, as `asked["kind"]` gives it.
KINDS = {
    each.__name__: each
    for each in (Number, Choice, Choices, Set, OrderedList, Table, Function, Chart, SignedPath, FreeText, VirtualStudy)
}

__all__ = [*KINDS, "KINDS", "Exercises", "Item", "Kind", "Lesson", "Verdict", "exercises", "misconception"]
