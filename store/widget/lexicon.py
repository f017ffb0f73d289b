"""Which products speak of which word, held in memory: read whole once, then what has changed."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from store.catalog.models import Product, ProductStatus, ProductTag
from store.catalog.words import stem, words_of
from store.database import db

TITLE, TAG, TYPE, BODY = 6, 5, 4, 1
"""What a word is worth by the place where it stands."""
LONGEST_BODY = 600
AT_ONCE = 500
LARGE = 100
"""From so many products on, a word that a tenth of them share tells none apart."""
TOO_COMMON = 0.1


@dataclass(slots=True)
class Postings:
    """The products that speak of one word, and how loudly; both arrays run in step."""

    product_ids: "array[int]" = field(default_factory=lambda: array("l"))
    weights: "array[int]" = field(default_factory=lambda: array("B"))


class Lexicon:
    """Postings by term; a term is a stem, or a whole tag of several words."""

    def __init__(self) -> None:
        self._words: dict[int, dict[str, int]] = {}
        self._postings: dict[str, Postings] = {}
        self._read_at: dict[int, datetime] = {}

    def __len__(self) -> int:
        return len(self._words)

    def frequency(self, term: str) -> int:
        postings = self._postings.get(term)
        return len(postings.product_ids) if postings else 0

    def tells_apart(self, term: str) -> bool:
        """Whether some products speak of it, and not too many."""
        number = self.frequency(term)
        return number > 0 and (len(self) < LARGE or number <= TOO_COMMON * len(self))

    def postings(self, term: str) -> Iterable[tuple[int, int]]:
        found = self._postings.get(term)
        return zip(found.product_ids, found.weights, strict=True) if found else ()

    def words_of(self, product_id: int) -> Mapping[str, int]:
        """Return what one product speaks of."""
        return self._words.get(product_id, {})

    def catch_up(self) -> None:
        """Read anew what has changed, appeared or gone since the last time."""
        now = dict(
            db.session.execute(
                select(Product.id, Product.updated_at).where(Product.status == ProductStatus.ACTIVE)
            ).all()
        )
        gone = [number for number in self._read_at if number not in now]
        changed = [number for number, moment in now.items() if self._read_at.get(number) != moment]
        if gone or changed:
            self._replace(gone, changed)
            self._read_at = now

    def _replace(self, gone: Sequence[int], changed: Sequence[int]) -> None:
        stale = {term for number in (*gone, *changed) for term in self._words.pop(number, ())}
        for number, words in _words_of_products(changed):
            self._words[number] = words
            stale.update(words)
        by_term: dict[str, Postings] = {term: Postings() for term in stale}
        # In one order, so that every process adds up the same numbers in the same way.
        for number in sorted(self._words):
            words = self._words[number]
            for term in words.keys() & stale if len(stale) > len(words) else stale & words.keys():
                by_term[term].product_ids.append(number)
                by_term[term].weights.append(words[term])
        self._postings = {
            term: postings
            for term, postings in {**self._postings, **by_term}.items()
            if postings.product_ids
        }


_held: WeakKeyDictionary[Engine | Connection, tuple[int, Lexicon]] = WeakKeyDictionary()
_lock = Lock()


def lexicon_of(version: int) -> Lexicon:
    """Return the lexicon as of this public version, caught up if it is older."""
    bind = db.session().get_bind()
    held = _held.get(bind)
    if held is not None and held[0] == version:
        return held[1]
    with _lock:
        held = _held.get(bind)
        lexicon = held[1] if held is not None else Lexicon()
        if held is None or held[0] != version:
            lexicon.catch_up()
            _held[bind] = (version, lexicon)
        return lexicon


def forget_lexicons() -> None:
    """Forget all of them, as when a database was replaced under its engine."""
    _held.clear()


def terms_of_tag(tag: str) -> Iterator[str]:
    """Return the stems of a tag and, where it has several words, the tag as a whole."""
    words = words_of(tag)
    yield from map(stem, words)
    if len(words) > 1:
        yield " ".join(words)


def _words_of_products(ids: Collection[int]) -> Iterator[tuple[int, dict[str, int]]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        tags = _tags(some)
        rows = db.session.execute(
            select(Product.id, Product.title, Product.product_type, Product.body).where(
                Product.id.in_(some)
            )
        )
        for row in rows:
            yield row.id, _weighed(row.title, row.product_type, row.body, tags[row.id])


def _tags(ids: Sequence[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        select(ProductTag.product_id, ProductTag.tag).where(ProductTag.product_id.in_(ids))
    )
    for product_id, tag in rows:
        tags[product_id].append(tag)
    return tags


def _weighed(title: str, product_type: str, body: str, tags: Iterable[str]) -> dict[str, int]:
    weighed: dict[str, int] = {}
    places = (
        (BODY, map(stem, words_of(body[:LONGEST_BODY]))),
        (TYPE, map(stem, words_of(product_type))),
        (TAG, (term for tag in tags for term in terms_of_tag(tag))),
        (TITLE, map(stem, words_of(title))),
    )
    for weight, terms in places:
        for term in terms:
            weighed[term] = max(weight, weighed.get(term, 0))
    return weighed
