"""Promises about how much is kept, and what leaves first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random

from store.web.page_copies import Lifetime, Page
from store.web.page_shelf import Shelf

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def a_page(size_bytes: int = 400) -> Page:
    return Page(1, Lifetime(NOW, NOW, NOW), {}, size_bytes)


def test_page_not_asked_for_longest_leaves_first() -> None:
    shelf = Shelf(1_000)
    shelf.put(("/a", ""), a_page())
    shelf.put(("/b", ""), a_page())
    shelf.get(("/a", ""))
    shelf.put(("/c", ""), a_page())

    assert shelf.get(("/b", "")) is None
    assert shelf.get(("/a", "")) is not None


def test_shelf_never_holds_more_than_its_bytes() -> None:
    shelf = Shelf(1_000)
    for number in range(50):
        shelf.put((f"/{number}", ""), a_page(90 + number))

    assert shelf.size_bytes <= 1_000
    assert shelf.evictions == 50 - len(shelf)


def test_page_put_twice_counts_once() -> None:
    shelf = Shelf(1_000)
    shelf.put(("/a", ""), a_page())
    shelf.put(("/a", ""), a_page())

    assert shelf.size_bytes == 400


def test_page_larger_than_the_shelf_pushes_nothing_out() -> None:
    shelf = Shelf(1_000)
    shelf.put(("/a", ""), a_page())
    shelf.put(("/huge", ""), a_page(2_000))

    assert len(shelf) == 1


def test_shelf_that_wants_a_second_sight_keeps_no_passing_stranger() -> None:
    shelf = Shelf(1_000, wants_second_sight=True)
    shelf.put(("/search", "q=a"), a_page())
    shelf.put(("/search", "q=b"), a_page())
    shelf.put(("/search", "q=a"), a_page())

    assert shelf.get(("/search", "q=a")) is not None
    assert shelf.get(("/search", "q=b")) is None


def test_many_threads_leave_the_count_right() -> None:
    shelf = Shelf(5_000)

    def use(seed: int) -> None:
        random = Random(seed)
        for _ in range(2_000):
            key = (f"/{random.randrange(40)}", "")
            shelf.get(key)
            shelf.put(key, a_page(random.randrange(100, 900)))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(8)))

    held = [page for number in range(40) if (page := shelf.get((f"/{number}", "")))]
    assert shelf.size_bytes == sum(page.size_bytes for page in held) <= 5_000
