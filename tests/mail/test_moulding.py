"""A promise about mails that are cast: they say what the same mail says that was composed alone."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import hypothesis.strategies as st
import pytest
from hypothesis import given

from store.mail.moulding import a_marker, mould_of
from store.mail.sending import mailbox

LINK = "https://shop.example.org/newsletter/leave/1f-6b021b68-cMm8knOK-hf8CUnofJ4b7tkQ"


def a_mail(text: str, html: str, recipient: str = "shop@example.org") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = mailbox("shop@example.org", "GN Store")
    message["To"] = mailbox(recipient)
    message["Subject"] = "Was gibt’s Neues?"
    message["Date"] = "Sat, 21 Nov 2026 22:30:00 +0000"
    message["Message-ID"] = "<of@example.org>"
    message["List-Unsubscribe"] = "<https://example.org/>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def cast(text: str, html: str, words: str, recipient: str = "river@example.org") -> bytes:
    marker = a_marker()
    mould = mould_of(a_mail(text.replace("@", marker), html.replace("@", marker)), marker)
    message = mould.cast(
        {
            "To": mailbox(recipient),
            "Message-ID": "<one@example.org>",
            "List-Unsubscribe": f"<{LINK}>",
        },
        {marker: words},
    )
    assert message["To"].addresses[0].addr_spec == recipient
    return message.as_bytes(policy=SMTP.clone(utf8=not recipient.isascii()))


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def said(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


words = st.text("ab =.<>’é\n@", max_size=400)


@given(text=words, html=words, link=st.text("abc/=&é-", min_size=1, max_size=200))
def test_cast_mail_says_what_a_composed_one_says(text: str, html: str, link: str) -> None:
    made = cast(text, html, link)

    composed = read(a_mail(text.replace("@", link), html.replace("@", link)).as_bytes())
    assert [said(read(made), kind) for kind in ("plain", "html")] == [
        said(composed, kind) for kind in ("plain", "html")
    ]
    assert max(len(line) for line in made.split(b"\r\n")) <= 998


@pytest.mark.parametrize("before", range(60, 80))
def test_marker_is_found_wherever_its_line_breaks(before: int) -> None:
    made = cast("x" * before + "@" + "y" * 100, "", LINK)

    assert said(read(made), "plain").strip() == "x" * before + LINK + "y" * 100


@pytest.mark.parametrize("recipient", ["river@example.org", "jürgen@example.org"])
def test_own_headers_and_shared_ones_stand_once(recipient: str) -> None:
    made = read(cast("Hello @", "<p>Hello @</p>", LINK, recipient))

    assert made["To"].strip() == recipient
    assert made["List-Unsubscribe"].strip() == f"<{LINK}>"
    assert made["Subject"] == "Was gibt’s Neues?"
    for name in ("To", "From", "Subject", "Date", "Message-ID", "List-Unsubscribe"):
        assert len(made.get_all(name, [])) == 1
