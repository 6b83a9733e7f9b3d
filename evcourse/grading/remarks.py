"""What was odd about a submission, said once for all cells and questions that it holds for."""

from __future__ import annotations

MOST_NAMES = 12


class Remarks:
    """Collects oddities in the order in which they are met."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, words: str, about: str = "") -> None:
        """Keep an oddity.

        Parameters
        ----------
        words
            What was odd and how it was taken, without the full stop.
        about
            The cell or question; left out, the whole file.
        """
        names = self._found.setdefault(words, [])
        if about and about not in names:
            names.append(about)

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each oddity."""
        return tuple(f"{words}{_listed(names)}." for words, names in self._found.items())


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f": {', '.join(names[:MOST_NAMES])}{more}" if names else ""
