"""Says in one sentence why this machine cannot run edge-shelf, and the way out; silent when it can.

Runs on any Python, before anything is installed: no syntax or module newer than Python 3.6.
"""

import platform
import sys


def obstacle():
    """Return the reason this machine is unsuitable, or None."""
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        return (
            f"edge-shelf needs Python 3.11, 3.12 or 3.13 and this is {platform.python_version()}: "
            "install one and run make PYTHON=python3.11 (or its path)."
        )
    if platform.machine().lower() not in ("x86_64", "amd64") or sys.platform != "linux":
        return (
            f"The cloud service needs uamqp, which has wheels for x86-64 Linux only, and this is {platform.machine()} {platform.system()}: "
            "use an x86-64 Linux machine or container (a Raspberry Pi takes the agent alone, see infra/pi)."
        )
    return None


if __name__ == "__main__":
    reason = obstacle()
    if reason:
        sys.exit(reason)
