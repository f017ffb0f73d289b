"""Pictures of what is worn: T-shirts, sweatshirts, caps and socks."""

from collections.abc import Sequence
from functools import partial

from store.sandbox.catalogue.drawing import cap, hoodie, socks, tee
from store.sandbox.catalogue.drawing.colours import Hue, mix
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.dyes import Dye
from store.sandbox.catalogue.pictures import Design, fronts, lying, near, one
from store.sandbox.catalogue.records import DemoPicture


def tees(
    handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str
) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        return tee.tee(dye.cloth, design(dye), top=640)

    closer = f"Ribbed collar and print of the {dyes[0].name.lower()} T-shirt, seen close"
    return (
        *fronts(handle, hue, dyes, f"T-shirt laid flat, {shown}", draw, scale=1.07),
        one(handle, "detail", closer, near(hue, partial(draw, dyes[0]), (600, 500), scale=1.95)),
    )


def hoodies(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    design: Design,
    shown: str,
    *,
    scale: float = 1.0,
    top: float = 720,
) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        cord = mix(dye.base, "#efe9dc", 0.75)
        return hoodie.hoodie(dye.cloth, design(dye), top=top, scale=scale, cord=cord)

    closer = f"Hood, cords and print of the {dyes[0].name.lower()} hoodie, seen close"
    return (
        *fronts(handle, hue, dyes, f"hoodie laid flat, {shown}", draw, scale=1.03),
        one(handle, "detail", closer, near(hue, partial(draw, dyes[0]), (600, 520), scale=1.75)),
    )


def hoodie_backs(handle: str, hue: Hue, dye: Dye, design: Design) -> DemoPicture:
    """For hoodies that keep their large print behind."""

    def draw() -> Thing:
        return hoodie.hoodie_back(dye.cloth, design(dye), top=790)

    alt = f"Back of the {dye.name.lower()} hoodie with its large print"
    return one(handle, "back", alt, lying(hue, draw, scale=1.03))


def sweatshirts(
    handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str
) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        return hoodie.sweatshirt(dye.cloth, design(dye), top=750)

    closer = f"Crew neck and print of the {dyes[0].name.lower()} sweatshirt, seen close"
    return (
        *fronts(handle, hue, dyes, f"crew-neck sweatshirt laid flat, {shown}", draw, scale=1.06),
        one(handle, "detail", closer, near(hue, partial(draw, dyes[0]), (600, 590), scale=1.75)),
    )


def caps(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    design: Design,
    shown: str,
    *,
    brim: Dye | None = None,
) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        return cap.cap(dye.cloth, design(dye), brim=(brim or dye).cloth)

    first, last = dyes[0], dyes[-1]
    behind = f"Back of the {first.name.lower()} cap with its cotton strap and brass buckle"
    closer = f"Embroidery on the {last.name.lower()} cap, seen close"
    return (
        *fronts(handle, hue, dyes, f"cap from the front, {shown}", draw, scale=1.16),
        one(handle, "back", behind, lying(hue, lambda: cap.cap_back(first.cloth), scale=1.3)),
        one(handle, "detail", closer, near(hue, partial(draw, last), (600, 660), scale=2.2)),
    )


def sock_pairs(
    handle: str, hue: Hue, pairs: Sequence[tuple[Dye, Dye]], design: Design, shown: str
) -> tuple[DemoPicture, ...]:
    """Each pair is the colour of the leg and that of cuff, heel and toe."""
    accents = {dye.name: accent.cloth for dye, accent in pairs}
    first = pairs[0][0]

    def draw(dye: Dye) -> Thing:
        return socks.socks(dye.cloth, accents[dye.name], design(dye))

    def single() -> Thing:
        return socks.sock(first.cloth, accents[first.name], design(first))

    dyes = [dye for dye, _ in pairs]
    closer = f"Ribbed cuff and knitted pattern of the {first.name.lower()} socks, seen close"
    return (
        *fronts(handle, hue, dyes, f"crew socks, a pair, {shown}", draw, scale=1.05),
        one(handle, "detail", closer, near(hue, single, (470, 470), scale=2.3, turn=8)),
    )
