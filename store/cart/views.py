"""Pages of the cart room."""

from flask import Blueprint

blueprint = Blueprint("cart", __name__)
