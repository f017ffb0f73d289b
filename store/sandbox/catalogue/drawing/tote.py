"""Canvas totes: laid flat, and hung on a peg."""

from store.sandbox.catalogue.drawing.colours import Cloth, mix
from store.sandbox.catalogue.drawing.light import Box, Heights, fold, raised, relief, ridge
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, chest
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, linear

BOX: Box = (200, 90, 800, 1280)
CENTRE = (600, 740)

BAG = "M286 560C440 552 760 552 914 560C922 790 926 1030 918 1296C916 1312 908 1320 892 1322C700 1334 500 1334 308 1322C292 1320 284 1312 282 1296C274 1030 278 790 286 560Z"
FRONT_STRAP = "M408 640L408 420C410 240 470 140 600 140C730 140 790 240 792 420L792 640L744 640L744 424C740 270 696 190 600 190C504 190 460 270 456 424L456 640Z"
BACK_STRAP = "M436 560L440 400C448 250 510 176 616 172C730 176 772 250 776 400L780 560L736 560L732 404C728 280 690 218 614 216C530 218 486 280 482 404L480 560Z"
HOOK_BAG = "M300 620C400 600 520 584 600 590C690 584 800 600 900 620C918 820 926 1060 906 1290C904 1308 896 1316 880 1320C700 1344 500 1344 320 1320C304 1316 296 1308 294 1290C274 1060 282 820 300 620Z"
HOOK_STRAP = "M402 690L412 604C450 440 540 300 584 196L616 196C660 300 750 440 788 604L798 690L752 690L744 612C710 470 640 350 600 262C560 350 490 470 456 612L448 690Z"
HOOK_BACK = "M432 600C470 450 548 320 590 210L622 214C668 330 738 460 770 600L730 600C700 480 640 370 606 290C566 380 502 480 474 600Z"

_BAG_FOLDS: Heights = (
    raised(BAG, 0.5, 24),
    raised(fold((432, 640), (450, 800), (420, 980), 18), 0.22, 13),
    raised(fold((768, 640), (744, 820), (776, 1010), 18), 0.22, 13),
    raised(fold((320, 700), (346, 980), (322, 1280), 16), -0.26, 13),
    raised(fold((880, 700), (852, 980), (880, 1280), 16), -0.28, 13),
    raised(fold((300, 1240), (420, 1180), (560, 1300), 16), 0.2, 12),
    raised(fold((890, 1220), (800, 1170), (660, 1296), 16), -0.22, 12),
    ridge("M286 604C440 596 760 596 914 604", -0.28, 6, 4),
    raised(FRONT_STRAP, 0.5, 5),
)
_HUNG: Heights = (
    raised(HOOK_BAG, 0.5, 24),
    raised(fold((426, 640), (440, 900), (350, 1180), 24), 0.36, 13),
    raised(fold((470, 650), (520, 900), (470, 1220), 20), -0.28, 13),
    raised(fold((774, 640), (760, 900), (850, 1180), 24), 0.30, 13),
    raised(fold((730, 650), (680, 900), (730, 1220), 20), -0.32, 13),
    raised(fold((600, 620), (590, 760), (610, 900), 24), -0.2, 15),
    raised(fold((310, 700), (330, 980), (310, 1270), 14), -0.26, 12),
    raised(fold((890, 700), (866, 980), (890, 1270), 14), -0.30, 12),
    raised(HOOK_STRAP, 0.5, 5),
)


def tote(
    cloth: Cloth,
    plate: Plate | None = None,
    *,
    strap: Cloth | None = None,
    seed: int = 13,
    top: float = 950,
) -> Thing:
    """Laid flat with its straps up."""
    band = strap or cloth
    art = plate.pressed(chest(600, top), opacity=0.95) if plate else ""
    hem = drawn("M287 604C440 596 760 596 913 604", cloth.edge, 1.6, 0.9, "7 4")
    sides = drawn(
        "M292 566C286 800 282 1040 290 1300M908 566C914 800 918 1040 910 1300", cloth.edge, 1.3, 0.5
    )
    back = filled(BACK_STRAP, mix(band.base, band.shade, 0.42))
    front = (
        filled(FRONT_STRAP, band.base) + _crosses(band) + drawn(FRONT_STRAP, band.edge, 1.4, 0.9)
    )
    body = filled(BAG, cloth.base) + _weave(cloth, BAG)
    bag_shade = relief(
        _BAG_FOLDS, cloth, BOX, crumple=0.42, seed=seed, within=BAG, grain="0.007 0.004"
    )
    strap_shade = relief(_BAG_FOLDS, band, BOX, seed=seed, within=FRONT_STRAP)
    return Thing(
        back + body + art + bag_shade + hem + sides + front + strap_shade,
        BAG + FRONT_STRAP,
        0.9,
        CENTRE,
    )


def tote_on_peg(
    cloth: Cloth,
    plate: Plate | None = None,
    *,
    strap: Cloth | None = None,
    seed: int = 14,
    top: float = 980,
) -> Thing:
    """Hung up: the straps pull the cloth into folds."""
    band = strap or cloth
    art = plate.pressed(chest(600, top), opacity=0.95) if plate else ""
    hem = drawn(
        "M301 662C400 642 520 628 600 634C690 628 800 642 899 662", cloth.edge, 1.6, 0.9, "7 4"
    )
    back = filled(HOOK_BACK, mix(band.base, band.shade, 0.45))
    front = filled(HOOK_STRAP, band.base) + drawn(HOOK_STRAP, band.edge, 1.4, 0.9)
    body = filled(HOOK_BAG, cloth.base) + _weave(cloth, HOOK_BAG)
    bag_shade = relief(
        _HUNG, cloth, BOX, crumple=0.42, seed=seed, within=HOOK_BAG, grain="0.008 0.002"
    )
    strap_shade = relief(_HUNG, band, BOX, seed=seed, within=HOOK_STRAP)
    peg = linear(((0, "#e2b987", 1), (0.5, "#c6935a", 1), (1, "#8a5f35", 1)), (570, 180, 640, 260))
    knob = f'<circle cx="600" cy="222" r="34" fill="{peg}"/><circle cx="590" cy="210" r="14" fill="#f6dcb6" fill-opacity=".5"/>'
    return Thing(
        back + body + art + bag_shade + hem + front + strap_shade + knob,
        HOOK_BAG + HOOK_STRAP,
        1.3,
        CENTRE,
    )


def _weave(cloth: Cloth, path: str) -> str:
    """Threads across and along."""
    across = "".join(f"M260 {y}H940" for y in range(552, 1350, 7))
    along = "".join(f"M{x} 540V1350" for x in range(266, 940, 7))
    return clipped(
        drawn(across, cloth.shade, 1.6, 0.07) + drawn(along, cloth.glow, 1.6, 0.12), path
    )


def _crosses(cloth: Cloth) -> str:
    """Where the straps are sewn on: a box with a cross."""
    return "".join(
        drawn(f"M{x} 604h36v30h-36ZM{x} 604l36 30M{x + 36} 604l-36 30", cloth.edge, 1.5, 0.9, "4 3")
        for x in (414, 750)
    )
