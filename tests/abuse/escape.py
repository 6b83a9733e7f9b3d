# Submissions that try to leave the cage, to change the machine, or to end the grader.

#### mounts: new mounts, and the old ones taken away
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("m", exist_ok=True)
done = [libc.mount(b"tmpfs", b"/desk/m", b"tmpfs", 0, None), libc.umount2(b"/proc", 2), libc.umount2(b"/desk", 2), libc.mount(b"proc", b"/desk/m", b"proc", 0, None)]
roundness = "ESCAPED " + str(done) if 0 in done else ...

#### writable_again: the read-only root is made writable
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
done = [libc.mount(None, b"/", None, 32 | flags, None) for flags in (0, 4096, 2, 6)]
roundness = "ESCAPED " + str(done) if 0 in done else ...

#### namespaces: other namespaces, and those of the first process
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
done = [libc.unshare(flag) for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000)]
done += [libc.setns(descriptor, 0) for descriptor in range(64)]
roundness = "ESCAPED " + str(done) if 0 in done else ...

#### another_root: chroot and pivot_root
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("a/b", exist_ok=True)
done = [libc.chroot(b"a"), libc.syscall(155, b"a", b"a/b"), libc.syscall(41, b"a", b"a/b")]
roundness = "ESCAPED " + str(done) if done[0] == 0 or done[1] == 0 else ...

#### other_users: root, and every other user
import os

done = []
for change in (os.setuid, os.seteuid, os.setgid):
    for number in (0, 1, 65534):
        try:
            change(number)
            done.append((change.__name__, number))
        except OSError:
            pass
roundness = "ESCAPED " + str(done) if done else ...

#### kill_everybody: a signal to every process, the parent first
import os
import signal

for pid in (os.getppid(), -1, 0, *range(2, 500)):
    try:
        os.kill(pid, signal.SIGKILL if pid > 1 else signal.SIGCONT)
    except OSError:
        pass

#### write_everywhere: a file in every folder there is
import os

done = []
for where, folders, files in os.walk("/"):
    if where.count("/") > 4 or where.startswith("/desk"):
        # Deeper, all is as it is here.
        folders.clear()
        continue
    try:
        open(os.path.join(where, "evcourse-abuse"), "w").write("I was here")
        done.append(where)
    except OSError:
        pass
roundness = "ESCAPED " + str(done) if done else ...

#### engine_on_disk: the engine's files are changed for all that follow
import evcourse.questions.number as number
import evcourse.questions.plain as plain

open(number.__file__, "a").write("\nNumber.judge = None\n")
open(plain.__file__, "a").write("\nclose = alike = lambda *a: True\n")
roundness = "ESCAPED"

#### start_file_for_python: a file that every Python would run at its start
import os
import sysconfig

folder = sysconfig.get_path("purelib")
open(os.path.join(folder, "sitecustomize.py"), "w").write("open('@@TARGET@@/site', 'w')")
open(os.path.join(folder, "abuse.pth"), "w").write("import os")
roundness = "ESCAPED"

#### shell: commands by every way that Python has
import os
import subprocess

os.system("touch @@TARGET@@/system")
done = []
for command in (["/bin/sh", "-c", "touch @@TARGET@@/shell"], ["touch", "@@TARGET@@/touch"], [os.path.realpath("/proc/self/exe"), "-c", "1"]):
    try:
        done.append(subprocess.run(command).returncode)
    except OSError:
        pass
roundness = "ESCAPED " + str(done) if 0 in done else ...

#### another_program: this process becomes another program
import os
import sys

os.execv(sys.executable, [sys.executable, "-c", "print('ESCAPED')"])
roundness = "ESCAPED"

#### devices: a disk of its own
import os
import stat

done = []
for major in (1, 7, 8, 253, 254, 259):
    try:
        os.mknod(f"disk{major}", stat.S_IFBLK | 0o600, os.makedev(major, 0))
        done.append(open(f"disk{major}", "rb").read(512))
    except OSError:
        pass
roundness = "ESCAPED " + str(done) if done else ...

#### handles: files by their handle and not by their path
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(b"\x08\0\0\0\x01\0\0\0\x02\0\0\0\0\0\0\0", 64)
done = [libc.open_by_handle_at(descriptor, handle, 0) for descriptor in (os.open("/", 0), os.open("/usr/lib", 0))]
roundness = "ESCAPED " + str(done) if max(done) >= 0 else ...

#### rare_system_calls: parts of the kernel that exercises have no business with
import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
numbers = {"x86_64": [321, 298, 323, 425, 248, 250, 175, 246, 101, 155, 165]}.get(platform.machine(), [])
done = [number for number in numbers if libc.syscall(number, 0, 0, 0, 0, 0) >= 0]
roundness = "ESCAPED " + str(done) if done else ...

#### limits_lifted: the limits are set higher
import resource

done = []
for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE"):
    try:
        resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        done.append(name)
    except (OSError, ValueError):
        pass
roundness = "ESCAPED " + str(done) if done else ...

#### out_of_the_cgroup: the control group is left, or its limits are lifted
import glob

done = []
for path in glob.glob("/sys/fs/cgroup/**/cgroup.procs", recursive=True):
    open(path, "w").write("0")
    done.append(path)
roundness = "ESCAPED " + str(done) if done else ...
