"""Finds the story among the JSON-LD of a page, and writes its values as a script would."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

STORY = re.compile("Article|BlogPosting")
NO_WORDS = "[object Object]"
"""What a script makes of a thing where it wants words."""
DEEPEST = 4


def story_among(scripts: Iterable[str]) -> tuple[Mapping[str, Any], int]:
    """Return the first story, and how many scripts before it nobody could read."""
    broken = 0
    for script in scripts:
        try:
            found = [thing for thing in _things(_parsed(script)) if _is_story(thing)]
        except (ValueError, RecursionError):
            broken += 1
            continue
        if found:
            return found[0], broken
    return {}, broken


def as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def as_words(value: Any, depth: int = 0) -> str:
    """Return what a script writes for a value; empty for what it takes for nothing."""
    if isinstance(value, str):
        # JSON may hold half a character; an address may not.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        inner = value if depth < DEEPEST else ()
        return ",".join(as_words(part, depth + 1) for part in inner)
    if isinstance(value, dict):
        return NO_WORDS
    if value is None or (not depth and not value):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def _parsed(script: str) -> Any:
    return json.loads(script, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _things(parsed: Any) -> Iterator[Any]:
    """Return what stands at the top or in a graph; nothing at all where a script would stumble."""
    for thing in as_list(parsed):
        if thing is None:
            raise ValueError("null stands where a thing is expected")
        graph = thing.get("@graph") if isinstance(thing, dict) else None
        yield from as_list(thing if graph is None else graph)


def _is_story(thing: Any) -> bool:
    return isinstance(thing, dict) and bool(STORY.search(as_words(thing.get("@type"))))
