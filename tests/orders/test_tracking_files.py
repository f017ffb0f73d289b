"""Files of tracking numbers, however a carrier, a spreadsheet or a joker has written them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.orders.tracking_files import (
    Fault,
    RowFault,
    TrackingFileError,
    TrackingRow,
    read_tracking_file,
)

ROWS = [("GN-7K3Q-F2XW", "99702123456789", "Post"), ("GN-4M9T-HH2C", "ABC 12-34", "Bêche & Co")]


def _file(separator: str = ",", *, header: bool = True) -> str:
    lines = [separator.join(row) for row in ROWS]
    return "\r\n".join(["Order;Tracking number;Carrier".replace(";", separator)] * header + lines)


def _read(text: str) -> list[TrackingRow]:
    return read_tracking_file(text.encode())


def _triples(rows: list[TrackingRow]) -> list[tuple[str, str, str]]:
    return [(row.number, row.tracking, row.carrier) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_is_read(encoding: str, separator: str) -> None:
    assert _triples(read_tracking_file(_file(separator).encode(encoding))) == ROWS


def test_excels_own_first_line_is_understood() -> None:
    assert _triples(_read("sep=;\r\n" + _file(";"))) == ROWS


def test_a_file_without_a_header_is_number_tracking_carrier() -> None:
    assert _triples(_read(_file(header=False))) == ROWS


@pytest.mark.parametrize(
    "header", ["Order number,Tracking,Courier", "Reference,Consignment,Carrier", "ORDER,Article ID"]
)
def test_columns_go_by_the_names_that_carriers_give_them(header: str) -> None:
    rows = _read(f"{header}\ngn7k3qf2xw,99702,Post")

    assert (rows[0].number, rows[0].tracking, rows[0].fault) == ("GN-7K3Q-F2XW", "99702", None)


def test_columns_stand_where_their_names_do() -> None:
    rows = _read("Weight,Tracking,Name,Order\n2,99702,Robin,GN-7K3Q-F2XW")

    assert (rows[0].number, rows[0].tracking) == ("GN-7K3Q-F2XW", "99702")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",99702", RowFault.NO_NUMBER),
        ("GN-7K3Q-F2XW,", RowFault.NO_TRACKING),
        ("GN-7K3Q-F2XW", RowFault.NO_TRACKING),
        ("GN-7K3Q-F2XW,9.97021E+13", RowFault.SHORTENED),
        ("GN-7K3Q-F2XW,=1+1", RowFault.NO_TRACKING_SIGNS),
        ("GN-7K3Q-F2XW,=HYPERLINK(x)", RowFault.NO_TRACKING_SIGNS),
        ("GN-7K3Q-F2XW,@SUM(A1)", RowFault.NO_TRACKING_SIGNS),
        ("GN-7K3Q-F2XW,-2", RowFault.NO_TRACKING_SIGNS),
        ("GN-7K3Q-F2XW,<script>", RowFault.NO_TRACKING_SIGNS),
        ("GN-7K3Q-F2XW," + "9" * 300, RowFault.NO_TRACKING_SIGNS),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row: str, fault: RowFault) -> None:
    (read,) = _read(f"Order,Tracking\n{row}")

    assert (read.fault, read.line) == (fault, 2)


@pytest.mark.parametrize("cell", ['"=""99702"""', "'99702", " 99702\u00a0"])
def test_what_a_spreadsheet_puts_around_a_number_is_taken_off(cell: str) -> None:
    assert _read(f"Order,Tracking\nGN-7K3Q-F2XW,{cell}")[0].tracking == "99702"


def test_an_order_that_stands_there_twice_is_used_once() -> None:
    rows = _read("Order,Tracking\nGN-7K3Q-F2XW,1\nGN-7K3Q-F2XW,2")

    assert [row.fault for row in rows] == [None, RowFault.REPEATED]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"\r\n \r\n", Fault.EMPTY),
        (b"Colour,Size\nRed,M", Fault.NO_COLUMNS),
        (b"one column\nonly", Fault.NO_COLUMNS),
        (b"PK\x03\x04\0\0\0\0\0\0", Fault.NO_TEXT),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Fault.NO_TEXT),
        (b"\xff\xfeO", Fault.NO_TEXT),
        (b"a,b\n" * 1_100_000, Fault.TOO_LARGE),
        (b"Order,Tracking\n" + b"GN-1,2\n" * 10_001, Fault.TOO_MANY_ROWS),
    ],
    ids=lambda value: value if isinstance(value, Fault) else "",
)
def test_what_is_no_such_file_is_refused_whole(content: bytes, fault: Fault) -> None:
    with pytest.raises(TrackingFileError) as refused:
        read_tracking_file(content)

    assert refused.value.fault is fault


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        rows = read_tracking_file(content)
    except TrackingFileError:
        return
    for row in rows:
        assert "\n" not in row.tracking + row.number + row.carrier
        assert row.fault is not None or row.tracking[0].isalnum()
