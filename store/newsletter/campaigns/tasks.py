"""What workers do for campaigns: begin what is due, and send part by part."""

from datetime import timedelta

from store.jobs.labours import Labour
from store.jobs.sweeps import Sweep
from store.newsletter.campaigns.sending import send_parts
from store.newsletter.campaigns.starting import begin_due
from store.services import Services


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def begin() -> None:
        begin_due(services)

    return (Sweep("campaigns.begin", timedelta(seconds=15), begin),)


def labours(services: Services) -> tuple[Labour, ...]:
    def send() -> bool:
        return send_parts(services)

    return (Labour("campaigns.send", send),)
