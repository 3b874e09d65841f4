// The bay's board: arrows between tiles, Enter opens one in the panel, Esc gives the focus back.
import { put } from "./words.js";

const ORDER = ["failed", "pending", "offline", "empty", "paper", "shown"];

export function wearBoard(known) {
  const board = document.querySelector("[data-board]");
  const side = document.querySelector("[data-side]");
  if (!board || !side) return null;
  const detail = side.querySelector("[data-detail]");
  const list = side.querySelector("[data-attention-list] ul");
  let cameFrom = null;

  const tiles = () => [...board.querySelectorAll(".tile")].filter((tile) => tile.offsetParent);
  const cellOf = (key) => board.querySelector(`.tile[data-tile="${CSS.escape(key)}"]`);

  function roam(tile) {
    for (const other of board.querySelectorAll('.tile[tabindex="0"]')) other.tabIndex = -1;
    tile.tabIndex = 0;
  }

  function mark(key) {
    for (const cell of board.querySelectorAll("[data-chosen]")) delete cell.dataset.chosen;
    const tile = key && cellOf(key);
    if (!tile) return;
    tile.closest(".cell").dataset.chosen = "";
    tile.setAttribute("aria-current", "true");
    roam(tile);
  }

  function unmark() {
    for (const tile of board.querySelectorAll("[aria-current]")) tile.removeAttribute("aria-current");
  }

  function open(link) {
    const key = link.dataset.tile;
    cameFrom = link;
    detail.dataset.live = key;
    put(detail, known.get(key));
    detail.hidden = false;
    unmark();
    mark(key);
    side.scrollTop = 0;
    history.replaceState(null, "", link.href);
    detail.querySelector("[data-detail-title]").focus({ preventScroll: true });
  }

  function close() {
    if (detail.hidden) return;
    const key = detail.dataset.live;
    detail.hidden = true;
    detail.dataset.live = "";
    unmark();
    mark("");
    history.replaceState(null, "", location.pathname);
    (cameFrom?.offsetParent ? cameFrom : cellOf(key))?.focus();
  }

  document.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    const link = event.target.closest("[data-tile]");
    if (link && known.has(link.dataset.tile)) {
      event.preventDefault();
      open(link);
    } else if (event.target.closest("[data-close]")) {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  board.addEventListener("keydown", (event) => {
    const tile = event.target.closest(".tile");
    const next = tile && step(tile, event.key, tiles());
    if (!next) return;
    event.preventDefault();
    roam(next);
    next.focus();
  });

  function sortAttention() {
    if (list.contains(document.activeElement)) return; // nothing moves under somebody's hands
    const rank = (row) => ORDER.indexOf(row.dataset.mood);
    const rows = [...list.children];
    const sorted = rows.toSorted(
      (a, b) => rank(a) - rank(b) || a.dataset.live.localeCompare(b.dataset.live),
    );
    if (sorted.some((row, at) => row !== rows[at])) list.append(...sorted);
  }

  for (const tile of board.querySelectorAll(".tile")) tile.tabIndex = -1;
  const first = board.querySelector(".tile");
  if (first) first.tabIndex = 0;
  if (!detail.hidden) mark(detail.dataset.live);
  return { changed: sortAttention };
}

// Where a key leads from a tile: along the shelf, to its ends, or to the nearest above or below.
function step(tile, key, all) {
  const at = all.indexOf(tile);
  switch (key) {
    case "ArrowRight": return all[at + 1];
    case "ArrowLeft": return all[at - 1];
    case "Home": return all[0];
    case "End": return all.at(-1);
    case "ArrowDown": return nearest(tile, all, 1);
    case "ArrowUp": return nearest(tile, all, -1);
    default: return null;
  }
}

function nearest(tile, all, direction) {
  const middle = (box) => [box.x + box.width / 2, box.bottom];
  const [x, y] = middle(tile.getBoundingClientRect());
  let best = null;
  let least = Infinity;
  for (const other of all) {
    const [otherX, otherY] = middle(other.getBoundingClientRect());
    const down = (otherY - y) * direction;
    const distance = down * 10 + Math.abs(otherX - x);
    if (down > 8 && distance < least) [best, least] = [other, distance];
  }
  return best;
}
