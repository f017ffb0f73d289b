"""Whether requests and answers are what Stripe's own OpenAPI description allows.

`ValidatingHTTPClient(inner)` goes between the SDK and its HTTP client and raises
AssertionError on the first violation.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs
import stripe

from tests.stripe_description import JSON, ROOT, compiled_registry, description, registry

STEP = re.compile(r"[^\[\]]+")

# What the SDK's API version has taken away since the description was written.
GONE_FIELDS = {"/v1/checkout/sessions": {"payment_method_types"}}


class ValidatingHTTPClient(stripe.HTTPClient):
    name: ClassVar[str] = "validating"

    def __init__(self, inner: stripe.HTTPClient, *, checks_requests: bool = True) -> None:
        super().__init__()
        self._inner = inner
        self._checks_requests = checks_requests
        self.seen: list[tuple[str, str]] = []

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        self.seen.append((method, parts.path))
        # A file comes in parts, each as it is: the description says nothing of their bytes.
        is_file = isinstance(post_data, bytes)
        if self._checks_requests and not is_file:
            form = post_data if method == "post" else parts.query
            fail_on(request_faults(method, parts.path, form or ""), f"{method} {parts.path}")
        body, status, answered = self._inner.request(method, url, headers, post_data)
        faults = answer_faults(method, parts.path, status, json.loads(body))
        fail_on(faults, f"answer {status} to {method} {parts.path}")
        return body, status, answered

    def close(self) -> None:
        """Leave the inner client open: it is whoever made it that closes it."""


def fail_on(faults: list[str], what: str) -> None:
    assert not faults, f"{what} is not what Stripe describes:\n" + "\n".join(faults)


def request_faults(method: str, path: str, form: str) -> list[str]:
    operation = _operation(method, path)
    if operation is None:
        return [f"{method.upper()} {path} is not among the addresses checked here"]
    schema = _request_schema(operation, path)
    faults: list[str] = []
    fields = _nested(parse_qsl(form, keep_blank_values=True))
    _check(_typed(fields, schema, "", faults), schema, faults)
    return faults


def answer_faults(method: str, path: str, status: int, body: JSON) -> list[str]:
    operation = _operation(method, path)
    if operation is None:
        return [f"{method.upper()} {path} is not among the addresses checked here"]
    kind = "200" if status == 200 else "default"
    schema = operation["responses"][kind]["content"]["application/json"]["schema"]
    faults: list[str] = []
    _check(body, schema, faults)
    for event in _events_in(body):
        faults += object_faults(event["data"]["object"])
    return faults


def object_faults(record: JSON) -> list[str]:
    """Check one object, such as what a webhook brings, by the name it gives itself."""
    faults: list[str] = []
    _check(record, {"$ref": f"{ROOT}#/schemas/{record['object']}"}, faults)
    if record["object"] == "event":
        faults += object_faults(record["data"]["object"])
    return faults


def _events_in(body: JSON) -> list[JSON]:
    records = body["data"] if body.get("object") == "list" else [body]
    return [record for record in records if record.get("object") == "event"]


# -- requests: bracketed fields, typed by the schema


def _request_schema(operation: JSON, path: str) -> JSON:
    content = operation.get("requestBody", {}).get("content", {})
    body: JSON = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    query = {p["name"]: p["schema"] for p in operation.get("parameters", ()) if p["in"] == "query"}
    properties = {**query, **body.get("properties", {})}
    for gone in GONE_FIELDS.get(path, ()):
        properties.pop(gone, None)
    return {"type": "object", "properties": properties, "required": body.get("required", [])}


def _nested(pairs: list[tuple[str, str]]) -> JSON:
    fields: JSON = {}
    for name, value in pairs:
        *above, last = STEP.findall(name)
        ground = fields
        for step in above:
            ground = ground.setdefault(step, {})
        ground[last] = value
    return fields


def _typed(value: Any, schema: JSON, place: str, faults: list[str]) -> Any:
    """Turn text into what the schema asks for, and report what it does not know."""
    schema = _branch(schema, value)
    kind = schema.get("type")
    if kind == "object" and isinstance(value, dict):
        return {k: _typed_field(k, v, schema, place, faults) for k, v in value.items()}
    if kind == "array" and isinstance(value, dict) and all(key.isdigit() for key in value):
        ordered = sorted(value.items(), key=lambda pair: int(pair[0]))
        return [_typed(v, schema["items"], f"{place}[{k}]", faults) for k, v in ordered]
    return _typed_leaf(value, kind)


def _branch(schema: JSON, value: Any) -> JSON:
    """Choose between the shapes that one field may have, by what was sent."""
    kinds = ("object", "array") if isinstance(value, dict) else ("integer", "string")
    fitting = [b for b in schema.get("anyOf", ()) if b.get("type") in kinds]
    return fitting[0] if fitting else schema


def _typed_field(name: str, value: Any, schema: JSON, place: str, faults: list[str]) -> Any:
    here = f"{place}[{name}]" if place else name
    properties = schema.get("properties", {})
    if name in properties:
        return _typed(value, properties[name], here, faults)
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict):
        return _typed(value, extra, here, faults)
    faults.append(f"{here}: Stripe knows no such parameter")
    return value


def _typed_leaf(value: Any, kind: str | None) -> Any:
    if not isinstance(value, str):
        return value
    if kind == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    if kind == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


# -- looking it up


def _check(value: Any, schema: JSON, faults: list[str]) -> None:
    # Compiled it answers in a thousandth of the time; the other one has the better words.
    if _compiled(json.dumps(schema)).is_valid(value):
        return
    # Its grammars of addresses alone take more than a second to import, in each process of a test.
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema, registry=registry()).iter_errors(value):
        faults.extend(_told(error))


@cache
def _compiled(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema), registry=compiled_registry())


def _told(error: Any) -> Iterator[str]:
    place = "/".join(str(step) for step in error.absolute_path)
    deeper = sorted(error.context or (), key=lambda e: -len(e.absolute_path))
    reason = deeper[0].message if deeper else error.message
    yield f"{place}: {reason[:300]}"


def _operation(method: str, path: str) -> JSON | None:
    if "{" in path:
        return None
    known = description()["paths"]
    if path in known:
        operation: JSON | None = known[path].get(method.lower())
        return operation
    for pattern, operations in _patterns():
        if pattern.fullmatch(path):
            fitting: JSON | None = operations.get(method.lower())
            return fitting
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], JSON]]:
    """Return the addresses with an id in them, in the order of the description."""
    return [
        (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template)), operations)
        for template, operations in description()["paths"].items()
    ]
