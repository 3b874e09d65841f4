"""`python -m simulators.fleet --settings A.toml --settings B.toml`: shelves in one process."""

import argparse
import sys
from pathlib import Path

from simulators.fleet.running import run_fleet


def main() -> None:
    """Run a shelf for each settings file until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="shelf-sim fleet", description=main.__doc__)
    parser.add_argument(
        "--settings", type=Path, action="append", required=True, metavar="FILE",
        help="an agent's settings; once for each shelf",
    )  # fmt: skip
    sys.exit(run_fleet(parser.parse_args().settings))


if __name__ == "__main__":
    main()
