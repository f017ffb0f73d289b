"""Where a buyer pays: the hosted page of a session, plain HTML that needs no script."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from store.sandbox.stripe.cards import CARDS
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.pay_form import PayForm
from store.sandbox.stripe.pay_words import PayWords, origin_of, pay_words
from store.sandbox.stripe.payments import pay
from store.sandbox.stripe.sandbox import Sandbox
from store.sandbox.stripe.sessions import expire_if_due
from store.sandbox.stripe.state import Shelf


def pay_blueprint(sandbox: Sandbox) -> Blueprint:
    blueprint = Blueprint("pay", __name__)
    page = PayPage(sandbox)
    blueprint.add_url_rule("/", "home", page.home)
    blueprint.add_url_rule("/pay/<session_id>", "show", page.show)
    blueprint.add_url_rule("/pay/<session_id>", "submit", page.submit, methods=["POST"])
    return blueprint


class PayPage:
    def __init__(self, sandbox: Sandbox) -> None:
        self._account = sandbox.account

    def home(self) -> Response:
        return self._secured(render_template("pay/home.html", cards=CARDS))

    def show(self, session_id: str) -> Response:
        session = self._find(session_id)
        if session is None:
            return self._missing()
        if session["status"] != "open":
            return self._closed(session)
        return self._form(session, PayForm.blank(session))

    def submit(self, session_id: str) -> AnyResponse:
        session = self._find(session_id)
        if session is None:
            return self._missing()
        if session["status"] != "open":
            return self._after(session)
        form = PayForm.read(request.form)
        purchase = form.to_purchase(session, self._account.now())
        if purchase is None:
            return self._form(session, form, 422)
        attempt = pay(self._account, session_id, purchase)
        if attempt.decline:
            form.errors["card"] = attempt.decline.message
            return self._form(session, form, 402)
        return self._after(attempt.session)

    def _find(self, session_id: str) -> Record | None:
        session = self._account.state.get(Shelf.SESSION, session_id)
        return session and expire_if_due(self._account, session)

    def _after(self, session: Record) -> AnyResponse:
        # A second press of Pay finds the session paid and goes the way of the first.
        if session["status"] == "complete":
            return redirect(_filled(session), 303)
        return self._closed(session)

    def _form(self, session: Record, form: PayForm, status: int = 200) -> Response:
        words = pay_words(self._account, session)
        html = render_template(
            "pay/pay.html", session=session, form=form, words=words, cards=_offered(session)
        )
        return self._secured(html, status, session, words)

    def _closed(self, session: Record) -> Response:
        html = render_template("pay/closed.html", session=session, success_url=_filled(session))
        return self._secured(html, 200 if session["status"] == "complete" else 410, session)

    def _missing(self) -> Response:
        return self._secured(render_template("pay/missing.html"), 404)

    def _secured(
        self,
        html: str,
        status: int = 200,
        session: Record | None = None,
        words: PayWords | None = None,
    ) -> Response:
        response = make_response(html, status)
        # Chromium holds form-action against the redirect after the post as well.
        after = f" {origin_of(session['success_url'])}" if session else ""
        images = "".join(f" {origin}" for origin in sorted(words.image_origins)) if words else ""
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; img-src 'self'{images}; "
            f"form-action 'self'{after}; base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def _offered(session: Record) -> list[object]:
    has_debit = len(session["payment_method_types"]) > 1
    return [card for card in CARDS if has_debit or not card.settles]


def _filled(session: Record) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
