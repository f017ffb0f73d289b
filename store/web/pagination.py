"""Page numbers of long lists: read from an address, and shown as a row of links with gaps."""

from dataclasses import dataclass

HIGHEST = 100_000


def asked_page(text: str | None) -> int:
    """Return the page that an address asks for; 1 for nothing and for nonsense."""
    # isdigit() alone is true for "²", which int() refuses.
    if not text or len(text) > 6 or not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text), 1), HIGHEST)


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where one page stands among all; both count from 1."""

    page: int
    pages: int

    @property
    def previous(self) -> int | None:
        return self.page - 1 if 1 < self.page <= self.pages else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """Return the first, the last and the neighbours; None stands for a gap."""
        near = range(self.page - 1, self.page + 2)
        shown = sorted({1, self.pages, *near} & set(range(1, self.pages + 1)))
        row: list[int | None] = []
        for number in shown:
            if row and number != (row[-1] or 0) + 1:
                row.append(None)
            row.append(number)
        return tuple(row)
