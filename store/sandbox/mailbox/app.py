"""Shows the mail files in a browser: a list, each mail as HTML in a sandbox, and as text."""

from pathlib import Path

from flask import Flask, Response, abort, render_template

from store.sandbox.mailbox.letters import Letter, letter, newest

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# A mail brings its own styles and pictures and nothing that runs; its links open beside it.
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " style-src 'unsafe-inline'; img-src http: https: data:; base-uri 'self';"
    " form-action 'none'; frame-ancestors 'self'"
)
NEW_WINDOW = '<base target="_blank">'


def create_mailbox(mail_dir: Path) -> Flask:
    """Return the mailbox over this folder; mount it anywhere."""
    mailbox = Flask(__name__)

    def found(name: str) -> Letter:
        return letter(mail_dir, name) or abort(404)

    @mailbox.get("/")
    def letters() -> str:
        return render_template("mailbox/list.html", letters=newest(mail_dir))

    @mailbox.get("/<name>")
    def one(name: str) -> str:
        return render_template("mailbox/letter.html", letter=found(name))

    @mailbox.get("/<name>/text")
    def text(name: str) -> str:
        return render_template("mailbox/text.html", letter=found(name))

    @mailbox.get("/<name>/html")
    def html(name: str) -> Response:
        body = found(name).html.replace("<head>", f"<head>{NEW_WINDOW}", 1)
        return Response(body, headers={"Content-Security-Policy": LETTER_POLICY})

    @mailbox.after_request
    def add_policy(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return mailbox
