"""How much a request may bring: bytes, fields, and no character that a database cannot keep."""

from flask import Flask, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, LengthRequired, NotFound, RequestEntityTooLarge

from store.web.sessions import is_staff_path

LARGEST_BODY_BYTES = 1024 * 1024
LARGEST_FORM_BYTES = 256 * 1024
LARGEST_UPLOAD_BYTES = 32 * 1024 * 1024
"""Staff send pictures."""
LARGER_BODIES = {"/tips": 9 * 1024 * 1024, "/webhooks/mail/sendgrid": 4 * 1024 * 1024}
"""What else takes files, with room for the words around them; and a thousand events at once."""
UNREAD_BODIES = frozenset({"/newsletter/leave/<token>"})
"""Mail programs post here whatever they like (RFC 8058), and nobody looks at it."""
MOST_FIELDS = 200
MOST_STAFF_FIELDS = 2_000
LARGEST_PICTURES_BYTES = 64 * 1024 * 1024
"""Several at once; what is more than the shop takes is refused by name, and the rest is kept."""
LARGEST_PRODUCT_BYTES = 4 * 1024 * 1024
MOST_PRODUCT_FIELDS = 40_000
LONG_FORMS = ("/staff/products/", "/staff/collections/")
"""A product with all its variants is one form, and so is a collection with its products."""
FORM = "application/x-www-form-urlencoded"


FILES = "/staff/products/"
FILE_ENDINGS = ("/files", "/edition")
"""Where staff send files that may be large: nothing is read there before it is known who comes."""


def limit_bodies(app: Flask) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
    )

    def refuse_what_nobody_types() -> None:
        if "\0" in request.path:
            raise NotFound
        is_read = request.method == "POST" and not _is_unread()
        if is_read and _is_of_no_told_length():
            raise LengthRequired
        _set_limits()
        _check(request.args)
        if is_read and not _takes_files():
            _check(request.form)

    # Before every other hook: whoever reads a form first reads it within its limits.
    app.before_request_funcs.setdefault(None, []).insert(0, refuse_what_nobody_types)


def admit_files(most_bytes: int | None) -> None:
    """Read what a place for files was sent: so many bytes, or as many as anywhere else."""
    if request.method == "POST" and _takes_files():
        if most_bytes is not None:
            request.max_content_length = most_bytes + LARGEST_FORM_BYTES
        _check(request.form)


def _takes_files() -> bool:
    return request.path.startswith(FILES) and request.path.endswith(FILE_ENDINGS)


def _is_of_no_told_length() -> bool:
    # The server hands no end of such a body on, so it would be read as an empty form.
    return "Transfer-Encoding" in request.headers and request.content_length is None


def _is_unread() -> bool:
    return request.url_rule is not None and request.url_rule.rule in UNREAD_BODIES


def _set_limits() -> None:
    if is_staff_path(request.path):
        request.max_content_length = LARGEST_UPLOAD_BYTES
        request.max_form_parts = MOST_STAFF_FIELDS
        if request.path.startswith(LONG_FORMS):
            request.max_form_parts = MOST_PRODUCT_FIELDS
            request.max_form_memory_size = LARGEST_PRODUCT_BYTES
        if request.path.startswith("/staff/products/") and request.path.endswith("/pictures"):
            request.max_content_length = LARGEST_PICTURES_BYTES
    elif request.mimetype == FORM:
        # The form parser reads these whole, so only the length of the body bounds them.
        request.max_content_length = LARGEST_FORM_BYTES
    elif request.path in LARGER_BODIES:
        request.max_content_length = LARGER_BODIES[request.path]


def _check(fields: MultiDict[str, str]) -> None:
    given = list(fields.items(multi=True))
    if len(given) > (request.max_form_parts or MOST_FIELDS):
        raise RequestEntityTooLarge
    # No database stores a NUL, and no reader types one.
    if any("\0" in name or "\0" in value for name, value in given):
        raise BadRequest
