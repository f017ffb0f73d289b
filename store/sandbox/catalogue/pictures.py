"""Which pictures each kind of product gets: a front for every colour, then a nearer or another view."""

from collections.abc import Callable, Sequence
from functools import partial

from store.sandbox.catalogue.drawing import cap, framed, hoodie, mug, socks, tee, tote
from store.sandbox.catalogue.drawing.colours import Cloth, Hue, mix
from store.sandbox.catalogue.drawing.paper import Thing, close_up, portrait
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.dyes import Dye
from store.sandbox.catalogue.records import DemoPicture

Design = Callable[[Dye], Plate]
Draw = Callable[[], Thing]


def one(handle: str, view: str, alt: str, svg: Callable[[], str], value: str | None = None) -> DemoPicture:
    return DemoPicture(f"{handle}-{view}", alt, value, svg)


def slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def lying(hue: Hue, draw: Draw, *, scale: float = 1.0, turn: float = 0.0) -> Callable[[], str]:
    """A portrait, drawn when it is asked for."""
    return lambda: portrait(hue, draw(), scale=scale, turn=turn)


def near(hue: Hue, draw: Draw, focus: tuple[float, float], *, scale: float = 2.0, turn: float = -7.0) -> Callable[[], str]:
    return lambda: close_up(hue, draw(), focus, scale=scale, turn=turn)


def tees(handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str, *, seed: int) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        return tee.tee(dye.cloth, design(dye), seed=seed, top=640)

    fronts = [
        one(handle, slug(dye.name), f"{dye.name} T-shirt laid flat, {shown}", lying(hue, partial(draw, dye), scale=1.07), dye.name)
        for dye in dyes
    ]
    closer = one(handle, "detail", f"Ribbed collar and print of the {dyes[0].name.lower()} T-shirt, seen close", near(hue, partial(draw, dyes[0]), (600, 500), scale=1.95))
    return (*fronts, closer)


def hoodies(handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str, *, back: Design | None = None, scale: float = 1.0, top: float = 720) -> tuple[DemoPicture, ...]:
    def front(dye: Dye) -> Thing:
        return hoodie.hoodie(dye.cloth, design(dye), top=top, scale=scale, cord=mix(dye.base, "#efe9dc", 0.75))

    fronts = [
        one(handle, slug(dye.name), f"{dye.name} hoodie laid flat, {shown}", lying(hue, partial(front, dye), scale=1.03), dye.name)
        for dye in dyes
    ]
    closer = one(handle, "detail", f"Hood, cords and print of the {dyes[0].name.lower()} hoodie, seen close", near(hue, partial(front, dyes[0]), (600, 520), scale=1.75))
    if back is None:
        return (*fronts, closer)
    behind = lying(hue, lambda: hoodie.hoodie_back(dyes[0].cloth, back(dyes[0]), top=790), scale=1.03)
    return (*fronts, one(handle, "back", f"Back of the {dyes[0].name.lower()} hoodie with its large print", behind), closer)


def sweatshirts(handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str) -> tuple[DemoPicture, ...]:
    def draw(dye: Dye) -> Thing:
        return hoodie.sweatshirt(dye.cloth, design(dye), top=750)

    fronts = [
        one(handle, slug(dye.name), f"{dye.name} crew-neck sweatshirt laid flat, {shown}", lying(hue, partial(draw, dye), scale=1.06), dye.name)
        for dye in dyes
    ]
    closer = one(handle, "detail", f"Crew neck and print of the {dyes[0].name.lower()} sweatshirt, seen close", near(hue, partial(draw, dyes[0]), (600, 590), scale=1.75))
    return (*fronts, closer)


def caps(handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str, *, brims: Sequence[Dye] | None = None) -> tuple[DemoPicture, ...]:
    peaks = brims or dyes

    def draw(dye: Dye, peak: Dye) -> Thing:
        return cap.cap(dye.cloth, design(dye), brim=peak.cloth)

    fronts = [
        one(handle, slug(dye.name), f"{dye.name} cap from the front, {shown}", lying(hue, partial(draw, dye, peak), scale=1.16), dye.name)
        for dye, peak in zip(dyes, peaks, strict=True)
    ]
    back = one(handle, "back", f"Back of the {dyes[0].name.lower()} cap with its cotton strap and brass buckle", lying(hue, lambda: cap.cap_back(dyes[0].cloth), scale=1.3))
    closer = one(handle, "detail", f"Embroidery on the {dyes[-1].name.lower()} cap, seen close", near(hue, partial(draw, dyes[-1], peaks[-1]), (600, 660), scale=2.2))
    return (*fronts, back, closer)


