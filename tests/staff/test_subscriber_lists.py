"""Promises about lists that staff bring in: asked by mail, on a statement, and nobody revived."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.forgetting import forget_unconfirmed
from store.newsletter.importing.bringing_in import forget_unbegun
from store.newsletter.importing.files import (
    MOST_BYTES,
    MOST_ROWS,
    FileFault,
    ListFileError,
    read_list,
)
from store.newsletter.importing.inviting import AT_ONCE
from store.newsletter.importing.models import ImportedAddress, SubscriberImport
from store.newsletter.models import ConsentEntry, Subscriber, SuppressionReason
from store.newsletter.own_data import NewsletterKeeper
from store.newsletter.subscribing import suppress
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.newsletter.lists import LISTS, STATEMENT, begin, bring_in, minutes_later, upload
from tests.newsletter.signing_up import (
    DAY,
    ask,
    join,
    kinds,
    mails,
    newest_link,
    post,
    traces,
    wait,
)
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

LIST = "Email,Name\nada@example.org,Ada\nbea@example.org,Bea\n"


@pytest.fixture
def inside(shop: Shop, app: Flask) -> Iterator[Shop]:
    yield shop
    db.session.rollback()


def people() -> dict[str, str]:
    db.session.rollback()
    rows = db.session.execute(select(Subscriber.email, Subscriber.state).order_by(Subscriber.id))
    return dict(rows.all())


def newest() -> SubscriberImport:
    db.session.rollback()
    return db.session.scalars(select(SubscriberImport).order_by(SubscriberImport.id.desc())).first()  # type: ignore[return-value] # every caller made one


def test_people_of_a_list_are_asked_and_are_on_it_once_they_say_yes(inside: Shop) -> None:
    page = bring_in(at_the_desk(inside), LIST)
    assert people() == {}

    assert minutes_later(inside) == 2
    post(inside, newest_link("confirm"))

    assert people() == {"ada@example.org": "pending", "bea@example.org": "confirmed"}
    assert kinds() == ["invitation", "invitation", "welcome"]
    assert "All were asked" in at_the_desk(inside).get(page).text


def test_ledger_says_on_whose_word_each_of_them_was_asked(inside: Shop) -> None:
    bring_in(at_the_desk(inside), LIST)
    minutes_later(inside)

    entries = db.session.scalars(select(ConsentEntry)).all()
    assert {(entry.kind, entry.source) for entry in entries} == {("imported", "import")}
    assert entries[0].detail == {
        "where": STATEMENT["agreed_where"],
        "on": "2026-02-15",
        "topics": ["drops", "sales"],
    }
    subscriber = db.session.scalars(select(Subscriber)).first()
    assert subscriber is not None
    assert subscriber.topics == ["drops", "sales"]
    page = at_the_desk(inside).get(f"/staff/subscribers/{subscriber.id}").text
    assert "Agreed Paper list at the stall on Fair Day, 15 February 2026." in page


def test_nothing_happens_before_somebody_said_yes(inside: Shop) -> None:
    upload(at_the_desk(inside), LIST)

    assert minutes_later(inside, 3) == 0
    assert kinds() == []


def test_suppressed_and_erased_stay_out_and_nobody_is_told_which(inside: Shop) -> None:
    join(inside, "ada@example.org")
    forget_her(inside, "ada@example.org")
    with writing():
        for reason in ("bounced", "complained", "disowned", "by_hand"):
            suppress(
                email_hash_of(f"{reason}@example.org", inside.services.settings),
                SuppressionReason(reason),
                inside.clock,
            )
    wait(inside, 2 * DAY)
    written = len(kinds())
    rows = "".join(f"{n}@example.org\n" for n in ("bounced", "complained", "disowned", "by_hand"))
    browser = at_the_desk(inside)

    looked = upload(browser, LIST + rows)
    shown = browser.get(looked.location).text
    begin(browser, looked.location)
    minutes_later(inside, 3)

    assert people() == {"bea@example.org": "pending"}
    assert len(kinds()) == written + 1
    assert numbers_of(shown) == ["6", "1", "0", "5"]
    for name in ("ada@", "bea@", "bounced@", "complained@"):
        assert name not in shown


def forget_her(shop: Shop, email: str) -> None:
    with writing():
        NewsletterKeeper().erase(email, shop.services)


def numbers_of(page: str) -> list[str]:
    """Return lines, to be asked, known and kept out, as a list's page counts them."""
    facts = page.partition('id="does"')[2].partition("</dl>")[0]
    return [part.partition("<")[0].strip() for part in facts.split("<dd>")[1:]]


