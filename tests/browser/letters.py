"""Every mail and paper of the shop, from real rows: names of every length and script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from store.catalog.models import Variant
from store.database import db, writing
from store.mail.letterhead import write_letterhead
from store.mail.models import Message
from store.newsletter import messages as newsletter_mails
from store.newsletter.back_in_stock import messages as stock_mails
from store.newsletter.back_in_stock.models import RequestState, StockRequest
from store.newsletter.campaigns.letters import addressed, letter_of
from store.newsletter.models import Subscriber
from store.orders import later_messages, messages
from store.orders.delivering import delivered
from store.orders.downloads.telling import TellOfEdition, tell_of_edition
from store.orders.models import Order
from store.orders.own_data.asking import mail_data_link
from store.orders.own_data.erasing import OrderKeeper
from store.orders.own_data.keepers import Keepers
from store.orders.queries import locked_order
from store.orders.refunding import RefundWish, refund_order
from store.orders.returning import messages as return_mails
from store.orders.returning.models import Return, ReturnLine, Why, Wish
from store.orders.shipping import Parcel, ship_parcel
from store.paths import STATIC, TEMPLATES
from store.sandbox.stripe import Address
from store.staff import messages as staff_mails
from store.staff.gallery import drawn, hung
from store.staff.messages import Notice
from store.tips.files import GivenFile
from store.tips.messages import mail_tip
from store.tips.models import Tip
from store.web.printing import STYLESHEET
from store.web.stylesheets import PAPER_ENTRY, joined_stylesheet
from tests.builders import a_product, an_image, aud
from tests.buying import a_variant, check_out, fill_cart, session_of, thanks
from tests.campaigns import a_campaign
from tests.orders.after_buying import Reader
from tests.selling_files import MP3, a_file
from tests.shop import Shop
from tests.staffing import a_member

ARABIC = "قميص النشرة المتأخرة من القطن الثقيل"
JAPANESE = "深夜版の厚手コットンＴシャツ"
CHINESE = "晚間版厚棉短袖上衣"
HINDI = "देर रात का संस्करण, भारी सूती कमीज़"
HEBREW = "חולצת המהדורה המאוחרת"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
TITLES = ("Late Edition tee", ARABIC, JAPANESE, HINDI, LONG[:255])
NAME = f"R. Reader {JAPANESE} {ARABIC} {LONG}"[:200]
PLACE = Address(LONG[:200], ARABIC, CHINESE, "NSW", "2010", "AU")
STORY = "https://news.example/2026/11/" + "a-very-long-story-" * 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail or a paper: what it is called, its page, and its text where it has one."""

    name: str
    html: str
    text: str = ""


def every_letter(shop: Shop) -> list[Letter]:
    """Write each mail of the shop once, and return them as they were written.

    What takes long to come about is drawn as staff see it beside its wording.
    """
    with writing():
        words = {"legal_name": LONG[:120], "business_number": "51 824 753 556"}
        write_letterhead(words, shop.clock)
    order = _bought(shop)
    _of_orders(shop, order.id)
    _of_returns(shop, order.id)
    _of_others(shop, order.lines[0].variant_id or 0)
    db.session.rollback()
    found = db.session.scalars(select(Message).order_by(Message.id)).all()
    by_kind: dict[str, Letter] = {}
    for mail in found:
        name = _named(mail)
        by_kind.setdefault(name, Letter(name, mail.html, mail.text))
    for letter in (*_samples(shop), _campaign(shop)):
        by_kind.setdefault(letter.name, letter)
    return list(by_kind.values())


def _samples(shop: Shop) -> Iterator[Letter]:
    """Yield each mail as it hangs in the gallery of staff, for what nobody did here."""
    for mail in hung():
        sample = drawn(mail.template, shop.services)
        assert sample is not None
        yield Letter(mail.template.replace("/", "."), sample.html, sample.text)


def _campaign(shop: Shop) -> Letter:
    """Return a letter to many with everything in it that one may have."""
    rows = [f"# {LONG}", "[[product:tee]]", f"> {ARABIC}\n\n- [{JAPANESE}](/products)\n- {HINDI}"]
    with writing():
        an_image(a_product(shop.clock, handle="tee", title=LONG[:255]), content_hash="ab" * 32)
        campaign = a_campaign(shop.clock, subject=HEBREW, body="\n\n".join(rows), slug="drawn")
    link = f"{shop.services.settings.public_url}/newsletter/leave/{LONG[:90]}"
    mail = addressed(letter_of(campaign, shop.services), link, link)
    return Letter("newsletter.campaign", mail.html, mail.text)