def totes(handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str, *, straps: Sequence[Cloth] | None = None) -> tuple[DemoPicture, ...]:
    bands = straps or [dye.cloth for dye in dyes]
    single = len(dyes) == 1

    def flat(dye: Dye, band: Cloth) -> Thing:
        return tote.tote(dye.cloth, design(dye), strap=band)

    fronts = [
        one(handle, slug(dye.name), f"{dye.name} canvas tote laid flat, {shown}", lying(hue, partial(flat, dye, band), scale=1.08), None if single else dye.name)
        for dye, band in zip(dyes, bands, strict=True)
    ]
    hung = one(handle, "peg", f"{dyes[-1].name} canvas tote hanging from a wooden peg", lying(hue, lambda: tote.tote_on_peg(dyes[-1].cloth, design(dyes[-1]), strap=bands[-1]), scale=1.04))
    closer = one(handle, "detail", f"Canvas weave and stitched strap of the {dyes[0].name.lower()} tote, seen close", near(hue, partial(flat, dyes[0], bands[0]), (560, 760), scale=2.0, turn=5))
    return (*fronts, hung, closer)


def mugs(handle: str, hue: Hue, dyes: Sequence[Dye], design: Design, shown: str, *, insides: Sequence[str], rim: str | None = None) -> tuple[DemoPicture, ...]:
    single = len(dyes) == 1

    def draw(dye: Dye, inside: str, *, turned: bool = False) -> Thing:
        return mug.mug(dye.base, design(dye), inside=inside, rim=rim, turn=-0.42 if turned else 0.0, left_handed=turned)

    fronts = [
        one(handle, slug(dye.name), f"{dye.name} mug with its handle to the right, {shown}", lying(hue, partial(draw, dye, inside), scale=1.2), None if single else dye.name)
        for dye, inside in zip(dyes, insides, strict=True)
    ]
    other = one(handle, "left", f"{dyes[-1].name} mug turned for the left hand", lying(hue, partial(draw, dyes[-1], insides[-1], turned=True), scale=1.2))
    return (*fronts, other)


def wall_prints(handle: str, hue: Hue, plate: Callable[[], Plate], shown: str, focus: tuple[float, float]) -> tuple[DemoPicture, ...]:
    frames = [
        one(handle, wood, f"Framed print in {name}, {shown}", lying(hue, partial(_framed, plate, wood)), value)
        for wood, name, value in (("oak", "an oak frame", "Oak frame"), ("black", "a black frame", "Black frame"))
    ]
    bare = one(handle, "sheet", f"The unframed sheet on a bulldog clip, {shown}", lying(hue, lambda: framed.sheet(plate())), "Unframed")
    closer = one(handle, "detail", f"Corner of the oak frame and mat around the print, {shown}", near(hue, partial(_framed, plate, "oak"), focus, scale=2.2, turn=0))
    return (*frames, bare, closer)


def sock_pairs(handle: str, hue: Hue, dyes: Sequence[tuple[Dye, Dye]], design: Design, shown: str) -> tuple[DemoPicture, ...]:
    def pair(dye: Dye, accent: Dye) -> Thing:
        return socks.socks(dye.cloth, accent.cloth, design(dye))

    fronts = [
        one(handle, slug(dye.name), f"Pair of {dye.name.lower()} crew socks, {shown}", lying(hue, partial(pair, dye, accent), scale=1.05), dye.name)
        for dye, accent in dyes
    ]
    first, accent = dyes[0]
    closer = one(handle, "detail", f"Ribbed cuff and knitted pattern of the {first.name.lower()} socks, seen close", near(hue, lambda: socks.sock(first.cloth, accent.cloth, design(first)), (470, 470), scale=2.3, turn=8))
    return (*fronts, closer)


def _framed(plate: Callable[[], Plate], wood: str) -> Thing:
    return framed.framed(plate(), wood)
