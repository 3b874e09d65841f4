"""Pictures of tiles: what hangs, what should, and what would."""

from cloud_service.services import pictures
from cloud_service.services.use_cases.ground import Ground
from label_templates.checks.finding import Finding
from label_templates.drawing.frame import Frame


class Drawn(Ground):
    """Pictures of tiles: what hangs, what should, and what would."""

    def preview(
        self, *, store: str, sku: str, panel: str, amount_minor: int | None = None
    ) -> Frame:
        """Draw a product's tile on a kind of panel, were its price set to an amount now."""
        with self.storage.read() as unit:
            wish = pictures.Wish(amount_minor, self.clock.now())
            look = pictures.look_of_product(unit, store, sku, panel, wish)
        return self._pictures.frame(look.showing, look.panel, look.store)

    def preview_findings(
        self, *, store: str, sku: str, panel: str, amount_minor: int | None = None
    ) -> tuple[Finding, ...]:
        """Return what is found on a product's tile, were its price set to an amount now."""
        now = self.clock.now()
        with self.storage.read() as unit:
            wish = pictures.Wish(amount_minor, now)
            look = pictures.look_of_product(unit, store, sku, panel, wish)
        return self._inspector.look(look.showing, look.panel, look.store, now)

    def position_preview(
        self, *, store: str, position: str, amount_minor: int | None = None
    ) -> Frame:
        """Draw the tile of a position, were its product's price set to an amount now."""
        with self.storage.read() as unit:
            wish = pictures.Wish(amount_minor, self.clock.now())
            look = pictures.look_of_position(unit, store, position, wish)
        return self._pictures.frame(look.showing, look.panel, look.store)

    def tile_image(self, *, store: str, position: str) -> tuple[Frame, str] | None:
        """Draw what hangs at a position by its last ack, with its tag; None before the first."""
        with self.storage.read() as unit:
            now = self.clock.now()
            return pictures.hanging_picture(unit, store, position, self._pictures, now)

    def wanted_image(self, *, store: str, position: str) -> tuple[Frame, str] | None:
        """Draw what should hang at a position now, with its tag; None: nothing should."""
        with self.storage.read() as unit:
            now = self.clock.now()
            return pictures.wanted_picture(unit, store, position, self._pictures, now)
