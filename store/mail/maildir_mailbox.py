"""A mailbox as a folder of files, one a mail, with its folders in Maildir++ manner beside it."""

from collections.abc import Iterator
from pathlib import Path

from store.errors import UnavailableError
from store.mail.waiting_mail import WaitingMail

SEEN = ":2,S"


class Maildir:
    def __init__(self, folder: str, most_bytes: int) -> None:
        self._folder = Path(folder)
        self._most_bytes = most_bytes

    def waiting(self, most: int) -> Iterator[WaitingMail]:
        for path in self._paths()[:most]:
            try:
                with path.open("rb") as file:
                    raw = file.read(self._most_bytes)
            except FileNotFoundError:
                # A mail program moved it meanwhile.
                continue
            except OSError as error:
                raise UnavailableError(f"the mailbox: {type(error).__name__}") from error
            yield WaitingMail(f"{path.parent.name}/{path.name}", raw)

    def put_away(self, mail: WaitingMail, folder: str) -> None:
        beside = self._folder / f".{folder}"
        path = self._folder / mail.key
        name = path.name if ":2," in path.name else path.name + SEEN
        try:
            for part in ("cur", "new", "tmp"):
                (beside / part).mkdir(parents=True, exist_ok=True)
            path.rename(beside / "cur" / name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise UnavailableError(f"the mailbox: {type(error).__name__}") from error

    def _paths(self) -> list[Path]:
        """Return the mails by name, which begins with the second in which they came."""
        parts = [self._folder / "new", self._folder / "cur"]
        try:
            found = [path for part in parts for path in part.iterdir() if path.is_file()]
        except OSError as error:
            raise UnavailableError(f"the mailbox: {type(error).__name__}") from error
        return sorted(found, key=lambda path: path.name)
