"""Fetches the pictures that product files name by address; what is missing is fetched next time.

A picture without bytes is its own note that it is to be fetched: whatever ends a run, the next one
goes on where it was. One that could not be had keeps the reason until it can.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from store.catalog.importing.models import ImportRow, PictureFault, RowKind
from store.catalog.models import Image, Product
from store.catalog.renditions import MakeRenditions
from store.database import bump_public_version, db, end_reading, writing
from store.fetching.asking import head
from store.fetching.strangers import Manners, NotFetchedError, fetch
from store.jobs.outbox import enqueue
from store.media.decoding import MAX_BYTES, PictureRefusedError
from store.media.images import StoredPicture, store_picture
from store.services import Services
from store.settings import Settings

MOST_PICTURES = 10_000
MOST_BYTES = 4 * 1024**3
"""Of one run; what is left is fetched by the next."""
PARALLEL = 4
AT_ONE_HOST = 2
SECONDS = 20.0
GIVE_UP = 5
"""After so many tries in a row without an answer a host is left alone for this run."""
SHOWN_FAULTS = 50
LONGEST_REASON = 200
_BATCH = 500

Awaited = Mapping[str, Sequence[int]]
"""The numbers of the pictures that are waited for, by their address: each is fetched once."""


@dataclass(slots=True)
class Fetched:
    """What came of a run; left are those that nobody was asked for any more."""

    fetched: int = 0
    left: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Address and reason."""


@dataclass(frozen=True, slots=True)
class PictureCounts:
    """How far the pictures of an import are; those that failed are waited for as well."""

    fetched: int
    awaited: int
    failed: int


def awaited_of(handles: Iterable[str]) -> Awaited:
    """Return what these products still wait for, product by product."""
    found: dict[str, list[int]] = defaultdict(list)
    remaining = iter(handles)
    while batch := list(islice(remaining, _BATCH)):
        for url, number in _awaited(Product.handle.in_(batch)):
            found[url].append(number)
    return found


def awaited_of_import(import_id: int) -> Awaited:
    found: dict[str, list[int]] = defaultdict(list)
    for url, number in _awaited(_is_of_import(import_id)):
        found[url].append(number)
    return found


def counts_of_import(import_id: int) -> PictureCounts:
    named = (
        select(func.count(Image.id))
        .join(Product, Product.id == Image.product_id)
        .where(_is_of_import(import_id), Image.source_url != "")
    )
    faults = named.join(PictureFault, PictureFault.image_id == Image.id)
    return PictureCounts(
        fetched=db.session.scalar(named.where(Image.content_hash != "")) or 0,
        awaited=db.session.scalar(named.where(Image.content_hash == "")) or 0,
        failed=db.session.scalar(faults) or 0,
    )


def faults_of_import(import_id: int) -> Sequence[tuple[str, str, str]]:
    """Return handle, address and reason of pictures that could not be had."""
    return [
        (handle, url, reason)
        for handle, url, reason in db.session.execute(
            select(Product.handle, Image.source_url, PictureFault.reason)
            .join(Image, Image.product_id == Product.id)
            .join(PictureFault, PictureFault.image_id == Image.id)
            .where(_is_of_import(import_id))
            .order_by(Image.id)
            .limit(SHOWN_FAULTS)
        )
    ]


