"""Answers with a file that belongs to one person: saved and not shown, whole or in parts."""

import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from store.errors import UnavailableError
from store.media.private_files import ReadableBytes, name_of_hash
from store.web.doors import services

PART_BYTES = 256 * 1024
SANDBOX = "sandbox; default-src 'none'"
"""Should a browser show it after all, it is nobody's page and runs nothing."""
UNQUOTED = "!#$&+-.^_`|~"
"""What RFC 8187 lets stand in a value beside letters and figures."""


@dataclass(frozen=True, slots=True)
class AnsweredFile:
    name: str
    """As it is called on the reader's disk, made safe before."""
    media_type: str
    size_bytes: int
    content_hash: str


def file_answer(file: AnsweredFile) -> Response:
    """Return the file, or the part of it that was asked for; UnavailableError without its bytes."""
    settings = services().settings
    if settings.files_accel and urlsplit(settings.files_url).scheme == "file":
        answer = _left_to_the_proxy(file, settings.files_accel)
    else:
        answer = _streamed(file)
    answer.headers["Content-Disposition"] = attachment(file.name)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def attachment(name: str) -> str:
    """Return the header that saves a file under this name, in every script (RFC 6266, 4.3)."""
    stem, dot, ending = name.rpartition(".")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = " ".join(plain.replace('"', " ").replace("\\", " ").split()) or "download"
    said = f'attachment; filename="{plain}{dot}{ending}"'
    if name.isascii():
        return said
    return f"{said}; filename*=UTF-8''{quote(name, safe=UNQUOTED)}"


def _left_to_the_proxy(file: AnsweredFile, below: str) -> Response:
    """Have the proxy read the folder itself, parts and all: this process is free again."""
    # Asked for here: what the proxy says of a file that it does not find is no page of ours.
    _opened(file).close()
    answer = Response(mimetype=file.media_type)
    answer.headers["X-Accel-Redirect"] = below + name_of_hash(file.content_hash)
    return answer


def _opened(file: AnsweredFile) -> ReadableBytes:
    content = services().files.open(name_of_hash(file.content_hash))
    if content is None:
        raise UnavailableError("the bytes of a file are not where they should be")
    return content


def _streamed(file: AnsweredFile) -> Response:
    content = _opened(file)
    answer = Response(
        wrap_file(request.environ, content, PART_BYTES),  # type: ignore[arg-type] # it reads, seeks and closes
        mimetype=file.media_type,
        direct_passthrough=True,
    )
    answer.content_length = file.size_bytes
    answer.set_etag(file.content_hash)
    # Several parts at once may be answered with everything (RFC 9110, 14.2).
    accepts_parts = "," not in request.headers.get("Range", "")
    try:
        answer.make_conditional(
            request, accept_ranges=accepts_parts, complete_length=file.size_bytes
        )
    except RequestedRangeNotSatisfiable:
        content.close()
        beyond = Response(status=416)
        beyond.headers["Content-Range"] = f"bytes */{file.size_bytes}"
        return beyond
    return answer
