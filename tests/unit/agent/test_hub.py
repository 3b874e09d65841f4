"""The door to the hub: whatever the SDK raises becomes an error that the agent knows."""

import inspect
from typing import Any

import pytest
from azure.iot.device import exceptions as sdk

from shelf_agent.errors import HubError, HubRefusesKey, HubTimeout, HubUnreachable
from shelf_agent.hub import Link

RAISED = [
    kind
    for _, kind in inspect.getmembers(sdk, inspect.isclass)
    if issubclass(kind, Exception) and kind.__module__ == sdk.__name__
]


class FailingClient:
    """Stands for an SDK client whose calls fail; which way they do cannot be had on demand."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def get_twin(self) -> Any:
        raise self._error

    async def patch_twin_reported_properties(self, _: object) -> None:
        raise self._error


def link_that_fails(error: Exception) -> Link:
    return Link(FailingClient(error), "hub")  # type: ignore[arg-type]  # see its docstring


@pytest.mark.parametrize("kind", RAISED)
async def test_nothing_that_the_sdk_raises_passes_the_door(kind: type[Exception]) -> None:
    link = link_that_fails(kind("something"))
    with pytest.raises(HubError, match="hub"):
        await link.read_twin()
    with pytest.raises(HubError, match="hub"):
        await link.report({})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sdk.CredentialError(), HubRefusesKey),
        (sdk.OperationTimeout(), HubTimeout),
        (sdk.OperationCancelled(), HubUnreachable),
        (sdk.ConnectionDroppedError(), HubUnreachable),
        (sdk.ClientError("TLS certificate"), HubUnreachable),
        (sdk.ServiceError("twin operation returned status 429"), HubError),
    ],
)
async def test_what_the_sdk_raises_is_told_apart(error: Exception, kind: type[HubError]) -> None:
    with pytest.raises(HubError) as raised:
        await link_that_fails(error).read_twin()
    assert type(raised.value) is kind


def test_the_sdk_has_the_exceptions_that_are_known() -> None:
    assert {kind.__name__ for kind in RAISED} == {
        "ClientError", "ConnectionDroppedError", "ConnectionFailedError", "CredentialError",
        "NoConnectionError", "OperationCancelled", "OperationTimeout", "ServiceError",
    }  # fmt: skip
