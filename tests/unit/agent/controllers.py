"""Wires that record, with the controller of a panel at their end.

Each understands the commands that its data sheet lists for windows and pixels, so what hangs on
the glass is read from what really went over the bus.
"""

from typing_extensions import override

from label_templates.contract.panel import Ink, PanelSpec
from label_templates.drawing.frame import Frame
from shelf_agent.displays.wires import Plan


class Controller:
    """A bus with a panel: commands while DC is low, data while it is high."""

    def __init__(self, dc_pin: int) -> None:
        self.dc_pin = dc_pin
        self.pins: dict[int, bool] = {}
        self.time = 0.0
        self.open = True
        self.opened: list[Plan] = []
        self.command = 0
        self.data: dict[int, bytearray] = {}
        self.commands: list[int] = []

    def opener(self, plan: Plan) -> "Controller":
        """Be opened."""
        self.opened.append(plan)
        self.open = True
        return self

    def set(self, pin: int, high: bool) -> None:
        assert self.open, "a pin was driven after it was let go of"
        self.pins[pin] = high

    def read(self, pin: int) -> bool:
        del pin
        return False

    def send(self, data: bytes) -> None:
        assert self.open, "bytes were sent over a closed bus"
        if self.pins[self.dc_pin]:
            self.data[self.command].extend(data)
        else:
            for command in data:
                self.command = command
                self.commands.append(command)
                self.data[command] = bytearray()
                self.begin(command)

    def begin(self, command: int) -> None:
        """A command came; its data follow."""

    def pause(self, seconds: float) -> None:
        self.time += seconds

    def close(self) -> None:
        self.open = False


class Ssd1680(Controller):
    """E-ink, 128 x 296 as the glass lies: RAM 0x24 black, RAM 0x26 red, 0x20 refreshes."""

    REFRESH_S = 2.0

    def __init__(self, dc_pin: int = 25, busy_pin: int = 24) -> None:
        super().__init__(dc_pin)
        self.busy_pin = busy_pin
        self.busy_until = 0.0
        self.stuck = False
        self.asleep = True
        self.refreshes = 0

    @override
    def begin(self, command: int) -> None:
        if command == 0x12:
            self.asleep = False
        if command == 0x20:
            assert not self.asleep, "a sleeping panel was refreshed"
            self.refreshes += 1
            self.busy_until = self.time + self.REFRESH_S
        if command == 0x10:
            self.asleep = True

    @override
    def read(self, pin: int) -> bool:
        assert pin == self.busy_pin
        return self.stuck or self.time < self.busy_until

    def frame(self, panel: PanelSpec) -> Frame:
        """What hangs on the glass, seen with the panel on its side."""
        black = self.data[0x24]
        red = self.data[0x26] if Ink.RED in panel.inks else bytearray(len(black))
        indices = bytearray()
        for y in range(panel.height):
            for x in range(panel.width):
                at = y + (panel.width - 1 - x) * panel.height
                bit = 0x80 >> (at % 8)
                ink = Ink.WHITE if black[at // 8] & bit else Ink.BLACK
                ink = Ink.RED if red[at // 8] & bit else ink
                indices.append(panel.inks.index(ink))
        return Frame(panel.width, panel.height, panel.inks, bytes(indices))


class St7789(Controller):
    """LCD: 0x2A and 0x2B set the window, 0x2C writes 18-bit pixels."""

    def __init__(self, dc_pin: int = 25) -> None:
        super().__init__(dc_pin)
        self.on = False

    @override
    def begin(self, command: int) -> None:
        self.on = {0x28: False, 0x29: True}.get(command, self.on)

    def window(self) -> tuple[int, ...]:
        """Columns and rows that are written, first and last."""
        words = bytes(self.data[0x2A] + self.data[0x2B])
        return tuple(int.from_bytes(words[at : at + 2]) for at in range(0, 8, 2))

    def pixels(self) -> bytes:
        """Red, green and blue of each pixel."""
        return bytes(self.data[0x2C])
