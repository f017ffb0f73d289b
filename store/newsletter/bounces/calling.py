"""What a provider's call changes: its events, once each, and never by a token that was used."""

from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from store.database import db, insert_into, writing
from store.jobs.outbox import enqueue
from store.newsletter.bounces.events import Event, fingerprint
from store.newsletter.bounces.models import WebhookToken
from store.newsletter.bounces.providers import mailgun, postmark, sendgrid, ses
from store.newsletter.bounces.providers.calls import (
    Call,
    ForgedCallError,
    Heard,
    Provider,
    Told,
)
from store.newsletter.bounces.taking import AT_ONCE, key_of, known_keys, take
from store.newsletter.bounces.topics import OpenTopic
from store.services import Services
from store.settings import Settings

PROVIDERS: Mapping[str, Provider] = {
    ses.NAME: ses.read,
    mailgun.NAME: mailgun.read,
    postmark.NAME: postmark.read,
    sendgrid.NAME: sendgrid.read,
}


def secrets_of(provider: str, settings: Settings) -> tuple[str, ...]:
    """Return what proves this provider's calls; nothing for one that nobody set up."""
    known = {
        ses.NAME: settings.bounces_ses_topics,
        mailgun.NAME: _plain(settings.bounces_mailgun_keys),
        postmark.NAME: _plain(settings.bounces_postmark_secrets),
        sendgrid.NAME: settings.bounces_sendgrid_keys,
    }
    return known.get(provider, ())


def answer_call(provider: str, call: Call, services: Services) -> int:
    """Take what a provider tells and return how much of it was new; opens its own scopes.

    Raises ForgedCallError and UnreadableCallError, and then nothing has changed.
    """
    secrets = secrets_of(provider, services.settings)
    heard = Heard(call, secrets, services, services.clock.now())
    told = PROVIDERS[provider](heard)
    parts = [told.events[at : at + AT_ONCE] for at in range(0, len(told.events), AT_ONCE)]
    # Each part in a scope of its own; one that fails comes again whole, and nothing counts twice.
    return sum(_take(provider, told, part, services) for part in parts or [()])


def _take(provider: str, told: Told, part: Sequence[Event], services: Services) -> int:
    with writing():
        if told.token and not _use(provider, told.token, services):
            if _is_known(part):
                return 0
            raise ForgedCallError("its token was used before")
        if told.topic_url:
            enqueue(OpenTopic(told.topic_url), services.clock)
        return take(part, services)


def _use(provider: str, token: str, services: Services) -> bool:
    row = db.session.scalar(
        insert_into(WebhookToken)
        .values(digest=fingerprint(f"{provider} {token}"), at=services.clock.now())
        .on_conflict_do_nothing(index_elements=[WebhookToken.digest])
        .returning(WebhookToken.id)
    )
    return row is not None


def _is_known(part: Sequence[Event]) -> bool:
    """Whether a call is the very one that came before, so that its answer may have been lost."""
    return {key_of(event) for event in part} == known_keys(part)


def _plain(secrets: Sequence[SecretStr]) -> tuple[str, ...]:
    return tuple(secret.get_secret_value() for secret in secrets)
