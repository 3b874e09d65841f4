"""The journal's tables, and what each change writes into them."""

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from simulators.iothub.core.allowance import MeterReading
from simulators.iothub.core.event_log import Mark, RoutedEvent, StoredEvent
from simulators.iothub.core.events import (
    DeviceCreated,
    DeviceDeleted,
    DeviceUpdated,
    HubEvent,
    SubscriptionsChanged,
    TwinChanged,
)
from simulators.iothub.core.identity import Identity
from simulators.iothub.core.mailbox import (
    CloudMessage,
    MessageQueued,
    MessageSent,
    MessageSettled,
)
from simulators.iothub.core.provisioning.enrollment import plain
from simulators.iothub.core.provisioning.records import (
    EnrollmentDeleted,
    EnrollmentKept,
    RecordEvent,
    RegistrationDeleted,
    RegistrationKept,
)
from simulators.iothub.core.twin import Section, Twin

Kept: TypeAlias = HubEvent | StoredEvent | Mark | MeterReading | RecordEvent
"""Whatever the journal is told of."""

Row: TypeAlias = tuple[str, tuple[Any, ...]]

STEPS: Final = (
    """
CREATE TABLE devices (id TEXT PRIMARY KEY, identity TEXT NOT NULL);
CREATE TABLE twins (id TEXT PRIMARY KEY, version INTEGER NOT NULL, writes INTEGER NOT NULL);
CREATE TABLE sections (id TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
    text BLOB NOT NULL, stamps TEXT NOT NULL, PRIMARY KEY (id, name));
CREATE TABLE subscriptions (id TEXT PRIMARY KEY, filters TEXT NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
""",
    """
CREATE TABLE events (partition INTEGER NOT NULL, sequence INTEGER NOT NULL,
    place INTEGER NOT NULL, enqueued REAL NOT NULL, head TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (partition, sequence)) WITHOUT ROWID;
CREATE TABLE marks (partition INTEGER PRIMARY KEY, sequence INTEGER NOT NULL,
    place INTEGER NOT NULL);
""",
    """
CREATE TABLE mail (id TEXT NOT NULL, number INTEGER NOT NULL, properties TEXT NOT NULL,
    body BLOB NOT NULL, enqueued REAL NOT NULL, expires REAL NOT NULL,
    deliveries INTEGER NOT NULL, PRIMARY KEY (id, number));
""",
    """
CREATE TABLE enrollments (kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, name));
CREATE TABLE registrations (id TEXT PRIMARY KEY, body TEXT NOT NULL);
""",
    """
ALTER TABLE sections ADD COLUMN twin_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN twin_writes INTEGER NOT NULL DEFAULT 0;
UPDATE sections SET (twin_version, twin_writes) =
    (SELECT version, writes FROM twins WHERE twins.id = sections.id);
DROP TABLE twins;
""",
)
"""What brings a file from each format to the next; a new file takes all of them."""

METER: Final = "meter"
"""The setting that holds the day's meter."""

PUT_SETTING: Final = "INSERT OR REPLACE INTO settings VALUES (?, ?)"
_PUT_DEVICE: Final = "INSERT OR REPLACE INTO devices VALUES (?, ?)"
_PUT_SECTION: Final = "INSERT OR REPLACE INTO sections VALUES (?, ?, ?, ?, ?, ?, ?)"
_PUT_FILTERS: Final = "INSERT OR REPLACE INTO subscriptions VALUES (?, ?)"
_PUT_EVENT: Final = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)"
_PUT_MARK: Final = "INSERT OR REPLACE INTO marks VALUES (?, ?, ?)"
_PUT_MAIL: Final = "INSERT OR REPLACE INTO mail VALUES (?, ?, ?, ?, ?, ?, ?)"
_DROP_MAIL: Final = "DELETE FROM mail WHERE id = ? AND number = ?"
_PUT_ENROLLMENT: Final = "INSERT OR REPLACE INTO enrollments VALUES (?, ?, ?)"
_DROP_ENROLLMENT: Final = "DELETE FROM enrollments WHERE kind = ? AND name = ?"
_PUT_REGISTRATION: Final = "INSERT OR REPLACE INTO registrations VALUES (?, ?)"
_DROP_REGISTRATION: Final = "DELETE FROM registrations WHERE id = ?"
_DROP_EVENTS: Final = "DELETE FROM events WHERE partition = ? AND sequence <= ?"
_DROP_DEVICE: Final = tuple(
    f"DELETE FROM {table} WHERE id = ?"  # noqa: S608  # own names
    for table in ("devices", "sections", "subscriptions", "mail")
)
SECTIONS: Final = ("tags", "desired", "reported")


