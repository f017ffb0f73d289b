"""A door in front of a service of ours that can be shut, fall silent, or lose what is answered."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from tests.faults.wire import Roads, cut


class GateState(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    """Who connects is cut off, and so is who was connected."""
    SILENT = "silent"
    """Who connects hears nothing; who was connected hears nothing more."""
    DEAF = "deaf"
    """The service hears all that it is told, and nobody hears its answer."""


@dataclass
class Gate:
    target: int
    state: GateState = GateState.OPEN
    port: int = 0
    lines: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        if self.state is GateState.SHUT:
            cut(client)
            return
        self.lines.add(client)
        service = None
        try:
            inside, service = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(
                self._carry(reader, service, is_answer=False),
                self._carry(inside, client, is_answer=True),
            )
        except OSError:
            cut(client)
        finally:
            self.lines.discard(client)
            client.close()
            if service is not None:
                service.transport.abort()

    async def _carry(
        self, source: asyncio.StreamReader, drain: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        while said := await source.read(65_536):
            if self.state is GateState.SILENT or (is_answer and self.state is GateState.DEAF):
                continue
            drain.write(said)
            with suppress(ConnectionError):
                await drain.drain()
        drain.close()


def open_gate(roads: Roads, target: int) -> Gate:
    gate = Gate(target)
    gate.port = roads.listen(gate.serve)
    return gate


def set_gate(roads: Roads, gate: Gate, state: GateState) -> None:
    """Change what the gate does; who is connected when it shuts, or opens again, is cut off."""

    async def change() -> None:
        was, gate.state = gate.state, state
        if state is GateState.SHUT or was in {GateState.SILENT, GateState.DEAF}:
            for line in list(gate.lines):
                cut(line)

    roads.run(change())
