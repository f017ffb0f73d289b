"""Promises about grief: nothing is sold beside it, in whatever section, and jests are no grief."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.widget.quiet import quiet_words
from store.widget.stories import Story

SECTIONS = (
    "Obituaries",
    "News",
    "Sport",
    "Food & Drink",
    "Screen",
    "Books",
    "Style",
    "Opinion",
    "",
)


def quiet(title: str, section: str = "", *tags: str) -> tuple[str, ...]:
    return quiet_words(Story(title=title, section=section, tags=tags))


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize(
    "title",
    [
        "Designer dies at 61",
        "Founder of the choir has died",
        "Cook found dead in his kitchen",
        "Captain killed in road crash",
        "Singer passes away after a short illness",
        "Hundreds mourn the voice of the harbour",
        "In memoriam: Del Marsh",
        "Del Marsh, 1941–2026",
        "Vale Del Marsh",
        "Tributes flow for the bar’s first host",
        "Coroner opens inquest into stallholder’s death",
    ],
)
def test_plain_death_is_quiet_in_every_section(title: str, section: str) -> None:
    assert quiet(title, section)


@pytest.mark.parametrize("section", ["News", "Community", ""])
@pytest.mark.parametrize(
    "title",
    [
        "Man jailed for Newtown bashing",
        "Two arrested after sauna robbery",
        "Teacher accused of grooming pupil",
        "Detectives appeal for witnesses to tram assault",
        "Woman strangled by ex-husband, court told",
        "Officer stood down over strip search of teenager",
        "Have you seen Daniel?",
        "Search for missing hiker enters third day",
        "Bushfire: leave now",
        "River bursts its banks at Lismore",
        "Cyclone crosses the coast near Broome",
        "Quake levels mountain town",
        "Bus rolls on icy road, nine in hospital",
        "Shark attack closes beach",
        "Gunman opens fire at Pride picnic",
        "Air strike hits shelter in Kharkiv",
        "Twelve flogged under anti-gay law",
        "Police raid party, forty detained",
        "Asylum seeker faces deportation to Iran",
        "I survived conversion therapy",
        "Suicide attempts rise among trans teens",
        "Three overdoses in one night",
        "Footballer reveals terminal cancer",
        "Measles outbreak widens",
        "Paper to shed 40 jobs",
        "Administrators called in at The Peacock",
        "Bookshop to close its doors after forty years",
        "Last edition: the Courier folds",
        "Candlelight vigil for Jay on Saturday",
        "Names read aloud on Trans Day of Remembrance",
        "Ashes scattered off the pier",
        "Guide dog crosses the rainbow bridge",
    ],
)
def test_grief_of_every_kind_is_quiet(title: str, section: str) -> None:
    assert quiet(title, section)


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Actor dies at 61", "Screen"),
        ("Remembering the drag king who opened the bar", "Culture"),
        ("Book festival cancelled after author’s death", "Books"),
        ("Diners taken to hospital after oyster lunch", "Food & Drink"),
        ("Two stabbed outside warehouse party", "Music"),
        ("Coach charged with assault", "Sport"),
        ("Label collapses owing staff millions", "Style"),
        ("Tourists drown off Cairns", "Travel"),
        ("Studio lays off half its writers", "Tech"),
    ],
)
def test_pages_of_leisure_are_quiet_for_grief(title: str, section: str) -> None:
    assert quiet(title, section)


@pytest.mark.parametrize(
    ("title", "section", "tags"),
    [
        ("Killer heels and a dead heat at the town hall ball", "Style", ()),
        ("A murder mystery on a houseboat", "Screen", ()),
        ("A body, a library, a very clever maid", "Books", ("crime fiction",)),
        ("Death by chocolate: five cakes for a crowd", "Food & Drink", ("baking",)),
        ("Rams bury Wolves with a killer last quarter", "Sport", ("football",)),
        ("Sudden death shoot-out thrills the harbour end", "Sport", ()),
        ("Storm win the derby", "Sport", ()),
        ("The club that refuses to die", "Nightlife", ()),
        ("Die-hard fans queue for Kylie", "Music", ()),
        ("The great scone war", "Life", ("baking", "humour")),
        ("Kill the small talk", "Opinion", ("office", "work")),
        ("Blood donation rule changes on Monday", "Health", ()),
        ("Shuttered cabaret room reopens with sixty new jobs", "Business", ("nightlife",)),
        ("Night nurses start a book club", "Health", ("nurses", "reading")),
        ("", "", ()),
    ],
)
def test_what_only_sounds_sad_is_not(title: str, section: str, tags: tuple[str, ...]) -> None:
    assert quiet(title, section, *tags) == ()


@pytest.mark.parametrize(
    ("title", "section", "tags"),
    [
        ("New law raises penalties for hate crimes", "Law", ()),
        ("Parliament lifts the penalties for hate crimes", "Politics", ("equality",)),
        ("Hate-crime bill passes the upper house", "Politics", ("vilification",)),
        ("Parliament bans conversion practices", "Politics", ("law reform",)),
        ("Old convictions to be wiped in Queensland", "Politics", ("law reform", "history")),
        ("Court rules for same-sex couples", "World", ("Japan",)),
    ],
)
def test_law_that_names_what_it_is_against_is_not_quiet(
    title: str, section: str, tags: tuple[str, ...]
) -> None:
    assert quiet(title, section, *tags) == ()


def test_law_does_not_excuse_the_crime() -> None:
    assert quiet("Man charged with murder under new hate crime law", "Law")
    assert quiet("Youth group leader jailed for nine years", "Law")


@pytest.mark.parametrize(
    "tag", ["domestic violence", "suicide", "floods", "redundancies", "inquest"]
)
def test_tag_is_no_figure_of_speech(tag: str) -> None:
    assert quiet("A night at the opera", "Music") == ()
    assert quiet("A night at the opera", "Music", "opera", tag)


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Nobody has opened her locker since Tuesday", "Youth"),
        ("They marched with his place left open", "Community"),
        ("Her scarf is still tied to the gate", "Local"),
        ("My father’s number is still the first in my phone", "Opinion"),
        ("I sleep on his side now", "Life"),
        ("One voice short: the chorus sings on for Agnes", "Arts"),
        ("First Easter without the loudest of us", "Life"),
        ("Team sheet keeps a blank at number ten", "Sport"),
    ],
)
def test_what_somebody_left_behind_is_quiet(title: str, section: str) -> None:
    assert quiet(title, section)


@pytest.mark.parametrize(
    "title",
    [
        "Bell at St Anne’s rang nineteen times",
        "Hall dims its lights for its organist",
        "A rose for each of the crew",
        "Kingaroy lines the road for its nurse",
        "The names took an hour to read",
        "Chamber stands for the member for Calder",
    ],
)
def test_farewell_of_many_is_quiet(title: str) -> None:
    assert quiet(title, "Community")


@pytest.mark.parametrize(
    "title",
    [
        "Eleven aboard, two ashore",
        "What the families were told at noon",
        "Third night of torches along the ridge for Ellie",
        "No signal from the yacht since Friday",
        "Divers return to the quarry",
        "Village waits at the harbour",
        "Their brother never came home from the reef",
    ],
)
def test_waiting_for_somebody_is_quiet(title: str) -> None:
    assert quiet(title, "News")


@pytest.mark.parametrize(
    "title",
    [
        "The bridge let go at school time",
        "Water in the bedrooms by midnight",
        "Where the hall stood there is a row of taps",
        "The header caught, then the paddock, then the house",
        "The mountain kept four of them",
    ],
)
def test_moving_earth_water_and_fire_are_quiet(title: str) -> None:
    assert quiet(title, "Regional")


@pytest.mark.parametrize(
    "title",
    [
        "They waited for him outside the station",
        "Neighbours heard the screaming and turned up the radio",
        "Officers at the door before breakfast",
        "Bishop knew, and moved him on",
        "Jury shown the stairwell footage twice",
    ],
)
def test_what_was_done_to_somebody_is_quiet(title: str) -> None:
    assert quiet(title, "Local")


@pytest.mark.parametrize(
    "title",
    [
        "Night crew learns from a padlock",
        "Two hundred coats on hooks, and no shift on Monday",
        "Kilns cold at Lithgow by Easter",
        "Notice on the door tells bakers not to come in",
        "Badges stopped working before the email came",
        "After 112 years the brewery will not reopen",
    ],
)
def test_gates_desks_and_notices_are_quiet(title: str) -> None:
    assert quiet(title, "Business")


@pytest.mark.parametrize(
    ("title", "section", "tags"),
    [
        ("A dead simple trifle for thirty", "Food", ("recipes",)),
        ("Eulogy for a toaster: the repair café gets a new bench", "Local", ()),
        ("Old gaol becomes a hotel with very good waffles", "Travel", ()),
        ("Police choir wins the eisteddfod", "News", ("music",)),
        ("Court lets the pub keep its mermaid", "Courts", ("licensing",)),
        ("What the new stalking law says", "Law", ("law reform", "explainer")),
        ("Axe-throwing bar opens in old bank", "Business", ()),
        ("Free flu jabs for tram drivers", "Health", ("vaccination",)),
        ("Masters swimmer, 81, sinks a record", "Sport", ("swimming",)),
        ("The town that refused to close its pool reopens it", "Regional", ()),
        ("Nuns raffle a hearse", "Faith", ("fundraising",)),
        ("Tiny tsunami in a tank wins the science prize", "Science", ()),
    ],
)
def test_everyday_and_happy_headline_outweighs_a_lone_sad_word(
    title: str, section: str, tags: tuple[str, ...]
) -> None:
    assert quiet(title, section, *tags) == ()


def test_happy_headline_does_not_outweigh_grief() -> None:
    assert quiet("Baker dies days after record win", "Food", "baking")
    assert quiet("A love letter to the harbour", "Music", "suicide")


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Town in tears for Dottie", "Town in tears for a while"),
        ("‘Tears on Pell Street’", "Tears on Pell Street"),
        ("Rower, 34, in tears", "Rowers in tears"),
    ],
)
def test_shape_of_a_headline_hints_at_somebody(title: str, plain: str) -> None:
    assert quiet(title)
    assert quiet(plain) == ()


def test_same_word_weighs_more_under_hard_news() -> None:
    assert quiet("Fire on Crown Street", "News")
    assert quiet("Fire on Crown Street", "Music", "albums") == ()


def test_hints_are_enough_in_company() -> None:
    assert quiet("Divers and helicopter at the reef", "News", "kayak")
    assert quiet("Helicopter rides over the reef", "Travel") == ()


def test_words_that_decided_are_those_of_the_story() -> None:
    words = quiet("Two killed when ferry strikes pylon", "News", "accidents")

    assert words
    assert all(word in "two killed when ferry strikes pylon news accidents" for word in words)


def test_address_speaks_where_the_headline_is_silent() -> None:
    story = Story("https://news.example/news/two-men-stabbed-in-fitzroy", "A night in Fitzroy")

    assert quiet_words(story)


def test_topic_of_the_staff_is_found_in_headline_and_tags() -> None:
    story = Story(title="A day at the zoo", tags=("sea lions",))

    assert quiet_words(story, ["sea lions"]) == ("sea lions",)
    assert quiet_words(story, ["day"]) == ("day",)
    assert quiet_words(story, ["zoo sea"]) == ()


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("The last of the night shift hands in her pass", "Business"),
        ("Every house on the lane is ash", "Regional"),
        ("Sister of the skipper thanks those who looked", "Regional"),
    ],
)
def test_words_of_no_list_are_weighed_by_what_was_learned(title: str, section: str) -> None:
    assert quiet(title, section)


def test_where_no_list_held_a_word_the_heaviest_are_named() -> None:
    title = "Sister of the skipper thanks those who looked"

    words = quiet(title, "Regional")

    assert 0 < len(words) <= 3
    assert set(words) <= set(title.lower().split())


@given(st.text(max_size=300), st.text(max_size=40), st.lists(st.text(max_size=40), max_size=5))
def test_no_story_is_too_strange_to_be_weighed(title: str, section: str, tags: list[str]) -> None:
    assert quiet(title, section, *tags) == quiet(title, section, *tags)