def rows(change: Kept) -> Iterator[Row]:
    """Give the statements that keep a change, with their values."""
    match change:
        case DeviceCreated(identity, twin):
            yield _device(identity)
            yield from _twin(identity.name, None, twin)
        case DeviceUpdated(identity):
            yield _device(identity)
        case DeviceDeleted(device_id):
            yield from ((statement, (device_id,)) for statement in _DROP_DEVICE)
        case TwinChanged(device_id, before, twin):
            yield from _twin(device_id, before, twin)
        case SubscriptionsChanged(device_id, filters):
            yield _PUT_FILTERS, (device_id, json.dumps(filters))
        case _:
            yield from _message_rows(change)


def _message_rows(change: Kept) -> Iterator[Row]:
    match change:
        case StoredEvent():
            yield _event(change)
        case Mark():
            yield from _mark(change)
        case MeterReading(day, messages):
            yield PUT_SETTING, (METER, f"{day} {messages}")
        case EnrollmentKept(enrollment):
            body = json.dumps(plain(enrollment))
            yield _PUT_ENROLLMENT, (enrollment.kind, enrollment.name, body)
        case EnrollmentDeleted(kind, name):
            yield _DROP_ENROLLMENT, (kind, name)
        case RegistrationKept(registration):
            body = json.dumps(registration.plain())
            yield _PUT_REGISTRATION, (registration.registration_id, body)
        case RegistrationDeleted(registration_id):
            yield _DROP_REGISTRATION, (registration_id,)
        case _:
            yield from _mail_rows(change)


def _mail_rows(change: Kept) -> Iterator[Row]:
    match change:
        case MessageQueued(device_id, message) | MessageSent(device_id, message):
            yield _mail(device_id, message)
        case MessageSettled(device_id, message):
            yield _DROP_MAIL, (device_id, message.number)


def _device(identity: Identity) -> Row:
    return _PUT_DEVICE, (identity.name, json.dumps(identity.plain()))


def _twin(device_id: str, before: Twin | None, twin: Twin) -> Iterator[Row]:
    """Each section says which version of the whole twin it came with; the newest one counts."""
    whole = (twin.version, twin.writes)
    for name in SECTIONS:
        section: Section = getattr(twin, name)
        if before is None or getattr(before, name) is not section:
            stamps = section.stamps.text()
            yield _PUT_SECTION, (device_id, name, section.version, section.text, stamps, *whole)


def _event(stored: StoredEvent) -> Row:
    event = stored.event
    maps = (event.system, event.properties, event.annotations)
    head = [event.source, event.device_id, *map(dict, maps), event.module_id]
    place = (stored.partition, stored.sequence, stored.offset)
    return _PUT_EVENT, (*place, event.enqueued, json.dumps(head), event.body)


def _mark(mark: Mark) -> Iterator[Row]:
    yield _PUT_MARK, (mark.partition, mark.sequence, mark.next_offset)
    yield _DROP_EVENTS, (mark.partition, mark.sequence)


def _mail(device_id: str, message: CloudMessage) -> Row:
    properties = json.dumps(dict(message.properties), separators=(",", ":"))
    times = (message.enqueued, message.expires, message.deliveries)
    return _PUT_MAIL, (device_id, message.number, properties, message.body, *times)


def message_of(row: tuple[Any, ...]) -> CloudMessage:
    """Read a message's row, without the device it is for."""
    number, properties, *rest = row
    return CloudMessage(number, json.loads(properties), *rest)


def meter_of(text: str) -> MeterReading:
    """Read the setting that holds the meter."""
    day, messages = map(int, text.split())
    return MeterReading(day, messages)


def event_of(row: tuple[Any, ...]) -> StoredEvent:
    """Read an event's row."""
    partition, sequence, offset, enqueued, head, body = row
    source, device_id, system, own, annotations, module_id = json.loads(head)
    event = RoutedEvent(source, device_id, enqueued, body, system, own, annotations, module_id)
    return StoredEvent(partition, sequence, offset, event)
