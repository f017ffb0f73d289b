"""Six-panel caps with an embroidered front."""

from math import cos, sin

from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, Cloth, mix
from store.sandbox.catalogue.drawing.lettering import Face, Point
from store.sandbox.catalogue.drawing.light import Box, Heights, fold, raised, relief, ridge
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, Press, at
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, linear

BOX: Box = (130, 330, 940, 760)
CENTRE = (600, 710)

CROWN = "M262 838C246 560 380 384 600 384C820 384 954 560 938 838C860 792 740 766 600 766C460 766 340 792 262 838Z"
BRIM = "M258 834C216 866 186 912 196 948C204 968 228 980 262 990C360 1022 480 1040 600 1040C720 1040 840 1022 938 990C972 980 996 968 1004 948C1014 912 984 866 942 834C860 786 740 760 600 760C460 760 340 786 258 834Z"
BRIM_EDGE = "M196 948C204 968 228 980 262 990C360 1022 480 1040 600 1040C720 1040 840 1022 938 990C972 980 996 968 1004 948C1006 972 990 992 944 1006C846 1040 720 1058 600 1058C480 1058 354 1040 256 1006C210 992 194 972 196 948Z"
SEAMS = "M600 384C604 500 604 640 600 766M600 384C480 410 404 560 398 786M600 384C720 410 796 560 802 786"
OUTLINE = CROWN + BRIM + BRIM_EDGE
ROWS = tuple(
    f"M{254 - 9 * n} {846 + 22 * n}C{330 - 4 * n} {826 + 34 * n} {460 - 2 * n} {806 + 40 * n} 600 {806 + 40 * n}C{740 + 2 * n} {806 + 40 * n} {870 + 4 * n} {826 + 34 * n} {946 + 9 * n} {846 + 22 * n}"
    for n in range(6)
)

_HEIGHTS: Heights = (
    raised(CROWN, 0.75, 44),
    raised(CROWN, 0.3, 16),
    raised(fold((300, 800), (320, 640), (400, 500), 22), -0.22, 14),
    raised(fold((900, 800), (880, 640), (800, 500), 22), -0.26, 14),
    raised(fold((470, 760), (520, 600), (560, 470), 22), 0.18, 16),
    raised(BRIM, 0.5, 12),
    raised(fold((230, 960), (600, 800), (970, 960), 46), 0.35, 26),
    ridge("M214 950C330 1010 480 1030 600 1030C720 1030 870 1010 986 950", -0.3, 10, 6),
    ridge(SEAMS, -0.3, 8, 5),
    ridge("M262 838C340 792 460 766 600 766C740 766 860 792 938 838", -0.5, 16, 9),
)


def cap(
    cloth: Cloth,
    plate: Plate | None = None,
    *,
    brim: Cloth | None = None,
    seed: int = 9,
    top: float = 640,
) -> Thing:
    """The front, a little from above; the plate is sewn on with its origin at `top`."""
    peak = brim or cloth
    rows = "".join(drawn(row, peak.edge, 1.6, 0.8, "6 4") for row in ROWS)
    crown = filled(CROWN, cloth.base)
    front = clipped(filled(BRIM, peak.base) + rows, BRIM) + filled(
        BRIM_EDGE, mix(peak.base, peak.shade, 0.5)
    )
    shading = relief(_HEIGHTS, cloth, BOX, crumple=0.35, seed=seed, within=CROWN)
    lower = relief(_HEIGHTS, peak, BOX, crumple=0.15, seed=seed, within=BRIM)
    under = linear(((0, "#0d0a12", 0.42), (1, "#0d0a12", 0)), (600, 764, 600, 850))
    fall = clipped(filled("M230 760H970V900H230Z", under), BRIM)
    button = f'<ellipse cx="600" cy="384" rx="30" ry="13" fill="{cloth.base}"/><ellipse cx="597" cy="380" rx="26" ry="10" fill="{mix(cloth.base, cloth.glow, 0.3)}"/>'
    return Thing(
        crown + shading + _details(cloth) + _sewn(plate, top) + front + lower + fall + button,
        OUTLINE,
        1.2,
        CENTRE,
    )


