"""What the shop keeps and needs room for: files that were sold, disk, backups, built assets."""

from datetime import timedelta
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO

from store.cli.findings import Finding
from store.errors import UnavailableError
from store.media.private_files import name_of_hash
from store.services import Services
from store.web.assets import find_assets
from store.web.machine import BACKUP_TOO_OLD, LAST_BACKUP, last_backup, tightest_room

FILES, DISK, BACKUP, ASSETS, EXTRAS = "files", "disk", "backup", "assets", "extras"
PROBE = b"a file that the doctor left and took away"
GIGABYTE = 10**9


def files(services: Services) -> Finding:
    """Keep a file, read it, and take it away again."""
    name, store = name_of_hash(sha256(PROBE).hexdigest()), services.files
    mend = "Give the folder or bucket of STORE_FILES_URL to this user."
    try:
        store.put(name, BytesIO(PROBE))
        found = store.open(name)
        kept = found.read() if found else b""
        store.remove(name)
    except (UnavailableError, OSError) as error:
        return Finding(FILES, f"No file can be kept for buyers: {error}.", mend)
    if kept != PROBE:
        return Finding(FILES, "What was kept for buyers does not come back.", mend)
    return Finding(FILES, "Files for buyers are kept, and come back.")


def disk(services: Services) -> Finding:
    room = tightest_room(services.settings)
    free, total = room.free_bytes / GIGABYTE, room.total_bytes / GIGABYTE
    words = f"{free:.1f} of {total:.1f} GB are free for {room.folder}."
    if room.is_scarce:
        return Finding(DISK, words, "Make room: without it no order is written.")
    return Finding(DISK, words)


def backup(services: Services) -> Finding:
    made_at = last_backup(services.settings)
    mark = services.settings.data_dir / LAST_BACKUP
    if made_at is None:
        words = (
            f"Nobody says when the last one was made: `store backup`, or `touch {mark}` after it."
        )
        return Finding(BACKUP, words, is_open=True)
    age = services.clock.now() - made_at
    words = f"The last one is {age / timedelta(hours=1):.0f} hours old."
    if age > BACKUP_TOO_OLD:
        return Finding(BACKUP, words, f"See why none was made since, and touched {mark}.")
    return Finding(BACKUP, words)


def extras(services: Services) -> Finding:
    """Look whether what settings ask for is installed: without it the shop sells, and is silent."""
    settings = services.settings
    wanted = (
        ("tracing", settings.traces_url, "opentelemetry.sdk"),
        ("errors", settings.sentry_dsn.get_secret_value(), "sentry_sdk"),
    )
    asked = [name for name, setting, _package in wanted if setting]
    missing = [name for name, setting, package in wanted if setting and not _is_there(package)]
    if missing:
        words = f"Settings ask for {' and '.join(missing)}, which is not installed."
        return Finding(EXTRAS, words, f"pip install '.[{','.join(missing)}]'")
    if not asked:
        return Finding(EXTRAS, "Nobody outside is told of requests or faults.", is_open=True)
    return Finding(EXTRAS, f"Installed: {', '.join(asked)}.")


def assets(services: Services) -> Finding:
    if find_assets().is_built:
        return Finding(ASSETS, "Styles and scripts are built.")
    words = "Styles and scripts are not built: pages load each source by itself."
    if not services.settings.is_https:
        return Finding(ASSETS, f"{words} `store serve` builds them.", is_open=True)
    return Finding(ASSETS, words, "store assets build")


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        # What it would be a part of is not there either.
        return False
