"""What becomes of Flask-Security's own addresses: shut, or limited and given a writing scope."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, make_response, request, session
from werkzeug.exceptions import BadRequest, NotFound

from store.database import writing
from store.staff import door_log
from store.staff.door_log import Step
from store.staff.door_models import Purpose
from store.staff.forms.second_factor import security
from store.staff.limits import note_try, take_back_try
from store.staff.models import StaffUser
from store.staff.permissions import (
    SECURITY,
    Freshness,
    is_fresh_here,
    person,
    this_session,
)
from store.staff.sessions import Proof, end_session, prove
from store.staff.views.tries import tried
from store.web.doors import services
from store.web.errors import error_answer

FIRST_STEP_DONE = "tf_user_id"
"""Where Flask-Security's session names who gave a password and owes a second factor."""


@dataclass(frozen=True, slots=True)
class Offer:
    """How one address of Flask-Security is let through."""

    is_for_scripts: bool = False
    """Only as JSON: its page of the library's own look is never shown."""
    writes: bool = True
    """Whether all of it runs in one writing scope; signing in hashes first and writes later."""
    guessed: Callable[[], str] | None = None
    """Whose password or code is guessed at here; empty where nobody is named."""
    purpose: Purpose = Purpose.PROOF
    step: Step = Step.PASSKEY
    """What is shown there."""
    is_through: Callable[[Response], bool] = lambda answer: answer.status_code < 400
    wants_fresh: bool = False
    proves: bool = False
    """Whether success speaks for dangerous acts."""


def _is_known_now(_answer: Response) -> bool:
    return person() is not None


def _first_step_is_done(answer: Response) -> bool:
    return FIRST_STEP_DONE in session or _is_known_now(answer)


def _typed_address() -> str:
    fields = request.get_json(silent=True) if request.is_json else request.form
    typed = fields.get("email") if isinstance(fields, Mapping) else ""
    if not isinstance(typed, str):
        return ""
    try:
        # As Flask-Security looks it up: one address is counted once, however it is written.
        return str(security().mail_util.normalize(typed))
    except ValueError:
        return typed


def _address_of_first_step() -> str:
    found = StaffUser.of_uniquifier(session.get(FIRST_STEP_DONE, ""))
    return found.email if found else ""


def _own_address() -> str:
    found = person()
    return found.email if found else ""


def _nobody() -> str:
    return ""


OFFERS: Mapping[str, Offer] = {
    "login": Offer(
        writes=False,
        guessed=_typed_address,
        purpose=Purpose.GUESS,
        step=Step.PASSWORD,
        is_through=_first_step_is_done,
    ),
    "logout": Offer(),
    "two_factor_token_validation": Offer(
        guessed=_address_of_first_step, step=Step.CODE, is_through=_is_known_now
    ),
    "wan_signin": Offer(is_for_scripts=True, writes=False),
    "wan_signin_response": Offer(is_for_scripts=True, guessed=_nobody, is_through=_is_known_now),
    "wan_register": Offer(is_for_scripts=True, wants_fresh=True),
    "wan_register_response": Offer(is_for_scripts=True, wants_fresh=True, proves=True),
    "wan_verify": Offer(is_for_scripts=True, writes=False),
    "wan_verify_response": Offer(is_for_scripts=True, guessed=_own_address, proves=True),
}
"""What is not listed is shut."""


def adapt_library(app: Flask) -> None:
    """Put these rules around every view that Flask-Security has registered."""
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith(SECURITY):
            offer = OFFERS.get(endpoint.removeprefix(SECURITY))
            app.view_functions[endpoint] = _adapted(view, offer) if offer else _shut
    logout = f"{SECURITY}logout"
    app.view_functions[logout] = _ending_session(app.view_functions[logout])


def _shut(**_named: Any) -> Response:
    raise NotFound


def _adapted(view: Callable[..., Any], offer: Offer) -> Callable[..., Any]:
    @wraps(view)
    def adapted(*args: Any, **named: Any) -> Any:
        if offer.is_for_scripts and not (request.method == "POST" and request.is_json):
            raise NotFound
        if request.method != "POST":
            return view(*args, **named)
        if request.is_json and not isinstance(request.get_json(), dict):
            # Flask-Security makes a form of it, whatever it is.
            raise BadRequest
        if offer.wants_fresh and person() and not is_fresh_here(Freshness.SIGN_IN):
            return error_answer(401)
        guessed = offer.guessed() if offer.guessed else ""
        try_id = _noted(offer, guessed)
        with _scope(offer):
            answer = make_response(view(*args, **named))
            if offer.proves and answer.status_code == 200:
                prove(this_session().id, Proof.FACTOR, services().clock)
        if try_id is None:
            return answer
        is_through = offer.is_through(answer)
        _tell(offer, guessed, is_through=is_through)
        return _counted(answer, try_id, is_through=is_through)

    return adapted


def _scope(offer: Offer) -> AbstractContextManager[Any]:
    return writing() if offer.writes else nullcontext()


def _noted(offer: Offer, guessed: str) -> int | None:
    """Count a guess before anything is hashed or anybody's turn to write is taken."""
    if offer.guessed is None:
        return None
    return note_try(tried(offer.purpose, guessed), services().clock)


def _tell(offer: Offer, guessed: str, *, is_through: bool) -> None:
    """Write down how a guess ended; who is in by it is written where her session begins."""
    found, settings = person(), services().settings
    if offer.proves and found is not None:
        door_log.proof(found.id, offer.step, is_right=is_through)
    elif not is_through:
        door_log.refused(guessed, offer.step, settings)
    elif found is None:
        door_log.step_taken(guessed, offer.step, settings)


def _counted(answer: Response, try_id: int, *, is_through: bool) -> Response:
    if is_through:
        with writing():
            take_back_try(try_id)
    elif answer.status_code == 200:
        answer.status_code = 422
    return answer


def _ending_session(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def sign_out(*args: Any, **named: Any) -> Any:
        if found := person():
            here, user_id = this_session().id, found.id
            with writing():
                end_session(here, user_id, services().clock)
            door_log.signed_out(user_id)
        answer = view(*args, **named)
        # What one person had in this browser is nothing for the next.
        session.clear()
        return answer

    return sign_out
