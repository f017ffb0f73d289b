"""Which products speak of which word, held in memory: read whole once, then what has changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Executable, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from store.catalog.changes import products_changed_since
from store.catalog.models import Product, ProductStatus, ProductTag
from store.catalog.words import stem, words_of
from store.statements import read
from store.widget.keeping import Kept
from store.widget.volumes import SPAN, AmendedVolume, Told, Volume, Words, key_of

LONGEST_BODY = 600
AT_ONCE = 512
"""Products that are read together; a volume is a multiple of them."""
LARGE = 100
"""From so many products on, a word that a tenth of them share tells none apart."""
TOO_COMMON = 0.1
MOST_REMEMBERED = 4096
MOST_AMENDED = 512
"""Where more of a volume has changed, it is written anew."""

Volumes = Mapping[int, Volume | AmendedVolume]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The products that speak of a term, by what its place is worth.

    A term is a stem, or a whole tag of several words. A lexicon never changes: the next one shares
    with it what has stayed, so that threads read without a lock.
    """

    version: int = -1
    volumes: Volumes = field(default_factory=dict)
    """Each of the products whose numbers, divided by SPAN, are its own."""
    size: int = 0
    """How many products there are."""
    frequencies: dict[str, int] = field(default_factory=dict, compare=False)
    """Of terms that were asked for: news come back to the same words."""

    def __len__(self) -> int:
        return self.size

    def frequency(self, term: str) -> int:
        known = self.frequencies.get(term)
        if known is None:
            if len(self.frequencies) >= MOST_REMEMBERED:
                self.frequencies.clear()
            key = key_of(term)
            known = sum([volume.count(key) for volume in self.volumes.values()])
            self.frequencies[term] = known
        return known

    def tells_apart(self, frequency: int) -> bool:
        """Whether a term is worth asking for: some products speak of it, and not too many."""
        return frequency > 0 and (len(self) < LARGE or frequency <= TOO_COMMON * len(self))

    def postings(self, term: str) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield each worth that the term has, with the products in which it has it."""
        key = key_of(term)
        for number, volume in self.volumes.items():
            yield from volume.postings(key, first=number * SPAN)


_kept = Kept[Lexicon]()


def lexicon_of(version: int) -> Lexicon:
    """Return the lexicon as of this public version."""
    return _kept.get(version, lambda before: _caught_up(before or Lexicon()))


def forget_lexicons() -> None:
    """Forget all of them, as when a database was replaced under its engine."""
    _kept.forget()


def _caught_up(before: Lexicon) -> Lexicon:
    """Read what has changed since, appeared or gone."""
    # Before the words: what changes in between is read again, and nothing is missed.
    version, changed = products_changed_since(before.version)
    if changed is None:
        whole = ((number, _read_volume(number)) for number in range(_last() // SPAN + 1))
        return _lexicon(version, whole)
    by_volume: dict[int, list[int]] = defaultdict(list)
    for product_id in sorted(changed):
        by_volume[product_id // SPAN].append(product_id)
    amended = (
        (number, _amended(number, before.volumes.get(number), ids))
        for number, ids in by_volume.items()
    )
    return _lexicon(version, {**before.volumes, **dict(amended)}.items())


def _lexicon(version: int, volumes: Iterable[tuple[int, Volume | AmendedVolume]]) -> Lexicon:
    filled = {number: volume for number, volume in volumes if volume.size}
    return Lexicon(version, filled, sum(volume.size for volume in filled.values()))


def _read_volume(number: int) -> Volume:
    return Volume(_placed(_told_in(number)))


def _amended(
    number: int, before: Volume | AmendedVolume | None, ids: Sequence[int]
) -> Volume | AmendedVolume:
    """Return a volume in which these products say what they say now."""
    if before is None:
        return _read_volume(number)
    now: dict[int, Told | None] = dict.fromkeys(product_id % SPAN for product_id in ids)
    now.update(_placed(_told_by(ids)))
    # Most of what changes in a shop, such as what is in stock, changes no word.
    news = {
        place: told
        for place, told in now.items()
        if before.digest(place) != (told.digest if told is not None else 0)
    }
    if not news:
        return before
    volume, since = (before, {}) if isinstance(before, Volume) else (before.volume, before.since)
    since = {**since, **news}
    if len(since) > min(MOST_AMENDED, volume.size):
        return _read_volume(number)
    return AmendedVolume(volume, since)


def _placed(told: Iterable[tuple[int, Told]]) -> Iterator[tuple[int, Told]]:
    return ((product_id % SPAN, what) for product_id, what in told)


# Many products share a tag and a type.
@lru_cache(maxsize=2048)
def _terms_of_tag(tag: str) -> frozenset[str]:
    """Return the stems of a tag and, where it has several words, the tag as a whole."""
    words = words_of(tag)
    return frozenset([*map(stem, words), *([" ".join(words)] if len(words) > 1 else ())])


@lru_cache(maxsize=2048)
def _terms_of_type(product_type: str) -> frozenset[str]:
    return frozenset(map(stem, words_of(product_type)))


_LAST = select(func.max(Product.id))
_IDS: BindParameter[int] = bindparam("ids", expanding=True)


def _statements(*, is_range: bool) -> tuple[Executable, Executable]:
    """Write the statements once: the tags of products that are sold, and their words."""

    def wanted(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
        if is_range:
            return and_(column >= bindparam("first"), column < bindparam("end"))
        return column.in_(_IDS)

    tags = select(ProductTag.product_id, ProductTag.tag).where(wanted(ProductTag.product_id))
    texts = select(
        Product.id, Product.title, Product.product_type, func.substr(Product.body, 1, LONGEST_BODY)
    ).where(wanted(Product.id), Product.status == ProductStatus.ACTIVE)
    return tags.order_by(ProductTag.product_id, ProductTag.tag), texts.order_by(Product.id)


_OF_RANGE, _OF_THESE = _statements(is_range=True), _statements(is_range=False)


def _last() -> int:
    last: int | None = read(_LAST)[0][0]
    return last or 0


def _told_in(number: int) -> Iterator[tuple[int, Told]]:
    for first in range(number * SPAN, min((number + 1) * SPAN, _last() + 1), AT_ONCE):
        yield from _told(_OF_RANGE, first=first, end=first + AT_ONCE)


def _told_by(ids: Iterable[int]) -> Iterator[tuple[int, Told]]:
    listed = list(ids)
    for start in range(0, len(listed), AT_ONCE):
        yield from _told(_OF_THESE, ids=listed[start : start + AT_ONCE])


def _told(statements: tuple[Executable, Executable], **given: Any) -> Iterator[tuple[int, Told]]:
    of_tags, of_texts = statements
    tags: dict[int, list[str]] = defaultdict(list)
    for product_id, tag in read(of_tags, **given):
        tags[product_id].append(tag)
    for product_id, *texts in read(of_texts, **given):
        yield product_id, _weighed(*texts, tags=tuple(tags[product_id]))


def _weighed(title: str, product_type: str, body: str, *, tags: tuple[str, ...]) -> Told:
    """Return the terms by what they are worth: a word counts where it stands best."""
    titled = frozenset(map(stem, words_of(title)))
    tagged = frozenset().union(*map(_terms_of_tag, tags)) - titled
    typed = _terms_of_type(product_type) - titled - tagged
    said = frozenset(map(stem, words_of(body))).difference(titled, tagged, typed)
    words: Words = (titled, tagged, typed, said)
    # Never 0, which is what nobody says.
    return Told(hash((title, product_type, body, tags)) or 1, words)
