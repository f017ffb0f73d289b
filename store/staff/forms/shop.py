"""Reads what staff let the shop say, as they typed it."""

import re
from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from store.content.writing_pages import PageDraft
from store.settings import Settings

LONGEST_BODY = 60_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LINK = r"^(/(?![/\\])[^\s\\]*|https://[^\s\\]+)?$"


def _trim(text: str | None) -> str:
    return " ".join((text or "").split())


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class NoticeForm(Form):
    text = StringField(
        filters=[_trim],
        validators=[Length(max=200, message=_l("Keep it under 200 characters: it is one line."))],
    )
    link = StringField(
        filters=[_trim],
        validators=[
            Length(max=400, message=_l("That address is too long.")),
            Regexp(LINK, message=_l("Give a path such as /pages/shipping, or an https address.")),
        ],
    )


class ClosingForm(Form):
    until = DateTimeLocalField(validators=[Optional()], format="%Y-%m-%dT%H:%M")
    words = StringField(
        filters=[_trim],
        validators=[Length(max=160, message=_l("Keep it under 160 characters: it is one line."))],
    )

    def to_until(self, settings: Settings) -> datetime | None:
        """Return the moment that was typed in the shop's zone."""
        typed: datetime | None = self.until.data
        return typed.replace(tzinfo=settings.zone) if typed else None


class PreviewForm(Form):
    moment = DateTimeLocalField(validators=[InputRequired()], format="%Y-%m-%dT%H:%M")

    def to_moment(self, settings: Settings) -> datetime | None:
        """Return the moment that was typed in the shop's zone."""
        typed: datetime | None = self.moment.data
        return typed.replace(tzinfo=settings.zone) if typed else None


class PageForm(Form):
    title = StringField(
        filters=[_trim],
        validators=[
            InputRequired(_l("A page needs a title.")),
            Length(max=255, message=_l("Keep the title under 255 characters.")),
        ],
    )
    description = StringField(
        filters=[_trim],
        validators=[Length(max=400, message=_l("Keep it under 400 characters."))],
    )
    body = TextAreaField(
        filters=[_lines],
        validators=[
            InputRequired(_l("A page needs some words.")),
            Length(max=LONGEST_BODY, message=_l("That is longer than any page should be.")),
        ],
    )

    def to_draft(self) -> PageDraft:
        return PageDraft(self.title.data or "", self.description.data or "", self.body.data or "")


class NewPageForm(PageForm):
    slug = StringField(
        filters=[lambda text: (text or "").strip().lower()],
        validators=[
            InputRequired(_l("A page needs an address.")),
            Regexp(
                r"^[a-z0-9]+(-[a-z0-9]+)*$",
                message=_l("Small letters, digits and single hyphens only, such as size-guide."),
            ),
            Length(max=120, message=_l("Keep the address under 120 characters.")),
        ],
    )
