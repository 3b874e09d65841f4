"""What can go wrong on a device; messages name the place and the reason for whoever reads a log."""


class ShelfAgentError(Exception):
    """Something on this device is wrong."""


class SettingsError(ShelfAgentError):
    """The settings cannot be used as they are."""


class Refused(ShelfAgentError):
    """A desired twin cannot be taken; the shelf goes on showing what it shows."""


class MemoryFault(ShelfAgentError):
    """The last state cannot be written to disk."""


class DrawingError(ShelfAgentError):
    """A tile cannot be drawn."""


class BundleFault(ShelfAgentError):
    """A template bundle cannot be had, or is broken."""

    def __init__(self, digest: str, why: str) -> None:
        super().__init__(why)
        self.digest = digest


class BundleMissing(DrawingError):
    """A tile cannot be drawn because its template bundle is not here, or is broken."""

    def __init__(self, fault: BundleFault) -> None:
        super().__init__(str(fault))
        self.digest = fault.digest


class DisplayError(ShelfAgentError):
    """A panel could not be brought to show a frame."""


class CommandError(ShelfAgentError):
    """A direct method was called with something it cannot do."""


class HubError(ShelfAgentError):
    """The hub could not be reached, or did not answer as it should."""


class HubUnreachable(HubError):
    """No connection: the network or the hub is down."""


class HubRefusesKey(HubError):
    """The hub does not accept this device's key, or does not know the device."""


class HubTimeout(HubError):
    """The hub did not answer in time."""
