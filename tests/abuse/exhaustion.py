# Submissions that use up time, memory, disk or patience.

#### endless_loop: a loop that never ends
while True:
    pass

#### loop_that_swallows: a loop that swallows every interruption
while True:
    try:
        while True:
            pass
    except BaseException:
        pass

#### loop_without_alarm: the alarm is switched off, then a loop
import signal

signal.setitimer(signal.ITIMER_REAL, 0)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True:
    pass

#### sleep: a long sleep
import time

time.sleep(10**6)

#### slow_pattern: a regular expression that takes for ever, in one call
import re

re.match(r"(a+)+$", "a" * 60 + "b")

#### huge_number: one operation that takes for ever
x = 7 ** (10**9)

#### stopped: the process stops itself
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
signal.pause()

#### fork_bomb: processes that make processes
import os

while True:
    os.fork()

#### fork_bomb_that_waits: as many processes as there may be, all asleep
import os
import time

for _ in range(10000):
    try:
        if os.fork() == 0:
            time.sleep(1000)
    except OSError:
        break

#### copies_that_go_on: a copy that runs the rest of the notebook, too
import os

try:
    os.fork()
except OSError:
    pass

#### thread_bomb: threads that make threads
import threading

while True:
    threading.Thread(target=threading.Event().wait, daemon=True).start()

#### memory_bomb: all the memory there is
hoard = []
while True:
    hoard.append(bytearray(64 << 20))

#### memory_at_once: one block of a terabyte
import numpy

hoard = numpy.ones(10**11)

#### memory_without_a_limit: memory that is not counted as the process's own
import os

hoard = []
for number in range(100):
    descriptor = os.memfd_create(f"hoard{number}")
    os.write(descriptor, b"x" * (16 << 20))
    hoard.append(descriptor)

#### full_disk: files until nothing fits
for number in range(10**6):
    with open(f"file{number}", "wb") as file:
        file.write(b"x" * (8 << 20))

#### many_files: a million empty files
for number in range(10**6):
    open(f"file{number}", "w").close()

#### descriptors: everything open that can be open
import os

hoard = []
while True:
    hoard.append(os.open("/dev/null", 0))

#### output: two hundred megabytes of output
import os

for _ in range(200):
    print("x" * 10**6)
    os.write(1, b"x" * 10**6)

#### exit: the process ends itself
import os

os._exit(0)

#### polite_exit: the usual ways to end a program
raise SystemExit(0)

#### crash: a segmentation fault
import ctypes

ctypes.string_at(0)

#### abort: the way that C libraries end a program
import os

os.abort()

#### everything_closed: every descriptor is closed
import os

os.closerange(0, 256)

#### recursion: a function that calls itself without end
import sys

sys.setrecursionlimit(10**9)


def again(x):
    return again(x) + 1


again(0)

#### nested_source: code that is nested too deeply to be parsed
exec("x = " + "(" * 100000 + ")" * 100000)
eval("-" * 200000 + "1")

#### endless_answer: answers that never end
def numbers():
    while True:
        yield 1


divisors, planets, chain = numbers(), numbers(), (each for each in numbers())

#### answer_that_hangs: an answer that never comes back when it is looked at
class Hangs:
    def __getattribute__(self, name):
        while True:
            pass

    def __call__(self, *sizes):
        while True:
            pass

    __len__ = __iter__ = __float__ = __repr__ = __bool__ = __call__


circle, cone = Hangs(), Hangs()

#### answer_that_exits: an answer that ends the process when it is looked at
import os


class Exits:
    def __call__(self, *sizes):
        os._exit(0)


cone = Exits()

#### clock_turned_off: the time limit of reading answers is taken away
from evcourse.questions import clock

clock.SECONDS = 10**9
clock.limited = None
while True:
    pass
