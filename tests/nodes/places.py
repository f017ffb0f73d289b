"""Where the machines of a shop stand: at ports of this one, or each in a network of its own."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MIDDLE = "10.77.0.1"
NETWORK = "10.77.0.0/24"
BRIDGE = "between"


@dataclass(frozen=True, slots=True)
class Place:
    """One machine: the address by which others know it, and how something is started on it."""

    address: str
    prefix: tuple[str, ...] = ()
    cable: str = ""
    """Its end in the middle, where there is one that can be pulled."""

    def command(self, *words: str) -> list[str]:
        return [*self.prefix, *words]


@dataclass(frozen=True, slots=True)
class Machines:
    """The one in the middle has nginx, the database and whatever else is shared."""

    middle: Place
    nodes: tuple[Place, ...]
    network: str
    """Where nodes come from when they ask the middle; nothing means this machine itself."""
    words: str


def by_port(nodes: int = 2) -> Machines:
    here = Place("127.0.0.1")
    return Machines(here, (here,) * nodes, "", "at ports of one machine")


def have_networks() -> bool:
    """Say whether this machine lets us make networks of our own."""
    if os.geteuid() != 0 or not (shutil.which("ip") and shutil.which("unshare")):
        return False
    asked = ["unshare", "--net", "--mount", "ip", "link", "add", BRIDGE, "type", "bridge"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def inside_new_network(command: Sequence[str]) -> list[str]:
    """Return the command that runs another one where there is no network yet.

    Everything that is made there ends with the last process in it: nothing of the machine changes.
    """
    return ["unshare", "--net", "--mount", *command]


def in_networks(nodes: int = 2) -> Machines:
    """Join so many machines by cables to a middle; call it inside a new network alone."""
    named = Path("/run/netns")
    named.mkdir(exist_ok=True)
    # The names of namespaces are files; here they are nobody else's.
    _run("mount", "-t", "tmpfs", "tmpfs", str(named))
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "link", "add", BRIDGE, "type", "bridge")
    _run("ip", "address", "add", f"{MIDDLE}/24", "dev", BRIDGE)
    _run("ip", "link", "set", BRIDGE, "up")
    places = tuple(_joined(number) for number in range(1, nodes + 1))
    return Machines(Place(MIDDLE), places, NETWORK, "each in a network namespace of its own")


def pull(place: Place) -> None:
    """Pull the cable of a machine: nothing that is sent to it arrives, and nothing says so."""
    _run("ip", "link", "set", place.cable, "down")


def plug_in(place: Place) -> None:
    _run("ip", "link", "set", place.cable, "up")


def _joined(number: int) -> Place:
    name, cable, address = f"node-{number}", f"to-node-{number}", f"10.77.0.{10 + number}"
    _run("ip", "netns", "add", name)
    _run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
    _run("ip", "link", "set", cable, "master", BRIDGE, "up")
    _run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        _run("ip", "-n", name, "link", "set", device, "up")
    return Place(address, ("ip", "netns", "exec", name), cable)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
