"""The archive: letters as they were sent, for everybody, with nothing of any reader in them."""

import re
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from store.database import db, public_version, writing
from store.newsletter.campaigns.models import Campaign
from store.newsletter.campaigns.visits import visits_of
from tests.builders import a_product, an_image, aud
from tests.newsletter.campaigning import begun
from tests.shop import Shop

ATOM = "{http://www.w3.org/2005/Atom}"
ARCHIVE = "/newsletter/archive"
BODY = "# Hello\n\nSee [about](/pages/about).\n\n[[product:late-mug]]"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def campaign(shop: Shop) -> int:
    """A letter that is on its way, with the card of a mug in it."""
    with shop.app.app_context():
        with writing():
            mug = a_product(shop.clock, handle="late-mug", title="Late mug", price=aud(24))
            an_image(mug, content_hash="ab" * 32)
        return begun(shop, slug="spring", body=BODY)


def visits(shop: Shop, campaign_id: int) -> int:
    with shop.app.app_context():
        return visits_of(campaign_id)


def came(shop: Shop, campaign_id: object, **headers: str) -> int:
    answer = shop.browser().post(
        "/newsletter/visits", data={"campaign": campaign_id}, headers=SAME_SITE | headers
    )
    return answer.status_code


def test_letter_is_read_by_everybody_as_it_was_sent(
    shop: Shop, reader: FlaskClient, campaign: int
) -> None:
    with shop.app.app_context(), writing():
        db.session.get_one(Campaign, campaign).body = "Another"

    page = reader.get(f"{ARCHIVE}/spring")

    assert page.status_code == 200
    assert re.search(r"<h1[^>]*>Something new this week</h1>", page.text)
    assert re.search(r"<h2[^>]*>Hello</h2>", page.text)
    assert "Late mug" in page.text
    assert "$24.00" in page.text
    assert re.search(r'<img src="http://localhost/media/[^"]+-card.jpg" alt=', page.text)
    assert "public" in page.headers["Cache-Control"]


def version_of_pages(shop: Shop) -> int:
    with shop.app.app_context(), db.engine.connect() as connection:
        return public_version(connection)


def test_list_is_rendered_anew_when_a_letter_begins(shop: Shop) -> None:
    before = version_of_pages(shop)
    with shop.app.app_context():
        begun(shop, slug="spring", body="Hello")
    shown = version_of_pages(shop)
    with shop.app.app_context():
        begun(shop, slug=None, body="Hello")

    assert (before < shown, version_of_pages(shop)) == (True, shown)


def test_nothing_of_a_reader_or_of_the_campaign_stands_in_it(
    shop: Shop, reader: FlaskClient, campaign: int
) -> None:
    page = reader.get(f"{ARCHIVE}/spring").text
    letter = page.split('class="letter__words"')[1].split("</article>")[0]

    for trace in ("{{", "/newsletter/leave", "preferences", "campaign=", "style="):
        assert trace not in letter, trace


def test_only_what_was_sent_and_has_an_address_stands_there(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context():
        begun(shop, subject="Only mailed")
    with shop.app.app_context(), writing():
        draft = db.session.get_one(Campaign, 1)
        db.session.add(
            Campaign(
                title="x",
                topic="drops",
                subject="Not sent",
                slug="not-sent",
                created_at=draft.created_at,
                updated_at=draft.updated_at,
            )
        )

    listed = reader.get(ARCHIVE).text

    assert "No letter was sent yet" in listed
    assert reader.get(f"{ARCHIVE}/not-sent").status_code == 404
    assert reader.get(f"{ARCHIVE}/nothing").status_code == 404


def test_list_feed_sitemap_and_newsletter_page_lead_there(
    shop: Shop, reader: FlaskClient, campaign: int
) -> None:
    address = f"http://localhost{ARCHIVE}/spring"

    feed = ET.fromstring(reader.get(f"{ARCHIVE}.atom").data)

    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == address
    assert "Late mug" in (entry.findtext(f"{ATOM}content") or "")
    assert f'href="{ARCHIVE}/spring"' in reader.get(ARCHIVE).text
    assert address in reader.get("/sitemap.xml").text
    assert f'href="{ARCHIVE}"' in reader.get("/newsletter").text


def test_hostile_letter_is_harmless_in_the_archive(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context():
        number = begun(shop, slug="bad")
        with writing():
            # As if something had got past everything that reads a letter before it is sent.
            db.session.get_one(Campaign, number).sent_html = (
                "<!--letter--><script>alert(1)</script><img src=x onerror=alert(1)>"
                '<a href="javascript:alert(1)" onclick="alert(1)">x</a>'
                '<iframe src="//evil"></iframe>'
                "<style>*{}</style><form action=//evil><input></form><!--/letter-->"
            )

    letter = reader.get(f"{ARCHIVE}/bad").text.split('class="letter__words"')[1]

    for bad in ("alert", "onerror", "javascript:", "iframe", "evil", "<style", "<input"):
        assert bad not in letter.split("</article>")[0], bad


def test_visit_is_counted_by_campaign_and_by_post_alone(
    shop: Shop, reader: FlaskClient, campaign: int
) -> None:
    reader.get(f"/products/late-mug?campaign={campaign}")
    assert visits(shop, campaign) == 0

    assert came(shop, campaign) == 204
    assert came(shop, campaign) == 204

    assert visits(shop, campaign) == 2


@pytest.mark.parametrize("number", ["", "0", "99", "-1", "1e9", "٣", "9" * 40])
def test_visit_of_no_campaign_counts_nothing(shop: Shop, campaign: int, number: str) -> None:
    assert came(shop, number) == 204
    assert visits(shop, campaign) == 0


def test_another_site_counts_no_visits(shop: Shop, campaign: int) -> None:
    assert came(shop, campaign, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert visits(shop, campaign) == 0


def test_mark_of_a_campaign_splits_no_page_in_memory(
    shop: Shop, reader: FlaskClient, campaign: int
) -> None:
    plain = reader.get("/products/late-mug")
    marked = reader.get(f"/products/late-mug?campaign={campaign}")

    assert marked.data == plain.data
    assert marked.headers["ETag"] == plain.headers["ETag"]
