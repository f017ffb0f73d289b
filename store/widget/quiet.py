"""Decides under which stories nothing is sold: deaths, disasters, crime, layoffs; in doubt none."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from store.catalog.words import stem, words_of
from store.widget.phrases import GAP, Phrases, without
from store.widget.stories import Story
from store.widget.weighing import features_of, log_odds, telling_words

FILE = Path(__file__).with_name("quiet.toml")
KINDS = ("grave", "strong", "telling", "hints")
SOFT = ("fiction", "sport", "leisure")
"""Pages on which people die laughing."""
NO_FIGURES = {"rights", "genres"}
"""Where even the strongest words are names of laws, or of books."""
CONTEXTS = ("rights", "mending", *SOFT)

# Fitted on the stories on which the rules may be tuned: tests/widget/stories/README.md.
ENOUGH = 6
STRONG, TELLING, HINT = 8, 6, 3
FURTHER, BESIDE = 3, 1
"""What each word after the strongest adds, and each hint beside it."""
PLAIN, CERTAIN = 8, 20
"""So many points decide, whatever else a headline says; more than the last say nothing more."""
POINTS = "listed points"
IN_TAGS = 3
"""Headlines play with words, tags do not."""
HARD_NEWS = 1
SOFT_SECTION, CHEERFUL_TAGS, MENDED, LIGHT = 1, 4, 2, 4
"""What speaks against it."""
SIGNS = re.compile(
    r"(?<=, )\d{1,3}(?=[,:;.]|$)"
    r"|(?<=[a-z] )(?:for|without|since|remember\w*) (?:[a-z]+ )?[A-Z]\w+(?: [A-Z]\w+)?$"
    r"|^[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+, (?:who|whose|the|an?|lover|husband|wife|father|mother)\b"
    r"|: a life$"
    r"|^['‘“][^'’”]*['’”]$"
)
"""Hints in the shape of a headline: how old somebody was, for whom candles are lit, a name and who
that was, a life, and a sentence that somebody said with nothing beside it."""
MOST_TOLD = 3
"""How many words an editor is shown where no list held one."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The lists, ready to be looked for."""

    pages: Phrases
    """What a page is about, and the phrases that only sound sad."""
    grief: Phrases
    """The words of all topics, by how plainly they speak of it."""
    figures: Phrases
    """By what a page is about: the words that mean something else there."""


@dataclass(frozen=True, slots=True)
class Page:
    """The folded words of a story that may speak of grief, and what it is about."""

    text: list[str]
    tags: list[str]
    signs: list[str]
    in_section: frozenset[str]
    in_tags: frozenset[str]
    in_title: frozenset[str]

    @property
    def about(self) -> frozenset[str]:
        # A court report stands under Law as well, so the section alone makes it no story of rights.
        return (self.in_section - {"rights"}) | self.in_tags | self.in_title


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of a page that speak of grief, by how plainly they do."""

    grave: tuple[str, ...]
    strong: tuple[str, ...]
    telling: tuple[str, ...]
    hints: tuple[str, ...]
    is_in_tags: bool

    @property
    def points(self) -> int:
        in_tags = IN_TAGS if self.is_in_tags else 0
        plain = len(self.strong) + len(self.telling)
        if not plain:
            return len(self.hints) * HINT + in_tags
        strongest = STRONG if self.strong else TELLING
        return strongest + (plain - 1) * FURTHER + len(self.hints) * BESIDE + in_tags


def quiet_words(story: Story, staff_topics: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the words for which nothing stands under this story; empty where something may.

    Phrases that only sound sad are taken out first. A grave word decides at once; what the other
    lists find is weighed together with every word of the headline.
    """
    parts = _parts(story)
    text = f" {f' {GAP} '.join(' '.join(part) for part in parts)} "
    for topic in staff_topics:
        if topic and f" {topic} " in text:
            return (topic,)
    page = _page(story, parts, _rules())
    found = _evidence(page, _rules())
    listed = _listed(page, found)
    if not decides(listed) and log_odds(features_of(story) | listed) < 0:
        return ()
    return (
        found.grave
        or (*found.strong, *found.telling)
        or found.hints
        or telling_words(story, most=MOST_TOLD)
    )


def listed_features(story: Story) -> dict[str, float]:
    """Return what the lists say of a story, for it to be weighed beside its words."""
    page = _page(story, _parts(story), _rules())
    return _listed(page, _evidence(page, _rules()))


def decides(listed: Mapping[str, float]) -> bool:
    """Say whether what the lists find is enough, whatever else a headline says."""
    return listed[POINTS] >= PLAIN / ENOUGH


