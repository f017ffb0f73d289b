"""Composes the card that stands under a story: the same values as JSON and as a fragment."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from babel import Locale
from flask_babel import gettext as _

from store.catalog.presenting import Picture, ProductCard
from store.newsletter.wording import box_words
from store.settings import Settings
from store.story_urls import is_ours
from store.web.filters import money, picture_url, srcset
from store.widget.choosing import Choice, Ground, Pick
from store.widget.reasons import popular, reason_for
from store.widget.stories import Story

VERSION = 1
PICTURE_WIDTH = 640
PICTURE_SIZES = "(min-width: 40rem) 13rem, 45vw"


@dataclass(frozen=True, slots=True)
class StoreLine:
    name: str
    line: str
    url: str


@dataclass(frozen=True, slots=True)
class TipsLine:
    text: str
    line: str
    url: str


@dataclass(frozen=True, slots=True)
class CardPicture:
    """A picture at its own address; width and height are of `src`, in pixels."""

    src: str
    srcset: str
    sizes: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class CardProduct:
    handle: str
    title: str
    url: str
    price: str
    price_minor: int
    currency: str
    availability: str
    why: str
    """Empty where the card's note says it of all."""
    picture: CardPicture | None


@dataclass(frozen=True, slots=True)
class SignupBox:
    """The newsletter's form; every word comes from here, so that the script stays small."""

    action: str
    label: str
    heading: str
    button: str
    consent: str
    wording: str
    privacy_url: str
    done: str
    failed: str
    privacy: str


@dataclass(frozen=True, slots=True)
class Card:
    """The block under a story; its fields may only grow, in this order."""

    version: int
    label: str
    store: StoreLine
    tips: TipsLine
    quiet: bool
    note: str
    """Said once above products that no story chose; else empty."""
    products: tuple[CardProduct, ...]
    newsletter: SignupBox | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a card is written for, beside its story: the shop and its reader's locale."""

    settings: Settings
    locale: Locale


def plain_card(story: Story, around: Surroundings, *, quiet: bool) -> Card:
    """Return the store and tips lines alone: under a quiet story, or when all else fails."""
    addresses = Addresses(around.settings, story)
    return Card(
        version=VERSION,
        label=_("From our shop"),
        store=_store_line(addresses),
        tips=_tips_line(addresses),
        quiet=quiet,
        note="",
        products=(),
        newsletter=None,
    )


def card_of(
    choice: Choice, products: Sequence[ProductCard], story: Story, around: Surroundings
) -> Card:
    """Compose the card of a choice; what is sold out by now is left out."""
    if choice.quiet is not None:
        return plain_card(story, around, quiet=True)
    addresses = Addresses(around.settings, story)
    by_id = {product.product_id: product for product in products if product.availability.can_buy}
    picks = [pick for pick in choice.picks if pick.product_id in by_id]
    note = popular() if _nobody_chose(picks) else ""
    return Card(
        version=VERSION,
        label=_("From our shop"),
        store=_store_line(addresses),
        tips=_tips_line(addresses),
        quiet=False,
        note=note,
        products=tuple(
            _product(by_id[pick.product_id], "" if note else reason_for(pick), addresses, around)
            for pick in picks
        ),
        newsletter=_signup(around.settings),
    )


def as_json(card: Card) -> str:
    """Return the card as the tag reads it: the same bytes for the same card."""
    return json.dumps(asdict(card), ensure_ascii=False, separators=(",", ":"))


class Addresses:
    """Where the links of a card lead; only stories of our own are named in them."""

    def __init__(self, settings: Settings, story: Story) -> None:
        self.settings = settings
        self.story = story.url if is_ours(story.url, settings.news_origins) else ""

    def to(self, path: str) -> str:
        origin = self.settings.public_url
        if not self.story:
            return f"{origin}{path}"
        return f"{origin}/from?{urlencode({'story': self.story, 'to': path})}"

    def tips(self) -> str:
        if self.settings.tips_url:
            return self.settings.tips_url
        query = f"?{urlencode({'story': self.story})}" if self.story else ""
        return f"{self.settings.public_url}/tips{query}"


def _store_line(addresses: Addresses) -> StoreLine:
    name = addresses.settings.brand_name
    return StoreLine(name, _("Visit the %(name)s store now", name=name), addresses.to("/"))


def _tips_line(addresses: Addresses) -> TipsLine:
    text = _("Got tips, or a story that you would like published?")
    return TipsLine(text, _("Tell us"), addresses.tips())


def _nobody_chose(picks: Iterable[Pick]) -> bool:
    grounds = {pick.ground for pick in picks}
    return grounds == {Ground.BESTSELLER}


def _product(
    product: ProductCard, why: str, addresses: Addresses, around: Surroundings
) -> CardProduct:
    price = money(product.price_from, around.locale)
    is_range = product.price_from != product.price_to or product.is_price_chosen
    return CardProduct(
        handle=product.handle,
        title=product.title,
        url=addresses.to(f"/products/{product.handle}"),
        price=_("From %(price)s", price=price) if is_range else price,
        price_minor=product.price_from.minor,
        currency=product.price_from.currency,
        availability=product.availability.value,
        why=why,
        picture=_picture(product.picture, product.title, around.settings.public_url),
    )


def _picture(picture: Picture | None, title: str, origin: str) -> CardPicture | None:
    if picture is None or not picture.has_renditions:
        return None
    width = min(PICTURE_WIDTH, picture.width)
    return CardPicture(
        src=f"{origin}{picture_url(picture, PICTURE_WIDTH)}",
        srcset=", ".join(
            f"{origin}{offered}" for offered in srcset(picture, "webp", PICTURE_WIDTH).split(", ")
        ),
        sizes=PICTURE_SIZES,
        width=width,
        height=max(1, round(picture.height * width / picture.width)),
        # The name stands beside it; whoever hears the page need not hear it twice.
        alt="" if picture.alt.casefold() == title.casefold() else picture.alt,
    )


def _signup(settings: Settings) -> SignupBox:
    words = box_words(settings.brand_name)
    return SignupBox(
        action=f"{settings.public_url}/widget/v1/newsletter",
        label=words.label,
        heading=words.heading,
        button=words.button,
        consent=words.consent,
        wording=words.wording,
        privacy_url=f"{settings.public_url}/pages/privacy",
        done=words.done,
        failed=words.failed,
        privacy=words.privacy,
    )
