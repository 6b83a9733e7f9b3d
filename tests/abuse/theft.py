# Submissions that look for the answers, the secret, or another learner's work. What they find, they would hand in.

#### key_by_its_path: the questions' file is opened where it lies
roundness = "STOLEN " + open("@@KEY@@").read()

#### key_by_search: the whole file system is searched for questions and solutions
import os

found = []
for where, folders, files in os.walk("/"):
    found += [os.path.join(where, each) for each in files if each in ("questions.py", "solution.ipynb", "course.toml", "honest.ipynb")]
roundness = "STOLEN " + str(found) if found else ...

#### key_by_import: the engine is asked to open the lesson with its answers
from pathlib import Path

from evcourse.questions.lesson import declared, find

roundness = "STOLEN " + str(declared(find("sample_lesson", Path("@@KEY@@").parent)).kinds)

#### key_by_way_of_the_course: every exercise that the library can find
from evcourse.questions import lesson

found = lesson.lessons()
roundness = "STOLEN " + str(found) if found else ...

#### key_as_bytecode: compiled copies of the questions
import glob

found = glob.glob("/**/*questions*.pyc", recursive=True)
found = [each for each in found if "/evcourse/questions/" not in each]
roundness = "STOLEN " + str(found) if found else ...

#### secret_in_the_environment: variables of this process and of others
import os

found = {name: value for name, value in os.environ.items() if "SECRET" in name or "@@SECRET@@" in value}
for pid in os.listdir("/proc"):
    found[pid] = open(f"/proc/{pid}/environ").read()
roundness = "STOLEN " + str(found) if found else ...

#### secret_on_the_command_line: arguments of every process
import glob

found = [open(path).read() for path in glob.glob("/proc/[0-9]*/cmdline")]
roundness = "STOLEN " + str(found) if found else ...

#### memory_of_others: the memory of the parent and of the judge
found = []
for pid in range(1, 400):
    try:
        open(f"/proc/{pid}/mem", "rb")
        found.append(pid)
    except OSError:
        pass
roundness = "STOLEN " + str(found) if found else ...

#### memory_by_system_call: process_vm_readv and ptrace on every process number
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
found = [pid for pid in range(2, 3000) if libc.ptrace(16, pid, 0, 0) == 0]
roundness = "STOLEN " + str(found) if found else ...

#### open_descriptors: whatever is open is read
import os

found = b""
for descriptor in range(3, 256):
    try:
        os.set_blocking(descriptor, False)
        found += os.read(descriptor, 100000)
    except OSError:
        pass
roundness = "STOLEN " + str(found) if found else ...

#### inherited_objects: lessons, verdicts and secrets among all objects in memory
import gc

gc.unfreeze()
found = []
for each in gc.get_objects():
    if type(each).__name__ in ("Lesson", "Judge", "Judges", "Grader", "Setting") or (type(each) is dict and type(each.get("secret")) in (str, bytes) and each["secret"]):
        found.append(repr(each)[:200])
roundness = "STOLEN " + str(found) if found else ...

#### inherited_text: the key and the secret in this process's own memory
import gc

gc.unfreeze()
needles = ["".join(["counts_in", "wards"]), "".join(reversed("@@SECRET@@"))[::-1]]
own = (globals(), needles)
texts = [each for held in gc.get_objects() if type(held) in (dict, list, tuple) and not any(held is mine for mine in own)
         for each in (held.values() if type(held) is dict else held) if type(each) is str]
found = [each[:60] for each in texts if needles[0] in each]
roundness = "STOLEN " + str(found) if found else ...

#### frames_above: what the functions that called this one have in their hands
import sys

frame, found = sys._getframe(), []
while frame:
    found += [f"{name}={value!r}"[:300] for name, value in frame.f_locals.items() if name in ("secret", "judge", "grader", "expected", "verdicts")]
    frame = frame.f_back
roundness = "STOLEN " + str(found) if found else ...

#### other_learners: names and work of the others in the class
import gc
import os

gc.unfreeze()
found = [os.path.join(where, each) for where, _, files in os.walk("/") for each in files if each.endswith(".ipynb")]
found += [each["learner"] for each in gc.get_objects() if type(each) is dict and "learner" in each and "sha256" in each]
roundness = "STOLEN " + str(found) if found else ...

#### other_numbers: another learner's numbers, from the ids alone
from evcourse.questions.learner import numbers

q.circle.given["d_mm"] = numbers("honest", "sample_lesson", "circle").randint(1000, 9999) / 100
circle = 1.0 if numbers("honest", "sample_lesson", "circle", b"@@SECRET@@") else 0
circle = -1.0

#### links_and_dots: the way up and out by links and dots
import os

os.symlink("@@KEY@@", "here")
os.symlink("/proc/1/root/@@KEY@@", "there")
found = []
for path in ("here", "there", "../" * 20 + "@@KEY@@", "/desk/../../../../@@KEY@@", "/proc/self/root/@@KEY@@", "/nothing/../@@KEY@@"):
    try:
        found.append(open(path).read())
    except OSError:
        pass
roundness = "STOLEN " + str(found) if found else ...
