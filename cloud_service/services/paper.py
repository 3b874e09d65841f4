"""Paper tags: what the tiles of some positions should show now, printed on sheets.

Paper follows no flip: each tag says until when it is true.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO

from PIL import Image

from cloud_service.catalog.planogram import Position, positions_of_bay, positions_of_store
from cloud_service.catalog.stores import Store, find_store
from cloud_service.delivery.queries import Choice, chosen
from cloud_service.errors import Invalid, NotFound, Undrawable
from cloud_service.services.views.paper import TagsView, TagView
from cloud_service.services.views.shelves import TileState
from cloud_service.shelves.plan import read_shelf
from cloud_service.shelves.preview import Pictures
from cloud_service.storage import Unit
from label_templates.contract.errors import ContractError
from label_templates.contract.tile import Showing
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import RenderError
from label_templates.paper import SheetFormat, sheet_format, sheets, usual_format, write_pdf

_CHUNK = 400
"""Positions read at once; databases bound the number of parameters."""
_HORIZON_S = 366 * 86_400
"""Paper hangs until somebody takes it down, so its end is looked for in the whole coming year."""


@dataclass(frozen=True)
class TagChoice:
    """Which positions of a store are meant; None leaves it open."""

    bays: Collection[int] | None = None
    positions: Collection[str] | None = None
    states: Collection[TileState] | None = None


EVERY_TAG = TagChoice()
"""All positions of a store."""


@dataclass(frozen=True)
class Tag:
    """What one position's tag says, and until when."""

    position: str
    showing: Showing
    until: int | None


@dataclass(frozen=True)
class TagOrder:
    """Tags to be printed on one kind of sheet."""

    store: Store
    form: SheetFormat
    tags: tuple[Tag, ...]

    def view(self, undrawn: Collection[str] = ()) -> TagsView:
        """Return it as the doors show it, without tags that could not be drawn."""
        tags = tuple(_view(tag) for tag in self.tags if tag.position not in undrawn)
        return TagsView(
            store_id=self.store.id,
            currency=self.store.currency,
            format=self.form.name,
            pages=self.form.pages(len(tags)),
            tags=tags,
            left_out=len(self.tags) - len(tags),
        )


def order_tags(
    unit: Unit, store_id: str, form: str | None, choice: TagChoice, now: int
) -> TagOrder:
    """Return the tags of the positions meant that have a price; raise NotFound where none has.

    Without a format the sheet is the usual one of the store's country.
    """
    store = find_store(unit, store_id)
    sheet = usual_format(store.jurisdiction[:2]) if form is None else _format(form)
    positions = _meant(unit, store.id, choice, now)
    tags = tuple(_tags(unit, positions, now))
    if not tags:
        raise NotFound(f"There is no tile to print: none of store {store.id} is like that.")
    return TagOrder(store, sheet, tags)


def print_tags(
    order: TagOrder, pictures: Pictures, file: IO[bytes], *, leave_out: bool
) -> TagsView:
    """Write the sheets as a PDF; raise Undrawable naming all tags that cannot be drawn.

    With `leave_out` these are missing, as long as any tag is left.
    """
    undrawn: dict[str, str] = {}
    pages = sheets(_frames(order, pictures, undrawn), order.form)
    first = next(pages, None)
    if first is not None:
        write_pdf(_following(first, pages), file)
    if undrawn and not (leave_out and first is not None):
        raise Undrawable(list(undrawn.items()), len(order.tags))
    return order.view(undrawn)


def _following(first: Image.Image, rest: Iterator[Image.Image]) -> Iterator[Image.Image]:
    yield first
    yield from rest


def _frames(order: TagOrder, pictures: Pictures, undrawn: dict[str, str]) -> Iterator[Frame]:
    for tag in order.tags:
        try:
            yield pictures.frame(tag.showing, order.form.panel, order.store)
        except RenderError as error:
            undrawn[tag.position] = str(error)


def _format(name: str) -> SheetFormat:
    try:
        return sheet_format(name)
    except ContractError as error:
        raise Invalid("format", str(error)) from error


def _meant(unit: Unit, store_id: str, choice: TagChoice, now: int) -> list[Position]:
    positions = _standing_in(unit, store_id, choice.bays)
    if choice.positions is not None:
        _check_known(store_id, choice.positions, positions)
        positions = [found for found in positions if found.position in set(choice.positions)]
    if choice.states is not None:
        alike = Choice(states=choice.states, limit=2**31 - 1)
        names = set(chosen(unit, store_id, alike, now))
        positions = [found for found in positions if found.position in names]
    return positions


def _standing_in(unit: Unit, store_id: str, bays: Collection[int] | None) -> list[Position]:
    if bays is None:
        return positions_of_store(unit, store_id)
    positions: list[Position] = []
    for bay in sorted(set(bays)):
        found = positions_of_bay(unit, store_id, bay)
        if not found:
            raise NotFound(f"There is no bay {bay} in store {store_id}.")
        positions += found
    return positions


def _check_known(store_id: str, named: Collection[str], positions: Sequence[Position]) -> None:
    known = {found.position for found in positions}
    for name in named:
        if name not in known:
            raise NotFound(f"There is no position {name!r} among these in store {store_id}.")


def _tags(unit: Unit, positions: Sequence[Position], now: int) -> Iterator[Tag]:
    waiting = iter(positions)
    while chunk := list(islice(waiting, _CHUNK)):
        shelf = read_shelf(unit, chunk, now)
        for position in chunk:
            shown = shelf.showings(position, now, _HORIZON_S)
            if shown:
                until = shown[1].since if len(shown) > 1 else None
                yield Tag(position.position, shown[0], until)


def _view(tag: Tag) -> TagView:
    content = tag.showing.content
    return TagView(tag.position, content.sku, content.name, content.price, tag.until)
