"""The pytest plugin, in a project of its own that runs against this hub and a second one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.iothub.pytest_plugin import HubUnderTest, against_hub
from simulators.iothub.server.hub import SimulatedHub
from simulators.iothub.server.neighbours import start_beside_others

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.integration

STRANGERS_TESTS = """
import os
from azure.iot.hub import IoTHubRegistryManager
from simulators.iothub.pytest_plugin import against_hub

def make(device_id):
    registry = IoTHubRegistryManager.from_connection_string(os.environ["IOTHUB_CONNECTION_STRING"])
    registry.create_device_with_sas(device_id, "", "", "enabled")
    return registry.get_twin(device_id).device_id

@against_hub
def test_on_each(iothub):
    kind = "given" if iothub.simulated is None else "simulated"
    assert os.environ["IOTHUB_CONNECTION_STRING"] == iothub.connection_string
    assert make("on-" + kind) == "on-" + kind

def test_at_home(iothub):
    assert iothub.simulated is not None
    make("at-home")

def test_in_one_line(simulated_hub):
    make("one-line")
    assert simulated_hub.device_connection_string("one-line")
"""


@pytest.fixture
def second(tmp_path: Path) -> Iterator[SimulatedHub]:
    running = start_beside_others(tmp_path / "second")
    yield running.hub
    running.__exit__()


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project that knows nothing of this one but that it is installed."""
    pytester.makepyfile(STRANGERS_TESTS)
    return pytester


def run(project: pytest.Pytester, *options: str) -> pytest.RunResult:
    return project.runpytest_subprocess("-v", "-p", "no:cacheprovider", *options, timeout=120)


def has(hub: SimulatedHub, device_id: str) -> bool:
    return any(each.identity.device_id == device_id for each in hub.board.hub.devices())


def test_without_another_hub_every_test_runs_on_the_simulated_one(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUB_CONNECTION_STRING", raising=False)
    result = run(project)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*test_on_each?simulated? PASSED*"])


def test_marked_tests_run_on_the_hub_that_is_given_too(
    project: pytest.Pytester, second: SimulatedHub
) -> None:
    result = run(
        project,
        f"--hub-connection-string={second.connection_string}",
        f"--hub-ca-file={second.bundle_file}",
    )
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*test_on_each?given? PASSED*"])
    assert has(second, "on-given")
    assert not any(has(second, name) for name in ("on-simulated", "at-home", "one-line"))


def test_another_hub_can_be_given_by_the_environment(
    project: pytest.Pytester, second: SimulatedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_CONNECTION_STRING", second.connection_string)
    monkeypatch.setenv("HUB_CA_FILE", str(second.bundle_file))
    result = run(project, "-k", "test_on_each")
    result.assert_outcomes(passed=2, deselected=2)


def test_a_failure_shows_no_key_of_the_hub(pytester: pytest.Pytester, second: SimulatedHub) -> None:
    pytester.makepyfile(
        "from simulators.iothub.pytest_plugin import against_hub\n"
        "@against_hub\n"
        "def test_fails(iothub):\n"
        "    assert iothub is None\n"
    )
    result = run(pytester, f"--hub-connection-string={second.connection_string}", "--showlocals")
    result.assert_outcomes(failed=2)
    assert "SharedAccessKey" not in result.stdout.str()


def test_what_is_no_connection_string_is_refused_before_a_test_runs(
    project: pytest.Pytester,
) -> None:
    result = run(project, "--hub-connection-string=localhost")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*connection string must name HostName*"])


def test_a_mark_without_the_fixture_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "from simulators.iothub.pytest_plugin import against_hub\n"
        "@against_hub\n"
        "def test_alone():\n"
        "    pass\n"
    )
    result = run(pytester)
    assert result.ret != pytest.ExitCode.OK
    assert "test_alone is marked against_hub" in result.stdout.str() + result.stderr.str()


def test_a_project_starts_the_hub_with_options_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import pytest\n"
        "@pytest.fixture(scope='session')\n"
        "def simulated_hub_options():\n"
        "    return {'amqp_port': None}\n"
        "def test_it(simulated_hub):\n"
        "    assert simulated_hub.amqp_port is None\n"
    )
    run(pytester).assert_outcomes(passed=1)


def test_pytest_starts_without_the_hub_and_its_packages(tmp_path: Path) -> None:
    """Every project in the environment pays for what the plugin imports."""
    program = (
        "import sys, simulators.iothub.pytest_plugin\n"
        "heavy = ('simulators.iothub.server', 'azure', 'OpenSSL', 'cryptography', 'asyncio')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


@against_hub
def test_our_own_tests_take_the_mark_too(iothub: HubUnderTest) -> None:
    string = iothub.device_connection_string("shelf", "a2V5")
    assert string == f"HostName={iothub.name};DeviceId=shelf;SharedAccessKey=a2V5"
    assert ":" not in iothub.name
