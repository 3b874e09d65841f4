"""edge-shelf, the operators' command line: it talks to the API and prints what is true.

Exit codes: 0 only when what was asked for is so; 1 when it was refused, failed or did not happen
in time; 2 when the command line or the environment is wrong or the service cannot be reached.
"""

from cloud_service.cli.root import main

__all__ = ["main"]
