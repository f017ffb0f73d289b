"""The certificates with which Amazon signs: fetched once, through the door to strangers."""

from cryptography.x509 import load_pem_x509_certificate
from sqlalchemy import select

from store.database import db, end_reading, insert_into, writing
from store.fetching.strangers import NotFetchedError, fetch
from store.newsletter.bounces.models import SigningCertificate
from store.newsletter.bounces.providers.calls import ForgedCallError
from store.newsletter.bounces.topics import manners
from store.services import Services


def certificate_at(url: str, services: Services) -> str:
    """Return the certificate of this address, whose form was checked, and which is still good.

    Opens a transaction of its own for one that is new. Raises NotFetchedError while nobody
    answers, and ForgedCallError where there is none or its time is over.
    """
    known = db.session.scalar(select(SigningCertificate.pem).where(SigningCertificate.url == url))
    pem = known or _fetched(url, services)
    now, certificate = services.clock.now(), load_pem_x509_certificate(pem.encode())
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise ForgedCallError("the time of its certificate is over")
    if known is None:
        with writing():
            _keep(url, pem, services)
    return pem


def _fetched(url: str, services: Services) -> str:
    end_reading()
    try:
        pem = fetch(url, manners(services.settings, "application/x-pem-file")).decode()
        load_pem_x509_certificate(pem.encode())
    except NotFetchedError as error:
        if error.may_pass:
            raise
        raise ForgedCallError(f"its certificate cannot be had: {error}") from error
    except ValueError:
        raise ForgedCallError("what lies there is no certificate") from None
    return pem


def _keep(url: str, pem: str, services: Services) -> None:
    db.session.execute(
        insert_into(SigningCertificate)
        .values(url=url, pem=pem, fetched_at=services.clock.now())
        .on_conflict_do_nothing(index_elements=[SigningCertificate.url])
    )
