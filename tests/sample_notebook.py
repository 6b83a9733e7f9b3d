"""A small notebook on the sample lesson, as an author writes it, with some of its solutions or none."""

import nbformat

FILLED = {
    "circle": 'circle = 3.14159265 * q.circle.given["d_mm"]',
    "flat": 'flat = {"circle", "square", "kite"}',
    "planets": 'planets = ["Mercury", "Venus", "Mars"]',
}
POINTS = {"circle": 2, "flat": 3, "planets": 2}


def notebook(answers):
    """Return a small notebook as an author writes it, with some of its solutions."""
    cells = [code("from evcourse.questions import exercises\nq = exercises('sample_lesson')\nq.circle.prompt", "opening")]
    for name, points in POINTS.items():
        answer = answers.get(name, "pass")
        solution = f"{name} = ...\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
        cells.append(code(solution, name, grade_id=name, solution=True, grade=False, locked=False))
        graded = dict(grade_id=f"{name}_check", solution=False, grade=True, locked=True, points=points)
        cells.append(code(f"q.{name}.check({name})", f"{name}_check", **graded))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def code(source, cell_id, **nbgrader):
    settings = {"nbgrader": {"schema_version": 3, "task": False, **nbgrader}} if nbgrader else {}
    return nbformat.v4.new_code_cell(source, id=cell_id, metadata=settings)


def write(path, answers):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook(answers)), encoding="utf-8")
    return path
