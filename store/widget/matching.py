"""Chooses what stands under a story: what editors said, what its words speak of, what sells."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, or_, select

from store.catalog.models import Product, StockPolicy, Variant
from store.catalog.rows import is_public
from store.database import version_question
from store.inventory.models import StockLevel
from store.statements import read
from store.widget.bestsellers import bestsellers
from store.widget.choosing import Choice, Ground, Pick, Quiet, QuietGround
from store.widget.lexicon import Lexicon, lexicon_of
from store.widget.quiet import quiet_words
from store.widget.rules import Rules, rules_of
from store.widget.scoring import Found, scored
from store.widget.speech import speech_of
from store.widget.stories import Story
from store.widget.synonyms import Meanings

SAME_TYPE = 0.8
"""How much a product loses for every one of its type that stands there already."""
LOOKED_AT = 40

# Written once: to write a statement takes longer than to run it.
_VERSION = select(version_question())
_NAMED = select(Product.handle, Product.id).where(
    Product.handle.in_(bindparam("handles", expanding=True))
)
# What is public is told, not asked for: SQLite would go through all that are public instead.
_BUYABLE = select(Product.id, Product.product_type, is_public()).where(
    Product.id.in_(bindparam("ids", expanding=True)),
    select(Variant.id)
    .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
    .where(
        Variant.product_id == Product.id,
        or_(
            Variant.tracked.is_(False),
            Variant.policy != StockPolicy.DENY.value,
            StockLevel.on_hand - StockLevel.reserved > 0,
        ),
    )
    .exists(),
)


def choose(story: Story, *, now: datetime) -> Choice:
    """Return the products of a story in order, or why there are none; reads only.

    Silence and the editor's own "quiet" beat everything, and a sad topic everything but products
    that the story's editor named herself. What staff blocked is never shown. The same story, rules
    and catalogue give the same answer in every process and on every database.
    """
    version = _version()
    rules = rules_of(version)
    quiet = _quiet(story, rules)
    if quiet is not None and (quiet.ground is not QuietGround.TOPIC or not story.products):
        return Choice(quiet=quiet)
    taken = _Taken(story.count, rules.blocked(story), now)
    unknown = _add_named(taken, story)
    if quiet is None:
        taken.add(rules.pinned(story), Ground.PINNED)
        if not taken.is_full:
            _add_matches(taken, story, lexicon_of(version), rules.meanings)
        if not taken.is_full:
            taken.add(bestsellers(version, now), Ground.BESTSELLER)
    return Choice(tuple(taken.picks), unknown_products=unknown)


def get_ready(now: datetime) -> None:
    """Read what the next choice would read first, after a start or a change of the catalogue."""
    version = _version()
    rules_of(version)
    lexicon_of(version)
    bestsellers(version, now)


class _Taken:
    """The picks so far; takes what may be bought now until there is no more room."""

    def __init__(self, count: int, blocked: frozenset[int], now: datetime) -> None:
        self._count = count
        self._blocked = blocked
        self._now = now
        self._types: dict[int, str | None] = {}
        """Of products that were asked for; none for what cannot be bought."""
        self.picks: list[Pick] = []

    @property
    def is_full(self) -> bool:
        return len(self.picks) >= self._count

    def add(self, product_ids: Iterable[int], ground: Ground) -> None:
        free = self.free(product_ids)
        for start in range(0, len(free), LOOKED_AT):
            if self.is_full:
                return
            for number in self.buyable(free[start : start + LOOKED_AT]):
                self.take(Pick(number, ground))

    def take(self, pick: Pick) -> None:
        if not self.is_full:
            self.picks.append(pick)

    def free(self, product_ids: Iterable[int]) -> list[int]:
        """Return those that do not stand there yet and may."""
        seen = self._blocked | {pick.product_id for pick in self.picks}
        return [number for number in product_ids if number not in seen]

    def buyable(self, product_ids: Collection[int]) -> dict[int, str]:
        """Return those that a reader could buy at this moment, in their order, with their types."""
        asked = [number for number in product_ids if number not in self._types]
        if asked:
            self._types |= dict.fromkeys(asked) | _buyable_types(asked, self._now)
        types = ((number, self._types[number]) for number in product_ids)
        return {number: of_type for number, of_type in types if of_type is not None}

    def types(self) -> Counter[str | None]:
        """Count the types of what stands there."""
        return Counter(self._types[pick.product_id] for pick in self.picks)


def _buyable_types(ids: Sequence[int], now: datetime) -> dict[int, str]:
    rows = read(_BUYABLE, ids=ids, now=now)
    return {number: of_type for number, of_type, is_shown in rows if is_shown}


def _version() -> int:
    version: int | None = read(_VERSION)[0][0]
    return version or 0


def _quiet(story: Story, rules: Rules) -> Quiet | None:
    if rules.is_silent:
        return Quiet(QuietGround.SILENCED)
    if story.is_quiet:
        return Quiet(QuietGround.EDITOR)
    words = quiet_words(story, rules.quiet_topics)
    return Quiet(QuietGround.TOPIC, words) if words else None


def _add_named(taken: _Taken, story: Story) -> tuple[str, ...]:
    """Take what the editor named; return the handles of which none can be shown."""
    if not story.products:
        return ()
    known = dict(read(_NAMED, handles=story.products))
    named = [known[handle] for handle in story.products if handle in known]
    shown = taken.buyable(taken.free(named))
    taken.add(named, Ground.EDITOR)
    return tuple(handle for handle in story.products if known.get(handle) not in shown)


def _add_matches(taken: _Taken, story: Story, lexicon: Lexicon, known: Meanings) -> None:
    found = scored(speech_of(story, known), lexicon)
    waiting = taken.buyable(taken.free(_ranked(found, story))[:LOOKED_AT])
    stands = taken.types()
    while waiting and not taken.is_full:
        # Equals stay in their order: max() returns the first.
        best = max(
            waiting, key=lambda n: round(found[n].score * SAME_TYPE ** stands[waiting[n]], 6)
        )
        stands[waiting.pop(best)] += 1
        words, score = found[best].loudest_words(), round(found[best].score, 2)
        taken.take(Pick(best, Ground.MATCHED, words, score))


def _ranked(found: Mapping[int, Found], story: Story) -> list[int]:
    """Return the best first; lots are drawn among equals, the same for the same story."""
    scores = {number: round(product.score, 6) for number, product in found.items()}
    equals = Counter(scores.values())

    def place(number: int) -> tuple[float, str]:
        score = scores[number]
        return -score, _lot(story, number) if equals[score] > 1 else ""

    return sorted(scores, key=place)


def _lot(story: Story, product_id: int) -> str:
    return sha256(f"{story.url}|{product_id}".encode()).hexdigest()
