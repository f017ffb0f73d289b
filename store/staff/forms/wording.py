"""Reads the wording of a mail, and refuses names and links that would lead nowhere."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from store.mail.prose import bad_links, said, unknown_names
from store.mail.wording import ReaderMail, Wording

LONGEST_SUBJECT = 150
LONGEST_TEXT = 3_000
BROKEN_LINK = "]("


def _line(text: str | None) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text or "")
    return " ".join(shown.split())


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _text() -> TextAreaField:
    too_long = _l("Keep it under %(number)s characters.", number=LONGEST_TEXT)
    return TextAreaField(filters=[_lines], validators=[Length(max=LONGEST_TEXT, message=too_long)])


def in_braces(name: str) -> str:
    """Return a name as it is typed, in one piece: no line breaks inside the braces."""
    return f"{{{{\u00a0{name}\u00a0}}}}"


class WordingForm(Form):
    subject = StringField(
        filters=[_line],
        validators=[
            DataRequired(_l("A mail needs a subject.")),
            Length(
                max=LONGEST_SUBJECT,
                message=_l("Keep it under %(number)s characters.", number=LONGEST_SUBJECT),
            ),
        ],
    )
    opening = _text()
    closing = _text()

    def __init__(self, mail: ReaderMail, posted: MultiDict[str, str] | None, **given: str) -> None:
        super().__init__(posted, data=given)
        self.mail = mail

    @classmethod
    def of(cls, mail: ReaderMail, wording: Wording) -> "WordingForm":
        return cls(
            mail,
            None,
            subject=wording.subject,
            opening=wording.opening,
            closing=wording.closing,
        )

    def validate_subject(self, field: Field) -> None:
        self._check_names(field)

    def validate_opening(self, field: Field) -> None:
        self._check_text(field)

    def validate_closing(self, field: Field) -> None:
        self._check_text(field)

    def to_wording(self) -> Wording:
        return Wording(self.subject.data or "", self.opening.data or "", self.closing.data or "")

    def _check_text(self, field: Field) -> None:
        self._check_names(field)
        wrong = bad_links(field.data)
        if wrong or BROKEN_LINK in said(field.data, {}, "").text:
            raise ValidationError(
                _(
                    "Write a link as [words](https://…), with an address that begins with"
                    " https://, mailto: or a stroke, and without names in it."
                )
            )

    def _check_names(self, field: Field) -> None:
        unknown = unknown_names(field.data, self.mail.names)
        if unknown:
            words = _(
                "%(unknown)s is no name that this mail knows. It knows %(known)s.",
                unknown=", ".join(unknown[:3]),
                known=", ".join(in_braces(name) for name in self.mail.names),
            )
            raise ValidationError(words)
