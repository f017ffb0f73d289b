"""Promises about the limits of signing up when many ask in the same moment."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import func, select

from store.database import WriteScopeError, db, take_turn
from store.jobs.outbox import due_row_ids, run_row
from store.mail.sending import handlers
from store.mail.smtp_mailer import SmtpMailer
from store.newsletter.limits import MOST_OF_ONE_DOMAIN, MOST_OF_ONE_NETWORK, WARM
from store.newsletter.models import SignupAttempt
from tests.mail.post_office import PostOffice, open_post_office
from tests.newsletter.busy_hour import (
    COOL,
    from_afar,
    heat,
    read_it,
    right_answer,
    step_fields,
)
from tests.newsletter.signing_up import SAME_SITE, ask
from tests.shop import Shop

MORE = 20


@dataclass
class SlowPostOffice(PostOffice):
    """Keeps whoever delivers waiting until the test lets go."""

    is_kept: threading.Event = field(default_factory=threading.Event)
    may_go: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.is_kept.set()
        await asyncio.to_thread(self.may_go.wait, 10)
        return await super().handle_DATA(server, session, envelope)


def all_at_once(shop: Shop, forms: list[dict[str, str]], networks: list[str]) -> Counter[int]:
    """Sign all of them up in the same moment; return how many got which answer."""
    start = threading.Barrier(len(forms))
    statuses: list[int] = []

    def sign_up(form: dict[str, str], network: str) -> None:
        reader = shop.browser()
        start.wait()
        answer = reader.post(
            "/newsletter",
            data=form,
            headers={**SAME_SITE, "Accept": "application/json"},
            environ_overrides={"REMOTE_ADDR": network},
        )
        statuses.append(answer.status_code)

    threads = [
        threading.Thread(target=sign_up, args=both) for both in zip(forms, networks, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


def signups(emails: Iterable[str]) -> list[dict[str, str]]:
    return [{"email": email} for email in emails]


def attempts() -> int:
    # What the last page of this thread had read is of an older moment.
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(SignupAttempt)).one()


@pytest.mark.slow
def test_racing_readers_of_one_network_share_its_limit(app: Flask, shop: Shop) -> None:
    many = range(MOST_OF_ONE_NETWORK + MORE)

    answers = all_at_once(
        shop, signups(f"r{n}@gmail.com" for n in many), ["203.0.113.77"] * len(many)
    )

    cool = MOST_OF_ONE_NETWORK // WARM
    assert answers == {202: cool, 422: len(many) - cool}
    assert attempts() == cool


@pytest.mark.slow
def test_racing_answers_of_one_network_share_its_limit(app: Flask, shop: Shop) -> None:
    heat(shop)
    asked = [from_afar(shop, f"r{n}@gmail.com") for n in range(MOST_OF_ONE_NETWORK - COOL + MORE)]
    read_it(shop)
    forms = [{**step_fields(one), "answer": right_answer(one)} for one in asked]

    answers = all_at_once(shop, forms, ["203.0.113.77"] * len(forms))

    assert answers == {202: MOST_OF_ONE_NETWORK - COOL, 429: MORE}
    assert attempts() == MOST_OF_ONE_NETWORK


@pytest.mark.slow
def test_racing_readers_of_one_domain_share_its_limit(app: Flask, shop: Shop) -> None:
    many = range(MOST_OF_ONE_DOMAIN + MORE)

    answers = all_at_once(
        shop, signups(f"r{n}@small.example.org" for n in many), [f"203.0.{n}.7" for n in many]
    )

    cool = MOST_OF_ONE_DOMAIN // WARM
    assert answers == {202: cool, 422: len(many) - cool}
    assert attempts() == cool


def test_signing_up_waits_for_no_mail_that_is_on_its_way(app: Flask, shop: Shop) -> None:
    ask(shop)
    office = SlowPostOffice()
    with open_post_office(office):
        worker = threading.Thread(target=deliver, args=(shop, office))
        worker.start()
        assert office.is_kept.wait(10)
        answers = all_at_once(shop, signups(["second@example.org"]), ["203.0.113.77"])
        sent_meanwhile = list(office.taken)
        office.may_go.set()
        worker.join()

    assert answers == {202: 1}
    assert sent_meanwhile == []
    assert len(office.taken) == 1


def deliver(shop: Shop, office: PostOffice) -> None:
    with shop.app.app_context():
        known = handlers(SmtpMailer(office.url), shop.clock, shop.services.settings)
        for row in due_row_ids(shop.clock.now()):
            run_row(row, known, shop.clock)


def test_no_turn_is_taken_where_nothing_is_written(app: Flask) -> None:
    with pytest.raises(WriteScopeError):
        take_turn("signups")
