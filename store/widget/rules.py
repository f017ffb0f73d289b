"""What editors decide beside any matching: pins, blocks, quiet topics, synonyms, the switch."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select

from store.catalog.models import Product
from store.catalog.words import words_of
from store.clock import Clock
from store.database import bump_public_version, db, insert_into
from store.errors import InvalidError, NotFoundError
from store.story_urls import LONGEST_URL, normal_url
from store.widget.keeping import Kept
from store.widget.models import Block, Pin, QuietTopic, Scope, Synonym, WidgetSwitch
from store.widget.stories import Story
from store.widget.synonyms import LONGEST_PHRASE, Meanings, meanings

LONGEST_TOPIC, LONGEST_WORD = 200, 80
"""As wide as their columns."""
Place = tuple[str, str]
"""A scope and its key: the address, the section or the tag that a rule hangs on."""


class NoSuchProductError(NotFoundError):
    """No product has this handle."""


class NoSuchPlaceError(InvalidError):
    """A rule needs the address of a story, a section or a tag to hang on."""


class TooManyWordsError(InvalidError):
    """A topic or a word is longer than what is kept, or than what is looked for."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule that stands, as the matching reads them."""

    is_silent: bool = False
    pins: Mapping[Place, Sequence[int]] = field(default_factory=dict)
    blocks: Mapping[Place, Sequence[int]] = field(default_factory=dict)
    quiet_topics: tuple[str, ...] = ()
    meanings: Meanings = field(default_factory=meanings)

    def pinned(self, story: Story) -> list[int]:
        """Return pinned products, those of the story itself first."""
        return list(dict.fromkeys(_standing(self.pins, story)))

    def blocked(self, story: Story) -> frozenset[int]:
        return frozenset(_standing(self.blocks, story))


_kept = Kept[Rules]()


def rules_of(version: int) -> Rules:
    """Return the rules as of this public version: every change of one raises it."""
    return _kept.get(version, lambda _before: _read())


def forget_rules() -> None:
    """Forget what is held, as when a database was replaced under its engine."""
    _kept.forget()


def places_of(story: Story) -> list[Place]:
    """Return what rules may hang on for this story, the narrowest first."""
    places = [(Scope.ARTICLE.value, story.url)] if story.url else []
    if story.section:
        places.append((Scope.SECTION.value, folded(story.section)))
    return places + [(Scope.TAG.value, folded(tag)) for tag in story.tags]


def _standing(rules: Mapping[Place, Sequence[int]], story: Story) -> Iterator[int]:
    # Most shops have few rules, and to fold the words of a story takes longer than to look.
    for place in places_of(story) if rules else ():
        yield from rules.get(place, ())


def folded(text: str) -> str:
    return " ".join(words_of(text))


def pin(scope: Scope, key: str, handle: str, clock: Clock) -> None:
    """Put a product first there; done twice it is done once. Flushes only.

    Raises NoSuchProductError, NoSuchPlaceError.
    """
    position = select(func.coalesce(func.max(Pin.position), 0) + 1).scalar_subquery()
    db.session.execute(
        insert_into(Pin)
        .values(**_place(scope, key, handle), position=position, created_at=clock.now())
        .on_conflict_do_nothing()
    )
    bump_public_version()


def unpin(scope: Scope, key: str, handle: str) -> bool:
    return _remove(Pin, **_place(scope, key, handle))


def block(scope: Scope, key: str, handle: str, clock: Clock) -> None:
    """Never show a product there; raises NoSuchProductError, NoSuchPlaceError. Flushes only."""
    db.session.execute(
        insert_into(Block)
        .values(**_place(scope, key, handle), created_at=clock.now())
        .on_conflict_do_nothing()
    )
    bump_public_version()


def unblock(scope: Scope, key: str, handle: str) -> bool:
    return _remove(Block, **_place(scope, key, handle))


