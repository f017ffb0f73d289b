"""The news site and the mailbox of the demonstration, served together on one port."""

import os
from pathlib import Path

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from store.clock import SystemClock
from store.sandbox.mailbox import create_mailbox
from store.sandbox.news_site.app import create_news_site

app = DispatcherMiddleware(
    create_news_site(
        os.environ["STORE_PUBLIC_URL"],
        os.environ["STORE_BRAND_NAME"],
        os.environ["STORE_NEWS_ORIGINS"],
        SystemClock(),
    ),
    {"/mail": create_mailbox(Path(os.environ["STORE_DATA_DIR"]) / "mail")},
)
