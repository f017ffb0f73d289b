"""A printing plate: type, rules and shapes in a few inks, that can be pressed onto any surface."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import cos, pi, sin

from store.sandbox.catalogue.drawing.lettering import Command, Face, Figure, Point, set_line

Press = Callable[[float, float], Point]
ROUND = 0.5523  # control point distance of a quarter circle drawn as one cubic


def flat(x: float, y: float) -> Point:
    return x, y


@dataclass(slots=True)
class Plate:
    """Shapes in printing order, around the origin; y runs down."""

    inked: list[tuple[str, Figure]] = field(default_factory=list)

    def type(
        self,
        text: str,
        face: Face,
        at: Point,
        *,
        ink: str,
        size: float = 100,
        width: float | None = None,
        anchor: float = 0.5,
        tracking: float = 0.0,
    ) -> float:
        """Sets a line with its baseline at `at`; `width` overrules the size. Returns the size used."""
        if width is not None:
            size *= width / set_line(text, face, size, tracking=tracking).width
        line = set_line(text, face, size, tracking=tracking)
        left = at[0] - line.width * anchor
        self.inked.append((ink, _shifted(line.figure, left, at[1])))
        return size

    def arc(
        self,
        text: str,
        face: Face,
        centre: Point,
        radius: float,
        *,
        ink: str,
        size: float,
        middle: float = -90,
        tracking: float = 0.0,
        inward: bool = False,
    ) -> None:
        """Sets a line around a circle; `middle` is where its middle stands, in degrees clockwise from the right."""
        line = set_line(text, face, size, tracking=tracking)

        def onto(x: float, y: float) -> Point:
            along = x - line.width / 2
            if inward:
                angle = middle * pi / 180 - along / radius
                reach = radius + y
            else:
                angle = middle * pi / 180 + along / radius
                reach = radius - y
            return centre[0] + reach * cos(angle), centre[1] + reach * sin(angle)

        self.inked.append((ink, _bent(line.figure, onto)))

    def rule(self, x: float, y: float, width: float, height: float, ink: str) -> None:
        """A bar from its upper left corner."""
        self.polygon(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), ink)

    def polygon(self, points: tuple[Point, ...], ink: str) -> None:
        lines: list[Command] = [("M", (points[0],))]
        lines += [("L", (point,)) for point in points[1:]]
        self.inked.append((ink, (*lines, ("Z", ()))))

    def disc(self, centre: Point, radius: float, ink: str, *, squash: float = 1.0) -> None:
        self.inked.append((ink, _circle(centre, radius, squash)))

    def ring(self, centre: Point, radius: float, width: float, ink: str) -> None:
        inner = _circle(centre, radius - width, 1.0)
        self.inked.append((ink, _circle(centre, radius, 1.0) + inner))

    def frame(self, box: tuple[float, float, float, float], line: float, ink: str) -> None:
        """An empty box (x, y, width, height) drawn with a line."""
        x, y, width, height = box
        self.rule(x, y, width, line, ink)
        self.rule(x, y + height - line, width, line, ink)
        self.rule(x, y, line, height, ink)
        self.rule(x + width - line, y, line, height, ink)

    def hand(
        self, centre: Point, degrees: float, reach: tuple[float, float], half: float, ink: str
    ) -> None:
        """A clock hand from its tail to its tip (`reach`), clockwise from twelve."""
        angle = (degrees - 90) * pi / 180
        c, s = cos(angle), sin(angle)
        corners = ((reach[0], -half), (reach[1], -half), (reach[1], half), (reach[0], half))
        self.polygon(
            tuple((centre[0] + r * c - o * s, centre[1] + r * s + o * c) for r, o in corners), ink
        )

    def path(self, figure: Figure, ink: str) -> None:
        self.inked.append((ink, figure))

    def add(
        self, other: "Plate", *, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0
    ) -> None:
        """Takes over another plate's shapes, moved."""
        c, s = cos(turn * pi / 180) * scale, sin(turn * pi / 180) * scale
        for ink, figure in other.inked:
            self.inked.append(
                (ink, _bent(figure, lambda px, py: (x + px * c - py * s, y + px * s + py * c)))
            )

    def pressed(self, press: Press = flat, *, opacity: float = 1.0) -> str:
        """The markup of the print on a surface: `press` says where each point of the plate comes to lie."""
        paths: list[str] = []
        for ink, figure in self.inked:
            paths.append(f'<path fill="{ink}" fill-rule="evenodd" d="{_d(_bent(figure, press))}"/>')
        dim = f' opacity="{opacity:g}"' if opacity < 1 else ""
        return f"<g{dim}>{''.join(paths)}</g>"

    def outline(self) -> str:
        """The bare path of everything on the plate, for cutting it out."""
        return "".join(_d(figure) for _, figure in self.inked)


