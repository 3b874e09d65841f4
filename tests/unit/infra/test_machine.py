"""A machine that cannot work is told so in one sentence that names the way out."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PATH = Path(__file__).resolve().parents[3] / "infra" / "machine.py"


@pytest.fixture(scope="module")
def machine() -> ModuleType:
    spec = importlib.util.spec_from_file_location("machine", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_machine_that_can_work_hears_nothing(
    machine: ModuleType, version: tuple[int, int]
) -> None:
    assert machine.obstacle(version, "x86_64", "Linux") is None


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14)])
def test_a_python_that_cannot_work_is_named_with_one_that_can(
    machine: ModuleType, version: tuple[int, int]
) -> None:
    told = machine.obstacle(version, "x86_64", "Linux")
    assert f"this is {version[0]}.{version[1]}" in told
    assert "make PYTHON=python3.11" in told


@pytest.mark.parametrize(("cpu", "system"), [("aarch64", "Linux"), ("x86_64", "Darwin")])
def test_a_processor_without_uamqp_is_told_what_to_use(
    machine: ModuleType, cpu: str, system: str
) -> None:
    told = machine.obstacle((3, 11), cpu, system)
    assert f"{cpu} {system}" in told
    assert "x86-64 Linux machine or container" in told
