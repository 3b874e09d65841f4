"""One position's panel: what must hang there, what does, and the way from one to the other.

A place is advanced after every event and acts by where it is, not by what happened: the last
state alone counts. It never draws or refreshes two things at once.
"""

from dataclasses import dataclass, field
from typing import Literal

from label_templates.contract.panel import PanelSpec
from label_templates.contract.twin import TileAck
from shelf_agent.machine.effects import Draw, Refresh
from shelf_agent.machine.snapshot import Hanging
from shelf_agent.machine.values import Key, Now, Order, Picture

RETRY_S = (1.0, 5.0, 25.0)
"""Pauses before the three retries of a refresh that failed."""
RETRY_FAILED_S = 3600.0
"""A panel that failed is tried again after this, or when something changes."""
DRAW_AHEAD_S = 120
"""How long before a flip its picture is drawn."""
WHY_LENGTH = 200

State = Literal["shown", "scheduled", "failed"]


@dataclass(frozen=True)
class Tries:
    """What was tried in vain to bring one picture onto the glass."""

    key: Key | None = None
    count: int = 0
    again_at: float = 0.0
    """On the steady clock."""
    why: str | None = None

    @property
    def given_up(self) -> bool:
        """Whether the tile has failed, until something changes or an hour has passed."""
        return self.count > len(RETRY_S)

    def failed(self, key: Key, now: Now, why: str, *, hopeless: bool = False) -> "Tries":
        """Count one more failure."""
        count = len(RETRY_S) + 1 if hopeless else (self.count if key == self.key else 0) + 1
        pause = RETRY_S[count - 1] if count <= len(RETRY_S) else RETRY_FAILED_S
        return Tries(key, count, now.steady + pause, why[:WHY_LENGTH])


