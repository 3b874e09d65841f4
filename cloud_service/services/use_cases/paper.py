"""Paper tags."""

from typing import IO

from cloud_service.services import paper
from cloud_service.services.importing import OnError
from cloud_service.services.paper import EVERY_TAG, TagChoice
from cloud_service.services.use_cases.ground import Ground
from cloud_service.services.views.paper import TagsView


class Paper(Ground):
    """Paper tags."""

    def tags(
        self, *, store: str, format: str | None = None, choice: TagChoice = EVERY_TAG
    ) -> TagsView:
        """Return what paper tags for some positions would say now; None: the usual format."""
        return self._order(store, format, choice).view()

    def print_tags(
        self,
        *,
        store: str,
        file: IO[bytes],
        format: str | None = None,
        choice: TagChoice = EVERY_TAG,
        on_error: OnError = "stop",
    ) -> TagsView:
        """Write paper tags as a PDF and return what they say.

        Raises Undrawable naming all that cannot be drawn; on_error continue leaves them out.
        """
        order = self._order(store, format, choice)
        return paper.print_tags(order, self._pictures, file, leave_out=on_error == "continue")

    def _order(self, store: str, form: str | None, choice: TagChoice) -> paper.TagOrder:
        with self.storage.read() as unit:
            return paper.order_tags(unit, store, form, choice, self.clock.now())
