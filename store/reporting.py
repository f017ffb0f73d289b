"""Tells Sentry of faults, for whoever sets it up: what broke and where, and nothing of any reader.

Nothing is gathered by itself: no request, no cookie, no body, no local variable, no breadcrumb.
The two edges that catch what nobody expected hand it over, and its words are cleaned.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import structlog

from store.settings import Settings

if TYPE_CHECKING:
    from sentry_sdk import Transport
    from sentry_sdk.types import Event, Hint

ADDRESS = re.compile(r"[^\s<>\"'()]+@[^\s<>\"'()]+")
QUERY = re.compile(r"\?[^\s\"'<>]+")
TOKEN = re.compile(r"(?=[A-Za-z0-9_.=-]*\d)[A-Za-z0-9_.=-]{12,}")
"""What is long and holds figures: keys, tokens, ids, hashes, numbers of cards and orders."""
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
"""Values that libraries repeat in their words."""
KEPT = frozenset(
    (
        "event_id timestamp platform level logger release environment sdk exception tags "
        "contexts modules transaction type"
    ).split()
)
CONTEXTS = frozenset({"runtime", "os"})

log = structlog.get_logger(__name__)

_is_on = False


def turn_on(settings: Settings, release: str, transport: "Transport | None" = None) -> None:
    """Send faults to the project that the settings name, if they name one; once in a process."""
    global _is_on  # noqa: PLW0603 - one process, one client
    dsn = settings.sentry_dsn.get_secret_value()
    if _is_on or not dsn:
        return
    try:
        import sentry_sdk
    except ImportError:
        log.warning("sentry_missing", mend="pip install '.[errors]'")
        return
    sentry_sdk.init(
        dsn,
        release=f"store@{release}" if release else None,
        environment=settings.environment,
        transport=transport,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        server_name="",
        before_send=cleaned,
    )
    _is_on = True


def turn_off() -> None:
    global _is_on  # noqa: PLW0603 - see above
    if _is_on:
        import sentry_sdk

        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
    _is_on = False


def tell(error: BaseException, **words: str) -> None:
    """Tell of what nobody expected; the words are ours: a route, a kind of job, a request's id."""
    if not _is_on:
        return
    import sentry_sdk

    with sentry_sdk.new_scope() as scope:
        for name, value in words.items():
            scope.set_tag(name, value)
        scope.capture_exception(error)


def cleaned(event: "Event", _hint: "Hint") -> "Event":
    """Return what may leave: what is not known to be harmless is not sent."""
    kept: Any = {name: value for name, value in event.items() if name in KEPT}
    kept["contexts"] = {
        name: value for name, value in kept.get("contexts", {}).items() if name in CONTEXTS
    }
    for one in kept.get("exception", {}).get("values", []):
        one["value"] = scrubbed(str(one.get("value") or ""))
        for frame in _frames(one):
            frame.pop("vars", None)
    checked: Event = kept
    return checked


def scrubbed(words: str) -> str:
    """Return words without addresses, query texts, quoted values, and what may be a token."""
    for what, instead in (
        (ADDRESS, "[address]"),
        (QUERY, "?[query]"),
        (QUOTED, "[value]"),
        (TOKEN, "[token]"),
    ):
        words = what.sub(instead, words)
    return words


def _frames(exception: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (exception.get("stacktrace") or {}).get("frames", [])
