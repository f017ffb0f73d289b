"""Tries at the door: whose they are, and what somebody is told who made too many."""

from math import ceil

from flask import Response, jsonify, make_response, render_template, request

from store.staff import door_log
from store.staff.door_models import Purpose
from store.staff.limits import TooManyTriesError, Try
from store.web.doors import services
from store.web.networks import counted_network


def tried(purpose: Purpose, email: str) -> Try:
    """Return a try at something of this address, from where this request comes."""
    return Try.of(purpose, email, counted_network(), services().settings)


def answer_too_many(error: TooManyTriesError) -> Response:
    """Say how long to wait; the words are the same for every address."""
    door_log.slowed(error.tried.email_hash, error.tried.purpose)
    seconds = max(1, ceil(error.retry_after.total_seconds()))
    minutes = ceil(seconds / 60)
    if request.is_json:
        response = make_response(jsonify(retry_after_minutes=minutes), 429)
    else:
        page = render_template("staff/security/too_many.html", minutes=minutes)
        response = make_response(page, 429)
    response.headers["Retry-After"] = str(seconds)
    return response
