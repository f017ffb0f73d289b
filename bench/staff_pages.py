"""Which pages staff have: every address of the map, then whatever those pages lead to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from store.catalog.models import Collection, Variant
from store.content.defaults import SLUGS
from store.database import db
from store.newsletter.models import Subscriber
from store.orders.models import Order, OrderLine, OrderState
from store.staff.models import AuditEntry, StaffUser
from store.staff.permissions import SECURITY

LINK = re.compile(r'(?:href|src)="(/staff/[^"#]*)')
SEARCH_BOX = re.compile(r'<input[^>]*\bname="q"')
STEPS = 3
"""How far links are followed from the addresses of the map."""
CURSOR, DEEP = "at", 40
"""How many parts a list is followed down before its depth is measured."""
THINGS = frozenset({"order", "story"})
"""Parameters that name one thing of many, as numbers in paths do."""
ASKED_BY_SCRIPTS = ("search", "palette", "find", "suggest")
SIGN_OUT = "logout"


class Pages:
    """The addresses of one shop's staff, each kind once, with what it is called in the table."""

    def __init__(self, staff: Flask, browser: FlaskClient) -> None:
        self._map: MapAdapter = staff.url_map.bind("localhost")
        self._rules = [rule for rule in staff.url_map.iter_rules() if _is_page(rule)]
        self._browser = browser
        self._samples, self._searched = _samples()
        self.left_out: list[str] = []
        """Addresses of which no sample is known, or none exists in this shop."""

    def all(self) -> dict[str, str]:
        """Return addresses by name: pages, their tabs and filters, searches, and deep parts."""
        found: dict[str, str] = {}
        for rule in self._rules:
            for path in self._of_rule(rule):
                self._add(found, path)
        looked_at: set[str] = set()
        for _ in range(STEPS):
            new = {name: path for name, path in found.items() if name not in looked_at}
            looked_at |= new.keys()
            for path in new.values():
                self._add_around(found, path)
        return found

    def _of_rule(self, rule: Rule) -> Iterator[str]:
        values = {
            name: self._samples.get((rule.endpoint, name)) or self._samples.get(("", name))
            for name in rule.arguments
        }
        if not all(values.values()):
            self.left_out.append(rule.rule)
            return
        path = self._map.build(rule.endpoint, values)
        yield path
        if any(word in rule.endpoint for word in ASKED_BY_SCRIPTS):
            yield from self._searches(path)

    def _add_around(self, found: dict[str, str], path: str) -> None:
        answer = self._browser.get(path)
        if answer.mimetype != "text/html":
            return
        html = answer.text
        for link in LINK.findall(html):
            self._add(found, unescape(link))
        if SEARCH_BOX.search(html) and "q=" not in path:
            for search in self._searches(path):
                self._add(found, search)
        deep = self._followed(path) if "?" not in path else ""
        if deep:
            found[f"{_name(path)} … {DEEP} parts on"] = deep

    def _followed(self, path: str) -> str:
        """Return the address of a part far down a list; empty where it does not go on."""
        at = ""
        for _ in range(DEEP):
            links = [unescape(link) for link in LINK.findall(self._browser.get(at or path).text)]
            on = [link for link in links if CURSOR in dict(parse_qsl(urlsplit(link).query))]
            on = [link for link in on if urlsplit(link).path == urlsplit(path).path]
            if not on or on[-1] == at:
                break
            at = on[-1]
        return at

    def _searches(self, path: str) -> Iterator[str]:
        joint = "&" if "?" in path else "?"
        for words in self._searched:
            yield path + joint + urlencode({"q": words})

    def _add(self, found: dict[str, str], path: str) -> None:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        if not self._leads_somewhere(parts.path) or CURSOR in query:
            return
        found.setdefault(self._kind(parts.path, query), path)

    def _leads_somewhere(self, path: str) -> bool:
        try:
            endpoint, _ = self._map.match(path, method="GET")
        except HTTPException:
            return False
        return SIGN_OUT not in endpoint and any(rule.endpoint == endpoint for rule in self._rules)

    def _kind(self, path: str, query: Mapping[str, str]) -> str:
        """Return one name for all pages of one sort: numbers of things do not count."""
        general = re.sub(r"/\d+(?=/|$)", "/…", path)
        general = re.sub(r"/[A-Z]{1,4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?=/|$)", "/…", general)
        said = {name: "…" if name in THINGS else value for name, value in query.items() if value}
        words = urlencode(sorted(said.items()), safe="…")
        return f"{general}?{words}" if words else general


def _name(path: str) -> str:
    return re.sub(r"/\d+(?=/|$)", "/…", path)


def _is_page(rule: Rule) -> bool:
    endpoint = rule.endpoint
    is_ours = rule.rule.startswith("/staff") and not endpoint.startswith(SECURITY)
    return is_ours and "GET" in (rule.methods or set())


def _samples() -> tuple[dict[tuple[str, str], object], Sequence[str]]:
    """Return what stands for each argument of an address, and what is searched for."""
    busiest = (
        select(OrderLine.variant_id)
        .group_by(OrderLine.variant_id)
        .order_by(func.count().desc())
        .limit(1)
    )
    variant = db.session.get_one(Variant, db.session.scalar(busiest))
    order = db.session.scalars(
        select(Order).where(Order.state == OrderState.PAID).order_by(Order.id.desc()).limit(1)
    ).one()
    # Of things that grow old the newest, of goods what sells best.
    found: dict[str, object] = {
        "variant_id": variant.id,
        "product_id": variant.product_id,
        "handle": variant.product.handle,
        "order_id": order.id,
        "number": order.number,
        "collection_id": db.session.scalar(select(func.min(Collection.id))),
        "subscriber_id": db.session.scalar(select(func.max(Subscriber.id))),
        "entry_id": db.session.scalar(select(func.max(AuditEntry.id))),
        "user_id": db.session.scalar(select(func.max(StaffUser.id))),
        "slug": SLUGS[0],
    }
    samples = {("", name): value for name, value in found.items()}
    samples["reports.report", "name"] = samples["reports.download", "name"] = "days"
    searched = ("tee", "zzzz", variant.sku or "", order.number, order.email, order.name)
    return samples, searched