def every_template() -> set[str]:
    """Return the name of each mail that the shop has a template for."""
    pages = TEMPLATES.glob("*/mail/*.html")
    return {f"{page.parent.parent.name}.{page.stem}" for page in pages}


def every_paper(shop: Shop) -> list[Letter]:
    """Return the invoice and the credit note of an order, as a browser prints them."""
    order = _bought(shop)
    reader = Reader(shop, order.number)
    refund = refund_order(
        order, RefundWish(line_ids=(order.lines[1].id,)), shop.services, actor="r"
    )
    sheet = joined_stylesheet(STATIC, PAPER_ENTRY)
    return [
        Letter("paper.invoice", _with_sheet(reader.get("/receipt").text, sheet)),
        Letter("paper.credit_note", _with_sheet(reader.get(f"/refunds/{refund.id}").text, sheet)),
    ]


def pdfs_of(shop: Shop, letters: list[Letter]) -> Iterator[tuple[str, str, str]]:
    """Yield each paper as the maker of PDFs wants it: name, page and stylesheet."""
    sheet = joined_stylesheet(STATIC, PAPER_ENTRY)
    for letter in letters:
        page = re.sub(r"<style>.*</style>", "", letter.html, flags=re.DOTALL)
        page = re.sub(r"<nav.*?</nav>", "", page, flags=re.DOTALL)
        linked = page.replace("</head>", f'<link rel="stylesheet" href="{STYLESHEET}"></head>')
        yield letter.name, linked, sheet


def _bought(shop: Shop) -> Order:
    """Buy five things with names of every kind, and a file, as somebody with a long address."""
    reader = shop.browser()
    for title in TITLES:
        fill_cart(reader, a_variant(shop, title=title, price=aud(1_045.5)), 2)
    download = a_variant(shop, title="Night Desk, the audiobook")
    a_file(shop, download, name=f"{LONG[:90]} {ARABIC} {JAPANESE}.mp3", content=MP3)
    fill_cart(reader, download)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, name=NAME, address=PLACE)
    thanks(reader, session_id)
    db.session.rollback()
    return db.session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()


def _of_orders(shop: Shop, order_id: int) -> None:
    services = shop.services
    with writing():
        order = locked_order(order_id)
        parcel = ship_parcel(
            order,
            # pragma: allowlist nextline secret - a number of a parcel
            Parcel({}, LONG[:80], "33ABC0123456789" * 8),
            services,
            actor="robin",
        )
        db.session.flush()
        messages.mail_shipped(order, parcel, services)
        delivered(order, parcel, services, actor="robin")
        messages.mail_payment_failed(order, services)
        messages.mail_attention(order, "shortage", services)
        messages.mail_links([order], order.email, 1, services)
        later_messages.mail_cancelled(order, services)
        mail_data_link(1, order.email, Keepers((OrderKeeper(),)), services)
    _of_files(shop, order_id)
    _of_pick_up(shop)
    with writing():
        order = locked_order(order_id)
        line = order.lines[0]
        wish = RefundWish(line_ids=(line.id,))
    refund_order(order, wish, services, actor="robin")


def _of_files(shop: Shop, order_id: int) -> None:
    """Buy nothing but a file, and hear of its new edition."""
    reader = shop.browser()
    variant = a_variant(shop, title="Night Desk, the audiobook")
    file = a_file(shop, variant, name=f"{HEBREW} {CHINESE}.mp3", content=MP3)
    fill_cart(reader, variant)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, name=NAME, address=None)
    thanks(reader, session_id)
    file_id = file.id
    db.session.rollback()
    tell_of_edition(TellOfEdition(file_id, 1), shop.services)


