"""Every setting of the store: read once from the environment, checked at once, never printed."""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    EmailStr,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from store.errors import StoreError
from store.paths import ROOT


class SettingsError(StoreError):
    """One or more settings are missing or wrong; the words list all of them, and no value."""


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _unless_empty(value: Any) -> Any:
    return None if value == "" else value


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("give an address such as https://shop.example.org")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise ValueError("give scheme, host and port only")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("give a name of the IANA database such as Australia/Sydney") from error
    return value


LOWEST_PRICE_COUNTRIES = frozenset(
    (
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
    ).split()
)
"""The European Economic Area, where Directive 98/6/EC holds: its Article 6a asks who reduces a
price for the lowest of the thirty days before."""
MOST_RETURN_DAYS = 365
YesNo = Annotated[bool | None, BeforeValidator(_unless_empty)]
Origin = Annotated[str, AfterValidator(_origin)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split)]
Colour = Annotated[str, Field(pattern=r"^(#[0-9A-Fa-f]{6})?$")]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split)]


def _mailbox(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    is_file = parts.scheme == "maildir" and not parts.netloc and parts.path.startswith("/")
    if (
        value.get_secret_value()
        and not is_file
        and not (parts.scheme == "imaps" and parts.hostname and parts.username)
    ):
        raise ValueError("give imaps://user:password@host/FOLDER or maildir:///folder")
    return value


def _begins_with(*schemes: str, hint: str, holds: str = "") -> AfterValidator:
    """Have an address begin as one that the shop can open; the words never repeat it."""

    def look(value: Any) -> Any:
        told = value.get_secret_value() if isinstance(value, SecretStr) else value
        scheme, _, rest = told.partition("://")
        is_whole = bool(rest) or scheme == "sqlite"
        if told and not (scheme in schemes and is_whole and holds in rest):
            raise ValueError(f"give {hint}")
        return value

    return AfterValidator(look)


LEAST_KEY = 32


def _key(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and len(value.get_secret_value()) < LEAST_KEY:
        raise ValueError("give at least 32 characters")
    return value


Key = Annotated[SecretStr, AfterValidator(_key)]
TOPIC = r"^arn:aws(-cn|-us-gov)?:sns:[a-z0-9-]{5,30}:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"
Topic = Annotated[str, Field(pattern=TOPIC)]
Topics = Annotated[tuple[Topic, ...], NoDecode, BeforeValidator(_split)]
ON_DATABASES = _begins_with(
    *("sqlite", "postgresql", "postgresql+psycopg"),
    hint="postgresql+psycopg://user:password@host/name, or nothing for SQLite",
)
ON_QUEUES = _begins_with(
    *("sqlite", "redis", "rediss", "unix", "postgresql", "postgresql+psycopg"),
    hint="redis://host:6379/0, postgresql+psycopg://…, or nothing for a file",
)
ON_CACHES = _begins_with(
    *("redis", "rediss", "redis+unix", "redis+sentinel", "redis+cluster"),
    hint="redis://host:6379/1, or nothing",
)
ON_STORES = _begins_with(
    *("file", "s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl", "http", "https", "memory"),
    hint="s3://bucket, gs://bucket, az://container or file:///folder, or nothing",
)
ON_RELAYS = _begins_with("smtp", "smtps", hint="smtp://user:password@host:587?starttls=1")
ON_COLLECTORS = _begins_with("http", "https", hint="an address such as https://host/v1/traces")
ON_PROJECTS = _begins_with("http", "https", hint="https://key@host/project", holds="@")


class Settings(BaseSettings):
    """What .env.example and docs/operations.md explain one by one; all names begin with STORE_."""

    model_config = SettingsConfigDict(
        env_prefix="STORE_", env_file=ROOT / ".env", frozen=True, extra="ignore"
    )

    secret_key: Annotated[SecretStr, Field(min_length=32)]
    secret_key_previous: Key = SecretStr("")
    kept_key: Annotated[Key, Field(validate_default=True)] = SecretStr("")
    data_dir: Path = Path("var")
    database_url: Annotated[str, ON_DATABASES] = ""
    queue_url: Annotated[str, ON_QUEUES] = ""
    cache_url: Annotated[str, ON_CACHES] = ""
    media_url: Annotated[str, ON_STORES] = ""
    files_url: Annotated[str, ON_STORES] = ""
    files_accel: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9_/-]*/)?$")] = ""
    mail_url: Annotated[SecretStr, ON_RELAYS] = SecretStr("")
    mail_from: EmailStr
    newsroom_email: EmailStr
    bounces_url: Annotated[SecretStr, AfterValidator(_mailbox)] = SecretStr("")
    bounces_ses_topics: Topics = ()
    bounces_ses_sha1: bool = False
    bounces_mailgun_keys: Secrets = ()
    bounces_postmark_secrets: Secrets = ()
    bounces_sendgrid_keys: Names = ()
    dkim_selector: Annotated[str, Field(pattern=r"^([A-Za-z0-9_.-]{1,63})?$")] = ""
    public_url: Origin = "http://127.0.0.1:5000"
    allowed_hosts: Names = ()
    hsts: Literal["host", "subdomains", "preload"] = "host"
    trusted_proxies: Networks = ()
    picture_networks: Networks = ()

    traces_url: Annotated[str, ON_COLLECTORS] = ""
    sentry_dsn: Annotated[SecretStr, ON_PROJECTS] = SecretStr("")
    environment: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = "production"

    stripe_key: SecretStr
    stripe_webhook_secrets: Secrets = ()
    stripe_api_base: Origin = "https://api.stripe.com"
    pay_origins: Origins = ("https://checkout.stripe.com",)

    news_origins: Origins = ()
    tips_url: str = ""

    brand_name: str = "Gay Nation"
    brand_tagline: str = "The front page you can wear"
    brand_legal_name: str = "Gay Nation"
    brand_business_number: str = ""
    brand_address: str = ""
    brand_email: EmailStr | Literal[""] = ""
    brand_sender: str = "GN Store"
    brand_statement: Annotated[str, Field(pattern=r"^[A-Za-z0-9 .-]{5,22}$")] = "GN STORE"
    brand_price_note: str = ""
    brand_return_days: Annotated[int, Field(ge=1, le=MOST_RETURN_DAYS)] = 30
    brand_accent: Colour = ""
    brand_accent_night: Colour = ""
    brand_order_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,4}$")] = "GN"

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "AUD"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "AU"
    timezone: Annotated[str, AfterValidator(_time_zone)] = "Australia/Sydney"

    tells_lowest_price: YesNo = None

    prices_include_tax: bool = True
    tax_name: str = "GST"
    tax_rate_basis_points: Annotated[int, Field(ge=0, le=10_000)] = 1_000

    cancel_minutes: Annotated[int, Field(ge=0, le=10_080)] = 120
    gift_card_years: Annotated[int, Field(ge=0, le=50)] = 3

    file_megabytes: Annotated[int, Field(ge=1, le=5_000)] = 200
    download_limit: Annotated[int, Field(ge=1, le=1_000)] = 5
    download_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    missing_days: Annotated[int, Field(ge=1, le=60)] = 7

    queue_length: Annotated[int, Field(ge=1, le=500)] = 20
    queue_claim_minutes: Annotated[int, Field(ge=5, le=1_440)] = 30
    left_cart_hours: Annotated[int, Field(ge=1, le=168)] = 4
    left_cart_days: Annotated[int, Field(ge=1, le=30)] = 14

    campaign_bounce_percent: Annotated[float, Field(gt=0, le=100)] = 5
    campaign_complaint_percent: Annotated[float, Field(gt=0, le=100)] = 0.3

    staff_second_factor: Literal["door", "deeds"] = "door"

    hold_units_per_cart: Annotated[int, Field(ge=1)] = 60
    hold_units_per_network: Annotated[int, Field(ge=1)] = 120
    hold_units_per_product: Annotated[int, Field(ge=1)] = 30

    @field_validator("kept_key")
    @classmethod
    def _stays(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        previous: SecretStr | None = info.data.get("secret_key_previous")
        if previous and previous.get_secret_value() and not value.get_secret_value():
            # What is kept would be looked for under another key, and silently not be found.
            raise ValueError("give the key with which the shop began: what it keeps is under that")
        return value

    @classmethod
    def from_environment(cls, **given: Any) -> Self:
        """Read the environment; raise SettingsError with every fault, and no value, at once."""
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsError(_faults(error)) from None

    @model_validator(mode="after")
    def _derive(self) -> Self:
        # A frozen model is completed in place: what is empty follows from DATA_DIR and PUBLIC_URL.
        data_dir = self.data_dir.resolve()
        derived: dict[str, object] = {
            "data_dir": data_dir,
            "kept_key": self.kept_key if self.kept_key.get_secret_value() else self.secret_key,
            "database_url": self.database_url or f"sqlite:///{data_dir / 'store.sqlite'}",
            "queue_url": self.queue_url or f"sqlite:///{data_dir / 'queue.sqlite'}",
            "media_url": self.media_url or (data_dir / "media").as_uri(),
            "files_url": self.files_url or (data_dir / "files").as_uri(),
            "traces_url": self.traces_url or _traces_url(),
            "tells_lowest_price": (
                self.country in LOWEST_PRICE_COUNTRIES
                if self.tells_lowest_price is None
                else self.tells_lowest_price
            ),
            "allowed_hosts": self.allowed_hosts or (urlsplit(self.public_url).hostname or "",),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def file_bytes(self) -> int:
        """How large a file for buyers may be."""
        return self.file_megabytes * 1024 * 1024

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def _traces_url() -> str:
    """Return where OpenTelemetry's own variables send spans to, unless they turn it off."""
    told = os.environ.get
    if told("OTEL_SDK_DISABLED", "").lower() == "true" or told("OTEL_TRACES_EXPORTER") == "none":
        return ""
    base = told("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/")
    return told("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "") or (f"{base}/v1/traces" if base else "")


def _faults(error: ValidationError) -> str:
    lines = ["The store cannot start; please mend these settings:"]
    for fault in error.errors(include_input=False, include_url=False):
        name = "STORE_" + "_".join(str(part) for part in fault["loc"][:1]).upper()
        lines.append(f"  {name}: {fault['msg']}")
    lines.append("Each is explained in .env.example.")
    return "\n".join(lines)
