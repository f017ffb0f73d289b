"""Who is told: webhook endpoints with their secrets, which only their making ever shows."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record, bad_parameter
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.listing import listed
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.settings import Listener
from store.sandbox.stripe.state import Shelf


def create_endpoint(account: Account, parameters: Parameters) -> Record:
    url = parameters.url("url") or parameters.wanted_text("url")
    events = parameters.texts("enabled_events", most=500)
    if not events:
        raise bad_parameter("Missing required param: enabled_events.", "enabled_events")
    endpoint = _blank_endpoint(account, url, events)
    endpoint["api_version"] = parameters.text("api_version")
    endpoint["description"] = parameters.text("description")
    endpoint["metadata"] = parameters.metadata()
    parameters.boolean("connect")
    secret = new_id("whsec", 32)
    _keep(account, endpoint, secret)
    return endpoint | {"secret": secret}


def retrieve_endpoint(account: Account, _: Parameters, webhook_endpoint: str) -> Record:
    return account.find(Shelf.ENDPOINT, webhook_endpoint, "webhook_endpoint")


def list_endpoints(account: Account, parameters: Parameters) -> Record:
    return listed(account, Shelf.ENDPOINT, parameters)


def update_endpoint(account: Account, parameters: Parameters, webhook_endpoint: str) -> Record:
    endpoint = account.find(Shelf.ENDPOINT, webhook_endpoint, "webhook_endpoint")
    endpoint["url"] = parameters.url("url") or endpoint["url"]
    events = parameters.texts("enabled_events", most=500)
    endpoint["enabled_events"] = events or endpoint["enabled_events"]
    endpoint["description"] = parameters.text("description") or endpoint["description"]
    endpoint["metadata"] |= parameters.metadata()
    disabled = parameters.boolean("disabled")
    if disabled is not None:
        endpoint["status"] = "disabled" if disabled else "enabled"
    return account.state.put(Shelf.ENDPOINT, endpoint)


def delete_endpoint(account: Account, _: Parameters, webhook_endpoint: str) -> Record:
    account.find(Shelf.ENDPOINT, webhook_endpoint, "webhook_endpoint")
    account.state.remove(Shelf.ENDPOINT, webhook_endpoint)
    account.state.remove(Shelf.SECRET, webhook_endpoint)
    return {"id": webhook_endpoint, "object": "webhook_endpoint", "deleted": True}


def install(account: Account, listener: Listener) -> None:
    """Make the endpoint of the settings, or bring the one with its address up to date."""
    same = [e for e in account.state.scan(Shelf.ENDPOINT) if e["url"] == listener.url]
    endpoint = (
        account.state.take(Shelf.ENDPOINT, same[0]["id"])
        if same
        else _blank_endpoint(account, listener.url, [])
    )
    endpoint["enabled_events"] = list(listener.enabled_events)
    _keep(account, endpoint, listener.secret)


def _keep(account: Account, endpoint: Record, secret: str) -> None:
    account.state.put(Shelf.ENDPOINT, endpoint)
    account.state.put(Shelf.SECRET, {"secret": secret}, endpoint["id"])


def _blank_endpoint(account: Account, url: str, events: list[str]) -> Record:
    return {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": account.stamp(),
        "description": None,
        "enabled_events": events,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }
