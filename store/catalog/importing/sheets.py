"""What a file says of products: only that, so that what it does not mention stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from store.catalog.drafts import PictureDraft


@dataclass(frozen=True, slots=True)
class VariantSheet:
    """One row about a variant; said holds fields of a VariantDraft, by name.

    Values are None where the file has no option columns, quantity where it counts nothing.
    """

    line: int
    values: tuple[str, ...] | None
    said: Mapping[str, Any]
    quantity: int | None
    said_of_new: Mapping[str, Any] = field(default_factory=dict)
    """What holds for a variant that the shop does not have yet, and leaves others alone."""


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """All rows of one product; said holds fields of a ProductDraft, by name."""

    line: int
    lines: tuple[int, ...]
    handle: str
    said: Mapping[str, Any]
    option_names: tuple[str, ...] | None
    variants: tuple[VariantSheet, ...]
    pictures: tuple[PictureDraft, ...]
