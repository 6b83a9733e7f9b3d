"""Make the course's environment in .venv: `python3 deploy/make_environment.py [--test]`.

Needs nothing but Python and a package index. Everything installed is in the hashed locks (requirements.txt; with
--test requirements-test.txt, which holds all of it and the tests' tools); then the course itself is added.
"""

# Quoted types: the sentence about a Python that is too old must reach those who have one, from 3.6 on.
import os
import subprocess
import sys
import venv
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
ENVIRONMENT = COURSE / ".venv"
OLDEST_PYTHON = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            f"evcourse needs Python 3.11 or newer, and this is Python {sys.version.split()[0]}. "
            "Install a newer one, then name it: make lab PYTHON=python3.12"
        )
    lock = "requirements-test.txt" if "--test" in sys.argv[1:] else "requirements.txt"
    make_folder()
    say(f"Installing what {lock} lists (seconds with uv, a minute or two without) …")
    if not installed_with_uv(lock) and not installed(pip(), lock):
        sys.exit(
            "The installation stopped; the lines above say where. If the package index cannot be reached: check the "
            "network; behind a proxy set HTTPS_PROXY; where the network inspects traffic, set SSL_CERT_FILE and "
            "PIP_CERT to your institution's certificate file. Then run the same command again."
        )
    say("The environment is ready.")


def make_folder() -> None:
    if usable():
        return
    say(f"Making a Python {sys.version_info.major}.{sys.version_info.minor} environment in .venv …")
    try:
        # Cleared, for what is there was interrupted, or its Python has been removed since.
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, OSError) as reason:
        sys.exit(
            f"Python could not make a virtual environment in {ENVIRONMENT} ({reason}). "
            "On Debian and Ubuntu, `sudo apt install python3-venv` supplies the missing part; then run this again."
        )


def usable() -> bool:
    """Return whether there is an environment with pip and a Python that is new enough."""
    look = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return python().exists() and succeeds([str(python()), "-c", look], quiet=True)


def installed_with_uv(lock: str) -> bool:
    """Install with uv, which is many times faster; where it cannot be had or cannot do it, return False."""
    # Quiet: pip does the same work afterwards, and says what is wrong if that fails as well.
    fetch = [*pip(), "--retries=1", "--require-hashes", "-r", str(COURSE / "deploy" / "uv.txt")]
    uv = [str(python()), "-m", "uv", "pip", "install", "--quiet", "--python", str(python())]
    return succeeds(fetch, quiet=True) and installed(uv, lock, quiet=True)


def installed(install: "list[str]", lock: str, quiet: bool = False) -> bool:
    itself = ["--no-deps", "--no-build-isolation", "-e", str(COURSE)]
    steps = [*install, "--require-hashes", "-r", str(COURSE / lock)], [*install, *itself]
    return all(succeeds(step, quiet) for step in steps)


def pip() -> "list[str]":
    return [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def succeeds(command: "list[str]", quiet: bool = False) -> bool:
    # uv trusts its own list of certificates unless told otherwise; a proxy that inspects traffic is in the system's.
    surroundings = {"UV_SYSTEM_CERTS": "true", **os.environ}
    errors = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=surroundings, stderr=errors).returncode == 0


def python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
