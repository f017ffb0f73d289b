"""Draws the picture of a story: bands and discs as a press lays them over each other."""

from hashlib import sha256

WIDTH, HEIGHT = 1200, 675
PAPER = "#efe9dd"
INKS = ("#d1495b", "#edae49", "#00798c", "#30638e", "#003d5b", "#7a5195", "#3a7d44")


def picture_of(slug: str) -> str:
    """Return an SVG that is the same for the same story; WIDTH by HEIGHT."""
    dice = sha256(slug.encode()).digest()
    inks = [INKS[dice[place] % len(INKS)] for place in range(4)]
    shapes = [
        f'<path d="M0 {HEIGHT - 90 - dice[4]}h{WIDTH}v{HEIGHT}H0z" fill="{inks[0]}"/>',
        *_discs(dice, inks[1]),
        _beam(dice, inks[2]),
        *_rule(dice, inks[3]),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="{PAPER}"/>{"".join(shapes)}</svg>'
    )


def _discs(dice: bytes, ink: str) -> list[str]:
    number, radius = 1 + dice[5] % 3, 120 + dice[6] % 90
    left, top = 160 + dice[7] * 3, 170 + dice[8] // 2
    return [
        f'<circle cx="{left + place * radius}" cy="{top}" r="{radius}" fill="{ink}"'
        f' fill-opacity=".88"/>'
        for place in range(number)
    ]


def _beam(dice: bytes, ink: str) -> str:
    left, foot, width = dice[9] * 4, dice[11] * 5, 120 + dice[10]
    return (
        f'<path d="M{left} 0h{width}L{foot} {HEIGHT}h-{140 + dice[12]}z" fill="{ink}"'
        f' fill-opacity=".82"/>'
    )


def _rule(dice: bytes, ink: str) -> list[str]:
    gap, first = 26 + dice[13] % 18, 40 + dice[14] * 2
    return [
        f'<path d="M0 {first + place * gap}h{WIDTH}" stroke="{ink}" stroke-width="5"/>'
        for place in range(3 + dice[15] % 5)
    ]
