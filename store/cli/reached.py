"""How readers reach the shop, seen from this machine: address, certificate, memory, news sites."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError

from store.cli.findings import Finding
from store.database import end_reading
from store.fetching.asking import Place, asked, head
from store.fetching.wire import TooMuchError
from store.services import Services
from store.settings import Settings
from store.widget.reading.fetching import fetch_page
from store.widget.reading.unread import PageAwayError, PageSlowError, UnreadPageError

ASKED_SECONDS = 10.0
MOST_BYTES = 2 * 1024**2
ASKED_TIMES = 6
"""A page is kept by each process for itself: whoever asks less often may meet six of them."""
ENDS_SOON = timedelta(days=14)
REDIS_SECONDS = 2.0
ADDRESS, CERTIFICATE, MEMORY = "public url", "certificate", "page memory"
NEWS, CACHE, HOSTS = "news sites", "cache", "hosts"


def public_url(services: Services) -> Finding:
    """Ask as crawlers do who we are; at home, where nothing serves, silence is no fault."""
    settings = services.settings
    try:
        status, is_ours = _is_ours(settings)
    except (OSError, HTTPException, TooMuchError) as error:
        words = f"{settings.public_url} does not answer from here: {type(error).__name__}."
        mend = "Start `store serve`, or look at the proxy, its name in DNS and its certificate."
        return _unless_at_home(Finding(ADDRESS, words, mend), settings)
    if status == 400:
        words = "The shop refuses its own name."
        return Finding(ADDRESS, words, "Add the host of STORE_PUBLIC_URL to STORE_ALLOWED_HOSTS.")
    if not is_ours:
        words = f"{settings.public_url} answers {status}, and not as this shop does."
        mend = "Look where the proxy leads, or mend STORE_PUBLIC_URL."
        return _unless_at_home(Finding(ADDRESS, words, mend), settings)
    return Finding(ADDRESS, f"{settings.public_url} leads to this shop.")


def hosts(services: Services) -> Finding:
    settings = services.settings
    host = urlsplit(settings.public_url).hostname or ""
    if host in {one.lower() for one in settings.allowed_hosts}:
        return Finding(HOSTS, f"{host} is answered.")
    words = f"Whoever asks for {host} is refused: the host of STORE_PUBLIC_URL is not allowed."
    return Finding(HOSTS, words, f"Add {host} to STORE_ALLOWED_HOSTS.")


def certificate(services: Services) -> Finding:
    """Look at what browsers are shown, and for how long they will believe it."""
    settings = services.settings
    if not settings.is_https:
        return Finding(CERTIFICATE, "Readers use http: there is none.", is_open=True)
    place = Place(settings.public_url, "/")
    try:
        ends_at = certificate_end(place.host, place.port)
    except ssl.SSLCertVerificationError as error:
        words = f"Browsers do not believe it: {error.verify_message}."
        return Finding(CERTIFICATE, words, "Renew it, with its whole chain, at the proxy.")
    except OSError as error:
        words = f"It could not be looked at: {type(error).__name__}."
        return Finding(CERTIFICATE, words, is_open=True)
    return lasting_until(ends_at, services.clock.now())


def certificate_end(host: str, port: int) -> datetime:
    """Return until when the certificate of a host is good; raises OSError, SSLError among them."""
    end_reading()
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=ASKED_SECONDS) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def lasting_until(ends_at: datetime, now: datetime) -> Finding:
    days = (ends_at - now).days
    words = f"It is good for {days} more days."
    if ends_at - now >= ENDS_SOON:
        return Finding(CERTIFICATE, words)
    mend = "Renew it, and find out why it does not renew itself: certbot renew --dry-run."
    return Finding(CERTIFICATE, words, mend)


def page_memory(services: Services) -> Finding:
    """Ask for one public page several times: a process that has it says how old it is."""
    settings = services.settings
    try:
        if not _is_ours(settings)[1]:
            return Finding(MEMORY, "Something else than this shop answers.", is_open=True)
        ages = [_told("/", settings)[2] for _time in range(ASKED_TIMES)]
    except (OSError, HTTPException, TooMuchError):
        return Finding(MEMORY, "Nothing answers that could be asked.", is_open=True)
    if any(ages):
        return Finding(MEMORY, "Public pages come from memory.")
    words = f"Asked {ASKED_TIMES} times, the front page was made anew each time."
    mend = "Look whether something changes products all the time: store_memory_hits_total tells."
    return Finding(MEMORY, words, mend)


def news_sites(services: Services) -> Finding:
    settings = services.settings
    if not settings.news_origins:
        words = "None is named, so no story leads here: set STORE_NEWS_ORIGINS for the widget."
        return Finding(NEWS, words, is_open=True)
    end_reading()
    away = [origin for origin in settings.news_origins if not _answers(origin, settings)]
    if away:
        words = f"{', '.join(away)} cannot be reached: titles of its stories stay unknown."
        mend = "Let it answer this machine, or mend STORE_NEWS_ORIGINS."
        return Finding(NEWS, words, mend)
    return Finding(NEWS, f"{len(settings.news_origins)} answer.")


def cache(services: Services) -> Finding:
    url = services.settings.cache_url
    if not url:
        words = "Each process counts hurried readers for itself; on several machines set"
        return Finding(CACHE, f"{words} STORE_CACHE_URL.", is_open=True)
    try:
        with Redis.from_url(
            url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        ) as redis:
            redis.ping()
    except (RedisError, ValueError, OSError) as error:
        words = f"It does not answer ({type(error).__name__}); each process counts for itself."
        return Finding(CACHE, words, "Start Redis, or mend STORE_CACHE_URL.")
    return Finding(CACHE, "It answers.")


def _is_ours(settings: Settings) -> tuple[int, bool]:
    """Return the status of robots.txt, and whether it names the sitemap of this very shop."""
    status, body, _age = _told("/robots.txt", settings)
    return status, status == 200 and f"{settings.public_url}/sitemap.xml" in body


def _told(path: str, settings: Settings) -> tuple[int, str, str]:
    """Ask the public address; return the status, the body, and what it says of its age."""
    end_reading()
    who = head(settings.brand_name, settings.public_url, accept="*/*")
    deadline = time.monotonic() + ASKED_SECONDS
    place = Place(settings.public_url, path)
    with asked(place, who, deadline, most_bytes=MOST_BYTES, allowed=_anywhere) as answer:
        body = answer.read(MOST_BYTES).decode(errors="replace")
        return answer.status, body, answer.getheader("Age", "")


def _anywhere(_address: str, _port: int) -> bool:
    """Let the shop lie where it lies: whoever runs it named its address."""
    return True


def _unless_at_home(finding: Finding, settings: Settings) -> Finding:
    if settings.is_https:
        return finding
    return Finding(finding.about, finding.words, is_open=True)


def _answers(origin: str, settings: Settings) -> bool:
    try:
        fetch_page(f"{origin}/", settings)
    except (PageAwayError, PageSlowError):
        return False
    except UnreadPageError:
        # It answered, with something that is no story.
        return True
    return True
