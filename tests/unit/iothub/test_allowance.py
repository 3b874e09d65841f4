"""A tier's throttles and meter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.allowance import (
    BURST_SECONDS,
    DAY_SECONDS,
    QUEUE_SECONDS,
    Allowance,
    Bucket,
    Meter,
    MeterReading,
)
from simulators.iothub.core.errors import (
    OperationNotInTierError,
    QuotaExceededError,
    ThrottledError,
    TooManyDevicesError,
)
from simulators.iothub.core.tiers import TIERS, Operation, Plan
from tests.unit.iothub.hubs import NOON, ToldHub, a_device

STEPS = st.lists(st.tuples(st.floats(0, 30), st.integers(1, 200)), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("tier", "units", "operation", "rate"),
    [
        ("S1", 1, Operation.REGISTRY, 100 / 60),
        ("S1", 3, Operation.CLOUD_MESSAGE, 300 / 60),
        ("S3", 1, Operation.REGISTRY, 5_000 / 60),
        ("S1", 1, Operation.TELEMETRY, 100),
        ("S1", 9, Operation.CONNECTION, 108),
        ("S2", 2, Operation.CONNECTION, 240),
        ("S3", 10, Operation.TELEMETRY, 60_000),
        ("S1", 9, Operation.TWIN_READ, 100),
        ("S2", 12, Operation.TWIN_READ, 120),
        ("S3", 1, Operation.TWIN_UPDATE, 250),
        ("S1", 9, Operation.TWIN_UPDATE, 50),
        ("S2", 12, Operation.TWIN_UPDATE, 60),
        ("S1", 2, Operation.METHOD, 320 * 1024),
        ("S3", 1, Operation.METHOD, 24 * 1024 * 1024),
        ("S2", 3, Operation.QUERY, 1),
        ("F1", 1, Operation.TWIN_UPDATE, 50),
    ],
)
def test_each_throttle_is_that_of_the_documented_table(
    tier: str, units: int, operation: Operation, rate: float
) -> None:
    assert Plan.of(tier, units).rates[operation] == pytest.approx(rate)


def test_a_day_has_the_messages_of_its_tier_for_each_unit() -> None:
    quotas = {name: Plan.of(name).daily_messages for name in TIERS}
    assert quotas["F1"] == 8_000
    assert quotas["S1"] == quotas["B1"] == 400_000
    assert quotas["S2"] == 6_000_000
    assert quotas["S3"] == 300_000_000
    assert Plan.of("s1", 2).daily_messages == 800_000


@pytest.mark.parametrize(("tier", "units"), [("S4", 1), ("F1", 2), ("S3", 11), ("S1", 0)])
def test_a_plan_that_azure_does_not_sell_is_named(tier: str, units: int) -> None:
    with pytest.raises(ValueError, match=r"tier"):
        Plan.of(tier, units)


@given(STEPS)
def test_a_throttle_never_lets_more_through_than_a_burst_and_its_rate(
    steps: list[tuple[float, int]],
) -> None:
    bucket, now, passed = Bucket.full(5.0, 0.0), 0.0, 0
    last = 0.0
    for pause, cost in steps:
        now += pause
        wait = bucket.take(cost, now)
        if wait is None:
            continue
        passed += cost
        assert 0 <= wait <= QUEUE_SECONDS + 1e-6
        # Whoever came first is served first, and no sooner than the rate allows.
        assert now + wait >= last - 1e-6
        last = now + wait
        assert passed <= 5.0 * BURST_SECONDS + 5.0 * (now + wait) + 1e-6


@given(STEPS)
def test_what_a_throttle_refuses_costs_nothing(steps: list[tuple[float, int]]) -> None:
    greedy, modest = Bucket.full(5.0, 0.0), Bucket.full(5.0, 0.0)
    now = 0.0
    for pause, cost in steps:
        now += pause
        assert greedy.take(10_000, now) is None
        assert greedy.take(cost, now) == pytest.approx(modest.take(cost, now))


def test_first_comes_a_burst_then_a_queue_then_refusal() -> None:
    allowance = Allowance(Plan.of("S1"), NOON)
    for _ in range(100):
        assert allowance.take(Operation.REGISTRY, (0,), NOON) == 0.0
    waits = [allowance.take(Operation.REGISTRY, (0,), NOON) for _ in range(16)]
    with pytest.raises(ThrottledError, match="registry operations"):
        allowance.take(Operation.REGISTRY, (0,), NOON)
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(9.6)
    # Ten seconds on, what waited is served, and as many may wait again.
    assert allowance.take(Operation.REGISTRY, (0,), NOON + 10) == pytest.approx(0.2)
    assert allowance.view(NOON)["refused"] == {"registry operations": 1}


def test_the_throttles_of_different_operations_do_not_touch_each_other() -> None:
    allowance = Allowance(Plan.of("S1"), NOON)
    with pytest.raises(ThrottledError):
        allowance.take(Operation.QUERY, (0,) * 1000, NOON)
    for _ in range(20):
        assert allowance.take(Operation.QUERY, (0,), NOON) == 0.0
    assert allowance.take(Operation.TWIN_READ, (0,), NOON) == 0.0


def test_direct_methods_count_bytes_in_pieces_of_four_kilobytes() -> None:
    allowance = Allowance(Plan.of("S1"), NOON)
    whole_burst = int(160 * 1024 * BURST_SECONDS)
    assert allowance.take(Operation.METHOD, (whole_burst,), NOON) == 0.0
    assert allowance.take(Operation.METHOD, (1,), NOON) == pytest.approx(4 / 160)


@given(st.lists(st.integers(0, 300_000), max_size=30), st.sampled_from(["F1", "S1"]))
def test_the_meter_counts_a_message_for_every_piece(sizes: list[int], tier: str) -> None:
    plan = Plan.of(tier)
    meter = Meter(plan.tier.chunk, 10**9, MeterReading(0, 0))
    meter.charge(sizes, NOON)
    pieces = (max(1, (size + plan.tier.chunk - 1) // plan.tier.chunk) for size in sizes)
    assert meter.reading(NOON).messages == sum(pieces)


def test_past_the_daily_quota_nothing_is_taken_until_the_next_day() -> None:
    allowance = Allowance(Plan.of("F1"), NOON)
    assert allowance.take(Operation.TELEMETRY, (512 * 7_999,), NOON) == 0.0
    with pytest.raises(QuotaExceededError, match="8000"):
        allowance.take(Operation.TWIN_READ, (1_000,), NOON)
    assert allowance.view(NOON)["messages"] == 7_999
    assert allowance.take(Operation.TELEMETRY, (1,), NOON) == 0.0
    with pytest.raises(QuotaExceededError):
        allowance.take(Operation.TELEMETRY, (1,), NOON)
    assert allowance.take(Operation.TELEMETRY, (1,), NOON + DAY_SECONDS) == 0.0
    assert allowance.view(NOON + DAY_SECONDS)["messages"] == 1


def test_what_the_throttle_refuses_is_not_metered() -> None:
    allowance = Allowance(Plan.of("S1"), NOON)
    with pytest.raises(ThrottledError):
        allowance.take(Operation.TWIN_UPDATE, (100,) * 100_000, NOON)
    assert allowance.view(NOON)["messages"] == 0


def test_the_meter_goes_on_where_an_earlier_run_left_it() -> None:
    day = int(NOON // DAY_SECONDS)
    allowance = Allowance(Plan.of("F1"), NOON, MeterReading(day, 8_000))
    with pytest.raises(QuotaExceededError):
        allowance.take(Operation.TELEMETRY, (1,), NOON)


def test_registry_operations_and_connections_are_no_messages() -> None:
    allowance = Allowance(Plan.of("S1"), NOON)
    allowance.take(Operation.REGISTRY, (4096,), NOON)
    allowance.take(Operation.CONNECTION, (4096,), NOON)
    allowance.take(Operation.QUERY, (4096,), NOON)
    assert allowance.view(NOON)["messages"] == 0


def test_a_basic_tier_has_messages_of_devices_and_no_twins() -> None:
    allowance = Allowance(Plan.of("B1"), NOON)
    assert allowance.take(Operation.TELEMETRY, (10,), NOON) == 0.0
    for operation in (Operation.TWIN_READ, Operation.METHOD, Operation.CLOUD_MESSAGE):
        with pytest.raises(OperationNotInTierError, match="B1"):
            allowance.take(operation, (10,), NOON)


def test_a_hub_takes_no_more_devices_than_its_tier() -> None:
    hub = ToldHub()
    hub.most_devices = 2
    a_device(hub, "shelf-1")
    a_device(hub, "shelf-2")
    with pytest.raises(TooManyDevicesError, match="2 devices"):
        a_device(hub, "shelf-3")
