"""A pytest plugin: any project that installs this one has a hub for its tests in one line.

`simulated_hub` is a running hub. A test that is marked `@against_hub` and takes `iothub` runs on
the simulated hub, and once more on another, a real one say, when its connection string is given.
pytest imports this file at every start of every project, so the hub itself is imported by the
fixtures only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulators.iothub.server.hub import SimulatedHub

SIMULATED: Final = "simulated"
GIVEN: Final = "given"
FIXTURE: Final = "iothub"
BUNDLE_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")

against_hub = pytest.mark.against_hub
"""Marks a test, or a class of tests, that the given hub must pass as the simulated one does."""

_PREVIOUS: Final = pytest.StashKey[dict[str, "str | None"]]()


@dataclass(frozen=True)
class HubUnderTest:
    """The hub that a test talks to, and all that a test may know of it."""

    connection_string: str = field(repr=False)
    """For services, with a policy's key."""
    event_hub_connection_string: str | None = field(repr=False)
    """For readers of events; None where none was given."""
    ca_file: Path | None
    """What signs the hub's certificate, in PEM; None for public authorities."""
    simulated: SimulatedHub | None
    """The simulated hub itself, to look inside; None on another."""

    @property
    def name(self) -> str:
        """The host name as devices need it: without a port."""
        return _parts(self.connection_string)["HostName"].partition(":")[0]

    def device_connection_string(self, device_id: str, key: str) -> str:
        """What a device needs whose symmetric key (base64) the registry gave."""
        return f"HostName={self.name};DeviceId={device_id};SharedAccessKey={key}"


def _parts(connection_string: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in connection_string.strip().split(";"))
    return {name: text for name, _, text in pairs}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take what is given of another hub."""
    group = parser.getgroup("iothub", "IoT Hub, simulated or given")
    group.addoption(
        "--hub-connection-string",
        metavar="TEXT",
        help="another hub for tests marked against_hub (or HUB_CONNECTION_STRING)",
    )
    group.addoption(
        "--hub-events-connection-string",
        metavar="TEXT",
        help="its Event Hubs compatible endpoint (or HUB_EVENTS_CONNECTION_STRING)",
    )
    group.addoption(
        "--hub-ca-file",
        metavar="FILE",
        help="PEM of the authorities to trust, where they are not public (or HUB_CA_FILE)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, and refuse a connection string that is none."""
    config.addinivalue_line(
        "markers", "against_hub: runs on the simulated hub, and on another one that is given"
    )
    text = _given(config, "connection_string")
    if text is not None and not {"HostName", "SharedAccessKey"} <= _parts(text).keys():
        raise pytest.UsageError(
            "The hub's connection string must name HostName, SharedAccessKeyName and"
            " SharedAccessKey."
        )


def _given(config: pytest.Config, what: str) -> str | None:
    """Look for a hub's option, then for its variable; an empty one is none."""
    return config.getoption(f"hub_{what}") or os.environ.get(f"HUB_{what.upper()}") or None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have marked tests run once on each hub."""
    if metafunc.definition.get_closest_marker(against_hub.name) is None:
        return
    if FIXTURE not in metafunc.fixturenames:
        raise pytest.UsageError(
            f"{metafunc.definition.nodeid} is marked against_hub, and neither it nor a fixture of"
            f" it takes {FIXTURE}: it would run on the simulated hub alone."
        )
    hubs = [SIMULATED]
    if _given(metafunc.config, "connection_string") is not None:
        hubs.append(GIVEN)
    metafunc.parametrize(FIXTURE, hubs, indirect=True)


@pytest.fixture(scope="session")
def simulated_hub_options() -> dict[str, Any]:
    """Override this to start the simulated hub with other options of SimulatedHub."""
    return {}


@pytest.fixture(scope="session")
def simulated_hub(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    simulated_hub_options: dict[str, Any],
) -> Iterator[SimulatedHub]:
    """A running hub, one for all tests of a process; the environment makes the SDKs trust it.

    Devices of one test must not disturb another's: name them after the test.
    """
    # Only here: the hub needs packages that a project's other tests should not wait for.
    from simulators.iothub.server.neighbours import start_beside_others  # noqa: PLC0415

    running = start_beside_others(tmp_path_factory.mktemp("hub"), **simulated_hub_options)
    variables = running.hub.environment
    request.config.stash[_PREVIOUS] = {name: os.environ.get(name) for name in variables}
    with pytest.MonkeyPatch.context() as environment:
        for name, text in variables.items():
            environment.setenv(name, text)
        yield running.hub
    running.__exit__()


@pytest.fixture
def iothub(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> HubUnderTest:
    """The simulated hub; in tests marked against_hub also the given one, with its environment."""
    if getattr(request, "param", SIMULATED) == SIMULATED:
        return _simulated(request.getfixturevalue("simulated_hub"))
    hub = _other(request.config)
    for name, text in (request.config.stash.get(_PREVIOUS, {}) | _variables(hub)).items():
        if text is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, text)
    return hub


def _simulated(hub: SimulatedHub) -> HubUnderTest:
    events = hub.event_hub_connection_string
    return HubUnderTest(hub.connection_string, events, hub.ca_file, hub)


def _other(config: pytest.Config) -> HubUnderTest:
    text, file = _given(config, "connection_string"), _given(config, "ca_file")
    if text is None:
        raise pytest.UsageError("No hub's connection string is given.")
    ca_file = config.invocation_params.dir / file if file else None
    return HubUnderTest(text, _given(config, "events_connection_string"), ca_file, None)


def _variables(hub: HubUnderTest) -> dict[str, str | None]:
    """Give the environment of a given hub: None for what must not be set."""
    trusted = {} if hub.ca_file is None else dict.fromkeys(BUNDLE_VARIABLES, str(hub.ca_file))
    return {
        "IOTHUB_CONNECTION_STRING": hub.connection_string,
        "EVENTHUB_CONNECTION_STRING": hub.event_hub_connection_string,
        **trusted,
    }
