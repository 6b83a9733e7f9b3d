"""Make the course's environment in .venv: `python3 deploy/make_environment.py [--test]`.

Needs nothing but Python and a package index. Everything installed is in the hashed locks
(requirements.txt; with --test requirements-test.txt, which holds all of it and the tests' tools); then the course itself is added.
"""

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
    install = installer()
    say(f"Installing what {lock} lists (seconds with uv, a minute or two without) …")
    run([*install, "--require-hashes", "-r", str(COURSE / lock)])
    run([*install, "--no-deps", "--no-build-isolation", "-e", str(COURSE)])
    say("The environment is ready.")


def make_folder() -> None:
    if python().exists():
        return
    say(f"Making a Python {sys.version_info.major}.{sys.version_info.minor} environment in .venv …")
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except (subprocess.CalledProcessError, OSError) as reason:
        sys.exit(
            f"Python could not make a virtual environment in {ENVIRONMENT} ({reason}). "
            "On Debian and Ubuntu, `sudo apt install python3-venv` supplies the missing part; then run this again."
        )


def installer() -> list[str]:
    """Return the command that installs: uv where it can be had, else pip, which is slower and as exact."""
    pip = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    fetched = subprocess.run([*pip, "--require-hashes", "-r", str(COURSE / "deploy" / "uv.txt")])
    if fetched.returncode:
        return pip
    return [str(python()), "-m", "uv", "pip", "install", "--quiet", "--python", str(python())]


def run(command: list[str]) -> None:
    # uv trusts its own list of certificates unless told otherwise; a proxy that inspects traffic is in the system's.
    surroundings = {"UV_SYSTEM_CERTS": "true", **os.environ}
    if subprocess.run(command, env=surroundings).returncode:
        sys.exit(
            "The installation stopped; the lines above say where. If the package index cannot be reached: check the "
            "network; behind a proxy set HTTPS_PROXY; where the network inspects traffic, set SSL_CERT_FILE and "
            "PIP_CERT to your institution's certificate file. Then run the same command again."
        )


def python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
