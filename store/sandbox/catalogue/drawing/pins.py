"""Hard-enamel pins: metal outlines, glossy wells of colour, on a printed backing card."""

from store.sandbox.catalogue.drawing.colours import INK, mix
from store.sandbox.catalogue.drawing.lettering import Face
from store.sandbox.catalogue.drawing.light import blurred, coarse, laid
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.sketch import drawn, filled, linear, placed, radial, shifted

CARD = "M330 300H870C876 300 880 304 880 310V1190C880 1196 876 1200 870 1200H330C324 1200 320 1196 320 1190V310C320 304 324 300 330 300Z"
GOLD = ("#fff3c4", "#d9ae4a", "#8a5f1c", "#f2d583")
STEEL = ("#ffffff", "#b9bcc0", "#63686e", "#e8eaec")

Wells = tuple[tuple[str, str], ...]  # path around the origin, enamel colour


def pin(
    outline: str,
    wells: Wells,
    metal: tuple[str, str, str, str] = GOLD,
    *,
    marks: Plate | None = None,
) -> str:
    """The pin around the origin, about 300 units across."""
    sheen = linear(
        (
            (0, metal[0], 1),
            (0.3, metal[1], 1),
            (0.62, metal[2], 1),
            (0.8, metal[3], 1),
            (1, metal[2], 1),
        ),
        (-150, -150, 150, 150),
    )
    body = f'<path d="{outline}" fill="{sheen}" stroke="{sheen}" stroke-width="12" stroke-linejoin="round" fill-rule="evenodd"/>'
    edge = f'<path d="{outline}" fill="none" stroke="{metal[2]}" stroke-width="15" stroke-linejoin="round"/>'
    enamel = "".join(_well(path, colour, sheen) for path, colour in wells)
    plate = marks.pressed() if marks else ""
    return edge + body + enamel + plate


def on_card(
    outline: str,
    wells: Wells,
    title: str,
    line: str,
    ink: str,
    *,
    metal: tuple[str, str, str, str] = GOLD,
    marks: Plate | None = None,
) -> Thing:
    """The pin on its card."""
    plate = Plate()
    plate.type("Gay Nation", Face.SERIF_BLACK, (0, -345), ink=INK, width=190)
    plate.rule(-220, -322, 440, 3, INK)
    plate.type(title, Face.SERIF_BLACK, (0, 318), ink=INK, size=54)
    plate.type(line, Face.BOOK_ITALIC, (0, 366), ink=INK, size=30)
    plate.rule(-220, 394, 440, 10, ink)
    stock = linear(
        ((0, "#fffdf7", 1), (0.7, "#f4efe4", 1), (1, "#e3dccd", 1)), (320, 300, 880, 1200)
    )
    box = (340, 480, 520, 520)
    fall = placed(
        f'<path d="{outline}" fill="#1d130c" stroke="#1d130c" stroke-width="14"/>',
        to=(610, 756),
        centre=(0, 0),
        scale=1.15,
    )
    soft = laid(coarse(blurred(9, f'<g opacity=".6">{fall}</g>', box), box), box)
    hole = '<circle cx="600" cy="352" r="17" fill="#cfc5b4"/><path d="M583 352a17 17 0 0 1 34 0a19 17 0 0 0-34 0z" fill="#6d6151" fill-opacity=".6"/>'
    body = placed(pin(outline, wells, metal, marks=marks), to=(600, 740), centre=(0, 0), scale=1.15)
    return Thing(
        filled(CARD, stock) + hole + plate.pressed(at(600, 770)) + soft + body,
        CARD,
        0.8,
        (600, 750),
    )


def alone(
    outline: str,
    wells: Wells,
    *,
    metal: tuple[str, str, str, str] = GOLD,
    marks: Plate | None = None,
    scale: float = 2.4,
) -> Thing:
    """The pin by itself."""
    body = placed(
        pin(outline, wells, metal, marks=marks), to=(600, 750), centre=(0, 0), scale=scale
    )
    return Thing(body, shifted(outline, 600, 750, scale * 1.03), 0.6, (600, 750))


def _well(path: str, colour: str, sheen: str) -> str:
    pool = linear(
        (
            (0, mix(colour, "#ffffff", 0.30), 1),
            (0.35, colour, 1),
            (1, mix(colour, "#120a18", 0.35), 1),
        ),
        (-150, -160, 140, 160),
    )
    gloss = radial(
        ((0, "#ffffff", 0.62), (0.45, "#ffffff", 0.2), (1, "#ffffff", 0)),
        (-66, -80),
        120,
        squash=0.62,
    )
    return (
        filled(path, pool)
        + filled(path, gloss)
        + f'<path d="{path}" fill="none" stroke="{sheen}" stroke-width="5" stroke-linejoin="round"/>'
        + drawn(path, "#120a18", 1.2, 0.3)
    )
