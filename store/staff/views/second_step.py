"""The second step of signing in: one page for codes, recovery codes and passkeys."""

from typing import Any

from flask import Blueprint, Flask, redirect, request, session
from flask.typing import ResponseValue
from flask_security import Security, UserMixin, url_for_security
from flask_security.tf_plugin import TfPluginBase
from flask_security.utils import simple_render_json

from store.staff.forms.second_factor import security
from store.staff.models import StaffUser
from store.staff.own_paths import own_path

NAME = "second step"


class SecondStep(TfPluginBase):
    """One page offers all that somebody has, where Flask-Security would ask for a kind first."""

    def __init__(self, app: Flask) -> None:
        """Do nothing: there is nothing to remember."""

    def create_blueprint(self, app: Flask, bp: Blueprint, state: Security) -> None:
        """Do nothing: Flask-Security registers the addresses itself."""

    def get_setup_methods(self, user: UserMixin) -> list[tuple[str, str]]:
        has_one = isinstance(user, StaffUser) and user.has_second_factor
        return [(NAME, NAME)] if has_one else []

    def tf_login(
        self, user: UserMixin, json_payload: dict[str, Any], next_loc: str | None
    ) -> ResponseValue:
        session["tf_state"] = "ready"
        if security()._want_json(request):  # noqa: SLF001 - the only name that it has
            answer: ResponseValue = simple_render_json(json_payload)
            return answer
        back = own_path(next_loc, "")
        named = {"next": back} if back and back != url_for_security("login") else {}
        return redirect(url_for_security("two_factor_token_validation", **named), 303)
