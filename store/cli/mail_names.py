"""What DNS says of the domain that our mails come from: without it they land in spam."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.cli.findings import Finding
from store.errors import UnavailableError
from store.mail.records import Records
from store.settings import Settings

MOST_LOOK_UPS = 10
"""More than these names in an SPF record, and receivers take it for broken (RFC 7208, 4.6.4)."""
DEEPEST = MOST_LOOK_UPS + 1
ABOUT_SPF, ABOUT_DKIM, ABOUT_DMARC = "SPF", "DKIM", "DMARC"
_look_up = re.compile(r"^[+?~-]?(?:include|a|mx|ptr|exists)(?=[:/]|$)|^redirect=", re.IGNORECASE)
_leads_to = re.compile(r"^(?:[+?~-]?include:|redirect=)(\S+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailNames:
    """The domain of STORE_MAIL_FROM, and whoever is asked about it."""

    domain: str
    selector: str
    records: Records

    @classmethod
    def of(cls, settings: Settings, records: Records) -> "MailNames":
        domain = settings.mail_from.rpartition("@")[2].lower()
        return cls(domain, settings.dkim_selector, records)

    def spf(self) -> Finding:
        try:
            found = _beginning(self.records.texts_of(self.domain), "v=spf1")
            number = self._look_ups(found[0], DEEPEST) if len(found) == 1 else 0
        except UnavailableError as error:
            return _unseen(ABOUT_SPF, self.domain, error)
        if not found:
            mend = f'A TXT record for {self.domain}: "v=spf1 include:<your relay> -all".'
            return Finding(ABOUT_SPF, f"{self.domain} names nobody who may send its mail.", mend)
        if len(found) > 1:
            words = f"{self.domain} has {len(found)} records, so that none of them counts."
            return Finding(ABOUT_SPF, words, "Make one of them, with all that they include.")
        if re.search(r"\+all(\s|$)|\sall(\s|$)", found[0], re.IGNORECASE):
            words = f"{self.domain} lets everybody send its mail."
            return Finding(ABOUT_SPF, words, "End the record with -all or ~all.")
        if number > MOST_LOOK_UPS:
            words = f"Its record asks {number} other names; beyond {MOST_LOOK_UPS} it is broken."
            return Finding(ABOUT_SPF, words, "Leave out what sends no mail of yours any more.")
        return Finding(ABOUT_SPF, f"{self.domain} says who may send its mail.")

    def dkim(self) -> Finding:
        if not self.selector:
            words = "Nobody said under which selector the relay signs."
            mend = f"Set STORE_DKIM_SELECTOR; the key is at <selector>._domainkey.{self.domain}."
            return Finding(ABOUT_DKIM, words, mend)
        name = f"{self.selector}._domainkey.{self.domain}"
        try:
            found = [text for text in self.records.texts_of(name) if "p" in _tags(text)]
        except UnavailableError as error:
            return _unseen(ABOUT_DKIM, name, error)
        if not found:
            mend = f"Publish the key that your relay shows for {name}, or mend STORE_DKIM_SELECTOR."
            return Finding(ABOUT_DKIM, f"There is no key at {name}.", mend)
        if not _tags(found[0])["p"]:
            words = f"The key at {name} was revoked."
            return Finding(ABOUT_DKIM, words, "Have the relay make another, and publish it.")
        if "y" in _tags(found[0]).get("t", "").split(":"):
            words = f"The key at {name} is marked as a test, so that no signature counts."
            return Finding(ABOUT_DKIM, words, "Take t=y out of the record.")
        return Finding(ABOUT_DKIM, f"A key is at {name}.")

    def dmarc(self) -> Finding:
        try:
            name, found = self._policies()
        except UnavailableError as error:
            return _unseen(ABOUT_DMARC, f"_dmarc.{self.domain}", error)
        if not found:
            mend = f'A TXT record for _dmarc.{self.domain}: "v=DMARC1; p=none; rua=mailto:…".'
            words = f"{self.domain} says nothing of mail that pretends to be its own."
            return Finding(ABOUT_DMARC, words, mend)
        if len(found) > 1:
            words = f"{name} has {len(found)} records, so that none of them counts."
            return Finding(ABOUT_DMARC, words, "Leave one.")
        policy = _tags(found[0]).get("p", "").lower()
        if policy not in {"none", "quarantine", "reject"}:
            words = f"{name} names no policy that is known."
            return Finding(ABOUT_DMARC, words, "Give it p=none, p=quarantine or p=reject.")
        if policy == "none":
            words = f"{name} only watches. p=quarantine, once its reports name your relay alone."
            return Finding(ABOUT_DMARC, words, is_open=True)
        return Finding(ABOUT_DMARC, f"{name} asks for p={policy}.")

    def _policies(self) -> tuple[str, list[str]]:
        """Return the policy of the domain, or of the one above it (RFC 7489, 6.6.3)."""
        labels = self.domain.split(".")
        for above in range(max(1, len(labels) - 1)):
            name = "_dmarc." + ".".join(labels[above:])
            if found := _beginning(self.records.texts_of(name), "v=DMARC1"):
                return name, found
        return f"_dmarc.{self.domain}", []

    def _look_ups(self, record: str, depth: int) -> int:
        """Count the names that a receiver has to ask for this record."""
        if not depth:
            return 0
        number = 0
        for term in record.split()[1:]:
            number += bool(_look_up.search(term))
            if (led := _leads_to.match(term)) and "%" not in led[1] and number <= MOST_LOOK_UPS:
                inner = _beginning(self.records.texts_of(led[1]), "v=spf1")
                number += self._look_ups(inner[0], depth - 1) if inner else 0
        return number


def _beginning(texts: Sequence[str], mark: str) -> list[str]:
    pattern = re.compile(rf"{re.escape(mark)}(?=[\s;]|$)", re.IGNORECASE)
    return [text for text in texts if pattern.match(text)]


def _tags(record: str) -> Mapping[str, str]:
    """Read the tags of DKIM and DMARC: names and values, with semicolons between."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _sep, value in pairs}


def _unseen(about: str, name: str, error: UnavailableError) -> Finding:
    words = f"It could not be seen: {error}. Look with `dig TXT {name}`."
    return Finding(about, words, is_open=True)
