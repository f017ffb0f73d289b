"""What a page says after a post led to it: one sentence, kept in the session until it is shown."""

from flask import flash, get_flashed_messages


def say(words: str) -> None:
    """Say this on the next page."""
    flash(words)


def said() -> list[str]:
    return [str(words) for words in get_flashed_messages()]
