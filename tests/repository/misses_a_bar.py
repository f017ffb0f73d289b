"""A bench that keeps its figures, and says in bold which of its rows is over the bar."""

import sys
from pathlib import Path

if __name__ == "__main__":
    Path(sys.argv[sys.argv.index("--json") + 1]).write_text('{"Cart": {"p95_ms": 120.0}}')
    sys.stdout.write("| Home | 40 | yes |\n| Cart | 120 | **no** |\n")
    sys.exit(1)