def _details(cloth: Cloth) -> str:
    """Panel seams with their double stitching, and eyelets."""
    beside = "M592 388C596 500 596 640 592 766M608 388C612 500 612 640 608 766"
    holes = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="9" ry="10" fill="{cloth.edge}"/><ellipse cx="{x}" cy="{y}" rx="4.5" ry="5" fill="#120e10"/>'
        for x, y in ((480, 484), (720, 484), (334, 600), (866, 600))
    )
    return drawn(SEAMS, cloth.edge, 2) + drawn(beside, cloth.edge, 1.3, 0.8, "5 4") + holes


def _sewn(plate: Plate | None, top: float) -> str:
    """Embroidery: raised thread with its own little shadow."""
    if plate is None:
        return ""
    under = plate.pressed(_dome(603, top + 5)).replace('fill="#', 'fill="#0a0808" data-ink="#')
    return f'<g opacity=".35">{under}</g>' + plate.pressed(_dome(600, top))


def _dome(x: float, y: float) -> Press:
    def press(px: float, py: float) -> Point:
        angle = px / 380
        return x + 380 * sin(angle) * (1 + py / 2400), y + py - 22 * (1 - cos(angle)) * -3.2

    return press


BACK = "M262 860C246 560 380 384 600 384C820 384 954 560 938 860C840 884 720 896 600 896C480 896 360 884 262 860Z"
GAP = "M440 892C444 780 500 716 600 716C700 716 756 780 760 892C700 898 500 898 440 892Z"
STRAP = "M404 846C480 866 720 866 796 846L802 890C720 910 480 910 398 890Z"
BACK_SEAMS = "M600 384C604 480 602 600 600 716M600 384C480 410 396 560 384 876M600 384C720 410 804 560 816 876"
_BUCKLE = (
    '<path d="M566 838h68v66h-68zM578 850v42h44v-42z" fill-rule="evenodd" fill="#b9a271"/>'
    '<path d="M566 838h68v6h-68z" fill="#efe0b5"/>'
)

_BACK_HEIGHTS: Heights = (
    raised(BACK, 0.75, 44),
    raised(BACK, 0.3, 16),
    raised(fold((320, 840), (330, 640), (420, 500), 22), -0.22, 14),
    raised(fold((880, 840), (880, 640), (790, 500), 22), -0.26, 14),
    ridge(BACK_SEAMS, -0.3, 8, 5),
    ridge(GAP, -0.3, 10, 6),
    raised(STRAP, 0.5, 5),
)


def cap_back(cloth: Cloth, *, seed: int = 11) -> Thing:
    """The back with its strap and opening."""
    dark = ((0, "#0b090b", 0.92), (1, mix(cloth.base, "#0b090b", 0.5), 1))
    tag = Plate()
    thread = NEWSPRINT if cloth.is_dark else INK
    tag.type("Gay Nation", Face.SERIF_BLACK, (0, 0), ink=thread, width=120)
    body = filled(BACK, cloth.base) + filled(GAP, linear(dark, (600, 716, 600, 900)))
    shading = relief(_BACK_HEIGHTS, cloth, BOX, crumple=0.3, seed=seed, within=BACK)
    button = (
        f'<ellipse cx="600" cy="384" rx="30" ry="13" fill="{mix(cloth.base, cloth.glow, 0.2)}"/>'
    )
    markup = body + filled(STRAP, cloth.base) + tag.pressed(at(600, 690)) + _back_stitches(cloth)
    return Thing(
        markup + shading + _strap_stitches(cloth) + _BUCKLE + button, BACK, 1.2, (600, 650)
    )


def _back_stitches(cloth: Cloth) -> str:
    binding = "M448 888C452 786 506 726 600 726C694 726 748 786 752 888"
    return (
        drawn(GAP, cloth.edge, 2)
        + drawn(BACK_SEAMS, cloth.edge, 2)
        + drawn(binding, cloth.edge, 1.5, 0.8, "6 4")
    )


def _strap_stitches(cloth: Cloth) -> str:
    rows = "M404 852C480 872 720 872 796 852M400 884C480 904 720 904 800 884"
    return drawn(rows, cloth.edge, 1.3, 0.8, "5 4")
