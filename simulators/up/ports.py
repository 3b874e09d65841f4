"""Ports are tried before anything is started: a taken one costs nothing but a sentence."""

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from simulators.up.errors import WrongStart


@dataclass(frozen=True)
class Port:
    """An address to listen on: what for, and what to do where it is taken."""

    host: str
    number: int
    purpose: str
    way_out: str


def check_free(ports: Iterable[Port]) -> None:
    """Raise WrongStart naming the first port that cannot be listened on, or was given twice."""
    used: dict[tuple[str, int], Port] = {}
    for port in ports:
        _check(port)
        first = used.setdefault((port.host, port.number), port)
        if first is not port:
            raise WrongStart(_sentence(port, f"is for {first.purpose} as well"))


def _check(port: Port) -> None:
    with socket.socket(_family(port.host), socket.SOCK_STREAM) as trial:
        # As servers do: a connection that is only being wound up does not count as taken.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((port.host, port.number))
            trial.listen(1)
        except OSError as error:
            raise WrongStart(_sentence(port, _reason(error))) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _reason(error: OSError) -> str:
    taken = error.errno == errno.EADDRINUSE
    return "is already taken" if taken else f"cannot be used ({error.strerror})"


def _sentence(port: Port, reason: str) -> str:
    return f"port {port.number} on {port.host}, for {port.purpose}, {reason}: {port.way_out}"
