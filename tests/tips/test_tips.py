"""Promises to somebody who tells the newsroom something, and to the newsroom."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db
from store.jobs.outbox import due_row_ids, run_row
from store.mail.file_mailer import FileMailer
from store.mail.models import Message, MessageAttachment
from store.mail.sending import handlers
from store.tips.files import LARGEST_FILE_BYTES, TipFileRefusedError, given_file
from store.tips.models import Tip, TipFile
from store.tips.telling import KEPT, forget_old_tips
from tests.pages import Page
from tests.shop import Shop, open_shop, some_settings

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def send(reader: FlaskClient, **fields: object) -> int:
    given = {"message": "The minister owns the mine.", **fields}
    return reader.post("/tips", data=given, headers=SAME_SITE).status_code


def the_tip() -> Tip:
    return db.session.scalars(select(Tip)).one()


def number_of(model: type[Tip | TipFile | Message]) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()


def test_a_tip_reaches_the_newsroom(app: Flask, reader: FlaskClient) -> None:
    assert send(reader, contact="river@example.org") == 303

    mail = db.session.scalars(select(Message)).one()
    assert mail.recipient == "tips@example.org"
    assert mail.reply_to == "river@example.org"
    assert "The minister owns the mine." in mail.text
    assert "Thank you" in reader.get("/tips?told=1").text


def test_who_gives_no_name_stays_unknown(app: Flask, reader: FlaskClient) -> None:
    send(reader)

    mail = db.session.scalars(select(Message)).one()
    assert mail.reply_to == ""
    assert "127.0.0.1" not in mail.text + mail.html + str(mail.headers)
    assert not any("network" in column.name for column in Tip.__table__.columns)


@pytest.mark.parametrize(
    "contact", ["0400 000 000", "@river on Signal", "river@", "a@b, c@d.example"]
)
def test_any_way_to_be_reached_is_taken_as_it_is(
    app: Flask, reader: FlaskClient, contact: str
) -> None:
    assert send(reader, contact=contact) == 303

    assert the_tip().contact == contact
    assert db.session.scalars(select(Message)).one().reply_to == ""


def test_file_goes_with_the_mail_and_leaves_it_with_its_words(
    app: Flask, reader: FlaskClient
) -> None:
    send(reader, file=(BytesIO(b"%PDF-1.7 ledger"), "../../Ledger of the mine.PDF"))

    kept = db.session.scalars(select(TipFile)).one()
    sent = db.session.scalars(select(MessageAttachment)).one()
    assert (kept.name, kept.media_type) == ("Ledger of the mine.pdf", "application/pdf")
    assert (sent.name, sent.content) == (kept.name, b"%PDF-1.7 ledger")


def test_mail_program_opens_the_file(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    send(reader, file=(BytesIO("Überweisung;1\n".encode()), "Liste.csv"))
    folder = shop.services.settings.data_dir / "mail"

    for job in due_row_ids(shop.clock.now()):
        run_row(job, handlers(FileMailer(folder), shop.clock, shop.services.settings), shop.clock)

    letter = next(folder.glob("*.eml")).read_bytes()
    assert b'filename="Liste.csv"' in letter
    assert b"Content-Type: text/csv" in letter


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ"),
        ("page.html", b"<script>"),
        ("drawing.svg", b"<svg/>"),
        ("no ending", b"x"),
        ("empty.pdf", b""),
        ("photo.jpg.exe", b"MZ"),
    ],
)
def test_file_that_is_not_taken_is_refused_and_the_words_stay(
    app: Flask, reader: FlaskClient, name: str, content: bytes
) -> None:
    answer = reader.post(
        "/tips",
        data={"message": "Look at this", "contact": "me", "file": (BytesIO(content), name)},
        headers=SAME_SITE,
    )

    assert answer.status_code == 422
    assert ("textarea", "Look at this") in Page(answer).words
    assert "We cannot take that file" in answer.text
    assert number_of(Tip) == 0


def test_file_larger_than_mail_servers_take_is_refused() -> None:
    with pytest.raises(TipFileRefusedError):
        given_file("huge.png", b"x" * (LARGEST_FILE_BYTES + 1))


def test_body_far_too_large_is_not_even_read(reader: FlaskClient) -> None:
    answer = reader.post(
        "/tips",
        input_stream=BytesIO(b"--x\r\n"),
        environ_overrides={"CONTENT_LENGTH": "50000000"},
        content_type="multipart/form-data; boundary=x",
        headers=SAME_SITE,
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "fields",
    [
        {"message": ""},
        {"message": " \r\n "},
        {"message": "x" * 10_001},
        {"contact": "x" * 321},
        {"contact": "a\r\nBcc: everybody@example.org"},
    ],
)
def test_tip_that_cannot_be_read_is_given_back(
    app: Flask, reader: FlaskClient, fields: dict[str, str]
) -> None:
    assert send(reader, **fields) == 422
    assert number_of(Message) == 0


@pytest.mark.parametrize("field", ["message", "contact", "story", "website"])
def test_file_in_the_place_of_words_is_passed_over(reader: FlaskClient, field: str) -> None:
    status = send(reader, **{field: (BytesIO(b"words"), "words.txt")})

    assert status == (422 if field == "message" else 303)


def test_robot_that_fills_in_everything_learns_nothing(app: Flask, reader: FlaskClient) -> None:
    assert send(reader, website="https://spam.example") == 303
    assert number_of(Tip) == 0


def test_only_our_own_story_is_kept(app: Flask, reader: FlaskClient) -> None:
    send(reader, story="https://evil.example/story")

    assert the_tip().story == ""


def test_in_a_hurry_the_words_are_given_back(reader: FlaskClient) -> None:
    answers = [send(reader, message=f"Tip {n}") for n in range(10)]

    late = reader.post("/tips", data={"message": "The last one"}, headers=SAME_SITE)

    assert set(answers) == {303}
    assert late.status_code == 429
    assert ("textarea", "The last one") in Page(late).words


def test_old_tips_are_forgotten_with_their_files(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    send(reader, file=(BytesIO(b"x"), "a.txt"))
    shop.clock.move_to(shop.clock.now() + 2 * KEPT)

    forget_old_tips(shop.clock)

    assert (number_of(Tip), number_of(TipFile)) == (0, 0)


def test_tip_after_a_long_silence_reaches_the_newsroom_too(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    send(reader)
    shop.clock.move_to(shop.clock.now() + 2 * KEPT)
    forget_old_tips(shop.clock)

    send(reader)

    assert number_of(Message) == 2


def test_newsroom_with_a_page_of_its_own_gets_its_tips_there(shop: Shop, database_url: str) -> None:
    settings = some_settings(
        shop.services.settings.data_dir, database_url, tips_url="https://news.example/tips"
    )
    other = open_shop(settings, shop.clock)

    assert other.browser().get("/tips").location == "https://news.example/tips"
    with other.app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("name", ["a/b\\c.txt", "....txt", "\x00.txt", "é" * 300 + ".txt", ".txt"])
def test_names_of_files_are_safe_to_print(name: str) -> None:
    try:
        safe = given_file(name, b"x").name
    except TipFileRefusedError:
        return
    assert safe.endswith(".txt")
    assert len(safe) <= 120
    assert not set(safe) & set('/\\\x00\r\n"')
