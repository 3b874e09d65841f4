"""Starts a program that cannot outlive the process that asked for it, however that one ends.

`python -I -S bound.py PARENT COMMAND ...` asks the kernel to kill this process when its parent dies
(prctl(2), PR_SET_PDEATHSIG), then becomes COMMAND; the request survives exec. SIGKILL, because a
parent that was itself killed cannot follow up on a polite signal, and every process of ours is
built to be killed at any moment. Linux only, as is the simulated store.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Bind this process to its parent and become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")
    os.execv(command[0], command)  # noqa: S606 - the command comes from our own supervisor


if __name__ == "__main__":
    main()
