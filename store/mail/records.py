"""What a domain publishes about its mail: TXT records, asked for through DNS."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dns.exception import DNSException, Timeout
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration, Resolver

from store.errors import UnavailableError

SECONDS = 4.0
"""For one name, over all servers and tries."""


class Records(Protocol):
    def texts_of(self, name: str) -> Sequence[str]:
        """Return the TXT records of a name; raise UnavailableError where nobody answers."""
        ...


@dataclass(frozen=True, slots=True)
class AskedServers:
    """Asks these name servers, or those that this machine knows."""

    servers: Sequence[str] = ()
    port: int = 53

    def texts_of(self, name: str) -> Sequence[str]:
        try:
            found = self._resolver().resolve(name, "TXT", search=False)
        except (NXDOMAIN, NoAnswer):
            return []
        except Timeout as error:
            raise UnavailableError("DNS does not answer in time") from error
        except (DNSException, OSError) as error:
            raise UnavailableError(f"DNS: {type(error).__name__}") from error
        # One record may be longer than a string of DNS: its parts are one text.
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]

    def _resolver(self) -> Resolver:
        try:
            resolver = Resolver(configure=not self.servers)
        except NoResolverConfiguration as error:
            raise UnavailableError("this machine knows no name server") from error
        if self.servers:
            resolver.nameservers, resolver.port = list(self.servers), self.port
        resolver.lifetime = SECONDS
        return resolver
