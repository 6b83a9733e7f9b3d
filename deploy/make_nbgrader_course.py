"""Lay out the exercises as a course for nbgrader: `python deploy/make_nbgrader_course.py FOLDER`.

FOLDER gets nbgrader's `source/` tree and its settings; then `nbgrader generate_assignment <lesson>` and all the rest
work as usual. nbgrader is not part of the course's environment: install it beside.
"""

import shutil
import sys
from pathlib import Path

from make_exercises import STUB, lessons

SETTINGS = f'''c = get_config()
c.CourseDirectory.course_id = "evcourse"
# The comment that stands in place of a solution; the line before it is the learner's own.
c.ClearSolutions.code_stub = {{"python": "{STUB}"}}
'''


def main(course: Path) -> None:
    for lesson in lessons():
        write_source(lesson, course)
    (course / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")
    print(f"{course}: ready for nbgrader generate_assignment")


def write_source(lesson: Path, course: Path) -> None:
    """Copy one lesson: its solution is nbgrader's source, its questions travel with it."""
    source = course / "source" / lesson.name
    source.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(lesson / "solution.ipynb", source / "exercise.ipynb")
    shutil.copyfile(lesson / "questions.py", source / "questions.py")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the folder of the new course: python deploy/make_nbgrader_course.py FOLDER")
    main(Path(sys.argv[1]))