@pytest.mark.parametrize("state", ["pending", "confirmed", "left"])
def test_known_people_stay_as_they_are(inside: Shop, state: str) -> None:
    if state == "pending":
        ask(inside, "ada@example.org")
    else:
        join(inside, "ada@example.org")
    if state == "left":
        post(inside, newest_link("leave"))
    wait(inside, 2 * DAY)

    bring_in(at_the_desk(inside), LIST)
    minutes_later(inside, 2)

    assert people() == {"ada@example.org": state, "bea@example.org": "pending"}
    assert (newest().known, newest().asked, newest().kept_out) == (1, 1, 0)
    subscriber = db.session.scalars(select(Subscriber)).first()
    assert subscriber is not None
    assert len(subscriber.topics) == 3


def test_who_joins_or_is_suppressed_meanwhile_is_not_asked(inside: Shop) -> None:
    bring_in(at_the_desk(inside), LIST)
    join(inside, "ada@example.org")
    with writing():
        suppress(
            email_hash_of("bea@example.org", inside.services.settings),
            SuppressionReason.BOUNCED,
            inside.clock,
        )

    assert minutes_later(inside, 2) == 0
    assert people() == {"ada@example.org": "confirmed"}
    assert (newest().state, newest().known, newest().kept_out) == ("done", 1, 1)


def test_mailbox_is_asked_three_times_ever_however_often_a_list_comes(inside: Shop) -> None:
    for _month in range(5):
        bring_in(at_the_desk(inside), LIST)
        minutes_later(inside, 2)
        wait(inside, 30 * DAY)
        while forget_unconfirmed(inside.services):
            pass

    assert kinds() == ["invitation"] * 6
    assert newest().kept_out == 2


def test_mailbox_is_asked_once_a_day_and_its_turn_comes_later(inside: Shop) -> None:
    ask(inside, "ada@example.org")
    with writing():
        db.session.delete(db.session.scalars(select(Subscriber)).one())
    bring_in(at_the_desk(inside), "ada@example.org\n")

    assert minutes_later(inside, 2) == 0
    wait(inside, DAY)
    assert minutes_later(inside) == 1


def test_no_more_are_asked_a_minute_than_mail_servers_like(inside: Shop) -> None:
    rows = "".join(f"reader{n}@example.org\n" for n in range(AT_ONCE + 5))
    page = bring_in(at_the_desk(inside), rows)

    assert minutes_later(inside) == AT_ONCE
    assert "Still to be asked" in at_the_desk(inside).get(page).text
    assert minutes_later(inside) == 5


def test_list_is_stopped_and_forgets_whom_it_would_have_asked(inside: Shop) -> None:
    browser = at_the_desk(inside)
    page = bring_in(browser, LIST)

    browser.post(f"{page}/stop", data={"csrf_token": token_of(browser, page)})

    assert minutes_later(inside, 2) == 0
    assert traces("ada@example.org") == []
    assert newest().state == "stopped"


def test_list_is_begun_once(inside: Shop) -> None:
    browser = at_the_desk(inside)
    page = upload(browser, LIST).location
    token = {"csrf_token": token_of(browser, page)}

    for _ in range(2):
        answer = browser.post(f"{page}/begin", data=token)
    browser.post(f"{page}/stop", data=token)
    browser.post(f"{page}/begin", data=token)

    assert answer.status_code == 303
    assert "Somebody was quicker" in browser.get(page).text
    assert newest().state == "stopped"


def test_list_that_nobody_said_yes_to_is_forgotten_after_a_day(inside: Shop) -> None:
    upload(at_the_desk(inside), LIST)
    wait(inside, timedelta(hours=25))

    forget_unbegun(inside.clock)

    assert traces("ada@example.org") == []
    assert db.session.scalar(select(func.count()).select_from(SubscriberImport)) == 0


def test_person_who_has_herself_erased_leaves_lists_that_wait(inside: Shop) -> None:
    bring_in(at_the_desk(inside), LIST)

    forget_her(inside, "ada@example.org")

    assert traces("ada@example.org") == []
    assert minutes_later(inside) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"agreed_where": ""}, "Say where they agreed"),
        ({"agreed_where": "list"}, "Say it so that somebody else could find it again."),
        ({"agreed_where": "x" * 301}, "Keep it under 300 characters."),
        ({"agreed_on": ""}, "Say when they agreed."),
        ({"agreed_on": "soon"}, "Type a day such as 2026-03-02."),
        ({"agreed_on": "2999-01-01"}, "That day cannot be: nobody agreed then."),
        ({"agreed_on": "1900-01-01"}, "That day cannot be: nobody agreed then."),
        ({"topics": None}, "Choose at least one."),
        ({"states": None}, "Tick the box: without it nobody is asked."),
    ],
)
def test_list_without_a_statement_is_handed_back(
    inside: Shop, changed: dict[str, object], words: str
) -> None:
    answer = upload(at_the_desk(inside), LIST, **changed)

    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalar(select(func.count()).select_from(ImportedAddress)) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\n \n,,\n", "The file is empty."),
        (b"PK\x03\x04\x00\x00\x00", "That is no CSV file."),
        (b"Name,City\nRiver,Perth\n", "No column holds addresses."),
        (b"a@example.org\n" * (MOST_ROWS + 1), "more than 20,000 lines"),
    ],
    ids=["empty", "blank", "zip", "no column", "too many"],
)
def test_what_is_no_list_says_so(inside: Shop, content: bytes, words: str) -> None:
    answer = upload(at_the_desk(inside), content)

    assert answer.status_code == 422
    assert words in answer.text


