"""The address that Stripe calls: verify, store once, hand over."""

from flask import Blueprint

blueprint = Blueprint("webhooks", __name__)
