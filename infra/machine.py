"""Says in one sentence why this machine cannot run edge-shelf, and the way out; silent when it can.

Runs on any Python, before anything is installed: no syntax or module newer than Python 3.6.
"""

import platform
import sys


def obstacle(version, machine, system):
    """Return the reason a machine is unsuitable, or None."""
    if not (3, 11) <= version < (3, 14):
        return (
            "edge-shelf needs Python 3.11, 3.12 or 3.13 and this is {}.{}: "
            "install one and run make PYTHON=python3.11 (or its path)."
        ).format(*version)
    if machine.lower() not in ("x86_64", "amd64") or system != "Linux":
        return (
            "The cloud service needs uamqp, which has wheels for x86-64 Linux only, "
            "and this is {} {}: use an x86-64 Linux machine or container "
            "(a Raspberry Pi takes the agent alone, see infra/pi)."
        ).format(machine, system)
    return None


if __name__ == "__main__":
    reason = obstacle(sys.version_info[:2], platform.machine(), platform.system())
    if reason:
        sys.exit(reason)
