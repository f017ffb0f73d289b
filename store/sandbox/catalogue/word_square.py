"""The puzzle that the demonstration sells as a file: a word square, on two pages of PDF of our own."""

from collections.abc import Sequence

SQUARE = ("CREST", "REACH", "EAGER", "SCENE", "THREE")
"""Five words that read the same across and down."""
CLUES = (
    "Top of a wave, or of a hill in Glebe",
    "What a headline counts, and a column lacks",
    "Like a cadet on her first morning",
    "What somebody always makes at a launch",
    "What makes a throuple",
)
WIDTH, HEIGHT = 595, 842
"""A4 in points."""
CELL, LEFT, TOP = 84, 87, 700
SERIF, SANS = "/F1", "/F2"


def word_square_pdf() -> bytes:
    """Return the puzzle on one page and its answer on another."""
    pages = [_page(is_solved=False), _page(is_solved=True)]
    return _document(pages)


def _page(*, is_solved: bool) -> str:
    title = "The answer" if is_solved else "The Saturday Square"
    drawn = [_text(title, LEFT, 765, 34, SERIF), _rule(LEFT, 748, 420, 3)]
    for row, word in enumerate(SQUARE):
        for column, letter in enumerate(word):
            x, y = LEFT + column * CELL, TOP - (row + 1) * CELL + 20
            drawn.append(f"1.2 w {x} {y} {CELL} {CELL} re S")
            if row == 0 or column == 0:
                drawn.append(_text(str(max(row, column) + 1), x + 6, y + CELL - 16, 11, SANS))
            if is_solved:
                drawn.append(_text(letter, x + 26, y + 26, 44, SERIF))
    words = "Each word is written across and down." if not is_solved else "Each of them twice."
    drawn.append(_text(words, LEFT, 258, 14, SANS))
    lines = SQUARE if is_solved else CLUES
    for place, line in enumerate(lines, start=1):
        drawn.append(_text(f"{place}   {line}", LEFT, 232 - place * 26, 16, SERIF))
    drawn.append(_text("Gay Nation. Print it as often as you like.", LEFT, 48, 10, SANS))
    return "\n".join(drawn)


def _text(words: str, x: int, y: int, size: int, font: str) -> str:
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _rule(x: int, y: int, width: int, height: int) -> str:
    return f"{x} {y} {width} {height} re f"


def _document(pages: Sequence[str]) -> bytes:
    """Write the objects of a PDF 1.4 and the table of where they begin (ISO 32000-1, 7.5)."""
    kids = " ".join(f"{5 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for place, drawn in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}]"
            f" /Resources << /Font << {SERIF} 3 0 R {SANS} 4 0 R >> >>"
            f" /Contents {6 + 2 * place} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return _written(objects)


def _written(objects: Sequence[str]) -> bytes:
    written, begins = bytearray(b"%PDF-1.4\n"), list[int]()
    for number, told in enumerate(objects, start=1):
        begins.append(len(written))
        written += f"{number} 0 obj\n{told}\nendobj\n".encode("ascii")
    table = "".join(f"{begin:010} 00000 n \n" for begin in begins)
    size, start = len(objects) + 1, len(written)
    written += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode("ascii")
    written += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode(
        "ascii"
    )
    return bytes(written)
