"""How the tables of a lesson look: sentences whole, words on the left and numbers on the right."""

from __future__ import annotations

import re

import pandas as pd
from IPython import get_ipython

LEFT = ' style="text-align: left"'


def table_html(rows: pd.DataFrame) -> str | None:
    """Return a table as HTML with its columns of words aligned to the left; None where pandas shows none."""
    page = rows._repr_html_()
    if page is None:
        return None
    page = re.sub(r"<td>(?!-?[\d,.]+(?:e[+-]?\d+)?</td>|NaN</td>|&lt;NA&gt;</td>)", f"<td{LEFT}>", page)
    words = [str(name) for name, cells in rows.items() if not pd.api.types.is_numeric_dtype(cells)]
    for name in words:
        page = page.replace(f"<th>{name}</th>", f"<th{LEFT}>{name}</th>")
    return page


def show_tables() -> None:
    """Make notebooks show tables in this way, from now on."""
    pd.set_option("display.max_colwidth", None)
    shell = get_ipython()
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, table_html)


show_tables()
