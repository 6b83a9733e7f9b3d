# Submissions that write to the grader themselves. Each begins at a line "#### name: what it tries".

#### verdicts_on_every_descriptor: full points as a message, to whatever is open
import json
import os

full = [{"question": "circle", "points": 2, "of": 2, "state": "right"}]
lines = [{"verdicts": full}, {"question": "circle", "answer": {"points": 2}}, {"points": 26}, {"row": {"points": 26}}]
for descriptor in range(256):
    for line in lines:
        try:
            os.write(descriptor, json.dumps(line).encode() + b"\n")
        except OSError:
            pass

#### answers_of_every_shape: forged answers of shapes that the judge does not expect
import json
import os

shapes = [True, None, [], {}, "", 0, [[]], [{}], {"value": True}, [{"value": True}] * 4, [[[[[]]]]], {"text": 5, "scores": {"shape": 1e9}}]
for descriptor in range(3, 256):
    for name in ["circle", "corners", "flat", "divisors", "planets", "circles", "cone", "growth", "chain", "roundness"]:
        for shape in shapes:
            try:
                os.write(descriptor, json.dumps({"question": name, "answer": {"answer": shape}}).encode() + b"\n")
            except OSError:
                break

#### tables_of_wrong_shape: tables and charts whose rows are not as long as their names
import json
import os

tables = [{"names": ["d_mm"], "rows": [[1, 2, 3]]}, {"names": [], "rows": [[]]}, {"names": None, "rows": None}, {"rows": 5}]
views = [[{"mark": "line", "channels": {}, "rows": [{}], "transformed": False}] * 50, [{"mark": None}], [{"mark": {}, "channels": []}]]
for descriptor in range(3, 256):
    for name, shapes in {"circles": tables, "growth": views, "chain": [[["sun", 1]], [[1, 1, 1]], [["sun", [], "ice"]]]}.items():
        for shape in shapes:
            try:
                os.write(descriptor, json.dumps({"question": name, "answer": {"answer": shape}}).encode() + b"\n")
            except OSError:
                break

#### numbers_that_are_none: NaN, infinity and integers of a thousand digits in messages
import os

for descriptor in range(3, 256):
    for number in (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 4000, b"9" * 9000):
        try:
            os.write(descriptor, b'{"question": "circle", "answer": {"answer": ' + number + b"}}\n")
        except OSError:
            break

#### pickles: what a careless reader would run
import os
import pickle


class Command:
    def __reduce__(self):
        return os.system, ("touch @@TARGET@@/pickled",)


for descriptor in range(3, 256):
    try:
        os.write(descriptor, pickle.dumps(Command()) + b"\n")
    except OSError:
        pass

#### cells_that_are_not: numbers of cells that do not exist
import json
import os

for descriptor in range(3, 256):
    for number in (-1, 10**6, True, None, "0", 1.5, [0], {}):
        try:
            os.write(descriptor, json.dumps({"cell": number}).encode() + b"\n" + json.dumps({"ended": number, "problem": [1]}).encode() + b"\n")
        except OSError:
            break

#### other_names: answers to questions that do not exist, or have names of the grader's own
import json
import os

for descriptor in range(3, 256):
    for name in ("__class__", "points", "verdicts", "", "circle\x00", "../honest", "__proto__"):
        try:
            os.write(descriptor, json.dumps({"question": name, "answer": {"answer": 1}, "learner": "honest"}).encode() + b"\n")
        except OSError:
            break

#### somebody_else: a row in the name of the learner next door
import json
import os

row = {"learner": "honest", "lesson": "sample_lesson", "points": 0, "questions": [], "do": "verdicts", "with": ["honest", {}]}
for descriptor in range(3, 256):
    try:
        os.write(descriptor, json.dumps(row).encode() + b"\n")
    except OSError:
        pass

#### done_too_early: the end is announced, and then the notebook goes on
import os

for descriptor in range(3, 256):
    try:
        os.write(descriptor, b'{"done": true, "points": 26}\n')
    except OSError:
        pass

#### deep_lists: lists in lists in lists, which make recursive readers fall over
import os

for descriptor in range(3, 256):
    try:
        os.write(descriptor, b'{"question": "circle", "answer": {"answer": ' + b"[" * 50000 + b"]" * 50000 + b"}}\n")
    except OSError:
        pass

#### many_members: an answer of a hundred thousand members
import json
import os

for descriptor in range(3, 256):
    try:
        os.write(descriptor, json.dumps({"question": "divisors", "answer": {"answer": list(range(100000))}}).encode() + b"\n")
    except OSError:
        pass

#### garbage: bytes that are no text, without an end
import os

for descriptor in range(3, 256):
    try:
        os.write(descriptor, os.urandom(30000).replace(b"\n", b""))
    except OSError:
        pass

#### flood: more than may come out
import os

line = b'{"question": "circle", "answer": {"answer": "' + b"x" * 60000 + b'"}}\n'
for descriptor in range(3, 256):
    try:
        for _ in range(200):
            os.write(descriptor, line)
    except OSError:
        pass

#### half_surrogates: text that cannot be written as Unicode
import os

for descriptor in range(3, 256):
    try:
        os.write(descriptor, b'{"question": "roundness", "answer": {"answer": {"text": "\\ud800\\udfff\\ud800", "scores": null}}}\n')
    except OSError:
        pass
