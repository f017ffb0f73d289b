"""The colours things come in, each with the inks that read on it."""

from dataclasses import dataclass

from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, Cloth


@dataclass(frozen=True, slots=True)
class Dye:
    """A colour as the shop names it, and what it is printed with."""

    name: str
    base: str
    ink: str
    accent: str

    @property
    def cloth(self) -> Cloth:
        return Cloth(self.name, self.base)

    @property
    def code(self) -> str:
        """Three letters for stock keeping units."""
        return "".join(letter for letter in self.name.upper() if letter.isalpha())[:3]

    def with_accent(self, accent: str) -> "Dye":
        return Dye(self.name, self.base, self.ink, accent)


WHITE = Dye("White", "#f3efe7", INK, "#d6303b")
BLACK = Dye("Black", "#242123", NEWSPRINT, "#f0b93a")
RED = Dye("Red", "#c43a38", NEWSPRINT, "#2a1413")
BUTTER = Dye("Butter", "#f1d884", INK, "#c22f38")
PINK = Dye("Hot Pink", "#d8437f", NEWSPRINT, "#ffe08a")
SAGE = Dye("Sage", "#a3b494", INK, "#7a1f2b")
NAVY = Dye("Navy", "#27324f", NEWSPRINT, "#f0b93a")
GREY = Dye("Grey Marle", "#b7b5b2", INK, "#b3262f")
PLUM = Dye("Plum", "#5b2b58", NEWSPRINT, "#f3a9c4")
BOTTLE = Dye("Bottle Green", "#1f5b41", NEWSPRINT, "#f1d884")
OLIVE = Dye("Olive", "#62663f", "#777b51", "#777b51")
SAND = Dye("Sand", "#cfbb97", INK, "#b3262f")
NATURAL = Dye("Natural", "#e7dbc3", INK, "#b3262f")
ORANGE = Dye("Orange", "#e07a2a", "#2a1708", "#fff3dc")