def add_quiet_topic(words: str, clock: Clock) -> None:
    """Sell nothing under stories that carry these words in this order; flushes only.

    Raises NoSuchPlaceError where there is no word, TooManyWordsError.
    """
    db.session.execute(
        insert_into(QuietTopic)
        .values(words=_some(words, LONGEST_TOPIC), created_at=clock.now())
        .on_conflict_do_nothing()
    )
    bump_public_version()


def remove_quiet_topic(words: str) -> bool:
    return _remove(QuietTopic, words=folded(words))


def add_synonym(word: str, means: str, clock: Clock) -> None:
    """Let what stories call one thing find what products call another; flushes only.

    Raises NoSuchPlaceError where there is no word, TooManyWordsError: no longer phrase is found.
    """
    said, meant = _some(word, LONGEST_WORD), _some(means, LONGEST_WORD)
    if len(said.split()) > LONGEST_PHRASE:
        raise TooManyWordsError(f"at most {LONGEST_PHRASE} words are looked for as one")
    db.session.execute(
        insert_into(Synonym)
        .values(word=said, means=meant, created_at=clock.now())
        .on_conflict_do_nothing()
    )
    bump_public_version()


def remove_synonym(word: str, means: str) -> bool:
    return _remove(Synonym, word=folded(word), means=folded(means))


def silence(actor: str, clock: Clock) -> None:
    """Let every widget show the store line and the tips line alone; flushes only."""
    _switch(actor, clock, is_silent=True)


def speak(actor: str, clock: Clock) -> None:
    """End the silence; flushes only."""
    _switch(actor, clock, is_silent=False)


def is_silent() -> bool:
    return bool(db.session.scalar(select(WidgetSwitch.is_silent)))


def _switch(actor: str, clock: Clock, *, is_silent: bool) -> None:
    values = {"is_silent": is_silent, "actor": actor, "changed_at": clock.now()}
    db.session.execute(
        insert_into(WidgetSwitch)
        .values(id=1, **values)
        .on_conflict_do_update(index_elements=[WidgetSwitch.id], set_=values)
        .execution_options(synchronize_session=False)
    )
    bump_public_version()


def _remove(model: type[Pin | Block | QuietTopic | Synonym], **which: object) -> bool:
    """Return whether there was one."""
    removed = db.session.scalars(
        delete(model)
        .filter_by(**which)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    ).all()
    bump_public_version()
    return bool(removed)


def _place(scope: Scope, key: str, handle: str) -> dict[str, object]:
    known_as = normal_url(key) if scope is Scope.ARTICLE else folded(key)
    if not known_as or len(known_as) > LONGEST_URL:
        raise NoSuchPlaceError(f"{key!r} is no {scope}")
    product_id = db.session.scalar(select(Product.id).where(Product.handle == handle))
    if product_id is None:
        raise NoSuchProductError(f"no product {handle!r}")
    return {"scope": scope.value, "key": known_as, "product_id": product_id}


def _some(words: str, longest: int) -> str:
    """Return the words as they are kept and compared; cut, they would be others."""
    kept = folded(words)
    if not kept:
        raise NoSuchPlaceError("give at least one word")
    if len(kept) > longest:
        raise TooManyWordsError(f"at most {longest} characters")
    return kept


def _read() -> Rules:
    return Rules(
        is_silent=is_silent(),
        pins=_by_place(
            db.session.execute(
                select(Pin.scope, Pin.key, Pin.product_id).order_by(Pin.position, Pin.id)
            ).all()
        ),
        blocks=_by_place(
            db.session.execute(
                select(Block.scope, Block.key, Block.product_id).order_by(Block.id)
            ).all()
        ),
        quiet_topics=tuple(db.session.scalars(select(QuietTopic.words).order_by(QuietTopic.words))),
        meanings=meanings(
            db.session.execute(
                select(Synonym.word, Synonym.means).order_by(Synonym.word, Synonym.means)
            ).all()
        ),
    )


def _by_place(rows: Iterable[tuple[str, str, int]]) -> dict[Place, list[int]]:
    grouped: dict[Place, list[int]] = defaultdict(list)
    for scope, key, product_id in rows:
        grouped[scope, key].append(product_id)
    return grouped
