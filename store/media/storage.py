"""The door to the pictures' bytes: a folder or an object store, chosen by its URL."""

from typing import Protocol


class MediaStore(Protocol):
    """Keeps bytes under names such as ab/abcdef….webp; names never change their content."""

    def put(self, name: str, content: bytes) -> None: ...

    def get(self, name: str) -> bytes | None: ...

    def exists(self, name: str) -> bool: ...
