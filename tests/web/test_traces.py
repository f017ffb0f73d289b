"""Promises about spans: a journey can be followed, and says nothing of who went it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from store import tracing
from store.app import job_handlers
from store.clock import FixedClock
from store.database import db
from store.jobs.queue import SilentQueue
from store.jobs.worker import Worker
from tests.buying import a_variant, check_out, deliver, fill_cart, post, session_of, the_order
from tests.shop import Shop, open_shop, some_settings

ADDRESS = "kim.reader@secret.example"
SOUGHT = "unspeakable"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.send_to(SimpleSpanProcessor(exporter), "1.2.3")
    yield exporter
    tracing.turn_off()


@pytest.fixture
def traced(
    spans: InMemorySpanExporter, tmp_path: Path, database_url: str, clock: FixedClock
) -> Iterator[Shop]:
    shop = open_shop(some_settings(tmp_path, database_url), clock)
    yield shop
    with shop.app.app_context():
        db.session.remove()
        db.engine.dispose()


def journey(shop: Shop) -> list[str]:
    """Find, buy, come back, sign up, and let workers do the rest; return what nobody may read."""
    reader = shop.browser()
    variant = a_variant(shop, title="Late Edition tee")
    reader.get(f"/products?q={SOUGHT}")
    fill_cart(reader, variant)
    cart = reader.get_cookie("cart")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, email=ADDRESS)
    deliver(shop)
    reader.get(f"/checkout/thanks?session_id={session_id}")
    post(reader, "/newsletter", email=ADDRESS)
    post(reader, "/orders/find", email=ADDRESS)
    with shop.app.app_context():
        order = the_order()
        key, number, intent = order.secret, order.number, order.payments[0].intent_id
    reader.get(f"/orders/{number}?key=a-key-that-nobody-may-read")
    Worker(shop.app, SilentQueue(), shop.clock, job_handlers(shop.services)).run_due()
    settings = shop.services.settings
    return [
        ADDRESS,
        "kim.reader",
        SOUGHT,
        session_id,
        intent,
        number,
        key,
        "a-key-that-nobody-may-read",
        settings.stripe_key.get_secret_value(),
        settings.secret_key.get_secret_value(),
        *([cart.value] if cart else []),
    ]


def named(spans: Sequence[ReadableSpan], beginning: str) -> list[ReadableSpan]:
    return [one for one in spans if one.name.startswith(beginning)]


def test_a_journey_can_be_followed_and_says_nothing_of_its_reader(
    traced: Shop, spans: InMemorySpanExporter
) -> None:
    secrets = journey(traced)
    finished = spans.get_finished_spans()
    told = "\n".join(one.to_json() for one in finished)

    assert [secret for secret in secrets if secret in told] == []
    assert "db.statement" not in told
    assert "db.query.text" not in told
    assert "exception.message" not in told
    routes = {one.name for one in finished}
    assert {
        "POST /cart/lines",
        "POST /checkout",
        "POST /webhooks/stripe",
        "GET /checkout/thanks",
        "GET /orders/<number>",
        "stripe POST /v1/checkout/sessions",
        "stripe GET /v1/checkout/sessions/{id}",
        "job mail.send",
    } <= routes


def test_statements_and_calls_outside_belong_to_their_request(
    traced: Shop, spans: InMemorySpanExporter
) -> None:
    journey(traced)
    finished = spans.get_finished_spans()
    (asked,) = named(finished, "POST /checkout")
    (opened,) = named(finished, "stripe POST /v1/checkout/sessions")

    inside = [
        one
        for one in finished
        if one.parent and asked.context and one.parent.span_id == asked.context.span_id
    ]

    assert opened in inside
    assert named(inside, "INSERT order")
    assert opened.attributes is not None
    assert opened.attributes["http.response.status_code"] == 200


def test_a_job_is_linked_to_the_request_that_enqueued_it(
    traced: Shop, spans: InMemorySpanExporter
) -> None:
    journey(traced)
    finished = spans.get_finished_spans()
    requests = {one.context.span_id: one.name for one in finished if one.context}

    caused = {
        (job.name, requests.get(link.context.span_id))
        for job in named(finished, "job ")
        for link in job.links
    }

    assert ("job newsletter.invite", "POST /newsletter") in caused
    assert all(job.parent is None for job in named(finished, "job "))


def test_what_comes_from_page_memory_has_no_span(traced: Shop, spans: InMemorySpanExporter) -> None:
    reader = traced.browser()
    reader.get("/products")
    before = len(spans.get_finished_spans())
    answer = reader.get("/products")

    assert answer.headers.get("Age") is not None
    assert len(spans.get_finished_spans()) == before


def test_a_statement_that_nobody_asked_for_begins_no_trace(
    traced: Shop, spans: InMemorySpanExporter
) -> None:
    worker = Worker(traced.app, SilentQueue(), traced.clock, {})
    worker.run_due()

    assert spans.get_finished_spans() == ()


def test_a_shop_that_nobody_follows_names_no_request_in_its_jobs(shop: Shop) -> None:
    post(shop.browser(), "/newsletter", email=ADDRESS)

    assert tracing.traceparent() == ""
    assert not tracing.is_on()


@pytest.mark.parametrize(
    ("variables", "sent_to"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/"}, "http://c:4318/v1/traces"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/t"}, "http://c/t"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "true"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"}, ""),
    ],
)
def test_the_usual_variables_say_where_spans_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sent_to: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert some_settings(tmp_path, "").traces_url == sent_to
    assert some_settings(tmp_path, "", traces_url="http://own/x").traces_url == "http://own/x"
