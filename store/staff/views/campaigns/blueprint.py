"""Where the pages of campaigns stand."""

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__, url_prefix="/newsletter")
