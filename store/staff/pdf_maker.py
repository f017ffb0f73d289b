"""Lays out one PDF and ends: the only module that imports WeasyPrint; store.web.printing runs it.

It reads the page with its stylesheet as JSON and fetches nothing: no picture, no file, no address.
"""

import json
import sys

MISSING = 3
NOWHERE = "http://printed.invalid/"
"""What the page's own addresses are joined to; nobody has this name (RFC 2606)."""


def main() -> int:
    """Write the PDF of what stands on the standard input to the standard output."""
    try:
        from weasyprint import HTML  # type: ignore[import-untyped] # it has no types
        from weasyprint.urls import (  # type: ignore[import-untyped] # as above
            URLFetcher,
            URLFetcherResponse,
        )
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING

    told = json.load(sys.stdin)

    class OwnStylesheet(URLFetcher):  # type: ignore[misc] # as above
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url != NOWHERE + told["name"]:
                raise ValueError("a printed page fetches nothing")
            return URLFetcherResponse(url, told["stylesheet"], {"Content-Type": "text/css"})

    page = HTML(string=told["html"], base_url=NOWHERE, url_fetcher=OwnStylesheet())
    sys.stdout.buffer.write(page.write_pdf())
    return 0


if __name__ == "__main__":
    sys.exit(main())
