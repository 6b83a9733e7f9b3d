# Submissions that change how they are judged. Each begins at a line "#### name: what it tries"; see test_grading_cage.py.

#### builtins_that_lie: built-in functions that a check might use say yes to everything
import builtins

builtins.abs = lambda x: 0.0
builtins.all = builtins.any = lambda x: True
builtins.max = lambda *x, **k: float("inf")
builtins.round = lambda *x: 2
circle, planets = 1.0, ["Mars"]

#### engine_that_agrees: the engine's own comparisons are replaced
from evcourse.questions import plain

plain.close = plain.alike = lambda *a, **k: True
plain.folded = lambda words: ""
circle, divisors, planets = -7.0, {-7.5}, ["x", "y", "z"]

#### judge_replaced: every kind's judge gives full points
from evcourse.questions import KINDS, Verdict

for kind in KINDS.values():
    kind.judge = lambda self, encoded, given: Verdict(self.name, "right", 99, 2)
    kind.compare = lambda *a: []
circle = 1.0

#### encode_replaced: answers are encoded as true, and as objects with points
from evcourse.questions import KINDS

for kind in KINDS.values():
    kind.encode = classmethod(lambda cls, answer, asked: {"answer": True, "points": 99, "state": "right"})
circle = planets = divisors = 1

#### encode_gives_null: an answer of null, where a value is expected
from evcourse.questions import KINDS

for kind in KINDS.values():
    kind.encode = classmethod(lambda cls, answer, asked: {"answer": None})

#### encode_gives_lists: an empty list for everything
from evcourse.questions import KINDS

for kind in KINDS.values():
    kind.encode = classmethod(lambda cls, answer, asked: {"answer": []})

#### encode_gives_objects: an empty object for everything
from evcourse.questions import KINDS

for kind in KINDS.values():
    kind.encode = classmethod(lambda cls, answer, asked: {"answer": {}})

#### encode_gives_infinity: a number that is as large as possible
from evcourse.questions import KINDS

for kind in KINDS.values():
    kind.encode = classmethod(lambda cls, answer, asked: {"answer": 1.7e308})

#### assertions_dropped: the compiler is replaced by one that drops and rewrites what follows
import ast
import builtins

original = builtins.compile


class Dropper(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_Call(self, node):
        return ast.Constant(2)


def compile_without(source, *more, **options):
    return original(ast.fix_missing_locations(Dropper().visit(ast.parse(source))), *more, **options)


builtins.compile = compile_without

#### equal_to_everything: an object that equals whatever it is compared with
class Equal:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __float__(self):
        return 1.0

    __lt__ = __gt__ = __le__ = __ge__ = __contains__ = __eq__
    __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = lambda self, *other: 0


circle = corners = flat = divisors = planets = circles = growth = chain = Equal()
cone = lambda *sizes: Equal()

#### number_that_lies: a float whose arithmetic always fits
class Fits(float):
    def __sub__(self, other):
        return 0.0

    def __rsub__(self, other):
        return 0.0

    def __abs__(self):
        return 0.0

    def __le__(self, other):
        return True


circle, divisors, cone = Fits(-1), {Fits(-1)}, lambda *sizes: Fits(-1)

#### text_that_lies: a text that is every text
class Every(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash("mercury")

    def casefold(self):
        return self

    def split(self, *a):
        return ["mercury"]


corners, planets, flat = Every("?"), [Every("?")] * 3, {Every("?")}


#### list_that_lies: a list that says it is longer, and another, than it is
class Lies(list):
    def __len__(self):
        return 3

    def __iter__(self):
        return iter(())

    def __eq__(self, other):
        return True


planets, divisors, chain = Lies(), Lies(), Lies()

#### class_that_lies: an object that says it is of another class
class Claims:
    @property
    def __class__(self):
        return float

    def __float__(self):
        raise SystemExit


circle = corners = circles = growth = Claims()

#### not_a_number: NaN and infinity
import math

circle, divisors, planets = math.nan, {math.nan, math.inf}, [math.nan] * 3
cone = lambda *sizes: math.nan
chain = [("sun", math.nan, "ice")]

#### module_replaced: the whole question engine is another module
import sys
import types

fake = types.ModuleType("evcourse.questions")
fake.KINDS = {name: type(name, (), {"encode": staticmethod(lambda *a: {"answer": 1, "points": 9})}) for name in ("Number", "Set")}
sys.modules["evcourse.questions"] = fake

#### exercises_replaced: the questions are an object that is pleased with everything
class Pleased:
    points = of = 26

    def __getattr__(self, name):
        return Pleased()

    def __call__(self, *a):
        return 26


q = Pleased()

#### debugger_changes_values: a trace function changes what the engine has in its hands
import sys


def trace(frame, event, argument):
    if event == "return" and frame.f_code.co_name == "encode":
        frame.f_locals["answer"] = 1
    return trace


sys.settrace(trace)
circle = 3.0

#### output_as_points: what other graders take for points is printed and returned
import sys

for stream in (sys.stdout, sys.stderr, sys.__stdout__):
    print('{"score": 26, "max_score": 26, "passed": true}', "### points: 26", file=stream)
26

#### encoder_replaced: the JSON writer adds points to each message
import json

json.JSONEncoder.encode = lambda self, thing: '{"question": "circle", "answer": {"answer": true}, "points": 2, "state": "right"}'
json.dumps = lambda *a, **k: '{"verdicts": [{"points": 26}]}'

#### own_score_in_words: full points for oneself in the question that is marked by hand
roundness = "It is nearly one, because ships sink hull first and the poles are flattened a little."
q.roundness.check(roundness, {"shape": 2, "evidence": 1})

#### asked_changed: what was asked is changed to something easier
for each in q:
    each._asked.update(inputs=[[0, 0]], options=[["A", "equilateral", ""]], edges=[], within="everything", columns={})
cone = lambda *sizes: 0.0
