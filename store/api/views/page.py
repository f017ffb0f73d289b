"""The page about the API for people, in the shop's own frame: the same for everybody, and kept."""

from flask import Blueprint, render_template

from store.web.doors import services
from store.web.page_policy import cached_for

blueprint = Blueprint("api_page", __name__)


@blueprint.get("/api/v1/")
@cached_for(300, stale=3600)
def page() -> str:
    # What the API is made of comes with what staff are made of, and readers do not wait for that.
    from store.api.opening import DESCRIPTION, RATE
    from store.api.problems import KINDS
    from store.api.reading import shown_operations, shown_shapes
    from store.connections.models import CHOSEN_KINDS
    from store.staff.connection_words import KIND_WORDS, SCOPE_WORDS

    settings = services().settings
    return render_template(
        "api/page.html",
        base=f"{settings.public_url}/api/v1",
        description=DESCRIPTION,
        rate=RATE.split(" ", maxsplit=1)[0],
        operations=shown_operations(settings),
        shapes=shown_shapes(settings),
        problems=KINDS,
        scopes=SCOPE_WORDS.items(),
        kinds=[(kind, KIND_WORDS[kind]) for kind in CHOSEN_KINDS],
    )
