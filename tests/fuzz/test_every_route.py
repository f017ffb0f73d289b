"""Whatever is sent to whatever address: no fault of ours, no word of the sender's as markup."""

import pytest

from tests.conftest import Databases
from tests.fuzz.fuzzing import broken_by
from tests.fuzz.ground import open_ground
from tests.shop import Shop

EXAMPLES = 2
SEED = 1
"""The same each time, so that what turns red was changed; `python -m tests.fuzz` looks further."""


@pytest.mark.slow
def test_no_request_breaks_an_address(shop: Shop, databases: Databases) -> None:
    """Each method of each rule, as whoever may come, with what its own page would send, spoilt."""
    ground = open_ground(shop, databases)

    broken = [
        one
        for route in ground.atlas.routes
        for one in broken_by(ground, route, examples=EXAMPLES, seed=SEED)
    ]

    assert broken == []
    assert ground.asked > 2 * len(ground.atlas.routes)
