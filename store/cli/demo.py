"""`store demo`: a shop that is lived in, with all that stands around it, on one command."""

import os
import shutil
import sys
from pathlib import Path

import click

from store.cli.seeding import seed_command
from store.paths import ROOT
from store.sandbox.demonstration.addresses import Addresses, environment, kept_secrets
from store.sandbox.demonstration.processes import Servers, wsgi_server
from store.sandbox.demonstration.setting_up import make_ready
from store.sandbox.demonstration.staff import MEMBERS
from store.settings import Settings

LOG = "demo.log"


@click.group(invoke_without_command=True)
@click.option("--port", envvar="PORT", default=5000, show_default=True, help="Of the shop.")
@click.option("--fresh", is_flag=True, help="Begin anew; what was bought here is forgotten.")
@click.option("--only-set-up", is_flag=True, help="Make everything and do not serve.")
@click.pass_context
def demo(context: click.Context, port: int, *, fresh: bool, only_set_up: bool) -> None:
    """Serve a shop with ninety days behind it, a payment sandbox and a news site."""
    if context.invoked_subcommand:
        if fresh or only_set_up:
            raise click.UsageError("--fresh and --only-set-up go with serving alone")
        return
    addresses, data_dir = Addresses(port), ROOT / "var"
    if fresh:
        shutil.rmtree(data_dir, ignore_errors=True)
    os.environ.update(environment(addresses, data_dir))
    settings = Settings.from_environment(_env_file=None)
    state_path = data_dir / "sandbox.sqlite"
    make_ready(settings, state_path)
    if not only_set_up:
        _serve(addresses, settings, state_path)


demo.add_command(seed_command)


def _serve(addresses: Addresses, settings: Settings, state_path: Path) -> None:
    servers = Servers(
        os.environ | _sandbox_environment(addresses, settings, state_path), settings.data_dir / LOG
    )
    payments = wsgi_server("store.sandbox.stripe.wsgi:create", addresses.port + 1)
    try:
        servers.start("the payment sandbox", [*payments, "--factory"])
        servers.start(
            "the news site", wsgi_server("store.sandbox.news_site.wsgi:app", addresses.port + 2)
        )
        servers.start(
            "the shop",
            [sys.executable, "-m", "store.cli.main", "serve", "--port", str(addresses.port)],
        )
        servers.wait_until_answering(f"{addresses.shop}/healthz")
        click.echo(_welcome(addresses, settings.data_dir))
        servers.run_aside([sys.executable, "-m", "store.sandbox.demonstration.visitor"])
        servers.run_until_stopped()
    finally:
        servers.stop()


def _sandbox_environment(
    addresses: Addresses, settings: Settings, state_path: Path
) -> dict[str, str]:
    return {
        "STORE_SANDBOX_ORIGIN": addresses.payments,
        "STORE_SANDBOX_API_KEY": settings.stripe_key.get_secret_value(),
        "STORE_SANDBOX_ACCOUNT_NAME": settings.brand_name,
        "STORE_SANDBOX_STATE_PATH": str(state_path),
        "STORE_SANDBOX_WEBHOOK_URL": f"{addresses.shop}/webhooks/stripe",
        "STORE_SANDBOX_WEBHOOK_SECRET": settings.stripe_webhook_secrets[0].get_secret_value(),
    }


def _welcome(addresses: Addresses, data_dir: Path) -> str:
    return f"""
The shop        {addresses.shop}
Behind it       {addresses.staff}
{_staff(data_dir)}
Payments        {addresses.payments}   (4242 4242 4242 4242 pays; its page lists more)
The news site   {addresses.news}
Mails           {addresses.mail}
Logs            {data_dir / LOG}

Ctrl-C ends all of them; bin/demo --fresh begins anew.
"""


def _staff(data_dir: Path) -> str:
    secrets = kept_secrets(data_dir)
    return "\n".join(
        f"{'':15} {member.email}  {member.password(secrets)}  ({member.role})" for member in MEMBERS
    )
