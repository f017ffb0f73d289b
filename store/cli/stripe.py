"""`store stripe`: joins the shop to a Stripe account."""

import click
from flask.cli import with_appcontext

from store.cli.refusals import plain_words
from store.web.doors import services


@click.group("stripe")
def stripe() -> None:
    """Join the shop to Stripe."""


@stripe.command("setup")
@click.option("--url", default="", help="Where Stripe sends events; the public address without it.")
@with_appcontext
def setup_command(url: str) -> None:
    """Make the webhook endpoint, with the API version of this release, and print its secret."""
    settings = services().settings
    address = url or f"{settings.public_url}/webhooks/stripe"
    if not address.startswith("https://") and "api.stripe.com" in settings.stripe_api_base:
        raise click.ClickException("Stripe sends events to https addresses only; see --url")
    with plain_words():
        endpoint = services().payments.make_webhook_endpoint(address)
    click.echo(f"{endpoint.id} sends events of version {endpoint.api_version} to {endpoint.url}")
    click.echo("Add this to the environment; Stripe does not show it again:")
    click.echo(f"STORE_STRIPE_WEBHOOK_SECRETS={endpoint.secret}")
