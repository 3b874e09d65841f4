"""Brings messages from the cloud to the devices that are connected and listen for them."""

from simulators.iothub.core.hub import Hub
from simulators.iothub.core.mailbox import CloudMessage
from simulators.iothub.protocol.cloud_messages import bag
from simulators.iothub.protocol.session import Session


def deliver(hub: Hub, session: Session, now: float) -> None:
    """Send what waits for a device and is not under way yet.

    It waits on until the device confirms it; sent at QoS 0 nothing more is heard of it.
    """
    if not session.takes_messages:
        return
    for waiting in hub.mail.waiting(session.name, now):
        if session.carries(waiting.number):
            continue
        if message := hub.mail.sent(session.name, waiting.number, now):
            _send(hub, session, message, now)


def _send(hub: Hub, session: Session, message: CloudMessage, now: float) -> None:
    properties = bag(message.properties)
    again = message.deliveries > 1
    if not session.send_message(message.number, properties, message.body, again=again):
        hub.mail.complete(session.name, message.number, now)