def fetch_pictures(
    awaited: Awaited,
    services: Services,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> Fetched:
    """Fetch, clean and keep them, one after the other in scopes of their own.

    At most four are under way, two of them at one host.
    """
    done = Fetched()
    known = _known(awaited)
    for url, picture in known.items():
        _keep(awaited[url], picture, services)
        done.fetched += 1
        on_progress(1)
    line = _Line([url for url in awaited if url not in known])
    run = _Run(awaited, line, done, services)
    end_reading()
    with ThreadPoolExecutor(PARALLEL) as pool:
        running: dict[Future[bytes], str] = {}
        while True:
            while len(running) < PARALLEL and (url := line.next()):
                running[pool.submit(fetch, url, manners_of(services.settings))] = url
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                run.take(running.pop(future), future)
                on_progress(1)
    done.left = line.left
    return done


def manners_of(settings: Settings) -> Manners:
    return Manners(
        headers=head(settings.brand_name, settings.public_url, accept="image/*"),
        seconds=SECONDS,
        # The picture's own limit decides; the head of an answer comes on top.
        most_bytes=MAX_BYTES + 64 * 1024,
        networks=settings.picture_networks,
    )


class _Line:
    """Who is asked next: a host has two of ours at most, and rest when it does not answer."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._waiting: dict[str, deque[str]] = defaultdict(deque)
        for url in urls:
            self._waiting[_host(url)].append(url)
        self._asked: Counter[str] = Counter()
        self._silent: Counter[str] = Counter()
        self._number, self._bytes = 0, 0

    @property
    def left(self) -> int:
        return sum(map(len, self._waiting.values()))

    def next(self) -> str:
        """Return an address, or nothing where none may be asked at this moment."""
        if self._number >= MOST_PICTURES or self._bytes >= MOST_BYTES:
            return ""
        for host, urls in self._waiting.items():
            if urls and self._asked[host] < AT_ONE_HOST and self._silent[host] < GIVE_UP:
                self._asked[host] += 1
                self._number += 1
                return urls.popleft()
        return ""

    def came(self, url: str, number_of_bytes: int) -> None:
        self._asked[_host(url)] -= 1
        self._silent[_host(url)] = 0
        self._bytes += number_of_bytes

    def failed(self, url: str, *, may_pass: bool) -> None:
        self._asked[_host(url)] -= 1
        self._silent[_host(url)] += may_pass


@dataclass(frozen=True, slots=True)
class _Run:
    """Takes what came, or notes why it did not."""

    awaited: Awaited
    line: _Line
    done: Fetched
    services: Services

    def take(self, url: str, answer: Future[bytes]) -> None:
        try:
            content = answer.result()
        except NotFetchedError as error:
            self.line.failed(url, may_pass=error.may_pass)
            self._note(url, str(error))
            return
        self.line.came(url, len(content))
        try:
            picture = store_picture(content, self.services.media)
        except PictureRefusedError as error:
            self._note(url, str(error))
            return
        _keep(self.awaited[url], picture, self.services)
        self.done.fetched += 1

    def _note(self, url: str, reason: str) -> None:
        self.done.failed.append((url, reason))
        image_ids, now = self.awaited[url], self.services.clock.now()
        with writing():
            _forget_faults(image_ids)
            # Whoever deleted the picture meanwhile waits for it no longer.
            standing = db.session.scalars(select(Image.id).where(Image.id.in_(image_ids))).all()
            rows = [
                {"image_id": number, "reason": reason[:LONGEST_REASON], "at": now}
                for number in standing
            ]
            if rows:
                db.session.execute(insert(PictureFault), rows)


def _keep(image_ids: Sequence[int], picture: StoredPicture, services: Services) -> None:
    with writing():
        product_ids = db.session.scalars(
            update(Image)
            .where(Image.id.in_(image_ids), Image.content_hash == "")
            .values(content_hash=picture.content_hash, width=picture.width, height=picture.height)
            .returning(Image.product_id)
        ).all()
        if not product_ids:
            return
        _forget_faults(image_ids)
        changed = [number for number in product_ids if number is not None]
        db.session.execute(
            update(Product)
            .where(Product.id.in_(changed))
            .values(updated_at=services.clock.now())
            .execution_options(synchronize_session=False)
        )
        enqueue(MakeRenditions(picture.content_hash), services.clock)
        bump_public_version()


def _forget_faults(image_ids: Sequence[int]) -> None:
    db.session.execute(delete(PictureFault).where(PictureFault.image_id.in_(image_ids)))


def _known(awaited: Awaited) -> Mapping[str, StoredPicture]:
    """Return those that were fetched before, for other products or in another run."""
    if not awaited:
        return {}
    stored = db.session.execute(
        select(Image.source_url, Image.content_hash, Image.width, Image.height).where(
            Image.source_url != "", Image.content_hash != ""
        )
    )
    return {
        url: StoredPicture(content_hash, width, height)
        for url, content_hash, width, height in stored
        if url in awaited
    }


def _awaited(which: ColumnElement[bool]) -> list[tuple[str, int]]:
    rows = db.session.execute(
        select(Image.source_url, Image.id)
        .join(Product, Product.id == Image.product_id)
        .where(which, Image.content_hash == "", Image.source_url != "")
        .order_by(Image.product_id, Image.position, Image.id)
    )
    return [(url, number) for url, number in rows]


def _is_of_import(import_id: int) -> ColumnElement[bool]:
    return Product.handle.in_(
        select(ImportRow.handle).where(
            ImportRow.import_id == import_id, ImportRow.kind == RowKind.CHANGE
        )
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
