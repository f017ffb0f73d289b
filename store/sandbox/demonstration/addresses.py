"""Where the demonstration is served, and the environment that its processes run in."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Addresses:
    """The host names differ on purpose: ports are no sites, and only so are posts cross-site."""

    port: int

    @property
    def shop(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def payments(self) -> str:
        return f"http://localhost:{self.port + 1}"

    @property
    def news(self) -> str:
        return f"http://localhost:{self.port + 2}"

    @property
    def staff(self) -> str:
        """By its name: browsers make no passkeys for a shop that goes by a number."""
        return f"http://localhost:{self.port}/staff"

    @property
    def mail(self) -> str:
        return f"{self.news}/mail/"


def environment(addresses: Addresses, data_dir: Path) -> dict[str, str]:
    """Return the STORE_* settings of the demonstration; its secrets are made once and kept.

    Those that name a service are emptied: what the shell or a .env knows of another shop must not
    leak into this one. Currency, country, time zone and brand may be given.
    """
    made = kept_secrets(data_dir)
    services = ("DATABASE", "QUEUE", "CACHE", "MEDIA", "MAIL", "TIPS")
    return {f"STORE_{service}_URL": "" for service in services} | {
        "STORE_DATA_DIR": str(data_dir),
        "STORE_SECRET_KEY": made["secret_key"],
        "STORE_MAIL_FROM": "shop@gaynation.example",
        "STORE_NEWSROOM_EMAIL": "newsroom@gaynation.example",
        "STORE_PUBLIC_URL": addresses.shop,
        "STORE_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "STORE_STRIPE_KEY": made["stripe_key"],
        "STORE_STRIPE_WEBHOOK_SECRETS": made["webhook_secret"],
        "STORE_STRIPE_API_BASE": addresses.payments,
        "STORE_PAY_ORIGINS": addresses.payments,
        "STORE_NEWS_ORIGINS": addresses.news,
        # Its passwords stand on the terminal, and nobody has a telephone to go with them.
        "STORE_STAFF_SECOND_FACTOR": "deeds",
        "STORE_BRAND_NAME": os.environ.get("STORE_BRAND_NAME", "Gay Nation"),
        "STORE_BRAND_LEGAL_NAME": "Gay Nation Media Pty Ltd (an invented company)",
        "STORE_BRAND_ADDRESS": "Level 2, 1 Example Street, Darlinghurst NSW 2010",
    }


def kept_secrets(data_dir: Path) -> dict[str, str]:
    """Return the demonstration's secrets; what is missing among them is made now, and kept."""
    path = data_dir / "demo-secrets.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = _made() | kept
    if missing != kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written for its owner alone from the first byte on.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(missing, file)
    return missing


def _made() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(48),
        "stripe_key": f"sk_test_{secrets.token_hex(12)}",
        "webhook_secret": f"whsec_{secrets.token_hex(24)}",
        "owner_password": _easy_to_type(),
        "fulfilment_password": _easy_to_type(),
    }


def _easy_to_type() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(4))
