"""The description as people read it: each operation with what it takes, gives and refuses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.api.description import described
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class ShownField:
    """One value: its name, what it may be, and what it means."""

    name: str
    kind: str
    words: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class ShownShape:
    """An object by its name, with its fields."""

    name: str
    words: str
    fields: Sequence[ShownField]


@dataclass(frozen=True, slots=True)
class ShownOperation:
    name: str
    method: str
    path: str
    summary: str
    words: str
    parameters: Sequence[ShownField]
    takes: str
    gives: str
    status: str
    refusals: Sequence[tuple[str, str]]


def shown_operations(settings: Settings) -> list[ShownOperation]:
    """Return every operation, in the order of the description."""
    paths = described(settings)["paths"]
    return [
        _operation(path, method, one)
        for path, methods in paths.items()
        for method, one in methods.items()
    ]


def shown_shapes(settings: Settings) -> list[ShownShape]:
    """Return what goes to and fro, by name."""
    schemas = described(settings)["components"]["schemas"]
    return [
        ShownShape(name, schema.get("description", ""), list(_fields(schema)))
        for name, schema in sorted(schemas.items())
    ]


def _operation(path: str, method: str, one: Mapping[str, Any]) -> ShownOperation:
    answers = one["responses"]
    status = next(status for status in answers if status.startswith("2"))
    return ShownOperation(
        name=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        words=one["description"],
        parameters=[_parameter(parameter) for parameter in one["parameters"]],
        takes=_named(one.get("requestBody", {})),
        gives=_named(answers[status]),
        status=status,
        refusals=[(s, answer["description"]) for s, answer in answers.items() if s != status],
    )


def _parameter(parameter: Mapping[str, Any]) -> ShownField:
    kind = f"{_kind(parameter['schema'])}, {parameter['in']}"
    is_required = parameter["required"]
    return ShownField(parameter["name"], kind, parameter.get("description", ""), is_required)


def _named(answer: Mapping[str, Any]) -> str:
    for content in answer.get("content", {}).values():
        return str(content["schema"]["$ref"]).rpartition("/")[2]
    return ""


def _fields(schema: Mapping[str, Any]) -> Iterator[ShownField]:
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        yield ShownField(name, _kind(part), part.get("description", ""), name in required)


def _kind(schema: Mapping[str, Any]) -> str:
    """Say what a value may be: a text, a number within bounds, one of some words, a list."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(f"“{word}”" for word in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_kind(option) for option in schema["anyOf"])
    kind = str(schema.get("format") or schema.get("type", ""))
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    return f"{kind}{_bounds(schema)}"


def _bounds(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f" {least}–{most}"
    longest = schema.get("maxLength")
    return f", at most {longest}" if longest else ""
