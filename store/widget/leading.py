"""Where a link from a story may lead: to a path of our own and nowhere else."""

LONGEST_PATH = 2_000
HOME = "/"


def own_path_of(given: str) -> str:
    """Return the path when it can only be read as one of ours, else the front page's.

    Browsers take a backslash for a slash and skip control characters, so neither passes.
    """
    is_ours = (
        given.startswith("/")
        and not given.startswith("//")
        and "\\" not in given
        and given.isprintable()
        and " " not in given
        and len(given) <= LONGEST_PATH
    )
    return given if is_ours else HOME
