"""Who is connected from outside, as owners keep it: each change leaves a trace, no secret does."""

from sqlalchemy import select

from store.connections import endpoints, tokens
from store.connections.models import ApiToken, Delivery, Endpoint
from store.connections.signing import secret_of
from store.database import db
from store.errors import ConflictError
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.key_set import Part, part_of

TOKEN, ENDPOINT = "api_token", "endpoint"


class NameTakenError(ConflictError):
    """Something that counts goes by this name: a form that is sent twice makes nothing twice."""


class RotatedSinceError(ConflictError):
    """The secret was changed since this page was opened."""


def token_thing(token: ApiToken) -> Thing:
    return Thing(TOKEN, str(token.id), token.name)


def endpoint_thing(endpoint: Endpoint) -> Thing:
    return Thing(ENDPOINT, str(endpoint.id), endpoint.name)


def make_token(wanted: tokens.Wanted, actor: Actor, services: Services) -> tuple[ApiToken, str]:
    """Make a token; return it with its key. Flushes only. Raises NameTakenError."""
    now = services.clock.now()
    if any(one.name == wanted.name and tokens.counts(one, now) for one in tokens.tokens()):
        raise NameTakenError(f"a token goes by {wanted.name}")
    token, key = tokens.make_token(wanted, actor.name, services)
    until = wanted.expires_at.date().isoformat() if wanted.expires_at else ""
    after = {"scopes": list(token.scopes), "expires": until, "prefix": token.prefix}
    record(actor, "token.made", token_thing(token), clock=services.clock, after=after)
    return token, key


def revoke_token(token_id: int, actor: Actor, services: Services) -> bool:
    """End a token; return whether it counted until now. Flushes only."""
    token = tokens.token_of(token_id)
    was_revoked = tokens.revoke_token(token, services.clock)
    if was_revoked:
        record(actor, "token.revoked", token_thing(token), clock=services.clock)
    return was_revoked


def add_endpoint(
    wanted: endpoints.Wanted, actor: Actor, services: Services
) -> tuple[Endpoint, str]:
    """Keep an address; return it with its secret. Flushes only.

    Raises NameTakenError, EndpointRefusedError and TooManyEndpointsError.
    """
    if any(one.name == wanted.name for one in endpoints.endpoints()):
        raise NameTakenError(f"an endpoint goes by {wanted.name}")
    endpoint = endpoints.add_endpoint(wanted, services)
    thing = endpoint_thing(endpoint)
    record(actor, "endpoint.added", thing, clock=services.clock, after=values_of(endpoint))
    return endpoint, secret_of(endpoint.nonce, services.settings)


def change_endpoint(
    endpoint: Endpoint, wanted: endpoints.Wanted, actor: Actor, services: Services
) -> bool:
    """Change an address; return whether anything did. Flushes only. Raises as above."""
    others = (one for one in endpoints.endpoints() if one.id != endpoint.id)
    if any(one.name == wanted.name for one in others):
        raise NameTakenError(f"an endpoint goes by {wanted.name}")
    before = values_of(endpoint)
    endpoints.change_endpoint(endpoint, wanted, services)
    return note(endpoint, "edited", actor, services, before=before, after=values_of(endpoint))


def rotate_secret(
    endpoint: Endpoint, seen: str, actor: Actor, services: Services, *, ends_old: bool
) -> str:
    """Give an endpoint another secret and return it. Flushes only. Raises RotatedSinceError."""
    if seen != mark_of(endpoint):
        raise RotatedSinceError(f"endpoint {endpoint.id} has another secret")
    secret = endpoints.rotate_secret(endpoint, services, ends_old=ends_old)
    note(endpoint, "rotated", actor, services, after={"old_secret_ends": ends_old})
    return secret


def mark_of(endpoint: Endpoint) -> str:
    """Return what tells one secret from the next, and nothing of either."""
    return endpoint.nonce[:8]


def note(
    endpoint: Endpoint,
    act: str,
    actor: Actor,
    services: Services,
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> bool:
    """Write an act on an endpoint down; return whether it changed anything."""
    thing = endpoint_thing(endpoint)
    entry = record(
        actor, f"endpoint.{act}", thing, clock=services.clock, before=before, after=after
    )
    return entry is not None


def values_of(endpoint: Endpoint) -> Values:
    return {"name": endpoint.name, "url": endpoint.url, "kinds": list(endpoint.kinds)}


def deliveries(endpoint_id: int, cursor: str) -> Part[Delivery]:
    """Return what an endpoint was told, the last on top."""
    wanted = select(Delivery).where(Delivery.endpoint_id == endpoint_id)
    return part_of(wanted, [Delivery.id], cursor)


def delivery_of(endpoint: Endpoint, delivery_id: int) -> Delivery:
    delivery = endpoints.delivery_of(endpoint, delivery_id)
    db.session.refresh(delivery, ["attempts"])
    return delivery