@dataclass
class Place:
    """One position. `timeline` is what must hang there in turn; empty before any desired state."""

    position: str
    panel: PanelSpec
    timeline: list[Picture] = field(default_factory=list)
    hanging: Hanging | None = None
    wanted: Picture | None = None
    tries: Tries = field(default_factory=Tries)
    free_at: float = 0.0
    """When the panel may refresh again, on the steady clock."""
    busy: Picture | None = None
    refreshing: bool = False
    drawn: dict[Key, str] = field(default_factory=dict)
    spoiled: dict[Key, str] = field(default_factory=dict)
    """Pictures that cannot be drawn, and why."""

    def plan(self, timeline: list[Picture]) -> None:
        """Take over what must hang here from now on."""
        keys = {picture.key for picture in timeline}
        self.timeline = timeline
        self.drawn = {key: frame for key, frame in self.drawn.items() if key in keys}
        self.spoiled = {key: why for key, why in self.spoiled.items() if key in keys}

    def floor(self) -> Order:
        """Return the newest revision that hangs here, is on its way, or was planned."""
        known = [picture.order for picture in (*self.timeline, self.busy) if picture is not None]
        return max([self.hanging.order if self.hanging else (0, 0), *known])

    def aim(self, instant: float) -> bool:
        """Choose what must hang here at an instant; tell whether that is something new."""
        due = [p for p in self.timeline if p.since is None or p.since <= instant]
        before, self.wanted = self.wanted, due[-1] if due else None
        new = (before and before.key) != (self.wanted and self.wanted.key)
        if new:
            self.tries = Tries()
        return new

    def following(self, instant: float) -> Picture | None:
        """Return the next flip's picture."""
        return next((p for p in self.timeline if p.since is not None and p.since > instant), None)

    def advance(self, instant: float, now: Now) -> Draw | Refresh | None:
        """Take the next step towards what must hang here, if one can be taken now."""
        if self.busy is not None or self.wanted is None:
            return None
        if self.shows(self.wanted):
            return self._draw_ahead(instant)
        if now.steady < self.tries.again_at:
            return None
        if self.wanted.key not in self.drawn:
            return self._draw(self.wanted, now)
        return self._hang(self.wanted, instant, now)

    def shows(self, picture: Picture) -> bool:
        """Tell whether a picture surely hangs on the glass."""
        return self.hanging is not None and self.hanging.sure and self.hanging.key == picture.key

    def state(self) -> State:
        """Say how far the tile is."""
        if self.wanted is not None and self.shows(self.wanted):
            return "shown"
        return "failed" if self.tries.given_up else "scheduled"

    def settled(self) -> bool:
        """Tell whether nothing more will happen here of itself soon."""
        return self.wanted is None or self.shows(self.wanted) or self.tries.given_up

    def take_drawn(self, picture: Picture, frame: str) -> None:
        """A picture was drawn."""
        if self._finished(picture, refreshing=False):
            self.drawn[picture.key] = frame

    def take_undrawable(self, picture: Picture, why: str, now: Now) -> None:
        """A picture cannot be drawn."""
        if self._finished(picture, refreshing=False):
            self.spoiled[picture.key] = why
            self._fail(picture, now, why, hopeless=True)

    def take_displayed(self, picture: Picture, frame: str, instant: float, now: Now) -> None:
        """The panel finished its refresh."""
        if self._finished(picture, refreshing=True):
            self.hanging = _hung(picture, frame, instant, refreshed_at=now.wall)
            self.free_at = now.steady + self.panel.min_interval_s
            self.tries = Tries()

    def take_display_failed(self, picture: Picture, why: str, now: Now) -> None:
        """The panel could not be refreshed."""
        if self._finished(picture, refreshing=True):
            self._fail(picture, now, why)

    def doubt(self) -> None:
        """Forget that the glass surely shows what it was brought to show."""
        if self.hanging is not None:
            self.hanging = self.hanging.model_copy(update={"sure": False})
        self.tries = Tries()

    def try_again(self) -> None:
        """Forget what was tried in vain: what it failed for has changed."""
        self.spoiled = {}
        self.tries = Tries()

    def restore(self, hanging: Hanging, now: Now) -> None:
        """Go on from what was remembered; the panel's pause goes on as well."""
        pause = self.panel.min_interval_s
        rest = hanging.refreshed_at + pause - now.wall
        self.hanging = hanging
        self.free_at = now.steady + min(max(rest, 0.0), pause)

    def ack(self, instant: float) -> TileAck | None:
        """Say what hangs here; None where nothing hangs and nothing has to."""
        if self.wanted is None:
            return None
        state = self.state()
        why = self.tries.why if state == "failed" else None
        if self.hanging is None or self.hanging.price is None:
            if self.wanted.showing is None and state != "failed":
                return None
            return TileAck(epoch=0, rev=0, at=int(instant), state=state, why=why)
        return TileAck(
            epoch=self.hanging.epoch, rev=self.hanging.rev, price=self.hanging.price,
            frame=self.hanging.frame, at=self.hanging.at, state=state, why=why,
        )  # fmt: skip

    def next_turn(self, instant: float, now: Now) -> float | None:
        """Return in how many seconds this place may have something to do, of itself."""
        turns = []
        follower = self.following(instant)
        if follower is not None and follower.since is not None:
            lead = DRAW_AHEAD_S if self._may_draw(follower) else 0
            turns.append(max(follower.since - lead - now.wall, 0.0))
        if self.busy is None and self.wanted is not None and not self.shows(self.wanted):
            turns.append(max(self.tries.again_at - now.steady, self.free_at - now.steady, 0.0))
        return min(turns, default=None)

    def _draw(self, picture: Picture, now: Now) -> Draw | None:
        why = self.spoiled.pop(picture.key, None)
        if why is not None and not self.tries.given_up:
            self._fail(picture, now, why, hopeless=True)
            return None
        self.busy, self.refreshing = picture, False
        return Draw(picture)

    def _draw_ahead(self, instant: float) -> Draw | None:
        follower = self.following(instant)
        if follower is None or not self._may_draw(follower):
            return None
        if follower.since is None or instant < follower.since - DRAW_AHEAD_S:
            return None
        self.busy, self.refreshing = follower, False
        return Draw(follower)

    def _may_draw(self, ahead: Picture) -> bool:
        idle = self.busy is None and self.wanted is not None and self.shows(self.wanted)
        return idle and ahead.key not in self.drawn and ahead.key not in self.spoiled

    def _hang(self, picture: Picture, instant: float, now: Now) -> Refresh | None:
        frame = self.drawn[picture.key]
        if self.hanging is not None and self.hanging.sure and self.hanging.frame == frame:
            # The same pixels under a new name: nothing to refresh.
            self.hanging = _hung(picture, frame, instant, self.hanging.refreshed_at)
            return None
        if now.steady < self.free_at:
            return None
        self.busy, self.refreshing = picture, True
        if self.hanging is not None:
            self.hanging = self.hanging.model_copy(update={"sure": False})
        return Refresh(picture, frame)

    def _finished(self, picture: Picture, *, refreshing: bool) -> bool:
        if self.busy is None or (self.busy.key, self.refreshing) != (picture.key, refreshing):
            return False
        self.busy, self.refreshing = None, False
        return True

    def _fail(self, picture: Picture, now: Now, why: str, *, hopeless: bool = False) -> None:
        if self.wanted is not None and picture.key == self.wanted.key:
            self.tries = self.tries.failed(picture.key, now, why, hopeless=hopeless)


def _hung(picture: Picture, frame: str, instant: float, refreshed_at: float) -> Hanging:
    epoch, rev = picture.order
    return Hanging(
        epoch=epoch, rev=rev, since=picture.since, setting=picture.setting, price=picture.price,
        frame=frame, at=int(instant), refreshed_at=refreshed_at, sure=True,
    )  # fmt: skip
