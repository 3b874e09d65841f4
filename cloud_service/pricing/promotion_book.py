"""Reading and writing the promotions of the price book.

The newest revision of a promotion counts. Terms that have begun are never rewritten, or the past
would cost something else than it did: a running promotion is ended, and another one begins.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, insert, or_, select
from sqlalchemy.orm import aliased

from cloud_service.errors import Invalid
from cloud_service.pricing.promotions import Promotion, flaw
from cloud_service.pricing.tables import PromotionProductRow, PromotionRow
from cloud_service.pricing.terms import document_of, terms_of
from cloud_service.pricing.window import Window
from cloud_service.storage.engine import Unit

_CHUNK = 500
"""SKUs asked for at once; databases bound the number of parameters."""


def add_promotion(unit: Unit, scope: str, promotion: Promotion, skus: Collection[str]) -> None:
    """Write a promotion under its revision; Invalid names what makes it none."""
    found = flaw(promotion)
    if found is not None:
        raise Invalid(f"promotion {promotion.id}, {found[0]}", found[1])
    if not skus:
        raise Invalid(f"promotion {promotion.id}, products", "it names no product")
    unit.add(_row(scope, promotion))
    unit.flush()
    rows = [
        {"sku": sku, "promotion_id": promotion.id, "revision": promotion.revision}
        for sku in sorted(skus)
    ]
    unit.execute(insert(PromotionProductRow), rows)


def withdraw_promotion(unit: Unit, scope: str, promotion: Promotion) -> None:
    """Write under its revision that a promotion names no product: one that has not begun."""
    unit.add(_row(scope, promotion))
    unit.flush()


def find_promotion(unit: Unit, name: str) -> tuple[str, Promotion, tuple[str, ...]] | None:
    """Return a promotion's scope, its newest revision and the SKUs it names, or None."""
    query = select(PromotionRow).where(PromotionRow.id == name)
    row = unit.scalar(query.order_by(PromotionRow.revision.desc()).limit(1))
    if row is None:
        return None
    return row.scope, _promotion(row), _skus(unit, name, row.revision)


def promotions_of(
    unit: Unit, scopes: Sequence[str], skus: Collection[str], since: int
) -> dict[str, list[Promotion]]:
    """Return the promotions, by SKU, that hold at any instant from `since` on."""
    running = _running(unit, scopes, since)
    if not running:
        return {}
    wanted, found = sorted(skus), dict[str, list[Promotion]]()
    for start in range(0, len(wanted), _CHUNK):
        query = select(PromotionProductRow).where(
            PromotionProductRow.sku.in_(wanted[start : start + _CHUNK]),
            PromotionProductRow.promotion_id.in_(running),
        )
        for row in unit.scalars(query):
            promotion = running[row.promotion_id]
            if promotion.revision == row.revision:
                found.setdefault(row.sku, []).append(promotion)
    return found


def revised(unit: Unit, revision: int) -> list[tuple[Promotion, Promotion | None, tuple[str, ...]]]:
    """Return the promotions that a revision wrote, what each was before, and its SKUs then."""
    rows = unit.scalars(select(PromotionRow).where(PromotionRow.revision == revision))
    found = []
    for row in list(rows):
        query = select(PromotionRow).where(
            PromotionRow.id == row.id, PromotionRow.revision < revision
        )
        before = unit.scalar(query.order_by(PromotionRow.revision.desc()).limit(1))
        skus = _skus(unit, row.id, before.revision if before is not None else revision)
        found.append((_promotion(row), _promotion(before) if before is not None else None, skus))
    return found


def _skus(unit: Unit, name: str, revision: int) -> tuple[str, ...]:
    query = select(PromotionProductRow.sku).where(
        PromotionProductRow.promotion_id == name, PromotionProductRow.revision == revision
    )
    return tuple(sorted(unit.scalars(query)))


def _running(unit: Unit, scopes: Sequence[str], since: int) -> Mapping[str, Promotion]:
    other = aliased(PromotionRow)
    newest = (
        select(func.max(other.revision))
        .where(other.id == PromotionRow.id)
        .correlate(PromotionRow)
        .scalar_subquery()
    )
    query = select(PromotionRow).where(
        and_(
            PromotionRow.scope.in_(scopes),
            PromotionRow.revision == newest,
            or_(PromotionRow.until.is_(None), PromotionRow.until > since),
        )
    )
    return {row.id: _promotion(row) for row in unit.scalars(query)}


def _row(scope: str, promotion: Promotion) -> PromotionRow:
    given: dict[str, Any] = {
        name: getattr(promotion, name)
        for name in ("id", "revision", "name", "programme", "limit", "priority", "stacks")
    }
    since, until = promotion.window.since, promotion.window.until
    return PromotionRow(
        scope=scope, terms=document_of(promotion.terms), since=since, until=until, **given
    )


def _promotion(row: PromotionRow) -> Promotion:
    return Promotion(
        id=row.id,
        revision=row.revision,
        name=row.name,
        window=Window(row.since, row.until),
        terms=terms_of(row.terms),
        programme=row.programme,
        limit=row.limit,
        priority=row.priority,
        stacks=row.stacks,
    )
