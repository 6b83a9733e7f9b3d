# Submissions that want to stay: for the learner who is next, or after the grader has ended.

#### daemon: a process that forks itself free and waits
import os

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time

        time.sleep(1)
        open("@@TARGET@@/daemon", "w")
    os._exit(0)

#### thread_that_goes_on: a thread that answers later
import threading
import time


def later():
    while True:
        time.sleep(0.01)
        globals().update(circle=1.0, planets=["Mars"])


threading.Thread(target=later, daemon=False).start()

#### at_the_end: something to do when Python ends
import atexit

atexit.register(lambda: open("@@TARGET@@/atexit", "w"))

#### signals_kept: handlers for every signal that can be handled
import signal

for number in range(1, 65):
    try:
        signal.signal(number, lambda *a: None)
    except (OSError, ValueError):
        pass

#### message_left_in_files: a file for the learner who is next
import os

for folder in (".", "/desk", "/tmp", "/dev/shm", "/var/tmp", "/dev", "/"):
    try:
        open(os.path.join(folder, "evcourse-for-the-next"), "w").write("LEFT")
    except OSError:
        pass

#### message_found_in_files: the file of the learner before
import os

found = [each for folder in (".", "/desk", "/tmp", "/dev/shm", "/var/tmp", "/dev", "/") if os.path.isdir(folder) for each in os.listdir(folder) if "next" in each]
roundness = "LEFT " + str(found) if found else ...

#### message_left_in_memory: shared memory, queues and keys for the learner who is next
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.shmget(4711, 4096, 0o1666)
libc.msgget(4711, 0o1666)
libc.semget(4711, 1, 0o1666)
libc.syscall(248, b"user", b"evcourse-next", b"LEFT", 4, -4)
libc.mq_open(b"/evcourse-next", 0o102, 0o666, None)

#### message_found_in_memory: what the learner before has left in memory
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
found = [libc.shmget(4711, 4096, 0), libc.msgget(4711, 0), libc.semget(4711, 1, 0), libc.syscall(249, b"user", b"evcourse-next", None, 0)]
found.append(libc.mq_open(b"/evcourse-next", 0, 0, None))
roundness = "LEFT " + str(found) if max(found) >= 0 else ...

#### library_changed_in_memory: libraries changed for whoever is forked next
import altair
import pandas

pandas.DataFrame.to_dict = altair.Chart.to_dict = lambda *a, **k: {}
pandas.read_csv = altair.Chart = None
