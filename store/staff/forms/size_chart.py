"""The form of a size chart: its name, its measures, and the types of products that show it."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.catalog.size_charts import (
    LONGEST_BODY,
    LONGEST_NAME,
    NO_CHART,
    ChartNameTakenError,
    TypeTakenError,
)

LONGEST_TYPE = 120


@dataclass(slots=True)
class ChartForm:
    name: str
    body: str
    types: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> "ChartForm":
        return cls(
            posted.get("name", ""),
            posted.get("body", "").replace("\r\n", "\n"),
            [name for name in posted.getlist("types") if 0 < len(name) <= LONGEST_TYPE],
        )

    def explain(self, refusal: Exception) -> None:
        """Write beside the field why the shop does not take it."""
        match refusal:
            case ChartNameTakenError():
                self.errors["name"] = _("Another chart has this name.")
            case TypeTakenError(product_type=name):
                self.errors["types"] = _("“%(name)s” has another chart by now.", name=name)
            case _:
                self._explain_words()

    def _explain_words(self) -> None:
        name = " ".join(self.name.split())
        if not name:
            self.errors["name"] = _("Give it a name, such as Heavy tees.")
        elif len(name) > LONGEST_NAME or name == NO_CHART:
            self.errors["name"] = _("Give it another name, under 120 characters.")
        if not self.body.strip() or len(self.body) > LONGEST_BODY:
            self.errors["body"] = _("Write the measures as a table, under 20,000 characters.")
