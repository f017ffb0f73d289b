"""Promises that a story which led to the shop gets its name from its own page, and gently so."""

from datetime import timedelta
from socket import socket

import pytest
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from store.app import job_handlers, job_sweeps
from store.cli.widget import widget
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.jobs.worker import Worker
from store.widget.counting import count_views
from store.widget.models import Article
from store.widget.titles import A_SWEEP, AT_ONCE
from tests.shop import Shop
from tests.widget.paper import Paper, a_page, a_redirect, an_answer

NAMED = a_page('<meta property="og:title" content="The pool reopens">')
AWAY = an_answer(b"", status="503 Busy")


def work(shop: Shop) -> None:
    """Let a worker do everything that is due at the shop's time."""
    services = shop.services
    worker = Worker(shop.app, services.queue, services.clock, job_handlers(services))
    while worker.run_due():
        pass


def sweep(shop: Shop) -> None:
    (titles,) = [s for s in job_sweeps(shop.services) if s.name == "widget.find_titles"]
    with shop.app.app_context():
        titles.run()
    for _ in range(A_SWEEP):
        later(shop, seconds=5)
        work(shop)


def later(shop: Shop, **delay: float) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(**delay))


def show(shop: Shop, *urls: str) -> None:
    with shop.app.app_context(), writing():
        count_views(dict.fromkeys(urls, 5), shop.services.settings, shop.clock)


def titles(shop: Shop) -> list[str]:
    with shop.app.app_context():
        return list(db.session.scalars(select(Article.title).order_by(Article.id)))


def waiting(shop: Shop) -> int:
    with shop.app.app_context():
        done = OutboxRow.done_at.is_(None)
        return db.session.scalar(select(func.count(OutboxRow.id)).where(done)) or 0


def test_first_reader_who_follows_a_link_waits_for_nobody_and_brings_the_title(
    paper_shop: Shop, paper: Paper, editor: FlaskClient
) -> None:
    paper.pages["/pool"] = NAMED
    editor.get("/from", query_string={"story": f"{paper.url}/pool?utm=x", "to": "/"})
    assert paper.asked == []

    work(paper_shop)

    assert titles(paper_shop) == ["The pool reopens"]
    assert paper.paths == ["/pool"]


def test_story_that_was_shown_is_named_once(paper_shop: Shop, paper: Paper) -> None:
    paper.pages["/pool"] = NAMED
    for _ in range(3):
        show(paper_shop, f"{paper.url}/pool")
        work(paper_shop)
        later(paper_shop, days=2)
        sweep(paper_shop)

    assert titles(paper_shop) == ["The pool reopens"]
    assert paper.paths == ["/pool"]


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        (a_page("<title>\n The pool   reopens </title>"), "The pool reopens"),
        (a_page("", "<store-widget title='As the tag says'>"), "As the tag says"),
        (a_page("<title>" + "Pool " * 200 + "</title>"), ("Pool " * 60).strip()),
        (a_page(), ""),
        (an_answer(b"", status="404 Not Found"), ""),
        (an_answer(b"<title>x</title>", kind="text/plain"), ""),
        (a_redirect("http://169.254.169.254/"), ""),
    ],
    ids=["title", "tag", "long", "none", "gone", "no page", "led away"],
)
def test_title_is_the_one_that_the_tag_would_ask_by(
    paper_shop: Shop, paper: Paper, answer: bytes, title: str
) -> None:
    paper.pages["/pool"] = answer
    show(paper_shop, f"{paper.url}/pool")

    work(paper_shop)

    assert titles(paper_shop) == [title]
    assert waiting(paper_shop) == 0


def test_site_that_is_away_is_asked_three_times_and_then_once_a_day(
    paper_shop: Shop, paper: Paper
) -> None:
    paper.pages["/pool"] = AWAY
    show(paper_shop, f"{paper.url}/pool")
    for _ in range(12):
        work(paper_shop)
        later(paper_shop, minutes=20)
    assert len(paper.asked) == 3

    for _ in range(3):
        later(paper_shop, hours=23)
        sweep(paper_shop)
        sweep(paper_shop)

    assert len(paper.asked) == 5
    assert titles(paper_shop) == [""]
    paper.pages["/pool"] = NAMED
    later(paper_shop, days=1)
    sweep(paper_shop)
    assert titles(paper_shop) == ["The pool reopens"]


def test_story_that_nobody_reads_any_more_is_let_be(paper_shop: Shop, paper: Paper) -> None:
    paper.pages["/pool"] = AWAY
    show(paper_shop, f"{paper.url}/pool")
    work(paper_shop)
    asked = len(paper.asked)
    later(paper_shop, days=40)
    with paper_shop.app.app_context(), writing():
        db.session.execute(update(OutboxRow).values(done_at=paper_shop.clock.now()))

    sweep(paper_shop)

    assert len(paper.asked) == asked


@pytest.mark.slow
def test_flood_of_made_up_addresses_is_no_flood_of_questions(
    paper_shop: Shop, paper: Paper
) -> None:
    show(paper_shop, *(f"{paper.url}/{number}" for number in range(450)))

    work(paper_shop)
    assert len(paper.asked) == AT_ONCE

    sweep(paper_shop)
    assert len(paper.asked) == AT_ONCE + A_SWEEP
    assert len(set(paper.paths)) == AT_ONCE + A_SWEEP


def test_title_that_staff_gave_stays(paper_shop: Shop, paper: Paper) -> None:
    paper.pages["/pool"] = NAMED
    show(paper_shop, f"{paper.url}/pool")
    with paper_shop.app.app_context(), writing():
        db.session.execute(update(Article).values(title="Ours"))

    work(paper_shop)

    assert titles(paper_shop) == ["Ours"]
    assert paper.asked == []


def test_title_that_staff_gave_while_the_page_came_stays(paper_shop: Shop, paper: Paper) -> None:
    def while_it_comes(line: socket) -> None:
        with paper_shop.app.app_context(), writing():
            db.session.execute(update(Article).values(title="Ours"))
        line.sendall(NAMED)

    paper.pages["/pool"] = while_it_comes
    show(paper_shop, f"{paper.url}/pool")

    work(paper_shop)

    assert titles(paper_shop) == ["Ours"]


def test_report_names_the_story_or_shows_its_address(paper_shop: Shop, paper: Paper) -> None:
    paper.pages["/pool"] = NAMED
    show(paper_shop, f"{paper.url}/pool", f"{paper.url}/nameless")
    work(paper_shop)
    app = paper_shop.app

    told = app.test_cli_runner().invoke(widget, ["report"], obj=ScriptInfo(create_app=lambda: app))

    lines = told.output.splitlines()
    assert any(line.endswith(f"The pool reopens  {paper.url}/pool") for line in lines)
    assert any(line.endswith(f"nothing  {paper.url}/nameless") for line in lines)
