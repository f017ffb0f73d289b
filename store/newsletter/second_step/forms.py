"""Reads the answer to a second step beside the form that it came with."""

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from store.newsletter.second_step.asking import GivenAnswer

STEP, ANSWER = "step", "answer"
LONGEST_CARRIED = 1_000
MOST_CARRIED = 40


def given_answer(fields: MultiDict[str, str]) -> GivenAnswer:
    return GivenAnswer(fields.get(STEP, ""), fields.get(ANSWER, ""))


def carried(fields: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what was sent before, to be sent again with the answer; nothing longer than a form's.

    What is asked anew is left out.
    """
    kept = [
        (name, value)
        for name, value in fields.items(multi=True)
        if name not in {STEP, ANSWER} and max(len(name), len(value)) <= LONGEST_CARRIED
    ]
    yield from kept[:MOST_CARRIED]
