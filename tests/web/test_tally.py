"""Promises about what is counted in memory: no beat is lost, and no flood fills the memory."""

from concurrent.futures import ThreadPoolExecutor

from store.web.tally import Tally


def test_threads_lose_no_beat_of_each_other() -> None:
    tally = Tally()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(tally.add, ["a", "b"] * 2_000))

    assert tally.take() == {"a": 2_000, "b": 2_000}
    assert tally.take() == {}


def test_what_could_not_be_kept_is_added_to_what_came_meanwhile() -> None:
    tally = Tally()
    tally.add("a")
    taken = tally.take()
    tally.add("a")

    tally.give_back(taken)

    assert tally.take() == {"a": 2}


def test_made_up_names_never_fill_the_memory_while_nothing_can_be_kept() -> None:
    tally = Tally(most_names=10)
    for flush in range(3):
        taken = tally.take()
        for number in range(20):
            tally.add(f"{flush}-{number}")
        tally.give_back(taken)

    assert len(tally.take()) == 10
    assert tally.refused == 3 * 10 + 2 * 10
