"""What a news site pastes under its stories, and what it must allow for it to work."""

from html import escape

from store.settings import Settings
from store.widget.loader import FLOATING, RESERVE, loader


def tag(settings: Settings, *, is_pinned: bool = False) -> str:
    """Return the script and the element with lines that stand without any script."""
    store, made = settings.public_url, loader()
    tips = settings.tips_url or f"{store}/tips"
    source = f'src="{store}{made.pinned if is_pinned else FLOATING}"'
    if is_pinned:
        source += f' integrity="{made.integrity}" crossorigin="anonymous"'
    return (
        f'<script type="module" {source}></script>\n'
        f'<store-widget store="{store}">\n'
        f'  <p><a href="{store}/">Visit the {escape(settings.brand_name)} store now</a></p>\n'
        "  <p>Got tips, or a story that you would like published?"
        f' <a href="{escape(tips)}">Tell us</a></p>\n'
        "</store-widget>\n"
    )


def snippet(settings: Settings, *, is_pinned: bool = False) -> str:
    """Return the tag, the rule for the host's stylesheet and the lines of its content policy."""
    store = settings.public_url
    return (
        f"Under every story:\n\n{tag(settings, is_pinned=is_pinned)}\n"
        f"In the site's stylesheet, so that nothing moves:\n\n{RESERVE}\n\n"
        "In the site's Content-Security-Policy, where it has one:\n\n"
        f"script-src {store}; img-src {store}; connect-src {store}\n"
    )
