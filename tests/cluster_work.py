"""Work for a cluster that a test can watch and disturb."""

import os
import time
from pathlib import Path


def grade(folder, submissions):
    """Return a row for each submission; leave a mark when a shard begins, and take long enough to be killed at it."""
    (Path(folder) / f"{os.getpid()}-{submissions[0]['learner']}").touch()
    time.sleep(0.15)
    return [{"learner": each["learner"], "points": len(each["cells"])} for each in submissions]
