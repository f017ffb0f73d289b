"""Text that an XML document may hold."""

import re

# The characters of XML 1.0 (https://www.w3.org/TR/xml/#charsets), without the carriage return.
_FORBIDDEN = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return the text without the control characters that no XML document may hold."""
    return _FORBIDDEN.sub("", text)
