"""Reads a tip as a reader typed it."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from store.story_urls import is_ours, normal_url
from store.tips.files import LARGEST_FILE_BYTES, GivenFile, given_file
from store.tips.telling import NewTip

LONGEST_MESSAGE = 10_000
LONGEST_CONTACT = 320
ONE_LINE = r"[^\x00-\x1f\x7f\u0085\u2028\u2029]*$"


def _trim(text: str | None) -> str:
    # Browsers send a line's end as two characters, and a length counts what was typed.
    return (text or "").replace("\r\n", "\n").strip()


class TipForm(Form):
    message = TextAreaField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Tell us something first; one sentence is enough.")),
            Length(max=LONGEST_MESSAGE, message=_l("That is too long; put the rest into a file.")),
        ],
    )
    contact = StringField(
        filters=[_trim],
        validators=[
            Length(max=LONGEST_CONTACT, message=_l("That is too long; one way is enough.")),
            Regexp(ONE_LINE, message=_l("Keep this to one line.")),
        ],
    )
    file = FileField()
    story = HiddenField(filters=[_trim])
    website = StringField()
    """Nobody sees it, so nobody fills it in who reads the page."""

    @property
    def is_from_a_robot(self) -> bool:
        return bool(self.website.data)

    def to_tip(self, news_origins: Collection[str]) -> NewTip:
        """Return what was told; raises TipFileRefusedError. The form must be valid."""
        story = normal_url(self.story.data or "")
        return NewTip(
            message=self.message.data or "",
            contact=self.contact.data or "",
            story=story if is_ours(story, news_origins) else "",
            file=self._file(),
        )

    def _file(self) -> GivenFile | None:
        upload: FileStorage | str | None = self.file.data
        if not isinstance(upload, FileStorage) or not upload.filename:
            return None
        with upload.stream as stream:
            # One byte more than allowed is enough to know that it is too large.
            return given_file(upload.filename, stream.read(LARGEST_FILE_BYTES + 1))
