"""Gift cards: a card with rounded corners, alone or half out of its sleeve."""

from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, mix
from store.sandbox.catalogue.drawing.light import blurred, coarse, laid
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.drawing.sketch import clipped, filled, linear, placed, shifted
from store.sandbox.catalogue.drawing.stickers import pill

WIDTH, HEIGHT, CORNER = 820, 516, 44
CARD = shifted(pill(WIDTH, HEIGHT, CORNER), 600, 750)
SLEEVE = "M232 700H968V1240C968 1246 964 1250 958 1250H242C236 1250 232 1246 232 1240Z"


def alone(plate: Plate, *, colour: str = INK) -> Thing:
    """The card by itself; the plate is printed around its middle."""
    return Thing(_card(plate, colour), CARD, 0.5, (600, 750))


def sleeved(plate: Plate, cover: Plate, *, colour: str = INK) -> Thing:
    """The card half out of a paper sleeve that has a plate of its own."""
    card = placed(_card(plate, colour), to=(600, 610), scale=0.86)
    outline = f"{shifted(pill(WIDTH, HEIGHT, CORNER), 600, 610, 0.86)}{SLEEVE}"
    paper = linear(
        ((0, "#ffffff", 1), (0.55, NEWSPRINT, 1), (1, mix(NEWSPRINT, INK, 0.12), 1)),
        (232, 700, 968, 1250),
    )
    box = (160, 620, 880, 700)
    fall = blurred(12, '<rect x="240" y="676" width="720" height="60" fill="#140e0a"/>', box)
    mouth = laid(coarse(f'<g opacity=".5">{fall}</g>', box), box)
    print_ = placed(cover.pressed(), to=(600, 985), centre=(0, 0))
    return Thing(card + mouth + filled(SLEEVE, paper) + print_, outline, 0.7, (600, 810))


def _card(plate: Plate, colour: str) -> str:
    body = linear(
        (
            (0, mix(colour, "#ffffff", 0.16), 1),
            (0.5, colour, 1),
            (1, mix(colour, "#000000", 0.2), 1),
        ),
        (190, 492, 1010, 1008),
    )
    sheen = linear(
        ((0, "#ffffff", 0.22), (0.42, "#ffffff", 0.05), (0.43, "#ffffff", 0), (1, "#000000", 0.14)),
        (190, 492, 1010, 1008),
    )
    shown = placed(plate.pressed(), to=(600, 750), centre=(0, 0))
    return filled(CARD, body) + clipped(shown, CARD) + filled(CARD, sheen)
