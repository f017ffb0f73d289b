"""Promises about the demonstration's mailbox: every mail can be read, and nothing in it runs."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from store.mail.file_mailer import FileMailer, file_name
from store.sandbox.mailbox import create_mailbox

START = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
HTML = "<!DOCTYPE html><html><head><title>x</title></head><body><p>On its way</p></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def visitor(folder: Path) -> FlaskClient:
    return create_mailbox(folder).test_client()


def a_letter(folder: Path, subject: str = "Your order", minute: int = 0, html: str = HTML) -> str:
    message = EmailMessage(policy=SMTP)
    message["From"] = "GN Store <shop@example.org>"
    message["To"] = "reader@example.org"
    message["Subject"] = subject
    message["Date"] = format_datetime(START + timedelta(minutes=minute))
    message["Message-ID"] = f"<{minute}@example.org>"
    message.set_content("On its way: https://shop.example.org/orders/GN-1")
    message.add_alternative(html, subtype="html")
    FileMailer(folder).send(message)
    return file_name(message)


def test_empty_mailbox_says_what_to_do(visitor: FlaskClient) -> None:
    assert "No mail yet" in visitor.get("/").text


def test_newest_mail_comes_first(visitor: FlaskClient, folder: Path) -> None:
    a_letter(folder, "First", 1)
    a_letter(folder, "Second", 2)

    page = visitor.get("/").text

    assert page.index("Second") < page.index("First")
    assert "21 Nov 2026, 22:32 UTC" in page


def test_mail_can_be_read_as_html_and_as_text(visitor: FlaskClient, folder: Path) -> None:
    name = a_letter(folder)

    assert f"/{name}/html" in visitor.get(f"/{name}").text
    assert "<p>On its way</p>" in visitor.get(f"/{name}/html").text
    assert 'href="https://shop.example.org/orders/GN-1"' in visitor.get(f"/{name}/text").text


def test_nothing_in_a_mail_runs(visitor: FlaskClient, folder: Path) -> None:
    name = a_letter(folder, subject="<script>alert(1)</script>", html="<script>alert(2)</script>")

    for path in ("/", f"/{name}", f"/{name}/text"):
        answer = visitor.get(path)
        assert "<script>" not in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    policy = visitor.get(f"/{name}/html").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "script-src" not in policy
    assert "allow-scripts" not in policy


@pytest.mark.parametrize(
    "path", ["/none.eml", "/..%2fstore.sqlite", "/20261121T223000-000000000000.eml", "/x/html"]
)
def test_only_mails_of_the_folder_are_shown(visitor: FlaskClient, folder: Path, path: str) -> None:
    a_letter(folder)
    (folder.parent / "store.sqlite").write_text("secret")

    assert visitor.get(path).status_code == 404


def test_half_written_mail_is_not_listed(visitor: FlaskClient, folder: Path) -> None:
    folder.mkdir()
    (folder / "20261121T223000-abcdefabcdef.77.partial").write_text("Subject: half")

    assert "No mail yet" in visitor.get("/").text
