"""Pictures of what is worn: T-shirts, sweatshirts, caps and socks."""

from collections.abc import Sequence
from functools import partial

from store.sandbox.catalogue.drawing import cap, hoodie, socks, tee
from store.sandbox.catalogue.drawing.colours import Hue, mix
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.dyes import Dye
from store.sandbox.catalogue.pictures import Design, lying, near, one, slug
from store.sandbox.catalogue.records import DemoPicture


def tees(
    handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str
) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        return tee.tee(dye.cloth, design(dye), top=640)

    fronts = [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} T-shirt laid flat, {shown}",
            lying(hue, partial(draw, dye), scale=1.07),
            dye.name,
        )
        for dye in dyes
    ]
    closer = one(
        handle,
        "detail",
        f"Ribbed collar and print of the {dyes[0].name.lower()} T-shirt, seen close",
        near(hue, partial(draw, dyes[0]), (600, 500), scale=1.95),
    )
    return (*fronts, closer)


def hoodies(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    design: Design,
    shown: str,
    *,
    back: Design | None = None,
    scale: float = 1.0,
    top: float = 720,
) -> tuple[DemoPicture, ...]:
    def front(dye: Dye) -> Thing:
        return hoodie.hoodie(
            dye.cloth, design(dye), top=top, scale=scale, cord=mix(dye.base, "#efe9dc", 0.75)
        )

    fronts = [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} hoodie laid flat, {shown}",
            lying(hue, partial(front, dye), scale=1.03),
            dye.name,
        )
        for dye in dyes
    ]
    closer = one(
        handle,
        "detail",
        f"Hood, cords and print of the {dyes[0].name.lower()} hoodie, seen close",
        near(hue, partial(front, dyes[0]), (600, 520), scale=1.75),
    )
    if back is None:
        return (*fronts, closer)
    behind = lying(
        hue, lambda: hoodie.hoodie_back(dyes[0].cloth, back(dyes[0]), top=790), scale=1.03
    )
    return (
        *fronts,
        one(
            handle,
            "back",
            f"Back of the {dyes[0].name.lower()} hoodie with its large print",
            behind,
        ),
        closer,
    )


def sweatshirts(
    handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str
) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        return hoodie.sweatshirt(dye.cloth, design(dye), top=750)

    fronts = [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} crew-neck sweatshirt laid flat, {shown}",
            lying(hue, partial(draw, dye), scale=1.06),
            dye.name,
        )
        for dye in dyes
    ]
    closer = one(
        handle,
        "detail",
        f"Crew neck and print of the {dyes[0].name.lower()} sweatshirt, seen close",
        near(hue, partial(draw, dyes[0]), (600, 590), scale=1.75),
    )
    return (*fronts, closer)


def caps(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    design: Design,
    shown: str,
    *,
    brims: Sequence[Dye] | None = None,
) -> tuple[DemoPicture, ...]:
    peaks = brims or dyes

    def draw(dye: Dye, peak: Dye) -> Thing:
        return cap.cap(dye.cloth, design(dye), brim=peak.cloth)

    fronts = [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} cap from the front, {shown}",
            lying(hue, partial(draw, dye, peak), scale=1.16),
            dye.name,
        )
        for dye, peak in zip(dyes, peaks, strict=True)
    ]
    back = one(
        handle,
        "back",
        f"Back of the {dyes[0].name.lower()} cap with its cotton strap and brass buckle",
        lying(hue, lambda: cap.cap_back(dyes[0].cloth), scale=1.3),
    )
    closer = one(
        handle,
        "detail",
        f"Embroidery on the {dyes[-1].name.lower()} cap, seen close",
        near(hue, partial(draw, dyes[-1], peaks[-1]), (600, 660), scale=2.2),
    )
    return (*fronts, back, closer)


def sock_pairs(
    handle: str, hue: Hue, dyes: Sequence[tuple[Dye, Dye]], design: Design, shown: str
) -> tuple[DemoPicture, ...]:
    def pair(dye: Dye, accent: Dye) -> Thing:
        return socks.socks(dye.cloth, accent.cloth, design(dye))

    fronts = [
        one(
            handle,
            slug(dye.name),
            f"Pair of {dye.name.lower()} crew socks, {shown}",
            lying(hue, partial(pair, dye, accent), scale=1.05),
            dye.name,
        )
        for dye, accent in dyes
    ]
    first, accent = dyes[0]
    closer = one(
        handle,
        "detail",
        f"Ribbed cuff and knitted pattern of the {first.name.lower()} socks, seen close",
        near(
            hue,
            lambda: socks.sock(first.cloth, accent.cloth, design(first)),
            (470, 470),
            scale=2.3,
            turn=8,
        ),
    )
    return (*fronts, closer)
