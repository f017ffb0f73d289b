"""Promises about the mailbox to which bounces and complaints come."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from store.database import db
from store.errors import UnavailableError
from store.newsletter.bounces.models import MailReport
from store.newsletter.bounces.sweeping import Swept, sweep_mailbox
from store.services import Services
from tests.newsletter.bounces import samples
from tests.newsletter.bounces.mail_server import ImapServer, an_imap_server
from tests.newsletter.bounces.returning import a_mail, a_reader, reason_of, reports, state_of
from tests.newsletter.bounces.samples import READER, postfix
from tests.shop import Shop


def doors(shop: Shop, url: str) -> Services:
    settings = shop.services.settings.model_copy(update={"bounces_url": SecretStr(url)})
    return replace(shop.services, settings=settings)


def sweep(shop: Shop, url: str) -> Swept:
    return sweep_mailbox(doors(shop, url))


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    return tmp_path / "mail"


def put(maildir: Path, *mails: bytes) -> str:
    for number, mail in enumerate(mails):
        (maildir / "new" / f"17637{number:05}.M1P1.host").write_bytes(mail)
    return maildir.as_uri().replace("file:", "maildir:")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_what_lies_in_a_folder_is_taken_and_put_away(app: Flask, shop: Shop, maildir: Path) -> None:
    a_reader(shop)
    url = put(
        maildir,
        postfix(message_id=a_mail(shop)),
        samples.holiday_reply(),
        samples.letter(),
        samples.complaint(message_id=a_mail(shop)),
    )

    swept = sweep(shop, url)

    assert (swept.mails, swept.new) == (4, 3)
    assert reason_of(shop) == "complained"
    assert state_of() == "left"
    assert names(maildir / "new") == []
    assert len(names(maildir / ".Taken" / "cur")) == 3
    assert len(names(maildir / ".Unclear" / "cur")) == 1


def test_a_letter_is_left_to_people_and_none_of_it_is_kept(
    app: Flask, shop: Shop, maildir: Path
) -> None:
    sweep(shop, put(maildir, samples.letter()))

    assert [kind for kind, _words in reports()] == ["unclear"]
    assert db.session.scalars(select(MailReport.excerpt)).one() == ""


def test_a_report_that_cannot_be_read_is_kept_with_its_reason(
    app: Flask, shop: Shop, maildir: Path
) -> None:
    sweep(shop, put(maildir, postfix(message_id="")))

    (row,) = db.session.scalars(select(MailReport))
    assert row.diagnostic == "It does not say which mail it is about."
    assert "User unknown" in row.excerpt


def test_whoever_died_before_putting_away_takes_it_once_all_the_same(
    app: Flask, shop: Shop, maildir: Path
) -> None:
    mails = [postfix(message_id=a_mail(shop)), postfix(message_id="")]
    sweep(shop, put(maildir, *mails))

    swept = sweep(shop, put(maildir, *mails))

    assert (swept.mails, swept.new) == (2, 0)
    assert len(reports()) == 2


def test_one_turn_takes_so_many_and_the_next_goes_on(app: Flask, shop: Shop, maildir: Path) -> None:
    services = doors(shop, put(maildir, *[samples.holiday_reply()] * 3))

    assert [sweep_mailbox(services, most=2).mails for _turn in range(3)] == [2, 1, 0]


def test_a_report_of_many_megabytes_is_read_as_far_as_it_matters(
    app: Flask, shop: Shop, maildir: Path
) -> None:
    raw = postfix(message_id=a_mail(shop)) + b"x" * 3_000_000

    assert sweep(shop, put(maildir, raw)).new == 1


def test_a_folder_that_is_not_there_is_said_so(app: Flask, shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="the mailbox: FileNotFoundError"):
        sweep(shop, f"maildir://{tmp_path}/nowhere")


def test_without_a_mailbox_nothing_is_done(app: Flask, shop: Shop) -> None:
    assert sweep(shop, "") == Swept()


Serve = Callable[..., ImapServer]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Open a server whose certificate this machine believes."""
    opened = []

    def open_one(**changed: object) -> ImapServer:
        context = an_imap_server(tmp_path, **changed)
        server, certificate = context.__enter__()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        opened.append(context)
        return server

    yield open_one
    for context in opened:
        context.__exit__(None, None, None)


@pytest.mark.parametrize("able", ["IMAP4rev1 UIDPLUS MOVE", "IMAP4rev1 UIDPLUS", "IMAP4rev1"])
def test_a_mailbox_on_a_server_is_emptied(app: Flask, shop: Shop, serve: Serve, able: str) -> None:
    server = serve(capabilities=able)
    server.receive(postfix(message_id=a_mail(shop)), samples.letter())

    swept = sweep(shop, server.url)

    assert (swept.mails, swept.new) == (2, 2)
    assert reason_of(shop) == "bounced"
    assert server.lying_in("INBOX") == []
    assert [len(server.lying_in(name)) for name in ("Taken", "Unclear")] == [1, 1]


def test_folders_stand_in_the_inbox_where_they_may_not_stand_beside_it(
    app: Flask, shop: Shop, serve: Serve
) -> None:
    server = serve(allows_beside=False)
    server.receive(samples.letter())

    sweep(shop, server.url)

    assert server.lying_in("INBOX.Unclear") == [samples.letter()]


@pytest.mark.parametrize(
    "word", ["UID SEARCH", "UID FETCH 2", "UID COPY", "UID STORE 1", "UID EXPUNGE"]
)
def test_a_server_that_goes_away_at_any_word_loses_and_repeats_nothing(
    app: Flask, shop: Shop, serve: Serve, word: str
) -> None:
    server = serve(capabilities="IMAP4rev1 UIDPLUS", dies_at=word)
    other = "other@example.net"
    server.receive(
        postfix(message_id=a_mail(shop)),
        postfix(message_id=a_mail(shop, other), own_id="<report-2@mx.example.net>"),
    )
    with pytest.raises(UnavailableError):
        sweep(shop, server.url)

    server.dies_at = ""
    sweep(shop, server.url)

    assert [kind for kind, _words in reports()] == ["hard", "hard"]
    assert {reason_of(shop, READER), reason_of(shop, other)} == {"bounced"}
    assert server.lying_in("INBOX") == []


def test_a_wrong_password_is_said_so_and_nothing_of_it(
    app: Flask, shop: Shop, serve: Serve
) -> None:
    server = serve()

    with pytest.raises(UnavailableError) as refused:
        sweep(shop, server.url.replace("sesame", "barley"))

    assert "AUTHENTICATIONFAILED" in str(refused.value)
    assert "barley" not in str(refused.value)


def test_a_server_that_nobody_vouches_for_is_told_no_password(
    app: Flask, shop: Shop, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(UnavailableError, match="SSLCertVerificationError"):
        sweep(shop, server.url)

    assert server.said == []
