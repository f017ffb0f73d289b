"""An IMAP server on loopback: what a mailbox of bounces needs, and it can die at any word."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "bounces", "open sesame"
_fetch = re.compile(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")
_move = re.compile(r'UID (MOVE|COPY) (\d+) "(.+)"')


class HangUpError(Exception):
    """The server goes away without a word."""


@dataclass
class ImapServer:
    """Folders of mails by number, what it can, and the command at which it dies."""

    folders: dict[str, dict[int, bytes]] = field(default_factory=lambda: {"INBOX": {}})
    capabilities: str = "IMAP4rev1 UIDPLUS MOVE"
    dies_at: str = ""
    allows_beside: bool = True
    """Whether a folder may stand beside the INBOX; some allow none but in it."""
    said: list[str] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        # pragma: allowlist nextline secret - a mailbox on this machine
        return f"imaps://{USER}:open%20sesame@localhost:{self.port}/INBOX"

    def receive(self, *mails: bytes) -> None:
        number = max((uid for box in self.folders.values() for uid in box), default=0)
        for uid, mail in enumerate(mails, start=number + 1):
            self.folders["INBOX"][uid] = mail

    def lying_in(self, folder: str) -> list[bytes]:
        return list(self.folders.get(folder, {}).values())

    def answer(self, command: str) -> list[bytes]:
        """Return what is said before OK; raise ValueError for NO."""
        inbox, verb = self.folders["INBOX"], command.split(maxsplit=1)[0]
        if self.dies_at and command.startswith(self.dies_at):
            raise HangUpError
        if verb == "CAPABILITY":
            return [f"* CAPABILITY {self.capabilities}".encode()]
        if verb == "LOGIN" and command != f'LOGIN {USER} "{PASSWORD}"':
            raise ValueError("[AUTHENTICATIONFAILED] Wrong")
        if verb == "SELECT":
            return [f"* {len(inbox)} EXISTS".encode(), b"* OK [UIDVALIDITY 1]"]
        if verb == "LIST":
            return [rb'* LIST (\HasNoChildren) "." "INBOX"']
        if verb in {"STATUS", "CREATE"}:
            return self._folder(verb, command)
        if command.startswith("UID SEARCH"):
            most = int(command.split()[2].partition(":")[2])
            uids = [uid for uid in sorted(inbox)[:most] if uid not in self.deleted]
            return [b"* SEARCH " + " ".join(map(str, uids)).encode()]
        return self._of_one(command)

    def _folder(self, verb: str, command: str) -> list[bytes]:
        name = command.split('"')[1]
        if verb == "STATUS" and name not in self.folders:
            raise ValueError("no such folder")
        if verb == "CREATE":
            if not self.allows_beside and not name.startswith("INBOX."):
                raise ValueError("not there")
            self.folders[name] = {}
        return []

    def _of_one(self, command: str) -> list[bytes]:
        inbox = self.folders["INBOX"]
        if found := _fetch.match(command):
            raw = inbox[int(found[1])][: int(found[2])]
            head = f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode()
            return [head + raw + b")"]
        if found := _move.match(command):
            uid = int(found[2])
            self.folders[found[3]][uid] = inbox[uid]
            if found[1] == "MOVE":
                del inbox[uid]
        if command.startswith("UID STORE"):
            self.deleted.add(int(command.split()[2]))
        if "EXPUNGE" in command:
            for uid in self.deleted:
                inbox.pop(uid, None)
        return []


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        office = cast("_Listener", self.server).office
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            office.said.append(command)
            try:
                lines, end = office.answer(command), f"{tag} OK done"
            except ValueError as refusal:
                lines, end = [], f"{tag} NO {refusal}"
            except HangUpError:
                return
            self.wfile.write(b"".join(one + b"\r\n" for one in [*lines, end.encode()]))
            if command == "LOGOUT":
                return


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, office: ImapServer, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.office = office
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever hangs up in a test means to."""


@contextmanager
def an_imap_server(folder: Path, **changed: object) -> Iterator[tuple[ImapServer, Path]]:
    """Serve a mailbox, and yield it with the certificate by which it is believed."""
    certificate, key = a_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    office = ImapServer(**changed)  # type: ignore[arg-type] # fields of it
    listener = _Listener(office, context)
    office.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        yield office, certificate
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of localhost that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime(2020, 1, 1, tzinfo=UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today)
        .not_valid_after(today + timedelta(days=40_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
