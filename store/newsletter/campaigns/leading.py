"""Where the links of a letter lead: into our shop with the campaign's mark, and elsewhere as is."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

PARAMETER = "campaign"
"""Names the campaign, and no reader, in links to the shop."""


@dataclass(frozen=True, slots=True)
class Campaigned:
    """The links of one campaign; None marks nothing, as in what was never saved."""

    public_url: str
    campaign_id: int | None

    def __call__(self, typed: str) -> str:
        """Return where a link that was typed leads from a mailbox."""
        path = self.own_path(typed)
        return typed if path is None else self.shop(path)

    def own_path(self, typed: str) -> str | None:
        """Return the path of an address of ours with its query, or None for all others."""
        if typed.startswith("/") and not typed.startswith(("//", "/\\")):
            return typed
        rest = typed.removeprefix(self.public_url)
        if rest == typed or (rest and rest[0] not in "/?#"):
            return None
        return rest if rest.startswith("/") else f"/{rest}"

    def plain(self, path: str) -> str:
        return self.public_url + path

    def shop(self, path: str) -> str:
        """Return the whole address of a path of ours, with the campaign's mark in it once."""
        parts = urlsplit(path)
        pairs = [pair for pair in parse_qsl(parts.query, True) if pair[0] != PARAMETER]
        if self.campaign_id is not None:
            pairs.append((PARAMETER, str(self.campaign_id)))
        marked = urlunsplit(("", "", parts.path, urlencode(pairs), parts.fragment))
        return self.public_url + marked
