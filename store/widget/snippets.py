"""What a news site pastes under its stories, and what it must allow for it to work."""

from html import escape

from flask_babel import gettext as _

from store.settings import Settings
from store.widget.loader import FLOATING, RESERVE, loader


def tag(settings: Settings, *, is_pinned: bool = False) -> str:
    """Return the script and the element with lines that stand without any script."""
    store, made = settings.public_url, loader()
    tips = settings.tips_url or f"{store}/tips"
    source = f'src="{store}{made.pinned if is_pinned else FLOATING}"'
    if is_pinned:
        source += f' integrity="{made.integrity}" crossorigin="anonymous"'
    visit = escape(_("Visit the %(name)s store now", name=settings.brand_name))
    question, answer = (
        escape(_("Got tips, or a story that you would like published?")),
        _("Tell us"),
    )
    return (
        f'<script type="module" {source}></script>\n'
        f'<store-widget store="{store}">\n'
        f'  <p><a href="{store}/">{visit}</a></p>\n'
        f'  <p>{question} <a href="{escape(tips)}">{escape(answer)}</a></p>\n'
        "</store-widget>\n"
    )


def snippet(settings: Settings, *, is_pinned: bool = False) -> str:
    """Return the tag, the rule for the host's stylesheet and the lines of its content policy."""
    store = settings.public_url
    under, moving = _("Under every story:"), _("In the site’s stylesheet, so that nothing moves:")
    policy = _("In the site’s Content-Security-Policy, where it has one:")
    return (
        f"{under}\n\n{tag(settings, is_pinned=is_pinned)}\n"
        f"{moving}\n\n{RESERVE}\n\n"
        f"{policy}\n\n"
        f"script-src {store}; img-src {store}; connect-src {store}\n"
    )
