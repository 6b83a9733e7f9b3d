"""How long a chart that the kernel computes takes to follow a key: `redraw.py`, for these charts alone."""

import sys

import redraw

if __name__ == "__main__":
    sys.argv[1:1] = ["kernel"]
    redraw.main()