def _of_pick_up(shop: Shop) -> None:
    from store.pricing.writing_rates import write_rates
    from tests.checkout.test_places import COUNTER

    with writing():
        write_rates([COUNTER])
    reader = shop.browser()
    fill_cart(reader, a_variant(shop, title=ARABIC))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, name=NAME, address=None)
    thanks(reader, session_id)
    db.session.rollback()
    with writing():
        newest = select(Order.id).order_by(Order.id.desc()).limit(1)
        order = locked_order(db.session.scalars(newest).one())
        messages.mail_pickup_ready(order, shop.services)


def _of_returns(shop: Shop, order_id: int) -> None:
    services, now = shop.services, shop.clock.now()
    with writing():
        order = locked_order(order_id)
        asked = Return(
            order=order,
            wish=Wish.EXCHANGE,
            asked_at=now,
            updated_at=now,
            note="It is too small.",
            instructions=f"Put it into any parcel.\n\n{LONG}\n{ARABIC}\n{CHINESE}",
            refusal=f"It was worn.\n\n{HINDI}\n\n{LONG}",
        )
        asked.lines = [
            ReturnLine(line=line, order_line_id=line.id, quantity=1, reason=Why.TOO_SMALL, good=1)
            for line in order.lines[1:5]
        ]
        db.session.add(asked)
        db.session.flush()
        return_mails.mail_asked(asked, services)
        return_mails.mail_approved(asked, services)
        return_mails.mail_declined(asked, services)
        return_mails.mail_received(asked, services)
        latest = db.session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
        latest.email = "replacement@example.org"
        db.session.flush()
        _forget_confirmation(latest)
        return_mails.mail_exchanged(asked, latest, services)


def _forget_confirmation(order: Order) -> None:
    """Let the mail of an exchange take the place of the confirmation, as it does in life."""
    mail = db.session.scalars(
        select(Message).where(Message.dedupe_key == f"order:{order.number}:confirmed")
    ).one()
    mail.dedupe_key = "put aside"
    db.session.flush()


def _of_others(shop: Shop, variant_id: int) -> None:
    services, now = shop.services, shop.clock.now()
    with writing():
        reader = Subscriber(
            email="reader@example.org",
            secret="a secret",
            source="page",
            asked_at=now,
            updated_at=now,
        )
        wanted = StockRequest(
            variant_id=db.session.get_one(Variant, variant_id).id,
            email="reader@example.org",
            email_hash="hash",
            secret="a secret",
            state=RequestState.WAITING,
            asked_at=now,
            ends_at=now + timedelta(days=30),
        )
        tip = Tip(message=f"{LONG}\n\n{ARABIC}\n\n{HINDI}", contact=LONG, story=STORY, at=now)
        db.session.add_all([reader, wanted, tip])
        db.session.flush()
        newsletter_mails.mail_invitation(reader, services)
        newsletter_mails.mail_welcome(reader, services)
        newsletter_mails.mail_already(reader, services)
        stock_mails.mail_invitation(wanted, services)
        stock_mails.mail_back(wanted, "reader@example.org", services, is_on_shelf=True)
        mail_tip(tip, GivenFile("minutes.pdf", "application/pdf", b"%PDF-"), services)
        member = a_member(shop.clock, name=f"{CHINESE} {LONG}"[:120])
        staff_mails.mail_invitation(member, LONG[:120], services)
        staff_mails.mail_new_password(member, 1, services)
        staff_mails.mail_notice(member, Notice.FACTORS_REMOVED, services)


def _named(mail: Message) -> str:
    """Return the name of a mail's template: some kinds of mail have several."""
    room, _, what = mail.kind.partition(".")
    if mail.kind == "orders.new":
        return "orders.new_order"
    if mail.kind == "orders.confirmed":
        return f"orders.{_confirmation(mail)}"
    if what in set(Notice):
        return "staff.notice"
    if mail.kind in {"orders.shortage", "orders.attention"}:
        return "orders.attention"
    return f"{room}.{what}"


def _confirmation(mail: Message) -> str:
    if mail.recipient == "replacement@example.org":
        return "exchanged"
    if "You pick it up" in mail.text:
        return "confirmed_pickup"
    return "confirmed" if "Shipping" in mail.text else "confirmed_digital"


def _with_sheet(page: str, sheet: str) -> str:
    """Return a page that needs no shop to look as it does."""
    bare = re.sub(r"<link[^>]*>", "", page)
    return bare.replace("</head>", f"<style>{sheet}</style></head>")
