"""The puzzle that the demonstration sells is a puzzle, and its file a PDF."""

import re
from io import BytesIO

from store.catalog.files.kinds import kind_of
from store.sandbox.catalogue import catalogue
from store.sandbox.catalogue.word_square import CLUES, SQUARE, word_square_pdf


def test_words_read_the_same_across_and_down() -> None:
    down = tuple("".join(column) for column in zip(*SQUARE, strict=True))

    assert down == SQUARE
    assert len(CLUES) == len(SQUARE)


def test_file_is_a_pdf_whose_table_says_where_its_objects_begin() -> None:
    made = word_square_pdf()
    table = re.findall(rb"^(\d{10}) 00000 n $", made, re.MULTILINE)

    assert kind_of(BytesIO(made)).ending == "pdf"
    for number, begin in enumerate(table, start=1):
        assert made[int(begin) :].startswith(b"%d 0 obj" % number)


def test_one_product_is_a_file() -> None:
    files = [product.file for product in catalogue().products if product.file]

    assert [file.name for file in files] == ["The Saturday Square.pdf"]
