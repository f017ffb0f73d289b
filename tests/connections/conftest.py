"""A shop and somebody outside who listens to it."""

from collections.abc import Iterator

import pytest

from tests.connections.receiver import Receiver, a_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as receiver:
        yield receiver
