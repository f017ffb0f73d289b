"""Ports of this machine that nobody listens at."""

import socket


def free_port(address: str = "127.0.0.1") -> int:
    """Return one that is free at this moment; somebody else may take it before we do."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
