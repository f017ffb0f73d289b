"""The signed links of one reader, as every mail to her carries them."""

from store.newsletter.models import Subscriber
from store.newsletter.tokens import Act, token_for
from store.services import Services


def confirm_link(subscriber: Subscriber, services: Services) -> str:
    """Return where she says that it was her; good for seven days."""
    return _link(subscriber, Act.CONFIRM, services)


def preferences_link(subscriber: Subscriber, services: Services) -> str:
    """Return where she chooses topics, pauses and leaves; it never expires."""
    return _link(subscriber, Act.PREFERENCES, services)


def leave_link(subscriber: Subscriber, services: Services) -> str:
    """Return where one click takes her off the list, for mail programs too; it never expires."""
    return _link(subscriber, Act.LEAVE, services)


def _link(subscriber: Subscriber, act: Act, services: Services) -> str:
    token = token_for(subscriber, act, services.settings, services.clock)
    return f"{services.settings.public_url}/newsletter/{act}/{token}"
