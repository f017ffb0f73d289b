"""Words one letter off from a given one, by a table of what words are without one letter.

Two words differ by one letter left out, doubled, changed or swapped with its neighbour only where
both are the same without some letter. So a handful of equal texts are looked up, on any database,
instead of comparing with every word.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from sqlalchemy import bindparam, delete, insert, select

from store.catalog.models import SearchWord
from store.catalog.words import stem
from store.database import db
from store.statements import read

SHORTEST, LONGEST = 3, 24
"""Of shorter words half the language is one letter off; longer ones are no words."""
_AT_ONCE = 5_000
_KNOWN = select(SearchWord.word).where(
    SearchWord.part.in_(bindparam("words", expanding=True)), SearchWord.part == SearchWord.word
)
_NEAR = (
    select(SearchWord.word)
    .where(SearchWord.part.in_(bindparam("parts", expanding=True)))
    .distinct()
)


def learn(words: Iterable[str]) -> None:
    """Keep these words, so that they are found when somebody mistypes them; flushes only.

    What no product says any more is kept until the index is built anew: it finds nothing, and only
    what finds something is offered.
    """
    wanted = sorted({word for word in words if _is_learned(word)})
    for start in range(0, len(wanted), _AT_ONCE):
        batch = wanted[start : start + _AT_ONCE]
        known = {word for (word,) in read(_KNOWN, words=batch)}
        rows = [
            {"part": part, "word": word}
            for word in batch
            if word not in known
            for part in parts_of(word)
        ]
        if rows:
            db.session.execute(insert(SearchWord), rows)


def near_words(
    terms: Sequence[str], others: Iterable[str] = ()
) -> tuple[dict[str, list[str]], set[str]]:
    """Return for each term the words one letter off, the likeliest slips first; one query.

    With them come the words that there are of those others. A word's own other forms are no slips.
    """
    parts = set(chain.from_iterable(parts_of(term) for term in terms if _is_learned(term)))
    asked = sorted(parts | set(filter(_is_learned, others)))
    found = [word for (word,) in read(_NEAR, parts=asked)] if asked else []
    near = {
        term: sorted(
            (word for word in found if slip(term, word) and stem(term) != stem(word)),
            key=lambda word: (slip(term, word), word),
        )
        for term in terms
    }
    return near, set(found)


def parts_of(word: str) -> list[str]:
    """Return the word, and what is left of it without each of its letters."""
    return list(dict.fromkeys([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]))


def slip(typed: str, meant: str) -> int:
    """Return how likely one was typed for the other: 1 the likeliest, 0 for no single letter.

    Swapped neighbours and doubled letters are slips of the hand; another first letter is rare.
    """
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return 0
    start = next(
        (at for at, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b),
        min(len(typed), len(meant)),
    )
    rare = 2 if start == 0 else 0
    if len(typed) == len(meant):
        if typed[start + 1 :] == meant[start + 1 :]:
            return 3 + rare
        is_swapped = typed[start : start + 2] == meant[start : start + 2][::-1]
        return 1 + rare if is_swapped and typed[start + 2 :] == meant[start + 2 :] else 0
    longer, shorter = sorted((typed, meant), key=len, reverse=True)
    if longer[start + 1 :] != shorter[start:]:
        return 0
    is_doubled = start > 0 and longer[start] == longer[start - 1]
    return (1 if is_doubled else 2) + rare


def forget_words() -> None:
    """Forget all of them, before the index is built anew; flushes only."""
    db.session.execute(delete(SearchWord))


def _is_learned(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()
