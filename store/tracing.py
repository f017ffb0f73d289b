"""Follows a request through its statements, calls outside and jobs, for whoever sets it up.

Spans carry words of this code alone: rules of addresses and no addresses, verbs and tables and no
statements, kinds of jobs and nothing that they were given. Off, it is one look at a name.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Engine, event

from store.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Link, Span, Tracer

SERVICE = "store"
STATEMENT = re.compile(
    r"\s*(?P<verb>SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\b"
    r"(?:.*?\bFROM\s+|\s+)\"?(?P<table>[a-z_]+)\"?",
    re.DOTALL,
)
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
PART_OF_OURS = re.compile(r"v\d|[a-z_]{2,30}")
"""A part of Stripe's paths that is a word; ids hold figures or capitals."""
IN_HAND = "store_span"

Words = Mapping[str, str | int]
log = structlog.get_logger(__name__)

_tracer: "Tracer | None" = None
_nowhere: AbstractContextManager[None] = nullcontext()


def is_on() -> bool:
    return _tracer is not None


def turn_on(settings: Settings, release: str) -> None:
    """Send spans where the settings say, if they say so; once in a process."""
    if _tracer is not None or not settings.traces_url:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        # A platform may set OTEL_* for everything that it runs: no reason not to sell.
        log.warning("tracing_missing", mend="pip install '.[tracing]'")
        return
    exporter = OTLPSpanExporter(endpoint=settings.traces_url)
    send_to(BatchSpanProcessor(exporter), release)


def send_to(processor: "SpanProcessor", release: str = "") -> None:
    """Hand every span to this; sampling and the names of the service are read from OTEL_*."""
    global _tracer  # noqa: PLW0603 - one process, one tracer
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider

    own = Resource({"service.name": SERVICE, "service.version": release})
    provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer(SERVICE)


def turn_off() -> None:
    global _tracer  # noqa: PLW0603 - see above
    _tracer = None


def span(name: str, words: Words | None = None) -> "AbstractContextManager[Span | None]":
    """Cover what runs inside; the words are ours and of no reader."""
    return _nowhere if _tracer is None else _spanned(_tracer, name, words, ())


def job_span(name: str, words: Words, caused_by: str) -> "AbstractContextManager[Span | None]":
    """Cover a job: a trace of its own, linked to the request that enqueued it."""
    if _tracer is None:
        return _nowhere
    return _spanned(_tracer, name, words, _links(caused_by))


def traceparent() -> str:
    """Return what names the span in hand, as W3C writes it; empty where there is none."""
    if _tracer is None:
        return ""
    from opentelemetry.trace import get_current_span

    context = get_current_span().get_span_context()
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def asked_outside(whom: str, method: str, url: str) -> "AbstractContextManager[Span | None]":
    """Cover a call to a service outside, named by the words of its path and none of its ids."""
    if _tracer is None:
        return _nowhere
    path = url.partition("?")[0].partition("://")[2].partition("/")[2]
    route = "/".join(p if PART_OF_OURS.fullmatch(p) else "{id}" for p in path.split("/"))
    words = {"http.request.method": method.upper(), "url.template": f"/{route}"}
    return _spanned(_tracer, f"{whom} {method.upper()} /{route}", words, ())


def follow_statements(engine: Engine) -> None:
    """Cover each statement that belongs to something; what workers look for all day does not."""
    if _tracer is None:
        return
    event.listen(engine, "before_cursor_execute", _statement_begins)
    event.listen(engine, "after_cursor_execute", _statement_ends)
    event.listen(engine, "handle_error", _statement_fails)


@contextmanager
def _spanned(
    tracer: "Tracer", name: str, words: Words | None, links: "tuple[Link, ...]"
) -> "Iterator[Span]":
    # What an error says may hold what readers typed: its name has to do.
    with tracer.start_as_current_span(
        name,
        attributes=dict(words or {}),
        links=links,
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield made
        except BaseException as error:
            _fail(made, error)
            raise


def _fail(made: "Span", error: BaseException) -> None:
    from opentelemetry.trace import StatusCode

    made.set_attribute("error.type", type(error).__name__)
    made.set_status(StatusCode.ERROR)


def _links(caused_by: str) -> "tuple[Link, ...]":
    from opentelemetry.trace import Link, SpanContext, TraceFlags

    found = TRACEPARENT.fullmatch(caused_by)
    if found is None:
        return ()
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    return (Link(SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))),)


def _statement_begins(
    connection: Any,
    _cursor: Any,
    statement: str,
    _parameters: Any,
    context: Any,
    _many: bool,  # noqa: FBT001 - as SQLAlchemy calls it
) -> None:
    from opentelemetry.trace import get_current_span

    if _tracer is None or context is None or not get_current_span().is_recording():
        return
    found = STATEMENT.match(statement)
    verb, table = (found["verb"].split()[0], found["table"]) if found else ("SQL", "")
    words = {"db.system.name": connection.dialect.name, "db.operation.name": verb}
    if table:
        words["db.collection.name"] = table
    setattr(context, IN_HAND, _tracer.start_span(f"{verb} {table}".strip(), attributes=words))


def _statement_ends(
    _connection: Any,
    _cursor: Any,
    _statement: str,
    _parameters: Any,
    context: Any,
    _many: bool,  # noqa: FBT001 - as SQLAlchemy calls it
) -> None:
    made = getattr(context, IN_HAND, None)
    if made is not None:
        made.end()


def _statement_fails(failed: Any) -> None:
    made = getattr(failed.execution_context, IN_HAND, None)
    if made is not None:
        _fail(made, failed.original_exception)
        made.end()
