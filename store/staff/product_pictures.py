"""The pictures of a product: taken in, put in order, described, shown by variants, taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from store.catalog.describing import draft_of
from store.catalog.drafts import PictureDraft, ProductDraft
from store.catalog.importing.drafts_kept import kept
from store.catalog.models import Image, Product
from store.catalog.prices.changing import settle_prices
from store.catalog.tasks import MakeRenditions
from store.database import bump_public_version, db
from store.jobs.outbox import enqueue
from store.media.images import StoredPicture
from store.services import Services
from store.staff.audit import Actor, record
from store.staff.product_values import apply_values, thing_of, values_of

MOST_PICTURES = 250
LONGEST_ALT = 400
ACT = "product.pictures"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the pictures are to be: their numbers in order, their words, and who shows them.

    Pictures that are not named go; variants are left alone for pictures that `shown` leaves out.
    """

    order: Sequence[int]
    alts: Mapping[int, str]
    shown: Mapping[int, frozenset[int]]


def add_pictures(
    product: Product, stored: Sequence[StoredPicture], *, actor: Actor, services: Services
) -> int:
    """Append pictures that lie in the media store; return how many were new to the product."""
    before = values_of(product)
    known = {image.content_hash for image in product.images}
    fresh = [p for p in dict.fromkeys(stored) if p.content_hash not in known]
    fresh = fresh[: max(0, MOST_PICTURES - len(product.images))]
    for position, picture in enumerate(fresh, start=len(product.images) + 1):
        product.images.append(
            Image(
                position=position,
                content_hash=picture.content_hash,
                width=picture.width,
                height=picture.height,
            )
        )
        enqueue(MakeRenditions(picture.content_hash), services.clock)
    if fresh:
        product.updated_at = services.clock.now()
        db.session.flush()
        bump_public_version()
        after = values_of(product)
        thing, clock = thing_of(product), services.clock
        record(actor, ACT, thing, clock=clock, before=before, after=after)
    return len(fresh)


def arrange(product: Product, wanted: Arrangement, *, actor: Actor, services: Services) -> None:
    """Give the pictures an order, words and variants; flushes only."""
    settle_prices([product.id], services.clock)
    before = values_of(product)
    draft = _arranged(product, wanted)
    after = before | {
        name: value for name, value in kept(draft).items() if name in {"pictures", "variants"}
    }
    if after == before:
        return
    apply_values(product, after, services.clock)
    record(
        actor,
        ACT,
        thing_of(product),
        clock=services.clock,
        before=before,
        after=values_of(product),
    )


def _arranged(product: Product, wanted: Arrangement) -> ProductDraft:
    draft = draft_of(product)
    by_id = {image.id: p for image, p in zip(product.images, draft.pictures, strict=True)}
    numbers = [number for number in dict.fromkeys(wanted.order) if number in by_id]
    pictures = [_described(by_id[number], wanted.alts.get(number)) for number in numbers]
    places = {by_id[number].key: place for place, number in enumerate(numbers)}
    said = {by_id[number].key: shows for number, shows in wanted.shown.items() if number in by_id}
    variants = tuple(
        replace(variant, pictures=_shown(variant.pictures, variant.variant_id or 0, places, said))
        for variant in draft.variants
    )
    return replace(draft, pictures=tuple(pictures), variants=variants)


def _described(picture: PictureDraft, alt: str | None) -> PictureDraft:
    if alt is None or alt == picture.alt:
        return picture
    return replace(picture, alt=" ".join(alt.split())[:LONGEST_ALT])


def _shown(
    now: Sequence[str],
    variant_id: int,
    places: Mapping[str, int],
    said: Mapping[str, frozenset[int]],
) -> tuple[str, ...]:
    """Return the pictures of one variant, in the order of the product's."""
    keys = {key for key in now if key in places and key not in said}
    keys |= {key for key, shows in said.items() if key in places and variant_id in shows}
    return tuple(sorted(keys, key=places.__getitem__))
