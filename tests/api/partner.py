"""A fulfilment partner: a client with a token, and nothing else."""

from typing import Any

from werkzeug.test import TestResponse

from store.connections.models import Scope
from store.connections.tokens import Wanted, make_token
from store.database import writing
from tests.shop import Shop

ALL = tuple(Scope)


class Partner:
    """Somebody outside with a token of the API."""

    def __init__(self, shop: Shop, *scopes: Scope, expires_at: Any = None) -> None:
        self._browser = shop.browser()
        self._turn = 0
        with shop.app.app_context(), writing():
            wanted = Wanted("Warehouse", scopes or ALL, expires_at)
            token, self.key = make_token(wanted, "Robin", shop.services)
            self.token_id = token.id

    def get(self, path: str, **asked: Any) -> TestResponse:
        return self._browser.get(f"/api/v1/{path}", query_string=asked, headers=self._head())

    def post(self, path: str, body: Any = None, *, key: str = "", **more: Any) -> TestResponse:
        """Send JSON, under a key of its own where none is given."""
        self._turn += 1
        headers = self._head() | {"Idempotency-Key": key or f"turn-{self._turn}"}
        if body is not None:
            more["json"] = body
        return self._browser.post(f"/api/v1/{path}", headers=headers, **more)

    def _head(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}
