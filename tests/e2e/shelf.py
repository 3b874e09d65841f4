"""What hangs on a running shop's shelves, looked at as a shopper and a register would."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from label_templates.contract.panel import panel_spec
from label_templates.drawing.frame import Frame
from tests.camera import gtins
from tests.e2e.shop import Shop


@dataclass(frozen=True)
class Api:
    """The shop's JSON API."""

    client: httpx.Client

    @classmethod
    @contextmanager
    def of(cls, shop: Shop) -> Iterator["Api"]:
        """Open a client with the shop's own token."""
        token = {"Authorization": f"Bearer {shop.settings['EDGE_SHELF_TOKEN']}"}
        with httpx.Client(base_url=shop.url, headers=token, timeout=60) as client:
            yield cls(client)

    def get(self, path: str, **query: str | int) -> Any:
        """Get JSON."""
        answer = self.client.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def picture(self, path: str, panel: str) -> Frame:
        """Get a picture as a frame of ink indices."""
        answer = self.client.get(path)
        answer.raise_for_status()
        return Frame.read_png(answer.content, panel_spec(panel).inks)

    def all(self, path: str, **query: str | int) -> Iterator[dict[str, Any]]:
        """Get every item of a list, page by page."""
        after: dict[str, str] = {}
        while True:
            page = self.get(path, **query, **after)
            yield from page["data"]
            if not page["has_more"]:
                return
            after = {"after": page["next"]}

    def tiles(self, store: str) -> list[dict[str, Any]]:
        """Every tile of a store."""
        return list(self.all(f"/v1/stores/{store}/tiles", limit=500))


def hanging(shop: Shop, tile: dict[str, Any]) -> Frame:
    """The frame that the device's own display keeps on disk."""
    inks = panel_spec(tile["panel"]).inks
    return Frame.read_png(shop.picture(tile["device_id"], tile["position"]).read_bytes(), inks)


def scanned(frame: Frame) -> str | None:
    """What a register's scanner reads from a frame, as GTIN-14; None where there is no code."""
    return " and ".join(sorted(gtins(frame.image().convert("L")))) or None


def differences(shop: Shop, api: Api, tile: dict[str, Any], gtin: str | None) -> list[str]:
    """Compare what hangs at a position with what the console draws; return what is not right."""
    store, position = tile["store_id"], tile["position"]
    frame = hanging(shop, tile)
    preview = api.picture(f"/v1/stores/{store}/tiles/{position}/wanted-image", tile["panel"])
    wrong = []
    if frame.indices != preview.indices:
        wrong.append("hangs other pixels than the console draws")
    if scanned(frame) != (gtin and gtin.zfill(14)):
        wrong.append(f"scans as {scanned(frame)}, not {gtin}")
    if tile["shown"]["rev"] != tile["wanted"]["rev"]:
        wrong.append(f"revision {tile['shown']['rev']}, not {tile['wanted']['rev']}")
    if tile["shown"]["price"] != tile["wanted"]["price"]:
        wrong.append(f"price {tile['shown']['price']}, not {tile['wanted']['price']}")
    if not tile["proved"]:
        wrong.append("the reported frame is not proved")
    return [f"{position}: {fault}" for fault in wrong]


def faults_on_shelves(shop: Shop, api: Api, store: str) -> list[str]:
    """Return everything that is wrong on any tile of a store."""
    tiles = api.tiles(store)
    gtins = {
        sku: api.get(f"/v1/products/sku:{sku}")["gtin"]
        for sku in {tile["sku"] for tile in tiles if tile["sku"] is not None}
    }
    return [fault for tile in tiles for fault in differences(shop, api, tile, gtins[tile["sku"]])]
