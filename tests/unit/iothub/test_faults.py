"""Faults on demand lie in wait for whom they are meant, as often and as long as they should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.errors import BadRequestError, ResourceNotFoundError
from simulators.iothub.core.faults import Fault, FaultKind, Faults
from simulators.iothub.core.tiers import Operation
from tests.unit.iothub.hubs import NOON


def test_a_fault_strikes_the_device_it_is_for_as_often_as_it_should() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.REFUSE, "shelf-1", times=2))
    assert faults.strike(FaultKind.REFUSE, "shelf-2", NOON) is None
    assert faults.strike(FaultKind.LOSE_PATCH, "shelf-1", NOON) is None
    assert [faults.strike(FaultKind.REFUSE, "shelf-1", NOON) is None for _ in range(3)] == [
        False, False, True,
    ]  # fmt: skip
    assert not faults


def test_a_fault_for_everybody_strikes_everybody() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.LOSE_PATCH))
    assert faults.strike(FaultKind.LOSE_PATCH, "shelf-1", NOON)
    assert faults.strike(FaultKind.LOSE_PATCH, "shelf-2/camera", NOON)


def test_a_throttle_of_one_operation_leaves_the_others_alone() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.THROTTLE, operation=Operation.TWIN_READ))
    assert faults.strike(FaultKind.THROTTLE, "shelf-1", NOON, Operation.TWIN_UPDATE) is None
    assert faults.strike(FaultKind.THROTTLE, "shelf-1", NOON, Operation.TWIN_READ)


def test_a_fault_is_over_when_its_time_is() -> None:
    faults = Faults()
    faults.add(Fault.from_body({"kind": "refuse", "lasts": 60}, NOON))
    assert faults.strike(FaultKind.REFUSE, "shelf-1", NOON + 59)
    assert faults.strike(FaultKind.REFUSE, "shelf-1", NOON + 60) is None
    assert not faults


def test_the_oldest_fault_strikes_first() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.DELAY, seconds=1.0, times=1))
    faults.add(Fault(FaultKind.DELAY, seconds=2.0))
    struck = [faults.strike(FaultKind.DELAY, "shelf-1", NOON) for _ in range(3)]
    assert [fault.seconds for fault in struck if fault] == [1.0, 2.0, 2.0]


def test_faults_are_lifted_by_their_numbers_and_an_unknown_number_lifts_none() -> None:
    faults = Faults()
    numbers = [faults.add(Fault(FaultKind.REFUSE)).number for _ in range(3)]
    with pytest.raises(ResourceNotFoundError, match="no fault 99"):
        faults.lift([numbers[0], 99])
    faults.lift(numbers[:2])
    assert [fault.number for fault in faults.waiting(NOON)] == numbers[2:]
    faults.lift_all()
    assert not faults


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "kind"),
        ({"kind": "explode"}, "kind"),
        ({"kind": "delay"}, "seconds"),
        ({"kind": "refuse", "seconds": 2}, "seconds"),
        ({"kind": "refuse", "operation": "twin reads"}, "operation"),
        ({"kind": "delay", "seconds": -1}, "seconds"),
        ({"kind": "delay", "seconds": True}, "seconds"),
        ({"kind": "delay", "seconds": 1e9}, "seconds"),
        ({"kind": "refuse", "times": 0}, "times"),
        ({"kind": "refuse", "times": "twice"}, "times"),
        ({"kind": "refuse", "device": 7}, "device"),
        ({"kind": "throttle", "operation": "jokes"}, "operation"),
        ({"kind": "refuse", "when": "now"}, "when"),
    ],
)
def test_a_fault_that_cannot_be_is_named(body: JsonObject, named: str) -> None:
    with pytest.raises(BadRequestError, match=named):
        Fault.from_body(body, NOON)


@given(
    st.dictionaries(
        st.sampled_from(["kind", "device", "operation", "seconds", "times", "lasts", "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none())
        | st.sampled_from([*FaultKind, *Operation, "*"]),
    )
)  # fmt: skip
def test_any_body_is_a_fault_or_refused_in_words(body: JsonObject) -> None:
    try:
        fault = Fault.from_body(body, NOON)
    except BadRequestError as error:
        assert error.message  # noqa: PT017  # either outcome is right
    else:
        assert fault.view()["kind"] == body["kind"]
