"""Chooses what stands under a story: what editors said, what its words speak of, what sells."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from heapq import nsmallest
from math import log

from sqlalchemy import bindparam, or_, select

from store.catalog.models import Product, StockPolicy, Variant
from store.catalog.rows import is_public, read
from store.catalog.words import stem, words_of
from store.database import db, version_question
from store.inventory.models import StockLevel
from store.widget.bestsellers import bestsellers
from store.widget.choosing import Choice, Ground, Pick, Quiet, QuietGround
from store.widget.lexicon import Lexicon, lexicon_of
from store.widget.quiet import quiet_words, slug_of
from store.widget.rules import Rules, rules_of
from store.widget.stories import Story
from store.widget.synonyms import LONGEST_PHRASE, Meanings, plain_words

HEADLINE, TAGS, SECTION, SLUG = 2.0, 1.6, 0.9, 0.7
"""What a word of the story is worth by the place where it stands."""
CLOSENESS = (1.0, 0.55, 0.35, 0.25)
"""What a meaning is worth: the first that a topic lists is the closest."""
TOPIC = 0.85
"""What is meant is worth a little less than what is said."""
MOST_TERMS = 12
MOST_POSTINGS = 2_500
"""Of all terms together: the rarest are read first, and a query stays short on any catalogue."""
FLOOR = 9.0
SMALLEST = 30
SAME_TYPE = 0.72
"""How much a product loses for every one of its type that stands there already."""
LOOKED_AT = 40
CLOSELY = 80

# Written once: to write a statement takes longer than to run it.
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


@dataclass(slots=True)
class Speech:
    """What a story says of products: how loudly by term, and in which of its own words."""

    loudness: dict[str, float] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def say(self, term: str, loudness: float, words: str) -> None:
        if loudness > self.loudness.get(term, 0.0):
            self.loudness[term], self.words[term] = loudness, words


@dataclass(slots=True)
class Found:
    """A product with what speaks for it, by the words of the story."""

    score: float = 0.0
    by_words: dict[str, float] = field(default_factory=dict)


def choose(story: Story, *, now: datetime) -> Choice:
    """Return the products of a story in order, or why there are none; reads only.

    Silence and the editor's own "quiet" beat everything, and a sad topic everything but products
    that the story's editor named herself. What staff blocked is never shown. The same story, rules
    and catalogue give the same answer in every process and on every database.
    """
    version = db.session.scalar(select(version_question())) or 0
    rules = rules_of(version)
    quiet = _quiet(story, rules)
    if quiet is not None and (quiet.ground is not QuietGround.TOPIC or not story.products):
        return Choice(quiet=quiet)
    blocked = rules.blocked(story)
    named, unknown = _named(story, blocked, now)
    taken = _Taken(story.count, blocked)
    taken.add(named, now, Ground.EDITOR)
    if quiet is None:
        taken.add(rules.pinned(story), now, Ground.PINNED)
        _add_matches(taken, story, lexicon_of(version), rules.meanings, now)
        taken.add(bestsellers(version, now), now, Ground.BESTSELLER)
    return Choice(tuple(taken.picks), unknown_products=unknown)


class _Taken:
    """The picks so far; takes what may be bought now until there is no more room."""

    def __init__(self, count: int, blocked: frozenset[int]) -> None:
        self._count = count
        self._seen = set(blocked)
        self.picks: list[Pick] = []

    @property
    def is_full(self) -> bool:
        return len(self.picks) >= self._count

    def add(self, product_ids: Sequence[int], now: datetime, ground: Ground) -> None:
        waiting = [number for number in product_ids if number not in self._seen]
        if self.is_full or not waiting:
            return
        buyable = buyable_types(waiting[:LOOKED_AT], now)
        for number in waiting[:LOOKED_AT]:
            if number in buyable and not self.is_full:
                self.take(Pick(number, ground))

    def take(self, pick: Pick) -> None:
        self._seen.add(pick.product_id)
        self.picks.append(pick)

    def may_take(self, product_id: int) -> bool:
        return product_id not in self._seen


def buyable_types(product_ids: Iterable[int], now: datetime) -> dict[int, str]:
    """Return those that a reader could buy at this moment, each with its product type."""
    ids = list(product_ids)
    rows = read(_BUYABLE, ids=ids, now=now) if ids else ()
    return {number: of_type for number, of_type, is_shown in rows if is_shown}


def _quiet(story: Story, rules: Rules) -> Quiet | None:
    if rules.is_silent:
        return Quiet(QuietGround.SILENCED)
    if story.is_quiet:
        return Quiet(QuietGround.EDITOR)
    words = quiet_words(story, rules.quiet_topics)
    return Quiet(QuietGround.TOPIC, words) if words else None


def _named(
    story: Story, blocked: frozenset[int], now: datetime
) -> tuple[list[int], tuple[str, ...]]:
    """Return the products that the editor named, and the handles of which none can be shown."""
    if not story.products:
        return [], ()
    known = dict(
        db.session.execute(
            select(Product.handle, Product.id).where(Product.handle.in_(story.products))
        ).all()
    )
    buyable = buyable_types(known.values(), now)
    shown = [
        handle
        for handle in story.products
        if known.get(handle) in buyable and known[handle] not in blocked
    ]
    unknown = tuple(handle for handle in story.products if handle not in shown)
    return [known[handle] for handle in shown], unknown


def _add_matches(
    taken: _Taken, story: Story, lexicon: Lexicon, known: Meanings, now: datetime
) -> None:
    if taken.is_full:
        return
    found = _scored(speech_of(story, known), lexicon)
    ranked = sorted(
        (number for number in found if taken.may_take(number)),
        key=lambda number: (-round(found[number].score, 6), _lot(story, number)),
    )[:LOOKED_AT]
    types = buyable_types(ranked, now)
    waiting = [number for number in ranked if number in types]
    stands = Counter(buyable_types([pick.product_id for pick in taken.picks], now).values())
    while waiting and not taken.is_full:
        worth = {n: found[n].score * SAME_TYPE ** stands[types[n]] for n in waiting}
        # Equals stay in their order: max() returns the first.
        best = max(waiting, key=lambda number: round(worth[number], 6))
        if found[best].score < FLOOR:
            break
        waiting.remove(best)
        stands[types[best]] += 1
        words = tuple(word for word, _ in _loudest_first(found[best]))
        taken.take(Pick(best, Ground.MATCHED, words, round(found[best].score, 2)))


def _scored(speech: Speech, lexicon: Lexicon) -> dict[int, Found]:
    """Score the products that the loudest words speak for: roughly all, then closely the best."""
    terms = _affordable(speech, lexicon)
    rough: dict[int, float] = {}
    for term, loudness in terms.items():
        for product_id, weight in lexicon.postings(term):
            rough[product_id] = rough.get(product_id, 0.0) + loudness * weight
    # Of equals the older product comes first, whatever the order in which they were read.
    best = nsmallest(CLOSELY, [(-round(score, 6), number) for number, score in rough.items()])
    return {number: _closely(lexicon.words_of(number), terms, speech) for _, number in best}


def _affordable(speech: Speech, lexicon: Lexicon) -> dict[str, float]:
    """Return the loudest terms, the rarer the louder, as far as their postings may be read."""
    # In a shop of five things each word is common, and says as much as in a shop of thirty.
    number, left = max(len(lexicon), SMALLEST), MOST_POSTINGS
    terms: dict[str, float] = {}
    for term in _rarest(speech, lexicon):
        left -= lexicon.frequency(term)
        if left < 0:
            break
        terms[term] = speech.loudness[term] * log(1 + number / lexicon.frequency(term))
    return terms


def _closely(weights: Mapping[str, int], terms: Mapping[str, float], speech: Speech) -> Found:
    product = Found()
    for term, loudness in terms.items():
        if term not in weights:
            continue
        words = speech.words[term]
        # A second word of the same meaning adds, but not as much as a second meaning.
        worth = loudness * weights[term] * (0.5 if words in product.by_words else 1.0)
        product.score += worth
        product.by_words[words] = product.by_words.get(words, 0.0) + worth
    return product


def _rarest(speech: Speech, lexicon: Lexicon) -> list[str]:
    telling = [term for term in speech.loudness if lexicon.tells_apart(term)]
    loudest = sorted(telling, key=lambda t: (-speech.loudness[t] / lexicon.frequency(t), t))
    return loudest[: 2 * MOST_TERMS]


def _loudest_first(product: Found) -> list[tuple[str, float]]:
    return sorted(product.by_words.items(), key=lambda pair: (-round(pair[1], 6), pair[0]))


def _lot(story: Story, product_id: int) -> str:
    """Draw lots among equals, the same for the same story."""
    return sha256(f"{story.url}|{product_id}".encode()).hexdigest()


def speech_of(story: Story, known: Meanings) -> Speech:
    """Return what a story speaks of: its own words, and what our table says that they mean."""
    speech = Speech()
    places = [(HEADLINE, story.title), *((TAGS, tag) for tag in story.tags)]
    places += [(SECTION, story.section), (SLUG, slug_of(story.url))]
    for loudness, text in places:
        _listen(speech, _tokens(text), loudness, known)
    return speech


def _listen(
    speech: Speech, tokens: Sequence[tuple[str, str]], loudness: float, known: Meanings
) -> None:
    plain = plain_words()
    for start, (word, folded) in enumerate(tokens):
        if folded not in plain and len(folded) > 1:
            speech.say(stem(folded), loudness, word)
        for phrase, words in _phrases(tokens, start):
            for terms in known.get(phrase, ()):
                for term, closeness in zip(terms, _closeness(), strict=False):
                    speech.say(term, loudness * closeness * TOPIC, words)
            if " " in phrase:
                speech.say(_whole(tokens, start, phrase), loudness, words)


def _phrases(tokens: Sequence[tuple[str, str]], start: int) -> Iterator[tuple[str, str]]:
    """Return the phrases that begin here, stemmed, with the words as the story spells them."""
    for end in range(start + 1, min(start + LONGEST_PHRASE, len(tokens)) + 1):
        some = tokens[start:end]
        yield (
            " ".join(stem(folded) for _, folded in some),
            " ".join(word for word, _ in some),
        )


def _whole(tokens: Sequence[tuple[str, str]], start: int, phrase: str) -> str:
    return " ".join(folded for _, folded in tokens[start : start + phrase.count(" ") + 1])


def _closeness() -> Iterator[float]:
    yield from CLOSENESS
    while True:
        yield CLOSENESS[-1]


def _tokens(text: str) -> list[tuple[str, str]]:
    """Return the words of a text as they are spelled, each with its folded form."""
    spelled = re.findall(r"[^\W_]+(?:[’'][^\W_]+)*", text)
    tokens = []
    for place, word in enumerate(spelled):
        shown = word.lower() if place == 0 and word[1:].islower() else word
        tokens += [(shown, folded) for folded in words_of(word)]
    return tokens
