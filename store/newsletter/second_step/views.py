"""The page that puts the question of a busy hour, for every box that counts as a signup."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from store.newsletter.second_step.asking import Step, Why
from store.newsletter.second_step.forms import carried


def step_page(step: Step, action: str) -> Response:
    """Answer a post with the question; what it sent goes along to where the answer is posted."""
    page = render_template(
        "newsletter/step.html",
        step=step,
        words=_words(step.why),
        action=action,
        fields=list(carried(request.form)),
    )
    response = make_response(page, 422)
    response.headers["Cache-Control"] = "no-store"
    return response


def _words(why: Why) -> str:
    words = {
        Why.BUSY: _("Many people are asking at this moment, so we ask one question more."),
        Why.EARLY: _("That was quicker than anybody reads. Look once more, then press the button."),
        Why.WRONG: _("That was not it. Here is another question."),
        Why.OVER: _("That question has been answered, or has grown old. Here is another one."),
    }
    return str(words[why])
