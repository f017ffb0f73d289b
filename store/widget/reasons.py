"""Words why a product stands under a story."""

from typing import assert_never

from flask_babel import gettext as _

from store.widget.choosing import Ground, Pick

MOST_WORDS = 2


def reason_for(pick: Pick) -> str:
    """Return why a reader is shown this, in her language."""
    match pick.ground:
        case Ground.EDITOR | Ground.PINNED:
            reason: str = _("Chosen by the editor")
        case Ground.MATCHED:
            reason = _because(pick.words[:MOST_WORDS])
        case Ground.BESTSELLER:
            reason = popular()
        case _:
            assert_never(pick.ground)
    return reason


def popular() -> str:
    """Return what is said of products that no story chose."""
    words: str = _("Popular in the shop")
    return words


def _because(words: tuple[str, ...]) -> str:
    if not words:
        reason: str = _("Goes with this story")
    elif len(words) == 1:
        reason = _("Because this story is about %(subject)s", subject=words[0])
    else:
        reason = _(
            "Because this story is about %(subject)s and %(other)s",
            subject=words[0],
            other=words[1],
        )
    return reason
