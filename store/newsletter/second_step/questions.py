"""Questions in plain words, answered at a glance: nothing to see, to hear or to spell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

OPTIONS = 6
T = TypeVar("T")


class Kind(StrEnum):
    """What a word may be; each word below is of one kind alone."""

    ANIMAL = "animal"
    CLOTHING = "clothing"
    COLOUR = "colour"
    DAY = "day"
    FOOD = "food"
    PLANT = "plant"
    VEHICLE = "vehicle"


ASKED: Mapping[Kind, LazyString] = {
    Kind.ANIMAL: _l("Which of these is an animal?"),
    Kind.CLOTHING: _l("Which of these can you wear?"),
    Kind.COLOUR: _l("Which of these is a colour?"),
    Kind.DAY: _l("Which of these is a day of the week?"),
    Kind.FOOD: _l("Which of these is food?"),
    Kind.PLANT: _l("Which of these is a plant?"),
    Kind.VEHICLE: _l("Which of these can you ride in?"),
}
WORDS: Mapping[Kind, tuple[LazyString, ...]] = {
    Kind.ANIMAL: (_l("Cat"), _l("Dog"), _l("Owl"), _l("Wombat"), _l("Parrot")),
    Kind.CLOTHING: (_l("Shirt"), _l("Scarf"), _l("Coat"), _l("Hat"), _l("Sock")),
    Kind.COLOUR: (_l("Green"), _l("Yellow"), _l("Red"), _l("Blue"), _l("Purple")),
    Kind.DAY: (_l("Monday"), _l("Tuesday"), _l("Friday"), _l("Saturday"), _l("Sunday")),
    Kind.FOOD: (_l("Bread"), _l("Cheese"), _l("Soup"), _l("Cake"), _l("Pancake")),
    Kind.PLANT: (_l("Tree"), _l("Grass"), _l("Fern"), _l("Bush"), _l("Moss")),
    Kind.VEHICLE: (_l("Bus"), _l("Train"), _l("Ferry"), _l("Taxi"), _l("Tram")),
}


@dataclass(frozen=True, slots=True)
class Question:
    words: str
    options: tuple[str, ...]
    right: int
    """Which of the options it is."""


def question_of(dice: bytes) -> Question:
    """Return the question that these bytes come to: the same bytes, the same question."""
    kinds = _shuffled(list(Kind), dice)
    asked, others = kinds[0], kinds[1:OPTIONS]
    options = [asked, *others]
    order = _shuffled(list(range(OPTIONS)), dice[len(kinds) :])
    words = [str(WORDS[kind][dice[-1 - n] % len(WORDS[kind])]) for n, kind in enumerate(options)]
    return Question(
        words=str(ASKED[asked]),
        options=tuple(words[place] for place in order),
        right=order.index(0),
    )


def _shuffled(things: Sequence[T], dice: bytes) -> list[T]:
    left, drawn = list(things), list[T]()
    for throw in dice[: len(things)]:
        drawn.append(left.pop(throw % len(left)))
    return drawn