def test_file_larger_than_any_list_is_not_read() -> None:
    with pytest.raises(ListFileError) as refused:
        read_list(b"x" * (MOST_BYTES + 1))

    assert refused.value.fault is FileFault.TOO_LARGE


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        ("river@example.org\n", 1),
        ("\ufeffE-Mail;Name\r\nriver@example.org;River\r\n", 1),
        ("name\temail address\nRiver\triver@example.org\n", 1),
        ("email\nRiver <river@example.org>\nmailto:sky@example.org\n", 2),
        ('email\n"river@example.org\n', 1),
        ("email\nRIVER@EXAMPLE.ORG\nriver@example.org\n", 1),
        ("email\nriver@münchen.example\nrøyskatt@example.org\n", 2),
    ],
    ids=["bare", "semicolons", "tabs", "named", "open quote", "twice", "international"],
)
def test_lists_of_many_makers_are_read(inside: Shop, content: str, asked: int) -> None:
    bring_in(at_the_desk(inside), content)

    assert minutes_later(inside) == asked
    assert all(mail.recipient == mail.recipient.lower() for mail in mails())


def test_bad_lines_are_named_by_number_with_what_mends_them(inside: Shop) -> None:
    written = io.StringIO()
    csv.writer(written).writerows(
        [
            ["Name", "Email"],
            ["Ada", "ada@example.org"],
            ["Two\nlines", "bea@example.org"],
            ["Nobody", "not an address"],
            ["Nothing", ""],
            ["Long", "x" * 310 + "@example.org"],
            ["Ada again", "ADA@example.org"],
            ["Split", "cem@example.org\r\nBcc: all@example.org"],
        ]
    )
    browser = at_the_desk(inside)

    page = browser.get(upload(browser, written.getvalue()).location).text

    table = page.partition('id="faults"')[2].partition("</table>")[0]
    lines = [part.partition("<")[0] for part in table.split('data-label="Line">')[1:]]
    assert lines == ["5", "6", "7", "8", "9"]
    assert "not an address" not in table
    assert "That is no e-mail address" in table
    assert "There is no address on this line." in table
    assert "longer than an address may be" in table
    assert "stands above already" in table
    assert numbers_of(page)[:2] == ["7", "2"]


@pytest.mark.parametrize("role", [Role.FULFILMENT, Role.EDITOR, Role.ANALYST])
def test_who_may_not_bring_lists_in_is_refused(inside: Shop, role: Role) -> None:
    assert at_the_desk(inside, role=role).get(LISTS).status_code == 403


def test_audit_says_who_stated_what_and_names_nobody(inside: Shop) -> None:
    browser = at_the_desk(inside)
    bring_in(browser, LIST)

    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    shown = browser.get("/staff/changes/").text

    assert acts == ["subscriber_list.read", "subscriber_list.begun"]
    assert "Paper list at the stall on Fair Day" in shown
    assert "15 February 2026" in shown
    assert "ada@" not in shown


@pytest.mark.slow
def test_largest_list_is_read_in_a_moment(inside: Shop) -> None:
    rows = "".join(f"r{n}@a.example\n" for n in range(MOST_ROWS))
    browser = at_the_desk(inside)

    page = upload(browser, rows).location

    assert numbers_of(browser.get(page).text)[:2] == ["20,000", "20,000"]


@pytest.mark.parametrize(
    "content",
    [
        "Name;Email\nAda;ada@example.org\n".encode("utf-16"),
        "Name;Email\nAda;ada@example.org\n".encode("utf-16-le"),
        b"\xef\xbb\xbfName,Email\nAda,ada@example.org\n",
        b'sep=|\r\nName|Email\r\nAda|="ada@example.org"\r\n',
        "Name\tEmail\nZo\xeb\tada@example.org\n".encode("latin-1"),
    ],
    ids=["utf-16", "utf-16 without a mark", "utf-8 with a mark", "of Excel", "latin-1"],
)
def test_list_is_read_however_a_spreadsheet_wrote_it(content: bytes) -> None:
    assert read_list(content).addresses == ("ada@example.org",)
