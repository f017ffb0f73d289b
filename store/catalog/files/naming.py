"""What a file may be called on the disks of those who buy it, in whatever script it is named."""

import re
import unicodedata

from store.catalog.files.kinds import KINDS, FileKind

LONGEST_STEM = 120
LONGEST_BYTES = 200
"""Most disks take 255 bytes for a name, and browsers add to it what tells copies apart."""
FORBIDDEN = re.compile(r'[<>:"/\\|?*%;]+')
"""Signs that no name may have on some system, and two that headers trip over."""
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Devices of Windows: a file of such a name cannot be opened there."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of signs that nobody sees, those among them that turn the direction of writing."""
JOINERS = frozenset("\u200c\u200d")
"""Persian and the scripts of India cannot be spelt without them."""
OTHER_ENDINGS = {"jpeg": "jpg", "oga": "ogg", "opus": "ogg"}


def file_name(given: str, kind: FileKind) -> str:
    """Return the name as it was given, made safe, with the ending of what the file is."""
    name = unicodedata.normalize("NFC", given)
    # What some browsers send is a path; the name is its last part.
    name = name.replace("\\", "/").rpartition("/")[2]
    seen = (" " if _is_unseen(sign) else sign for sign in name)
    stem = FORBIDDEN.sub(" ", "".join(seen))
    stem = _without_ending(" ".join(stem.split()).strip(" ."), kind)
    stem = _short(stem).strip(" .") or "download"
    if RESERVED.fullmatch(stem):
        stem = f"{stem}_"
    return f"{stem}.{kind.ending}"


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN and sign not in JOINERS


def _without_ending(name: str, kind: FileKind) -> str:
    """Take off an ending that says what the file is; what says something else stays a word."""
    stem, dot, ending = name.rpartition(".")
    said = OTHER_ENDINGS.get(ending.lower(), ending.lower())
    if not dot:
        return name
    if said == kind.ending:
        return stem
    return f"{stem} {ending}" if said in KINDS else name


def _short(stem: str) -> str:
    """Cut a name to what disks take, never within a sign."""
    stem = stem[:LONGEST_STEM]
    while len(stem.encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    while stem and unicodedata.combining(stem[-1]) and len(stem) == LONGEST_STEM:
        stem = stem[:-1]
    return stem
