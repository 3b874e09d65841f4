"""Packet identifiers (MQTT 3.1.1, section 2.3.1), and the messages that are under way by them."""


class Deliveries:
    """What a connection sent at QoS 1 and the device has not confirmed yet."""

    __slots__ = ("_last", "_under_way")

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._last = 0
        self._under_way: dict[int, int] = {}

    def next_id(self) -> int:
        """Give an identifier that stands for nothing now."""
        while True:
            self._last = self._last % 0xFFFF + 1
            if self._last not in self._under_way:
                return self._last

    def begin(self, number: int) -> int:
        """Give the identifier by which a message goes out."""
        packet_id = self.next_id()
        self._under_way[packet_id] = number
        return packet_id

    def end(self, packet_id: int) -> int | None:
        """Take a confirmation; gives the message it is for, if it is for one."""
        return self._under_way.pop(packet_id, None)

    def carry(self, number: int) -> bool:
        """Tell whether a message is under way."""
        return number in self._under_way.values()