def slug_of(url: str) -> str:
    """Return the words of an address: what a headline was when the story was filed."""
    return re.sub(r"[\W_]+", " ", unquote(urlsplit(url).path))


def _parts(story: Story) -> tuple[list[str], ...]:
    tags = [word for tag in story.tags for word in (*words_of(tag), GAP)]
    return words_of(story.title), words_of(slug_of(story.url)), words_of(story.section), tags


def _page(story: Story, parts: Sequence[list[str]], rules: Rules) -> Page:
    title, slug = parts[:2]
    said = [rules.pages.find(part) for part in parts]
    cut = [
        without(part, spans.get("innocent", ())) for part, spans in zip(parts, said, strict=True)
    ]
    return Page(
        # An address mostly says the headline again.
        text=[*cut[0], GAP, *([] if set(slug) <= set(title) else cut[1]), GAP, *cut[2]],
        tags=cut[3],
        signs=[sign.lower() for sign in SIGNS.findall(story.title)],
        in_section=frozenset(said[2]),
        in_tags=frozenset(said[3]),
        in_title=frozenset(said[0]),
    )


def _evidence(page: Page, rules: Rules) -> Evidence:
    about = page.about & {"rights", "mending", *SOFT}
    told = _found(rules, page.text, (about - set(SOFT)) | (page.in_section & set(SOFT)))
    # A tag is no figure of speech, but it may be a genre.
    tagged = _found(
        rules, page.tags, (about - set(SOFT)) | ({"genres"} if "fiction" in about else set())
    )
    strong = _apart((*told["strong"], *tagged["strong"]))
    telling = _apart((*told["telling"], *tagged["telling"]), strong)
    hints = _apart((*told["hints"], *tagged["hints"], *page.signs), (*strong, *telling))
    return Evidence(
        grave=_apart((*told["grave"], *tagged["grave"])),
        strong=strong,
        telling=telling,
        # A law's own words, and whom it is for, hint at nothing.
        hints=() if "rights" in about else hints,
        is_in_tags=bool(tagged["grave"] or tagged["strong"] or tagged["telling"]),
    )


def _against(page: Page, *, is_sad: bool) -> int:
    """Return what the page says against grief; under hard news that is less than none."""
    against = 0
    if "hard" in page.in_section:
        against -= HARD_NEWS
    elif page.in_section.intersection(SOFT):
        against += SOFT_SECTION
    if not is_sad and page.in_tags.intersection(("cheerful", *SOFT)):
        against += CHEERFUL_TAGS
    if "mending" in page.about:
        against += MENDED
    if not is_sad and "light" in page.in_title:
        against += LIGHT
    return against


def _listed(page: Page, found: Evidence) -> dict[str, float]:
    points = CERTAIN if found.grave else found.points - _against(page, is_sad=found.is_in_tags)
    return {
        POINTS: min(points, CERTAIN) / ENOUGH,
        "listed at all": float(points >= 1),
        "listed enough": float(points >= ENOUGH),
        "listed grave": float(bool(found.grave)),
    }


def _found(rules: Rules, words: Sequence[str], figures: Iterable[str]) -> dict[str, list[str]]:
    """Return the phrases that stand there by kind, without those that are figures of speech."""
    at_most, spans = set(figures), rules.grief.find(words)
    at_least = at_most & NO_FIGURES
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        moot = at_least if kind in {"grave", "strong"} else at_most
        for start, end in spans.get(kind, ()):
            if moot.isdisjoint(rules.figures.lists_with(words[start:end])):
                found[kind].append(" ".join(words[start:end]))
    return found


def _apart(phrases: Iterable[str], others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the phrases once each, in whatever form, without those that the others hold."""
    said = [f" {_stemmed(other)} " for other in others]
    once: dict[str, str] = {}
    for phrase in phrases:
        once.setdefault(_stemmed(phrase), phrase)
    return tuple(
        phrase for stemmed, phrase in once.items() if not any(f" {stemmed} " in o for o in said)
    )


def _stemmed(phrase: str) -> str:
    return " ".join(map(stem, phrase.split()))


@cache
def _rules() -> Rules:
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))
    abouts = {name: listed[name]["about"] for name in ("hard", "cheerful", "light", *CONTEXTS)}
    softens = {name: listed[name]["softens"] for name in CONTEXTS}
    return Rules(
        pages=Phrases({"innocent": listed["innocent"], **abouts}),
        grief=Phrases({kind: "|".join(topic[kind] for topic in listed["topic"]) for kind in KINDS}),
        figures=Phrases({**softens, "genres": listed["fiction"]["genres"]}),
    )
