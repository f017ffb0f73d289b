"""Pages of the checkout room."""

from flask import Blueprint

blueprint = Blueprint("checkout", __name__)
