"""Pages of the content room."""

from flask import Blueprint

blueprint = Blueprint("content", __name__)
