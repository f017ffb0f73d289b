"""Describes the API for machines: OpenAPI 3.1, made from the declarations that the code runs by."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from store.api.operations import KEY, MEDIA_TYPE, OPERATIONS, REPLAYED, Operation
from store.api.problems import BY_STATUS
from store.api.problems import MEDIA_TYPE as PROBLEM_TYPE
from store.api.shapes import KEY_PATTERN, LARGEST_NUMBER, Problem
from store.connections.models import Scope
from store.settings import Settings

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/{model}"
SCOPES: Mapping[Scope, str] = {
    Scope.READ_ORDERS: "Read orders to ship, with the address on the label.",
    Scope.WRITE_PARCELS: "Make parcels, correct their numbers, say that they arrived.",
    Scope.READ_STOCK: "Read what lies on the shelves.",
    Scope.WRITE_STOCK: "Adjust and count shelves.",
}
PATH_VALUES: Mapping[str, dict[str, Any]] = {
    "number": {
        "description": "The order's number, such as GN-7K3Q-F2XW.",
        "schema": {"type": "string", "pattern": "^[A-Z]{1,4}-[A-Z0-9]{4}-[A-Z0-9]{4}$"},
    },
    "parcel_id": {
        "description": "The parcel's id.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
    },
}
EVERYWHERE = (400, 401, 403, 422, 429, 500, 503)
LIMITS = {
    "RateLimit-Policy": {
        "description": "How many requests a token has, and in how many seconds.",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "How many are left.",
        "schema": {"type": "string"},
    },
}


@lru_cache(maxsize=4)
def description(settings: Settings) -> str:
    """Return the document as JSON."""
    return json.dumps(described(settings), ensure_ascii=False)


def described(settings: Settings) -> dict[str, Any]:
    """Return the document of every operation that was declared."""
    schemas, references = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.brand_name} store: fulfilment",
            "version": VERSION,
            "description": "For a partner who packs and sends. See /api/v1/ for people.",
        },
        "servers": [{"url": f"{settings.public_url}/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that staff make under Connections. Scopes: "
                    + " ".join(f"`{scope}`: {words}" for scope, words in SCOPES.items()),
                }
            },
        },
    }


def _schemas() -> tuple[dict[str, Any], Mapping[type[BaseModel], dict[str, Any]]]:
    wanted: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    for one in OPERATIONS:
        wanted[one.answer] = "serialization"
        if one.given is not None:
            wanted[one.given] = "validation"
    found, document = models_json_schema(list(wanted.items()), ref_template=REFERENCE)
    references = {model: found[model, mode] for model, mode in wanted.items()}
    return document["$defs"], references


def _operation(one: Operation, references: Mapping[type[BaseModel], Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"Needs the scope `{one.scope}`.",
        "tags": [one.path.split("/")[1]],
        "parameters": [*_path_parameters(one), *_query_parameters(one), *_key(one)],
        "responses": _responses(one, references),
    }
    if one.given is not None:
        described["requestBody"] = {
            "required": bool(one.given.model_fields),
            "content": {MEDIA_TYPE: {"schema": references[one.given]}},
        }
    return described


def _path_parameters(one: Operation) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", one.path):
        yield {"name": name, "in": "path", "required": True, **PATH_VALUES[name]}


def _query_parameters(one: Operation) -> Iterable[dict[str, Any]]:
    if one.asked is None:
        return
    schema = one.asked.model_json_schema()
    for name, value in schema["properties"].items():
        shape = _without_null(value)
        words = shape.pop("description", "")
        described = {"name": name, "in": "query", "required": False, "schema": shape}
        yield described | ({"description": words} if words else {})


def _without_null(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter: one that is not there is no null."""
    kept = {name: part for name, part in value.items() if name != "title"}
    options = kept.pop("anyOf", None)
    if options:
        kept = next(option for option in options if option.get("type") != "null") | kept
        kept.pop("default", None)
    return kept


def _key(one: Operation) -> Iterable[dict[str, Any]]:
    if one.is_write:
        yield {
            "name": KEY,
            "in": "header",
            "required": one.wants_key,
            "description": "A value of your own. The same request with the same key is done once"
            " and answered alike for two days.",
            "schema": {"type": "string", "pattern": KEY_PATTERN},
        }


def _responses(one: Operation, references: Mapping[type[BaseModel], Any]) -> dict[str, Any]:
    headers = dict(LIMITS)
    if one.is_write:
        headers[REPLAYED] = {
            "description": "There if this is an answer that was given before.",
            "schema": {"type": "string", "const": "true"},
        }
    told = {
        "description": one.summary,
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": references[one.answer]}},
    }
    of_bodies = (411, 413, 415) if one.given is not None else ()
    statuses = dict.fromkeys([*EVERYWHERE, *of_bodies], "")
    statuses |= dict(one.refusals or {})
    return {str(one.status): told} | {
        str(status): _refusal(status, words, references)
        for status, words in sorted(statuses.items())
    }


def _refusal(status: int, words: str, references: Mapping[type[BaseModel], Any]) -> dict[str, Any]:
    return {
        "description": words or BY_STATUS[status].title,
        "content": {PROBLEM_TYPE: {"schema": references[Problem]}},
    }
