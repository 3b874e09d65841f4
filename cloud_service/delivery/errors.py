"""What can go wrong between the price book and the shelves; SDK errors never pass `hub.py`."""

from cloud_service.errors import ServiceError


class DeliveryError(ServiceError):
    """Delivery cannot do what it was asked."""

    status = 500


class KeysError(DeliveryError):
    """The sealing keys are missing, damaged or not signed by the root."""


class InstallationError(DeliveryError):
    """What an agent is installed with cannot be written; nothing was replaced."""


class DeviceBroken(DeliveryError):
    """What is stored of one device cannot be worked with; the others go on."""

    def __init__(self, device: str, error: Exception) -> None:
        super().__init__(f"{device}: its tiles cannot be worked out: {error}")


class HubError(DeliveryError):
    """The hub did not do what it was asked."""

    status = 502


class HubUnreachable(HubError):
    """The hub does not answer: network, name, certificate or time-out."""


class HubThrottled(HubError):
    """The hub asks to be left alone for a while (429)."""


class HubUnauthorized(HubError):
    """The hub does not accept the connection string."""


class HubRefused(HubError):
    """The hub finds the request wrong; the message says what it said."""


class DeviceUnknown(HubError):
    """The hub has no such device."""


class EtagMoved(HubError):
    """Somebody else wrote the twin since it was read (412)."""


class Overtaken(DeliveryError):
    """The twin holds a newer seal of ours than the one to be written."""

    status = 409

    def __init__(self, device: str, order: tuple[int, int]) -> None:
        super().__init__(f"{device}: the twin holds revision {order[0]}.{order[1]} already")
        self.order = order
