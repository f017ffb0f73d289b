"""Where the cleaned original of a picture lies; who only names pictures need not know Pillow."""


def original_name(content_hash: str) -> str:
    """Return where the cleaned original lies: always WebP."""
    return f"{content_hash[:2]}/{content_hash}.webp"
