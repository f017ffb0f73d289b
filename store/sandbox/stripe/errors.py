"""How Stripe says no: a status, a type, a code, the parameter at fault and a sentence."""

from typing import Any

Record = dict[str, Any]


class RefusalError(Exception):
    """A request that Stripe answers with an error.

    `starts_nothing` marks faults found before any work began: Stripe forgets the
    idempotency key of those (https://docs.stripe.com/api/idempotent_requests).
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        starts_nothing: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.starts_nothing = starts_nothing

    def to_body(self) -> Record:
        error: Record = {"type": self.kind, "message": self.message}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": error}


def bad_parameter(message: str, param: str, code: str | None = None) -> RefusalError:
    return RefusalError(message, code=code, param=param, starts_nothing=True)


def missing_parameter(param: str) -> RefusalError:
    return bad_parameter(f"Missing required param: {param}.", param, "parameter_missing")


def no_such(kind: str, wanted: str, param: str) -> RefusalError:
    message = f"No such {kind}: '{wanted}'"
    return RefusalError(message, status=404, code="resource_missing", param=param)


def no_key() -> RefusalError:
    return RefusalError(
        "You did not provide an API key. You need to provide your API key in the Authorization "
        "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        status=401,
        starts_nothing=True,
    )


def wrong_key(key: str) -> RefusalError:
    shown = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * 8
    return RefusalError(
        f"Invalid API Key provided: {shown}",
        status=401,
        code="api_key_invalid",
        starts_nothing=True,
    )


def unknown_address(method: str, path: str) -> RefusalError:
    return RefusalError(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs.",
        status=404,
        starts_nothing=True,
    )


def key_in_use(key: str) -> RefusalError:
    return RefusalError(
        f"There is currently another in-progress request using this Idempotent Key ({key}). "
        "Please try again later.",
        status=409,
        kind="idempotency_error",
        code="idempotency_key_in_use",
        starts_nothing=True,
    )


def key_of_another_request(key: str) -> RefusalError:
    return RefusalError(
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{key}' if you meant to execute a different "
        "request.",
        kind="idempotency_error",
        starts_nothing=True,
    )


def too_many_requests() -> RefusalError:
    return RefusalError(
        "Request rate limit exceeded. Learn more about rate limits here "
        "https://stripe.com/docs/rate-limits.",
        status=429,
        code="rate_limit",
        starts_nothing=True,
    )


def server_error(status: int, *, starts_nothing: bool) -> RefusalError:
    return RefusalError(
        "Sorry! There was an error while talking to our servers. Please try again in a moment.",
        status=status,
        kind="api_error",
        starts_nothing=starts_nothing,
    )