def at(x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> Press:
    """A flat press at a place."""
    c, s = cos(turn * pi / 180) * scale, sin(turn * pi / 180) * scale
    return lambda px, py: (x + px * c - py * s, y + px * s + py * c)


def chest(x: float, y: float, scale: float = 1.0) -> Press:
    """On a worn shape: rows sag a little in the middle, columns lean to the sides, a fold pulls the lower left."""

    def press(px: float, py: float) -> Point:
        u, v = px * scale, py * scale
        sag = 9 * (1 - (u / 300) ** 2) + 3.2 * sin(u / 62 + v / 130)
        lean = 4.0 * sin(v / 95 + u / 210)
        return x + u * (1 - 0.00008 * abs(u)) + lean, y + v + sag

    return press


def around(
    x: float, y: float, radius: float, *, scale: float = 1.0, tilt: float = 0.0, turn: float = 0.0
) -> Press:
    """On a cylinder of that radius seen from the front; `tilt` is how far its rims dip, in units, `turn` in radians."""

    def press(px: float, py: float) -> Point:
        angle = px * scale / radius + turn
        return x + radius * sin(angle), y + py * scale + tilt * cos(angle)

    return press


def _shifted(figure: Figure, dx: float, dy: float) -> Figure:
    return tuple((op, tuple((x + dx, y + dy) for x, y in points)) for op, points in figure)


def _bent(figure: Figure, press: Press) -> Figure:
    return tuple((op, tuple(press(*point) for point in points)) for op, points in _fine(figure))


def _fine(figure: Figure, step: float = 40.0) -> Iterator[Command]:
    """Long straight lines in short pieces, so that they can bend."""
    last = start = (0.0, 0.0)
    for op, points in figure:
        if op == "M":
            start = points[0]
        target = start if op == "Z" else points[-1]
        if op in "LZ":
            pieces = int((abs(target[0] - last[0]) + abs(target[1] - last[1])) // step)
            for piece in range(1, pieces + 1):
                share = piece / (pieces + 1)
                yield (
                    "L",
                    (
                        (
                            last[0] + (target[0] - last[0]) * share,
                            last[1] + (target[1] - last[1]) * share,
                        ),
                    ),
                )
        yield op, points
        last = target


def _circle(centre: Point, radius: float, squash: float) -> Figure:
    x, y = centre
    r, q, k = radius, radius * squash, ROUND
    return (
        ("M", ((x + r, y),)),
        ("C", ((x + r, y + q * k), (x + r * k, y + q), (x, y + q))),
        ("C", ((x - r * k, y + q), (x - r, y + q * k), (x - r, y))),
        ("C", ((x - r, y - q * k), (x - r * k, y - q), (x, y - q))),
        ("C", ((x + r * k, y - q), (x + r, y - q * k), (x + r, y))),
        ("Z", ()),
    )


def _d(figure: Figure) -> str:
    return "".join(op + " ".join(f"{x:.1f} {y:.1f}" for x, y in points) for op, points in figure)
