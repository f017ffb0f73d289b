"""Whole products as JSON and back: what an undo puts back must be what was there, to the letter."""

from typing import Any

from pydantic import TypeAdapter

from store.catalog.drafts import ProductDraft

_ADAPTER = TypeAdapter(ProductDraft)


def kept(draft: ProductDraft) -> dict[str, Any]:
    """Return the draft as plain JSON values."""
    found: dict[str, Any] = _ADAPTER.dump_python(draft, mode="json")
    return found


def draft_from(kept_draft: dict[str, Any]) -> ProductDraft:
    return _ADAPTER.validate_python(kept_draft)
