"""Put this folder first on PYTHONPATH, and Python and its kernels can reach nothing but their own machine.

Every attempt is refused and written to the file that OFFLINE_LOG names, so that one which is caught and hushed up
counts as well. Files below the folders in OFFLINE_FOLDERS cannot be opened either.
"""

import ipaddress
import os
import socket
import sys

REACHES_OUT = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
LOOKS_UP = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0}
FORBIDDEN = tuple(folder for folder in os.environ.get("OFFLINE_FOLDERS", "").split(os.pathsep) if folder)
# Each folder ends in a separator, so that only what is below it is meant.
OWN_NAMES = ("", "localhost", socket.gethostname())


def refuse(event, arguments):
    if event in REACHES_OUT:
        address = arguments[REACHES_OUT[event]]
        # A path or None is a connection within the machine.
        allowed = not isinstance(address, tuple) or is_own(address[0])
    elif event in LOOKS_UP:
        allowed = is_own(arguments[LOOKS_UP[event]])
    elif event == "open" and FORBIDDEN and isinstance(arguments[0], str):
        allowed = not os.path.abspath(arguments[0]).startswith(FORBIDDEN)
    else:
        return
    if not allowed:
        note(f"{event} {arguments!r}")
        raise PermissionError(f"refused by the offline test: {event} {arguments!r}")


def is_own(host):
    name = host.decode() if isinstance(host, bytes) else host or ""
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return name in OWN_NAMES


def note(line):
    with open(os.environ["OFFLINE_LOG"], "a", encoding="utf-8") as log:
        log.write(line + "\n")


sys.addaudithook(refuse)
