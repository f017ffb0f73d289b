"""The form of a campaign: what it says, to whom it goes, how fast, and whether it is kept."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.catalog.handles import slugify
from store.catalog.importing import cells
from store.digits import whole_number
from store.newsletter.campaigns.writing import LONGEST_SLUG, CampaignWanted
from store.newsletter.topics import Topic

LONGEST = {"title": 120, "subject": 150, "preview": 150, "body": 60_000, "slug": LONGEST_SLUG}
WORDS = (*LONGEST, "topic", "per_minute", "find", "find_bought", "test_to")
MOST_PER_MINUTE = 6_000
MOST_BOUGHT = 40


@dataclass(slots=True)
class CampaignForm:
    """Everything as it was typed; errors are known by the name of the field they stand beside."""

    words: dict[str, str]
    is_in_archive: bool = False
    bought: list[int] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    opened: str = ""
    """What the campaign was when the form was opened."""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, wanted: CampaignWanted) -> "CampaignForm":
        told = {name: str(getattr(wanted, name)) for name in (*LONGEST, "topic", "per_minute")}
        return cls(
            dict.fromkeys(WORDS, "") | told,
            is_in_archive=bool(wanted.slug),
            bought=list(wanted.bought),
            sections=list(wanted.sections),
        )

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> "CampaignForm":
        numbers = (whole_number(number) for number in posted.getlist("bought"))
        return cls(
            {name: cells.clean(posted.get(name, "")) for name in WORDS},
            is_in_archive="is_in_archive" in posted,
            bought=[number for number in numbers if number is not None],
            sections=[cells.one_line(name) for name in posted.getlist("section")],
            opened=posted.get("opened", ""),
        )

    def do(self, act: str, handle: str = "") -> None:
        """Do what a button of the form says: a card put in, a product bought, or only shown."""
        name, _colon, given = act.partition(":")
        number = whole_number(given)
        if name == "card" and handle:
            self.words["body"] = f"{self.words['body'].rstrip()}\n\n[[product:{handle}]]\n".lstrip()
        elif name == "bought" and number is not None and number not in self.bought:
            self.bought.append(number)
        elif name == "unbought":
            self.bought = [one for one in self.bought if one != number]

    def wanted(self) -> CampaignWanted | None:
        """Return the campaign that is meant; None where errors say why not."""
        meant = self.meant()
        return None if self.errors else meant

    def meant(self) -> CampaignWanted:
        """Return the campaign as far as it can be read, to look at; errors name the rest."""
        words = {name: self._word(name) for name in LONGEST}
        if not cells.can_be_read(words["title"]):
            self._wrong("title", _("Give it a name; readers never see it."))
        topic = self.words["topic"]
        if topic not in set(Topic):
            self._wrong("topic", _("Choose what it is about: readers chose what they get."))
        if len(self.bought) > MOST_BOUGHT:
            self._wrong("bought", _("Choose at most %(limit)s products.", limit=MOST_BOUGHT))
        slug = words["slug"] or words["subject"] or words["title"]
        return CampaignWanted(
            title=words["title"],
            topic=Topic(topic) if topic in set(Topic) else Topic.DROPS,
            subject=words["subject"],
            preview=words["preview"],
            body=words["body"],
            slug=slugify(slug, LONGEST_SLUG) if self.is_in_archive else "",
            bought=tuple(self.bought),
            sections=tuple(dict.fromkeys(name[:120] for name in self.sections if name)),
            per_minute=self._per_minute(),
        )

    def _per_minute(self) -> int:
        number = whole_number(self.words["per_minute"].strip())
        if number is None or not 0 < number <= MOST_PER_MINUTE:
            words = _("Write a whole number from 1 to %(most)s.", most=MOST_PER_MINUTE)
            self._wrong("per_minute", words)
            return 1
        return number

    def _word(self, name: str) -> str:
        typed = self.words[name].replace("\r\n", "\n")
        text = typed if name == "body" else cells.one_line(typed)
        if len(text) > LONGEST[name]:
            self._wrong(name, _("Keep this under %(limit)s characters.", limit=LONGEST[name]))
        return text

    def _wrong(self, name: str, words: str) -> None:
        self.errors.setdefault(name, words)
