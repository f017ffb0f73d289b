"""Logs as JSON lines: what happened, in which request, and nothing about anybody."""

import logging
import re
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, request
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars
from structlog.typing import Processor

REQUEST_ID = "store.request_id"
STARTED = "store.started"
MASK = "[masked]"

SECRET_NAMES = re.compile(
    r"(^|_)(password|secret|token|key|authorization|cookie|email|recipient|address|ip)$"
)
SECRETS = (
    (re.compile(r"[^\s@<>\"'=(,]{1,64}@[^\s@<>\"'),;]{1,255}"), "[e-mail]"),
    (re.compile(r"\b(?:sk|rk|pk|whsec|cs)_[A-Za-z0-9_]{4,}"), "[key]"),
    (re.compile(r"([?&](?:key|token|session_id|signature)=)[^&\s\"']+"), r"\1[masked]"),
    (re.compile(r"\b(?!127\.)\d{1,3}(?:\.\d{1,3}){3}\b"), "[address]"),
    (re.compile(r"\b(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}\b"), "[address]"),
    (re.compile(r"\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6}::[0-9a-fA-F:]*"), "[address]"),
)
SIGNS_OF_SECRETS = re.compile(r"[@_=:]|\d\.\d")
"""Each of them holds one of these; most of what is logged holds none."""
PRIVATE_ARGUMENTS = frozenset({"number", "token", "key"})
LONGEST_TEXT = 20_000

log = structlog.get_logger(__name__)


def mask_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace e-mail and network addresses, keys and tokens, wherever in an entry they stand."""
    return {name: _masked(name, value) for name, value in event.items()}


def mask_text(text: str) -> str:
    if not SIGNS_OF_SECRETS.search(text):
        return text
    for pattern, replacement in SECRETS:
        text = pattern.sub(replacement, text)
    return text


def _masked(name: str, value: Any) -> Any:
    if _is_secret(name):
        return MASK
    if isinstance(value, bool | int | float | None):
        return value
    if isinstance(value, dict):
        return {str(inner): _masked(str(inner), kept) for inner, kept in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked("", kept) for kept in value]
    return mask_text(str(value)[:LONGEST_TEXT])


@lru_cache(maxsize=512)
def _is_secret(name: str) -> bool:
    """Say so of a name: entries have few, and each request writes the same."""
    return bool(SECRET_NAMES.search(name))


def configure_logs(least: int = logging.INFO) -> None:
    """Send our entries from this level on, and libraries' warnings, masked to standard error."""
    shared: list[Processor] = [
        merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        mask_secrets,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = _renderer()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    _listen_to_libraries(formatter)


def install_request_log(app: Flask) -> None:
    """Write one entry for each request that the application itself answers."""

    @app.before_request
    def bind_request() -> None:
        clear_contextvars()
        bind_contextvars(request_id=request_id())

    @app.after_request
    def log_request(response: Response) -> Response:
        started = request.environ.get(STARTED, perf_counter())
        entry = log.error if response.status_code >= 500 else log.info
        entry(
            "request",
            method=request.method,
            path=shown_path(),
            status=response.status_code,
            ms=round((perf_counter() - started) * 1000, 1),
        )
        return response


def request_id() -> str:
    """Return the id by which a reader's report and the log find each other."""
    given: str = request.environ.get(REQUEST_ID, "")
    return given


def shown_path() -> str:
    """Return the path without what only one reader may know; never a query."""
    rule = request.url_rule
    if rule is None:
        # Perhaps a mistyped private link: its first word is enough to see a pattern.
        return f"/{request.path.lstrip('/').partition('/')[0][:40]}/…"
    return rule.rule if PRIVATE_ARGUMENTS & set(rule.arguments) else request.path


class _StandardError(logging.Handler):
    """Writes to whatever standard error is at the time, which tests and servers replace."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


def _listen_to_libraries(formatter: logging.Formatter) -> None:
    root = logging.getLogger()
    handler = next((known for known in root.handlers if isinstance(known, _StandardError)), None)
    if handler is None:
        handler = _StandardError(logging.WARNING)
        root.addHandler(handler)
    handler.setFormatter(formatter)


def _renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(ensure_ascii=False)
