"""What the mail room is told of its readers by the rooms above it, which it does not know."""

from typing import Protocol


class Manners(Protocol):
    """Asked just before a mail goes, and told when nobody has its address."""

    def is_to_many(self, kind: str) -> bool:
        """Say whether mails of this kind wait for whoever outside is left alone for a while."""
        ...

    def may_send(self, kind: str, recipient: str) -> bool: ...

    def note_unknown(self, recipient: str) -> None:
        """Flushes only."""
        ...


class PlainManners:
    """Sends whatever was written, at once."""

    def is_to_many(self, kind: str) -> bool:
        return False

    def may_send(self, kind: str, recipient: str) -> bool:
        return True

    def note_unknown(self, recipient: str) -> None:
        """Do nothing: nobody keeps a list."""
