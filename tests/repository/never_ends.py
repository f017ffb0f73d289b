"""A bench that never ends: `python -m tests.repository.never_ends`."""

import threading

if __name__ == "__main__":
    threading.Event().wait()
