"""What a request asks: Stripe's bracketed form fields as nested, checked, fully read values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from store.sandbox.stripe.errors import bad_parameter, missing_parameter

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
STEP = re.compile(r"\[([^\[\]]*)\]")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


class Parameters:
    """The fields of one request, or of one branch of it; each getter marks its field as read."""

    def __init__(self, fields: Mapping[str, Any], path: str = "") -> None:
        self._fields = fields
        self._path = path
        self._read: set[str] = set()
        self._branches: list[Parameters] = []

    @classmethod
    def decoded(cls, pairs: Iterable[tuple[str, str]]) -> "Parameters":
        fields: dict[str, Any] = {}
        for name, value in pairs:
            _plant(fields, name, value)
        return cls(fields)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def name_of(self, name: str) -> str:
        """Return a field's name as Stripe writes it in errors, `line_items[0][quantity]`."""
        return f"{self._path}[{name}]" if self._path else name

    def text(self, name: str, *, longest: int = 5000) -> str | None:
        value = self._leaf(name)
        if value is None:
            return None
        if value == "":
            raise bad_parameter(
                f"You passed an empty string for '{self.name_of(name)}'. We assume empty values "
                f"are an attempt to unset a parameter; however '{self.name_of(name)}' cannot be "
                "unset. You should remove it from your request or supply a non-empty value.",
                self.name_of(name),
                "parameter_invalid_empty",
            )
        if len(value) > longest:
            shown = f"{value[:6]}...{value[-6:]}"
            message = f"Invalid string: {shown}; must be at most {longest} characters"
            raise bad_parameter(message, self.name_of(name), "parameter_invalid_string")
        return value

    def wanted_text(self, name: str, *, longest: int = 5000) -> str:
        value = self.text(name, longest=longest)
        if value is None:
            raise missing_parameter(self.name_of(name))
        return value

    def choice(self, name: str, choices: Iterable[str]) -> str | None:
        value = self.text(name)
        choices = list(choices)
        if value is None or value in choices:
            return value
        listed = f"{', '.join(choices[:-1])}, or {choices[-1]}" if choices[1:] else choices[0]
        raise bad_parameter(
            f"Invalid {self.name_of(name)}: must be one of {listed}", self.name_of(name)
        )

    def integer(
        self, name: str, *, least: int | None = None, most: int | None = None
    ) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d+", value):
            message = f"Invalid integer: {value}"
            raise bad_parameter(message, self.name_of(name), "parameter_invalid_integer")
        number = int(value)
        if least is not None and number < least:
            message = f"This value must be greater than or equal to {least}."
            raise bad_parameter(message, self.name_of(name), "parameter_invalid_integer")
        if most is not None and number > most:
            message = f"This value must be less than or equal to {most}."
            raise bad_parameter(message, self.name_of(name), "parameter_invalid_integer")
        return number

    def wanted_integer(
        self, name: str, *, least: int | None = None, most: int | None = None
    ) -> int:
        number = self.integer(name, least=least, most=most)
        if number is None:
            raise missing_parameter(self.name_of(name))
        return number

    def boolean(self, name: str) -> bool | None:
        value = self.text(name)
        if value not in {None, "true", "false"}:
            raise bad_parameter(f"Invalid boolean: {value}", self.name_of(name))
        return None if value is None else value == "true"

    def url(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and not _is_web_address(value):
            raise bad_parameter("Not a valid URL", self.name_of(name), "url_invalid")
        return value

    def email(self, name: str) -> str | None:
        value = self.text(name, longest=512)
        if value is not None and not EMAIL.match(value):
            message = f"Invalid email address: {value}"
            raise bad_parameter(message, self.name_of(name), "email_invalid")
        return value

    def branch(self, name: str) -> "Parameters | None":
        value = self._value(name)
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            raise bad_parameter("Invalid object", self.name_of(name))
        return self._grow(value, self.name_of(name))

    def branch_or_integer(self, name: str) -> "Parameters | int":
        """Read a field that is either a number or a hash of limits, such as `created`."""
        if isinstance(self._value(name), str):
            return self.wanted_integer(name)
        return self.branch(name) or Parameters({})

    def branches(self, name: str, *, most: int) -> list["Parameters"]:
        grown = []
        for position, value in enumerate(self._elements(name, most)):
            path = f"{self.name_of(name)}[{position}]"
            if not isinstance(value, dict):
                raise bad_parameter("Invalid object", path)
            grown.append(self._grow(value, path))
        return grown

    def texts(self, name: str, *, most: int = 100) -> list[str]:
        elements = self._elements(name, most)
        if not all(isinstance(element, str) and element for element in elements):
            raise bad_parameter("Invalid string", self.name_of(name))
        return elements

    def metadata(self, name: str = "metadata") -> dict[str, str]:
        """Read key-value pairs within Stripe's limits (https://docs.stripe.com/metadata)."""
        fields = self._value(name) or {}
        if not isinstance(fields, dict) or len(fields) > 50:
            message = "Metadata must be a hash of at most 50 keys."
            raise bad_parameter(message, self.name_of(name))
        for key, value in fields.items():
            self._check_metadata(name, key, value)
        return {key: value for key, value in fields.items() if value}

    def pass_over(self, name: str) -> None:
        """Accept a field without looking at it."""
        self._read.add(name)

    def refuse_unread(self) -> None:
        """Refuse fields that nothing has asked for, in this branch and those below."""
        for name in self._fields:
            if name not in self._read:
                shown = self.name_of(name)
                message = f"Received unknown parameter: {shown}"
                raise bad_parameter(message, shown, "parameter_unknown")
        for branch in self._branches:
            branch.refuse_unread()

    def _check_metadata(self, name: str, key: str, value: Any) -> None:
        place = f"{self.name_of(name)}[{key}]"
        if not isinstance(value, str):
            raise bad_parameter("Metadata values must be strings.", place)
        if len(key) > 40:
            message = f"Metadata keys can have at most 40 characters: {key}"
            raise bad_parameter(message, place, "parameter_invalid_string")
        if len(value) > 500:
            message = "Metadata values can have at most 500 characters."
            raise bad_parameter(message, place, "parameter_invalid_string")

    def _grow(self, fields: Mapping[str, Any], path: str) -> "Parameters":
        branch = Parameters(fields, path)
        self._branches.append(branch)
        return branch

    def _value(self, name: str) -> Any:
        self._read.add(name)
        return self._fields.get(name)

    def _leaf(self, name: str) -> str | None:
        value = self._value(name)
        if value is None or isinstance(value, str):
            return value
        raise bad_parameter("Invalid string", self.name_of(name))

    def _elements(self, name: str, most: int) -> list[Any]:
        value = self._value(name)
        if value is None or value == "":
            return []
        if not isinstance(value, dict) or not all(key.isdigit() for key in value):
            raise bad_parameter("Invalid array", self.name_of(name))
        if len(value) > most:
            message = f"Invalid array: has {len(value)} elements; at most {most} are allowed."
            raise bad_parameter(message, self.name_of(name))
        return [value[key] for key in sorted(value, key=int)]


def _plant(fields: dict[str, Any], name: str, value: str) -> None:
    match = KEY.match(name)
    if match is None:
        raise bad_parameter(f"Invalid parameter name: {name}", name)
    *above, last = _steps(fields, match[1], STEP.findall(match[2]))
    ground: Any = fields
    for step in above:
        ground = ground.setdefault(step, {})
        if not isinstance(ground, dict):
            raise bad_parameter(f"Invalid parameter: {name} is both a value and a hash", name)
    ground[last] = value


def _steps(fields: dict[str, Any], first: str, rest: list[str]) -> Iterator[str]:
    """Walk along a name, giving each empty bracket (`types[]`) the next free number."""
    ground: Any = fields
    for step in [first, *rest]:
        taken = step or str(len(ground) if isinstance(ground, dict) else 0)
        yield taken
        ground = ground.get(taken, {}) if isinstance(ground, dict) else {}


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in value
