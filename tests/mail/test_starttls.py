"""Promises about encrypted lines: only with a server that proves who it is, and cut alike."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from store.mail.mailer import MailPutOffError, Reach
from store.mail.smtp_mailer import SmtpMailer
from tests.mail.rude_office import TRICKLES, RudeOffice, open_rude_office
from tests.mail.test_lines import a_message, at


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the key and the certificate of 127.0.0.1, which nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def office(certificate: Path) -> Iterator[RudeOffice]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with open_rude_office(RudeOffice(tls=context)) as office:
        yield office


def test_mails_go_over_one_encrypted_line(
    office: RudeOffice, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mailer = SmtpMailer(f"{office.url}?starttls=1")

    for _mail in range(3):
        mailer.send(a_message())

    assert len(office.taken) == 3
    assert office.connections == 1
    assert office.encrypted == 1


def test_server_that_cannot_prove_who_it_is_gets_nothing(office: RudeOffice) -> None:
    mailer = SmtpMailer(f"{office.url}?starttls=1")

    with pytest.raises(MailPutOffError, match="SSLCertVerificationError") as no:
        mailer.send(a_message())

    assert no.value.reach is Reach.RELAY
    assert office.taken == []
    assert mailer.open_lines() == 0


def test_encrypted_line_is_cut_as_any_other(
    office: RudeOffice, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    office.manners = at("words", TRICKLES)
    mailer = SmtpMailer(f"{office.url}?starttls=1", timeout_seconds=0.5)

    with pytest.raises(MailPutOffError):
        mailer.send(a_message())

    assert mailer.open_lines() == 0
