"""Parts of pages that are kept until the public version rises."""

from flask.testing import FlaskClient
from markupsafe import Markup

from store.content.models import Announcement
from store.database import bump_public_version, db, writing
from store.web.fragments import MOST_HELD, Fragments
from tests.shop import Shop


def test_fragment_is_rendered_once_for_a_version(app: object) -> None:
    version, renderings = [1], []
    fragments = Fragments(lambda: version[0])

    def render() -> Markup:
        renderings.append(version[0])
        return Markup(f"<b>{version[0]}</b>")

    first = fragments.remembered("top", caller=render)
    again = fragments.remembered("top", caller=render)
    version[0] = 2
    later = fragments.remembered("top", caller=render)

    assert (first, again, later) == ("<b>1</b>", "<b>1</b>", "<b>2</b>")
    assert renderings == [1, 2]


def test_no_more_than_a_few_fragments_are_held(app: object) -> None:
    fragments = Fragments(lambda: 1)

    for number in range(MOST_HELD * 2):
        fragments.remembered(number, caller=lambda: Markup("x"))

    assert len(fragments) == MOST_HELD


def test_new_announcement_is_on_the_next_page(shop: Shop, reader: FlaskClient) -> None:
    reader.get("/pages/about")
    with shop.app.app_context(), writing():
        db.session.add(Announcement(text="Closed on Friday", updated_at=shop.clock.now()))
        bump_public_version()

    assert "Closed on Friday" in reader.get("/pages/terms").get_data(as_text=True)
