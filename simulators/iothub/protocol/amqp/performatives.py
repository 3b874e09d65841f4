"""What AMQP's frames say: performatives, termini, outcomes, errors, and those of SASL.

Part 2.7 of the standard for the connection, 3.4 and 3.5 for outcomes and termini, 5.3.3 for SASL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from simulators.iothub.protocol.amqp import composites as kind
from simulators.iothub.protocol.amqp.composites import Composite, Kind
from simulators.iothub.protocol.amqp.values import AmqpValue, Array, Described, Symbol, ULong
from simulators.iothub.protocol.packets import ProtocolViolationError

MOST: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class AmqpError(Composite):
    """Why something ended (2.8.14)."""

    code: ClassVar[int] = 0x1D
    kinds: ClassVar[tuple[Kind, ...]] = (kind.SYMBOL, kind.STRING, kind.MAP)
    condition: str
    description: str | None = None
    info: dict[AmqpValue, AmqpValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Composite):
    """Section 2.7.1; `idle_time_out` in milliseconds."""

    code: ClassVar[int] = 0x10
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.STRING, kind.STRING, kind.UINT, kind.USHORT, kind.UINT,
        kind.SYMBOLS, kind.SYMBOLS, kind.SYMBOLS, kind.SYMBOLS, kind.MAP,
    )  # fmt: skip
    container_id: str
    hostname: str | None = None
    max_frame_size: int = MOST
    channel_max: int = 0xFFFF
    idle_time_out: int | None = None
    outgoing_locales: AmqpValue = None
    incoming_locales: AmqpValue = None
    offered_capabilities: AmqpValue = None
    desired_capabilities: AmqpValue = None
    properties: dict[AmqpValue, AmqpValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin(Composite):
    """Section 2.7.2."""

    code: ClassVar[int] = 0x11
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.USHORT, kind.UINT, kind.UINT, kind.UINT, kind.UINT,
        kind.SYMBOLS, kind.SYMBOLS, kind.MAP,
    )  # fmt: skip
    remote_channel: int | None = None
    next_outgoing_id: int
    incoming_window: int
    outgoing_window: int
    handle_max: int = MOST
    offered_capabilities: AmqpValue = None
    desired_capabilities: AmqpValue = None
    properties: dict[AmqpValue, AmqpValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Composite):
    """Where messages come from (3.5.3)."""

    code: ClassVar[int] = 0x28
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.STRING, kind.UINT, kind.SYMBOL, kind.UINT, kind.BOOLEAN, kind.MAP, kind.SYMBOL,
        kind.MAP, kind.ANY_COMPOSITE, kind.SYMBOLS, kind.SYMBOLS,
    )  # fmt: skip
    address: str | None = None
    durable: int = 0
    expiry_policy: str = "session-end"
    timeout: int = 0
    dynamic: bool = False
    dynamic_node_properties: dict[AmqpValue, AmqpValue] | None = None
    distribution_mode: str | None = None
    filters: dict[AmqpValue, AmqpValue] | None = None
    default_outcome: Described | None = None
    outcomes: AmqpValue = None
    capabilities: AmqpValue = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Composite):
    """Where messages go (3.5.4)."""

    code: ClassVar[int] = 0x29
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.STRING, kind.UINT, kind.SYMBOL, kind.UINT, kind.BOOLEAN, kind.MAP, kind.SYMBOLS,
    )  # fmt: skip
    address: str | None = None
    durable: int = 0
    expiry_policy: str = "session-end"
    timeout: int = 0
    dynamic: bool = False
    dynamic_node_properties: dict[AmqpValue, AmqpValue] | None = None
    capabilities: AmqpValue = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach(Composite):
    """Section 2.7.3. `role` is True for the end that receives."""

    code: ClassVar[int] = 0x12
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.STRING, kind.UINT, kind.BOOLEAN, kind.UBYTE, kind.UBYTE, kind.ANY_COMPOSITE,
        kind.ANY_COMPOSITE, kind.MAP, kind.BOOLEAN, kind.UINT, kind.ULONG,
        kind.SYMBOLS, kind.SYMBOLS, kind.MAP,
    )  # fmt: skip
    name: str
    handle: int
    role: bool
    snd_settle_mode: int = 2
    rcv_settle_mode: int = 0
    source: Described | None = None
    target: Described | None = None
    unsettled: dict[AmqpValue, AmqpValue] | None = None
    incomplete_unsettled: bool = False
    initial_delivery_count: int | None = None
    max_message_size: int | None = None
    offered_capabilities: AmqpValue = None
    desired_capabilities: AmqpValue = None
    properties: dict[AmqpValue, AmqpValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Composite):
    """Section 2.7.4."""

    code: ClassVar[int] = 0x13
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.UINT, kind.UINT, kind.UINT, kind.UINT, kind.UINT, kind.UINT, kind.UINT, kind.UINT,
        kind.BOOLEAN, kind.BOOLEAN, kind.MAP,
    )  # fmt: skip
    next_incoming_id: int | None = None
    incoming_window: int
    next_outgoing_id: int
    outgoing_window: int
    handle: int | None = None
    delivery_count: int | None = None
    link_credit: int | None = None
    available: int | None = None
    drain: bool = False
    echo: bool = False
    properties: dict[AmqpValue, AmqpValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Composite):
    """Section 2.7.5; the message follows in the same frame."""

    code: ClassVar[int] = 0x14
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.UINT, kind.UINT, kind.BINARY, kind.UINT, kind.BOOLEAN, kind.BOOLEAN, kind.UBYTE,
        kind.ANY_COMPOSITE, kind.BOOLEAN, kind.BOOLEAN, kind.BOOLEAN,
    )  # fmt: skip
    handle: int
    delivery_id: int | None = None
    delivery_tag: bytes | None = None
    message_format: int | None = None
    settled: bool | None = None
    more: bool = False
    rcv_settle_mode: int | None = None
    state: Described | None = None
    resume: bool = False
    aborted: bool = False
    batchable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition(Composite):
    """Section 2.7.6."""

    code: ClassVar[int] = 0x15
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.BOOLEAN, kind.UINT, kind.UINT, kind.BOOLEAN, kind.ANY_COMPOSITE, kind.BOOLEAN,
    )  # fmt: skip
    role: bool
    first: int
    last: int | None = None
    settled: bool = False
    state: Described | None = None
    batchable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Detach(Composite):
    """Section 2.7.7."""

    code: ClassVar[int] = 0x16
    kinds: ClassVar[tuple[Kind, ...]] = (kind.UINT, kind.BOOLEAN, kind.ANY_COMPOSITE)
    handle: int
    closed: bool = False
    error: Described | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Composite):
    """Section 2.7.8."""

    code: ClassVar[int] = 0x17
    kinds: ClassVar[tuple[Kind, ...]] = (kind.ANY_COMPOSITE,)
    error: Described | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Composite):
    """Section 2.7.9."""

    code: ClassVar[int] = 0x18
    kinds: ClassVar[tuple[Kind, ...]] = (kind.ANY_COMPOSITE,)
    error: Described | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaslMechanisms(Composite):
    """Section 5.3.3.1."""

    code: ClassVar[int] = 0x40
    kinds: ClassVar[tuple[Kind, ...]] = (kind.SYMBOLS,)
    sasl_server_mechanisms: Array | Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class SaslInit(Composite):
    """Section 5.3.3.2."""

    code: ClassVar[int] = 0x41
    kinds: ClassVar[tuple[Kind, ...]] = (kind.SYMBOL, kind.BINARY, kind.STRING)
    mechanism: str
    initial_response: bytes | None = None
    hostname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaslOutcome(Composite):
    """Section 5.3.3.6: 0 lets in, 1 is a wrong credential."""

    code: ClassVar[int] = 0x44
    kinds: ClassVar[tuple[Kind, ...]] = (kind.UBYTE, kind.BINARY)
    outcome: int
    additional_data: bytes | None = None


ACCEPTED: Final = Described(ULong(0x24), [])
RELEASED: Final = Described(ULong(0x26), [])


def rejected(error: AmqpError) -> Described:
    """Refuse a message (3.4.3)."""
    return Described(ULong(0x25), [error.wire()])


_SYMBOLIC: Final[Mapping[str, type[Composite]]] = {
    f"amqp:{name}:list": composite
    for name, composite in {
        "open": Open, "begin": Begin, "attach": Attach, "flow": Flow, "transfer": Transfer,
        "disposition": Disposition, "detach": Detach, "end": End, "close": Close,
        "source": Source, "target": Target, "error": AmqpError,
        "sasl-mechanisms": SaslMechanisms, "sasl-init": SaslInit, "sasl-outcome": SaslOutcome,
    }.items()
}  # fmt: skip
_NUMBERED: Final = {composite.code: composite for composite in _SYMBOLIC.values()}


def composite_of(value: AmqpValue) -> Composite:
    """Understand a described list; raises ProtocolViolationError for any other."""
    if not isinstance(value, Described):
        raise ProtocolViolationError("A performative must be a described list (2.7).")
    descriptor = value.descriptor
    if isinstance(descriptor, Symbol):
        known = _SYMBOLIC.get(descriptor)
    else:
        known = _NUMBERED.get(descriptor) if isinstance(descriptor, ULong) else None
    if known is None:
        raise ProtocolViolationError(f"There is no performative {descriptor!r:.60}.")
    return known.from_list(value.value)
