"""Reduces text to the words that search compares: folded, and stemmed as English is."""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 40

# Letters that Unicode does not take apart, as people type them without a special keyboard.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
# Scripts that write no spaces: each character is a word, so that a part is found too.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_APOSTROPHES = re.compile("(?<=[^\\W_])['\u2019\u02bc](?=[^\\W_])")
_HYPHENATED = re.compile(r"(?<![^\W_])([^\W_]{1,40})-([^\W_]{1,40})(?![^\W_])")
# A letter that stands alone belongs to the word behind it: a t shirt is a tshirt.
_LONE_LETTER = re.compile(r"(?<![^\W_])([^\W_]) ([^\W_]{2,40})(?![^\W_])")
_VOWEL = re.compile("[aeiouy]")
_DOUBLED = re.compile(r"([bdfgmnprt])\1$")


def fold(text: str) -> str:
    """Return the text without case, accents and the apostrophes inside words."""
    if text.isascii():
        return _APOSTROPHES.sub("", text.lower())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # A text has few different letters: to look at each of them once is quicker than at all.
    letters = {
        ord(char): _PLAIN.get(ord(char))
        for char in set(decomposed)
        if ord(char) in _PLAIN or unicodedata.combining(char)
    }
    return _APOSTROPHES.sub("", decomposed.translate(letters) if letters else decomposed)


def words_of(text: str) -> list[str]:
    """Return the words of a text in order, folded, without their stems."""
    # Some places of the unspaced scripts hold a mark, or nothing yet.
    return [word[:LONGEST_WORD] for word in _WORDS.findall(fold(text)) if word.isalnum()]


def index_words(text: str) -> list[str]:
    """Return every form under which a text is found: words, joined compounds, and stems."""
    words = spelled_words(text)
    forms = dict.fromkeys(words)
    forms.update(dict.fromkeys(stem(word) for word in words))
    return list(forms)


def spelled_words(text: str) -> list[str]:
    """Return the words of a text, and those that it takes apart with a hyphen or a space."""
    folded = fold(text)
    apart = _HYPHENATED.findall(folded) + _LONE_LETTER.findall(folded)
    # What stands between may be half a character of an unspaced script: it is no word then.
    joined = (first + second for first, second in apart)
    return words_of(text) + [word[:LONGEST_WORD] for word in joined if word.isalnum()]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return what the forms of an English word share: hoodies, hoodie → hoodi; printing → print.

    Much less than Porter's rules, and enough for the names of goods; an unknown form stays itself,
    and the search looks for beginnings of words beside it.
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    return _bare_ending(_without_suffix(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-1]
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_suffix(word: str) -> str:
    for suffix in ("ing", "ed"):
        rest = word.removesuffix(suffix)
        if rest != word and len(rest) >= 3 and _VOWEL.search(rest):
            return _DOUBLED.sub(r"\1", rest)
    return word


def _bare_ending(word: str) -> str:
    if word.endswith("ie"):
        return word[:-1]
    if word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        return word[:-1] + "i"
    if word.endswith("e") and len(word) > 4:
        return word[:-1]
    return word
