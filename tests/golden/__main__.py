"""Draw all golden frames anew: `python -m tests.golden`, then look at every one that changed."""

import sys

from tests.golden.cases import CASES, FRAMES

if __name__ == "__main__":
    for file in set(FRAMES.glob("*/*.png")) - {case.file for case in CASES}:
        file.unlink()
        sys.stdout.write(f"{file}: no longer drawn\n")
    for case in CASES:
        data = case.draw().png()
        if not case.file.exists() or case.file.read_bytes() != data:
            case.file.parent.mkdir(parents=True, exist_ok=True)
            case.file.write_bytes(data)
            sys.stdout.write(f"{case.file}\n")
