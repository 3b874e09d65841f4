"""Ports are tried, and told apart, before anything is started."""

import socket

import pytest

from simulators.up.errors import WrongStart
from simulators.up.ports import Port, check_free


def _port(number: int, purpose: str) -> Port:
    return Port("127.0.0.1", number, purpose, f"choose another with --{purpose}-port")


def _free() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_one_port_for_two_things_is_refused_naming_both() -> None:
    number = _free()
    with pytest.raises(WrongStart) as refused:
        check_free([_port(number, "rest"), _port(number, "console")])
    said = f"port {number} on 127.0.0.1, for console, is for rest as well"
    assert str(refused.value) == f"{said}: choose another with --console-port"


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = int(taken.getsockname()[1])
        with pytest.raises(WrongStart, match="is already taken: choose another with --rest-port"):
            check_free([_port(number, "rest")])
