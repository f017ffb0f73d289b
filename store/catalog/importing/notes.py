"""What an import has to say of a file: refusals and warnings with their lines, and remarks."""

from dataclasses import dataclass, field

from store.errors import InvalidError


class FileRefusedError(InvalidError):
    """The file as a whole cannot be read; the words say why, and from which line on."""


class RowRefusedError(InvalidError):
    """One row cannot be imported; the words say why."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something about one line of the file; lines count from 1, the header's."""

    line: int
    text: str


@dataclass(slots=True)
class Notes:
    """Collects what is said on the way; remarks are about the file and count as nothing."""

    refusals: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def refuse(self, line: int, text: str) -> None:
        self.refusals.append(Note(line, text))

    def warn(self, line: int, text: str) -> None:
        self.warnings.append(Note(line, text))

    def remark(self, text: str) -> None:
        self.remarks.append(text)
