"""The policy that every answer carries, in one table: who may frame, load and post what."""

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from flask import Flask, Response, request

from store.settings import Settings

Headers = Mapping[str, str]

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "media-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "store",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    # A reader's other sites need not learn that she was here; our own pages may.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
        " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = 63_072_000
REACH = {
    "host": "",
    "subdomains": "; includeSubDomains",
    "preload": "; includeSubDomains; preload",
}
"""How far the promise of HTTPS reaches (RFC 6797). By itself no further than this host: what else
stands below it is not ours to shut."""


class Exposure(StrEnum):
    """How much of an answer other sites may use."""

    OWN = "own"
    FRAMED = "framed"
    LOADED = "loaded"
    FILE = "file"
    """Loaded too, and never a page: what governs pages alone would only make it heavier."""


EXPOSURES = {
    "/embed/": Exposure.FRAMED,
    "/media/": Exposure.FILE,
    "/cards/": Exposure.FILE,
    "/widget/check": Exposure.OWN,
    "/widget/": Exposure.LOADED,
    "/oembed": Exposure.LOADED,
    "/feeds/": Exposure.LOADED,
    "/brand/": Exposure.FILE,
    # A framed document may have an origin that is nobody's, and its sheets and scripts come along.
    "/static/": Exposure.FILE,
}
OF_FILES = {
    # For a drawing that somebody opens by itself.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
UNFRAMED = {
    # As frame-ancestors says, for browsers and scanners that know no policy.
    "X-Frame-Options": "DENY",
}
CHANGES = {
    Exposure.OWN: UNFRAMED,
    Exposure.FRAMED: {"Cross-Origin-Resource-Policy": "cross-origin"},
    Exposure.LOADED: UNFRAMED
    | {
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    },
}


class Policy:
    """The headers of one shop, worked out once for each exposure."""

    def __init__(self, settings: Settings) -> None:
        self._by_exposure = {exposure: _headers(settings, exposure) for exposure in Exposure}

    def of(self, path: str, *, is_page: bool = False) -> Headers:
        """Return what an answer at this path states; words of an error are a page anywhere."""
        exposure = exposure_of(path)
        if is_page and exposure is Exposure.FILE:
            exposure = Exposure.LOADED
        return self._by_exposure[exposure]


def exposure_of(path: str) -> Exposure:
    for prefix, exposure in EXPOSURES.items():
        if path.startswith(prefix):
            return exposure
    return Exposure.OWN


def install_policy(app: Flask, policy: Policy) -> None:
    @app.after_request
    def state_policy(response: Response) -> Response:
        # Looked through once: to ask for each of a dozen names would look through all of them.
        stated = {name.lower() for name, _ in response.headers}
        is_page = response.mimetype == "text/html"
        for name, value in policy.of(request.path, is_page=is_page).items():
            if name.lower() not in stated:
                response.headers.add(name, value)
        if "cache-control" not in stated:
            # What no view has declared public is this reader's alone.
            response.headers.add("Cache-Control", "no-store")
        return response


def content_policy(settings: Settings, exposure: Exposure) -> str:
    changed = {
        "img-src": " ".join(["'self' data:", *_media_origins(settings)]),
        "form-action": " ".join(["'self'", *settings.pay_origins]),
    }
    if exposure is Exposure.FRAMED:
        changed["frame-ancestors"] = "*"
    return "; ".join(f"{name} {value}" for name, value in (DIRECTIVES | changed).items())


def _headers(settings: Settings, exposure: Exposure) -> Headers:
    if exposure is Exposure.FILE:
        headers = dict(OF_FILES)
    else:
        headers = {"Content-Security-Policy": content_policy(settings, exposure)}
        headers |= EVERYWHERE | CHANGES[exposure]
    if settings.is_https:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}{REACH[settings.hsts]}"
    return headers


def _media_origins(settings: Settings) -> list[str]:
    parts = urlsplit(settings.media_url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme in {"http", "https"} else []
