"""What a process holds, by the kernel's own count, in MB: a million bytes each."""

from pathlib import Path

RESIDENT, MOST_RESIDENT = "VmRSS", "VmHWM"


def resident_mb(pid: int | str) -> float:
    """Return what it holds now, libraries that others have mapped as well among it."""
    return _mb_in(f"/proc/{pid}/status", RESIDENT)


def most_resident_mb(pid: int | str) -> float:
    """Return the most that it ever held; nought for one that has ended and is not yet forgotten."""
    return _mb_in(f"/proc/{pid}/status", MOST_RESIDENT)


def own_mb(pid: int | str) -> float:
    """Return what it alone holds: no library that others have mapped as well."""
    return _mb_in(f"/proc/{pid}/smaps_rollup", "Private_Dirty")


def _mb_in(file: str, name: str) -> float:
    found = Path(file).read_text().partition(f"{name}:")[2].split()
    # The kernel writes kB, and means 1,024 bytes.
    return int(found[0]) * 1024 / 1e6 if found else 0.0
