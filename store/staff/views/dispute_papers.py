"""The evidence of a dispute as files: one paper for the bank, and everything as a ZIP."""

import io
import zipfile
from datetime import datetime

from flask import render_template

from store.database import end_reading
from store.errors import UnavailableError
from store.orders.disputing.evidence import Package
from store.orders.papers.presenting import Paper
from store.paths import STATIC
from store.staff.dispute_words import field_words
from store.web.printing import STYLESHEET, pdf_of
from store.web.stylesheets import PAPER_ENTRY, joined_stylesheet


def evidence_html(package: Package, *, made_at: datetime, stylesheet: str = STYLESHEET) -> str:
    """Return the paper that a bank reads, as a page."""
    return render_template(
        "staff/disputes/paper.html",
        package=package,
        fields=[(field_words(name), text) for name, text in package.fields.items()],
        stylesheet=stylesheet,
        made_at=made_at,
    )


def as_pdf(html: str) -> bytes:
    """Lay a page out; raises what pdf_of raises. Takes seconds: no transaction stays open."""
    end_reading()
    return pdf_of(html, joined_stylesheet(STATIC, PAPER_ENTRY))


def as_zip(package: Package, invoice: Paper | None, *, made_at: datetime) -> bytes:
    """Return everything at hand as files; what cannot be laid out here comes as a page."""
    files: dict[str, bytes] = {"evidence.txt": _as_text(package).encode()}
    _add_page(files, "evidence", evidence_html(package, made_at=made_at))
    if invoice is not None:
        html = render_template("orders/paper.html", paper=invoice, stylesheet=STYLESHEET)
        _add_page(files, "receipt", html)
    files["terms.txt"] = package.policy.encode()
    for place, mail in enumerate(package.mails, start=1):
        words = f"{mail.at.isoformat()}\n{mail.subject}\n\n{mail.text}"
        files[f"mails/{place:02}.txt"] = words.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{package.number}/{name}", content)
    return packed.getvalue()


def _add_page(files: dict[str, bytes], name: str, html: str) -> None:
    try:
        files[f"{name}.pdf"] = as_pdf(html)
    except UnavailableError:
        files[f"{name}.html"] = html.encode()


def _as_text(package: Package) -> str:
    parts = [f"{field_words(name)} ({name}):\n{text}" for name, text in package.fields.items()]
    return "\n\n".join(parts) + "\n"
