"""The jobs and sweeps of gift cards: ids in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from store.database import writing
from store.gift_cards.expiring import expire_due
from store.gift_cards.mailing import MailGiftCard, due_card_ids, mail_if_due
from store.gift_cards.proof import prove
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.services import Services

log = structlog.get_logger(__name__)


def handlers(services: Services) -> dict[str, Handler]:
    def mail(payload: Mapping[str, Any]) -> None:
        with writing():
            mail_if_due(int(payload["card_id"]), services)

    return {MailGiftCard.kind: mail}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def mail_due() -> None:
        for card_id in due_card_ids(services.clock):
            with writing():
                mail_if_due(card_id, services)

    def end() -> None:
        while True:
            with writing():
                ended = expire_due(services.clock)
            if not ended:
                return

    def prove_all() -> None:
        with writing():
            differences = prove(services.clock).differences
        if differences:
            log.error("gift_cards_differ", differences=differences)

    return (
        Sweep("gift_cards.mail_due", timedelta(minutes=5), mail_due),
        Sweep("gift_cards.expire", timedelta(hours=1), end),
        Sweep("gift_cards.prove", timedelta(days=1), prove_all),
    )
