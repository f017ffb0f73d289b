"""What SpamAssassin thinks of each mail of the shop: no more than one point against any.

SCORES=file keeps the scores as a table.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from store.clock import FixedClock, SystemClock
from store.database import db
from store.mail.models import Message
from store.mail.sending import compose
from store.staff.gallery import drawn, hung
from tests.shop import Shop, open_shop, some_settings

MOST_POINTS = 1.0
SPAMASSASSIN = shutil.which("spamassassin")
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
"""What every installation takes for spam, by agreement."""
WAY_OUT = {
    "List-Unsubscribe": "<https://shop.example.org/newsletter/leave/1-6740-aBcDeFgHiJkLmNoPqRsTuVwX>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
OF_LISTS = ("newsletter/campaign", "newsletter/welcome", "newsletter/already")
STATUS = re.compile(
    r"^X-Spam-Status: \w+, score=(-?[\d.]+)\s.*?tests=([A-Z0-9_,\s]*)", re.MULTILINE | re.DOTALL
)
NAME = re.compile(r"^Message-ID: <([0-9a-f]+)@", re.MULTILINE | re.IGNORECASE)


@pytest.fixture
def well_known(tmp_path: Path, database_url: str) -> Iterator[Shop]:
    """A shop as the world sees it: behind a name, with a postal address, today."""
    settings = some_settings(
        tmp_path,
        database_url,
        public_url="https://shop.example.org",
        brand_address="1 Press Lane, Sydney NSW 2010",
    )
    # SpamAssassin compares dates with the real clock.
    shop = open_shop(settings, FixedClock(SystemClock().now()))
    with shop.app.app_context():
        yield shop
        db.session.remove()
        db.engine.dispose()


def composed(shop: Shop, template: str) -> EmailMessage:
    """Return a mail as the shop gives it to its relay."""
    mail = drawn(template, shop.services)
    assert mail is not None
    row = Message(
        kind=template,
        recipient="reader@example.net",
        reply_to="",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=WAY_OUT if template in OF_LISTS else {},
        message_id=_id_of(template),
        created_at=shop.clock.now(),
    )
    return compose(row, shop.services.settings)


@pytest.mark.slow
@pytest.mark.skipif(SPAMASSASSIN is None, reason="SpamAssassin is not installed")
def test_no_mail_looks_like_spam(well_known: Shop, tmp_path: Path) -> None:
    names = [mail.template for mail in hung()]
    mails = [composed(well_known, name) for name in names]
    # One that must be found, or nobody looked.
    mails.append(_certain())
    box = tmp_path / "mails"
    box.write_bytes(b"".join(map(_in_box, mails)))

    judged = subprocess.run(
        [str(SPAMASSASSIN), "-L", "-t", "-x", "--cf", "use_bayes 0", "--mbox", str(box)],
        capture_output=True,
        check=False,
        env=os.environ | {"HOME": str(tmp_path)},
    )

    scores = _scores(judged.stdout.decode("utf-8", "replace"))
    assert scores.keys() == {*names, GTUBE}, judged.stderr
    assert scores.pop(GTUBE)[0] > 100
    _keep(scores)
    assert {name: told for name, told in scores.items() if told[0] > MOST_POINTS} == {}


def _certain() -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = _id_of(GTUBE)
    mail["Date"] = "Thu, 01 Jan 1970 00:00:00 +0000"
    mail.set_content(GTUBE)
    return mail


def _id_of(name: str) -> str:
    return f"<{name.encode().hex()}@example.org>"


def _scores(judged: str) -> dict[str, tuple[float, str]]:
    """Return the points and the tests of each mail; they come in another order than they went."""
    found = {}
    for part in re.split(r"^From shop@example\.org .*$", judged, flags=re.MULTILINE)[1:]:
        name, status = NAME.search(part), STATUS.search(part)
        assert name, part[:500]
        assert status, part[:500]
        tests = " ".join("".join(status[2].split()).split(","))
        found[bytes.fromhex(name[1]).decode()] = float(status[1]), tests
    return found


def _in_box(message: EmailMessage) -> bytes:
    """Return a mail as it lies in a box: its relay brought it, from the address of example.org."""
    raw = message.as_bytes(policy=SMTP.clone(linesep="\n"))
    escaped = re.sub(rb"^From ", b">From ", raw, flags=re.MULTILINE)
    brought = (
        "From shop@example.org Thu Jan  1 00:00:00 1970\n"
        "Received: from relay.example.org (relay.example.org [93.184.215.14])\n"
        f"\tby mx.example.net with ESMTPS id 4X1; {message['Date']}\n"
    )
    return brought.encode() + escaped + b"\n"


def _keep(scores: dict[str, tuple[float, str]]) -> None:
    """Write the scores where somebody wants to read them."""
    if path := os.environ.get("SCORES"):
        lines = [f"| {name} | {points} | {told} |\n" for name, (points, told) in scores.items()]
        Path(path).write_text("".join(lines), encoding="utf-8")
