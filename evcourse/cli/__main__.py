"""`python -m evcourse.cli`, for where the command `evcourse` is not on the search path."""

from evcourse.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
