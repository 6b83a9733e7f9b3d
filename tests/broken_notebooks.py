"""Notebooks as they come in when something went wrong: each a name and the bytes of a file, made from a good one."""

import copy
import json

DEEP = 200_000


def corpus(good):
    """Return name → bytes of files from which nothing can be run, and of files that have only been through a lot.

    Parameters
    ----------
    good
        A notebook (nbformat 4, as a dictionary) whose first answer cell is filled in.
    """
    return hopeless(good) | mendable(good)


def hopeless(good):
    """Return the files from which nothing can be run."""
    text = json.dumps(good)
    nested = '{"nbformat": 4, "cells": ' + "[" * DEEP + "]" * DEEP + "}"
    return {
        "zero bytes": b"",
        "null bytes": b"\0" * 4096,
        "blank": b" \n\n",
        "not json": b"overlap = 0.5\n",
        "cut off": text[: len(text) // 2].encode(),
        "a web page": b"<!DOCTYPE html><html><title>Log in</title></html>",
        "a picture": bytes(range(256)) * 20,
        "a renamed archive": b"PK\x03\x04" + bytes(200),
        "an unsolved merge": f"<<<<<<< HEAD\n{text}\n=======\n{text}\n>>>>>>> theirs\n".encode(),
        "nested deeply": nested.encode(),
        "a list": b"[1, 2, 3]",
        "a number": b"17",
        "null": b"null",
        "no cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
        "cells of another kind": b'{"nbformat": 4, "cells": [1, null, "x", [], true]}',
        "cells that are no list": b'{"nbformat": 4, "cells": {"a": 1}}',
        "worksheets that are no list": b'{"nbformat": 3, "worksheets": 3}',
        "too many cells": json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": ""}] * 6000}).encode(),
        "written in another language": json.dumps(_with(good, metadata={"kernelspec": {"name": "ir", "language": "R"}})).encode(),
        "written in Julia": json.dumps(_with(good, metadata={"language_info": {"name": "julia"}})).encode(),
        "nine megabytes of text": json.dumps(_with(good, metadata={"x": "a" * 9 * 2**20})).encode(),
    }


def mendable(good):
    """Return the files that can be read, whatever happened to them."""
    cells = good["cells"]
    return {
        "copied cells": _bytes(_with(good, cells=cells + copy.deepcopy(cells))),
        "copied answers": _bytes(_with(good, cells=[each for cell in cells for each in (cell, copy.deepcopy(cell))])),
        "all ids the same": _bytes(_with(good, cells=[cell | {"id": "same"} for cell in cells])),
        "no ids": _bytes(_with(good, cells=[{key: cell[key] for key in cell if key != "id"} for cell in cells])),
        "ids that are no text": _bytes(_with(good, cells=[cell | {"id": {"a": [1]}} for cell in cells])),
        "reordered": _bytes(_with(good, cells=cells[::-1])),
        "deleted opening": _bytes(_with(good, cells=cells[1:])),
        "one cell left": _bytes(_with(good, cells=cells[1:2])),
        "re-typed as markdown": _bytes(_with(good, cells=[cell | {"cell_type": "markdown"} for cell in cells])),
        "re-typed as nothing": _bytes(_with(good, cells=[cell | {"cell_type": 7} for cell in cells])),
        "metadata that is no dictionary": _bytes(_with(good, cells=[cell | {"metadata": [cell["metadata"]]} for cell in cells])),
        "no metadata": _bytes({"cells": [{"cell_type": "code", "source": cell["source"]} for cell in cells]}),
        "format 3": _bytes(_format_3(good)),
        "format 5": _bytes(_with(good, nbformat=5)),
        "format of the far future": json.dumps(good).replace('"nbformat": 4', '"nbformat": ' + "9" * 9000).encode(),
        "huge integers": _bytes(_with(good, metadata={"n": "N"})).replace(b'"N"', b"9" * 100_000),
        "infinite numbers": _bytes(_with(good, metadata={"n": "N"})).replace(b'"N"', b"1e999"),
        "invalid utf-8": _bytes(_with(good, cells=[*cells, {"cell_type": "markdown", "source": "?"}])).replace(b'"?"', b'"\xff\xfe\xc3"'),
        "utf-16": json.dumps(good).encode("utf-16"),
        "utf-8 with a mark": b"\xef\xbb\xbf" + _bytes(good),
        "null bytes behind": _bytes(good) + b"\0" * 5000,
        "null bytes in the source": _bytes(_edited(good, lambda source: "\0" + source)),
        "lone surrogates": json.dumps(_edited(good, lambda source: source + "\n# \ud800")).encode(),
        "raw line breaks": json.dumps(good).replace("\\n", "\n").encode(),
        "a source of lists of lists": _bytes(_with(good, cells=[*cells, {"cell_type": "code", "source": [["x"], 1, None]}])),
        "outputs of a wrong type": _bytes(_with(good, cells=[cell | {"outputs": {"outputs": "]]]}}}"}} for cell in cells])),
        "a cell of a megabyte": _bytes(_with(good, cells=[*cells, {"cell_type": "code", "source": "x = 1\n" * 200_000}])),
        "magic": _bytes(_with(good, cells=[_code("%matplotlib inline\n!pip list\nx = 1"), _code("%%bash\nrm -rf /"), *cells])),
        "unbalanced code": _bytes(_with(good, cells=[*cells, _code("%x\n" + "(" * 5000)])),
        "twenty megabytes of output": _bytes(with_output(good, 20 * 2**20)),
    }


def with_output(good, size):
    """Return the notebook with this many bytes of output, all kinds of brackets and escapes in it."""
    chunk = 'a "quoted" \\ [bracket] {brace} "outputs": [\n'
    output = {"output_type": "stream", "name": "stdout", "text": [chunk * (size // len(chunk) // 4)] * 4}
    cells = [cell | {"outputs": [output]} if place == 1 else cell for place, cell in enumerate(good["cells"])]
    return _with(good, cells=cells)


def _with(good, **changed):
    return good | changed


def _edited(good, edit):
    cells = [cell | {"source": edit(cell["source"])} if place == 1 else cell for place, cell in enumerate(good["cells"])]
    return good | {"cells": cells}


def _code(source):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}


def _format_3(good):
    cells = [{"cell_type": "code", "input": cell["source"], "metadata": cell["metadata"], "language": "python"} for cell in good["cells"]]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}


def _bytes(notebook):
    return json.dumps(notebook).encode()
