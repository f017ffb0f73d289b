"""How often one network may do what costs: in each process, or in Redis for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, request
from flask.typing import RouteCallable
from flask_limiter import Limiter

from store.settings import Settings
from store.web.proxies import is_loopback, network_of

REDIS_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Limited:
    """One budget: every address under the prefixes counts against the same rates."""

    scope: str
    prefixes: tuple[str, ...]
    methods: tuple[str, ...]
    rates: str
    counts: Callable[[], bool] = lambda: True
    spares_this_machine: bool = True
    """A loopback address is a proxy that nobody named, and then every reader: hurry hurts all."""
    goes_below: bool = True
    """Else only the addresses themselves are meant, and pages below cost nobody a look."""


def _is_search() -> bool:
    return bool(request.args.get("q"))


def _is_pdf() -> bool:
    return request.path.endswith(".pdf")


LIMITED = (
    Limited("cart", ("/cart",), ("POST",), "60 per minute"),
    # Whoever guesses codes has to be patient.
    Limited("codes", ("/cart/discount",), ("POST",), "40 per minute; 200 per hour"),
    Limited(
        "gift cards",
        ("/gift-cards",),
        ("POST",),
        "10 per minute; 60 per hour",
        spares_this_machine=False,
    ),
    Limited("checkout", ("/checkout",), ("POST",), "20 per minute; 100 per hour"),
    Limited(
        "search",
        ("/products",),
        ("GET",),
        "60 per minute",
        counts=_is_search,
        goes_below=False,
    ),
    Limited(
        "find order",
        ("/orders/find",),
        ("POST",),
        "5 per minute; 20 per hour",
        spares_this_machine=False,
    ),
    Limited(
        "own data",
        ("/orders/your-data",),
        ("POST",),
        "5 per minute; 20 per hour",
        spares_this_machine=False,
    ),
    # Laying out a PDF takes a second of a processor.
    Limited("papers as PDF", ("/orders",), ("GET",), "10 per minute", counts=_is_pdf),
    # What page memory answers never comes here; one network may be all readers of a site's cache.
    Limited(
        "cards",
        ("/widget/v1/card.json", "/widget/v1/card.html"),
        ("GET",),
        "600 per minute",
        goes_below=False,
    ),
    # What devices ask for by themselves, a few times a page at most.
    Limited("viewed", ("/cards",), ("GET",), "120 per minute", goes_below=False),
    # It reads the whole shop; who needs it comes a few times a day.
    Limited("merchant feed", ("/feeds/google.xml",), ("GET", "HEAD"), "10 per minute"),
    Limited("letter visits", ("/newsletter/visits",), ("POST",), "60 per minute", goes_below=False),
    Limited("from", ("/from",), ("GET",), "120 per minute", goes_below=False),
    Limited(
        "widget check",
        ("/widget/check",),
        # It asks the news site each time.
        ("GET", "HEAD"),
        "20 per minute; 200 per hour",
        spares_this_machine=False,
        goes_below=False,
    ),
    Limited("tips", ("/tips",), ("POST",), "10 per minute; 60 per hour", spares_this_machine=False),
)


def install_limits(app: Flask, settings: Settings) -> Limiter:
    """Put the limits in front of the views; pages answered from memory never come this far."""
    asked_before_all = app.before_request_funcs.setdefault(None, [])
    asked_after_all = app.after_request_funcs.setdefault(None, [])
    before, after = len(asked_before_all), len(asked_after_all)
    limiter = limiter_of(app, settings, reader_network)
    # It would look for limits of the whole shop before each request, and there are none: ours are
    # asked for by the views that have them. Afterwards it would name limits that we do not tell.
    del asked_before_all[before:], asked_after_all[after:]
    for limited in LIMITED:
        _put_before(app, limiter, limited)
    return limiter


def limiter_of(
    app: Flask,
    settings: Settings,
    key: Callable[[], str],
    *,
    default_limits: list[str] | None = None,
) -> Limiter:
    """Return what counts for this application, in this process or in Redis for all of them."""
    return Limiter(
        key,
        app=app,
        default_limits=list(default_limits or ()),
        storage_uri=settings.cache_url or "memory://",
        storage_options=_redis_options() if settings.cache_url else {},
        strategy="moving-window",
        # With Redis away each process counts for itself, says so once, and asks again later.
        in_memory_fallback_enabled=True,
        swallow_errors=True,
    )


def reader_network() -> str:
    return network_of(request.remote_addr or "")


def _put_before(app: Flask, limiter: Limiter, limited: Limited) -> None:
    decorate = limiter.shared_limit(
        limited.rates,
        scope=limited.scope,
        methods=list(limited.methods),
        exempt_when=lambda: not _applies(limited),
    )
    for rule in app.url_map.iter_rules():
        if _is_meant(rule.rule, limited) and set(limited.methods) & (rule.methods or set()):
            view = decorate(app.view_functions[rule.endpoint])
            app.view_functions[rule.endpoint] = cast(RouteCallable, view)


def _applies(limited: Limited) -> bool:
    is_spared = limited.spares_this_machine and is_loopback(request.remote_addr or "")
    return limited.counts() and not is_spared


def _is_meant(path: str, limited: Limited) -> bool:
    if path in limited.prefixes:
        return True
    return limited.goes_below and path.startswith(tuple(f"{p}/" for p in limited.prefixes))


def _redis_options() -> dict[str, str | int]:
    # Imported when Redis is used: it is large, and the first page waits for every import.
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # redis-py tries again for seconds by itself, and a reader would wait for it.
    options: dict[str, Any] = {
        "retry": Retry(NoBackoff(), 0),
        "socket_connect_timeout": REDIS_SECONDS,
        "socket_timeout": REDIS_SECONDS,
    }
    return cast(dict[str, str | int], options)
