"""The form that changes a price: what it shows, and what the pixels would be before it is saved."""

from collections import Counter
from dataclasses import dataclass, replace

from cloud_service.console.addresses import price_preview
from cloud_service.console.findings import finding_words, first_error
from cloud_service.console.manner import Manner
from cloud_service.console.offer import Offer
from cloud_service.console.price_step import PriceStep, Written
from cloud_service.console.tiles import Words, grain
from cloud_service.services.views.prices import PriceView

USUAL_PANEL = "epd-2.9-bwr"
"""Shown for a product that stands nowhere yet."""


@dataclass(frozen=True)
class Preview:
    """A picture of the price on one kind of panel, and what is found on it."""

    panel: str
    caption: str
    src: str
    """Empty where it cannot be drawn."""
    grain: str
    findings: list[Words]
    wrong: str
    """Why the price cannot hang on this panel; empty where it can."""


@dataclass(frozen=True)
class Theirs:
    """Two people changed one price: what it was, what it is, and what was not saved."""

    began: str
    now: str
    yours: str


@dataclass(frozen=True)
class PriceForm:
    """Everything the form says."""

    text: str
    symbol: str
    version: str
    began: str
    present: Words
    """How the price stands, as written."""
    weighed: Words
    """What the text would do: `step`, `question`, `wrong`."""
    note: str
    previews: tuple[Preview, ...]
    theirs: Theirs | None = None
    title: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    status: int = 200

    def refused(self, status: int, title: str, *errors: tuple[str, str]) -> "PriceForm":
        """Return the form as it comes back with errors: (field, what is wrong)."""
        wrong = next((text for field, text in errors if field == "price"), "")
        weighed = {**self.weighed, "wrong": wrong}
        return replace(self, status=status, title=title, errors=errors, weighed=weighed)


def price_form(offer: Offer, written: Written | None = None) -> PriceForm:
    """Return the form, as it first stands or with what was written into it."""
    writes, present = offer.writes, offer.present
    text = Written(writes.plain(present), present) if written is None else written
    weighed = dict.fromkeys(("step", "question", "wrong"), "")
    if written is not None:
        weighed = weigh(offer, written)
    return PriceForm(
        text=text.text,
        symbol=writes.symbol(),
        version=offer.version,
        began=str(present or ""),
        previews=_previews(offer, text.minor or present),
        note=_note(offer.price, writes, offer.console.now()),
        present=_standing(offer.price, writes),
        weighed=weighed,
    )


def weigh(offer: Offer, written: Written) -> Words:
    """Return what a written price would do: the step, a question if it is large, what is wrong."""
    if written.minor is None:
        return {"wrong": written.wrong, "step": "", "question": ""}
    step = PriceStep(offer.present, written.minor)
    return {"wrong": "", "step": step.words(offer.writes), "question": step.question(offer.writes)}


def weigh_pictures(offer: Offer, written: Written) -> dict[str, str | list[Words]]:
    """Return each panel's picture with what is found on it, and what keeps the price off one."""
    words: dict[str, str | list[Words]] = {}
    for preview in _previews(offer, written.minor):
        words[preview.panel] = preview.src
        words[f"blank:{preview.panel}"] = "" if preview.src else "blank"
        words[f"findings:{preview.panel}"] = preview.findings
        if preview.wrong:
            words.setdefault("wrong", preview.wrong)
    return words


def _panels(offer: Offer) -> Counter[str]:
    return Counter(tile.panel for tile in offer.tiles) or Counter({USUAL_PANEL: 0})


def _previews(offer: Offer, minor: int | None) -> tuple[Preview, ...]:
    if minor is None:
        return ()
    return tuple(_preview(offer, minor, panel, n) for panel, n in sorted(_panels(offer).items()))


def _preview(offer: Offer, minor: int, panel: str, tiles: int) -> Preview:
    store, sku = offer.store.id, offer.product.sku
    found = offer.console.services.preview_findings(
        store=store, sku=sku, panel=panel, amount_minor=minor
    )
    undrawable = any(finding.undrawable for finding in found)
    return Preview(
        panel=panel,
        caption=_caption(panel, tiles),
        src="" if undrawable else price_preview(sku, store, panel, minor),
        grain=grain(panel),
        findings=finding_words(found),
        wrong=first_error(found, panel),
    )


def _caption(panel: str, count: int) -> str:
    if not count:
        return f"As it would look on {panel}"
    return f"{panel} · {count} {'tile' if count == 1 else 'tiles'}"


def _standing(price: PriceView | None, writes: Manner) -> Words:
    if price is None:
        names = ("regular", "effective", "unit_price", "prior", "reference")
        return {**dict.fromkeys(names, ""), "effective": "no price yet", "reason": ""}
    return {
        "regular": writes.money(price.regular),
        "effective": writes.money(price.effective),
        "reason": price.reason,
        "unit_price": price.unit_price or "",
        "prior": writes.money(price.prior) if price.prior is not None else "",
        "reference": writes.money(price.reference) if price.reference is not None else "",
    }


def _note(price: PriceView | None, writes: Manner, now: int) -> str:
    if price is None or price.promotion_until is None:
        return ""
    until = writes.instant(price.promotion_until, now)
    return f"A promotion runs until {until}. Saving a new price ends it now."
