"""A morning of stories of an invented newsroom, for the block under an article to stand under."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    slug: str
    section: str
    title: str
    standfirst: str
    byline: str
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...]


STORIES = (
    Story(
        "oxford-street-rainbow-crossing-gets-a-fresh-coat",
        "City",
        "Oxford Street’s rainbow crossing gets a fresh coat, and a queue",
        "Council workers repainted it overnight. By seven the first wedding party had arrived.",
        "Mina Okafor",
        (
            "The paint was dry by five and photographed by six. By the time the first commuters came"
            " up from Museum station, a couple from Dubbo had married on the violet stripe, with a"
            " bus driver as their witness and her bus as the backdrop.",
            "The crossing is repainted every spring. This year’s coat uses a harder resin, which the"
            " council says should last two winters and at least one parade.",
            "“People think it is decoration,” said Rosa Lim, who has run the newsagency on the corner"
            " for thirty-one years. “It is an address. When somebody new to the city asks where to"
            " go, you tell them: start at the stripes.”",
        ),
        ("sydney", "pride", "mardi gras", "marriage equality"),
    ),
    Story(
        "the-country-choir-that-sold-out-the-town-hall",
        "Arts",
        "The country choir that sold out the town hall",
        "Forty voices, one piano, and a repertoire that nobody in the shire would have sung in 1985.",
        "Jules Harkin",
        (
            "The Wiradjuri Hills Community Choir began with six people and a casserole. On Saturday"
            " it filled the Orange town hall twice over, and the second house would not go home.",
            "Its conductor, a retired shearer, arranges everything by ear. “If you can hold a sheep"
            " you can hold a note,” he told the matinee, and then asked the basses to prove it.",
            "Half of the takings go to the drop-in centre on Summer Street, which can now open on"
            " Sundays as well.",
        ),
        ("arts", "music", "community", "regional"),
    ),
    Story(
        "swimming-carnival-lets-everybody-pick-their-lane",
        "Sport",
        "A swimming carnival lets everybody pick their lane",
        "The inner-west club dropped its divisions for a day. The records fell anyway.",
        "Theo Barakat",
        (
            "Nobody asked what anybody was. Swimmers at the Leichhardt twilight carnival wrote a"
            " target time on a card, and were drawn against those who had written the same.",
            "The result was eleven dead heats, a relay decided by a fingernail and, in lane four, a"
            " 71-year-old who beat her time from the 1974 state titles by a second and a half.",
            "“I have been lying about my age in both directions,” she said. “It is restful to be"
            " asked only how fast.”",
        ),
        ("sport", "swimming", "trans", "community"),
    ),
    Story(
        "the-cafe-that-prints-corrections-on-its-cups",
        "Food",
        "The café that prints corrections on its cups",
        "A Brunswick roaster apologises daily, and in public. Regulars collect them.",
        "Mina Okafor",
        (
            "“Yesterday we described the Huila as bright. It was rude.” So reads this morning’s cup at"
            " Second Draft, a café run by two former sub-editors who could not stop.",
            "The corrections are printed overnight on the shop’s risograph, in whichever colour is"
            " loaded. Complaints are welcome, and are edited for length.",
            "A shelf behind the counter keeps one of each. The oldest regrets the spelling of"
            " “macchiato” and the owner’s first marriage.",
        ),
        ("food", "coffee", "media", "melbourne"),
    ),
    Story(
        "parliament-passes-the-paperwork-bill",
        "Politics",
        "Parliament passes the paperwork bill, with one amendment and a hug",
        "From July a person may correct the marker on a licence without a letter from a doctor.",
        "Anneke Visser",
        (
            "The bill changes eleven words in four acts. It took nine years.",
            "Members from both sides spoke briefly, which observers called the stranger event of the"
            " day. The gallery, which had been asked not to applaud, waved.",
            "The department says the form will be one page long. It is taking suggestions for what to"
            " do with the other six.",
        ),
        ("politics", "trans", "law"),
    ),
    Story(
        "a-map-of-every-safe-bench-in-hobart",
        "Travel",
        "A map of every good bench in Hobart, drawn by two people holding hands",
        "Their rule: a bench counts if they sat there for ten minutes and nobody cared.",
        "Jules Harkin",
        (
            "There are eighty-four. The best, by their reckoning, is above Battery Point, faces the"
            " water and has room for a dog.",
            "The map is printed on one sheet, folded like a letter, and costs nothing at the"
            " visitor centre. It marks taps, shade and the one magpie.",
        ),
        ("travel", "hobart", "couples", "summer"),
    ),
    Story(
        "night-editor-retires-after-ten-thousand-headlines",
        "Media",
        "The night editor retires after ten thousand headlines",
        "She wrote the short ones. They were the hard ones.",
        "Theo Barakat",
        (
            "Her first was four words on a rained-out parade. Her last, set on Friday at ten past"
            " one, was three, and the printers signed the plate.",
            "In between she taught two generations to cut the adjective, to ring the family first,"
            " and to leave the office before the birds.",
            "Asked for a headline of her own, she asked for the word count.",
        ),
        ("media", "newsroom", "ageing"),
    ),
    Story(
        "winter-swimmers-discover-the-hoodie",
        "Health",
        "Winter swimmers discover the hoodie",
        "Cold water is good for you, says the study. Getting out of it is another matter.",
        "Anneke Visser",
        (
            "Researchers followed 212 ocean swimmers at Coogee from May to September. Mood improved,"
            " sleep improved, and nineteen pairs of thongs were lost to the sea.",
            "The one predictor of who kept going was neither age nor fitness but what they put on"
            " afterwards: those with a warm hooded top within reach swam twice as often.",
        ),
        ("health", "winter", "sport", "swimming"),
    ),
)
