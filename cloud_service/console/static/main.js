// Each page wears what it uses: every part looks for its own marks and rests where there are none.
import { wearBoard } from "./board.js";
import { watch } from "./live.js";
import { wearPriceForm } from "./price.js";
import { wearSearch } from "./search.js";
import { wearTheme } from "./theme.js";

for (const place of document.querySelectorAll("[data-focus]")) place.focus();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
wearTheme();
wearSearch();
wearPriceForm();
const words = new Map();
const board = wearBoard(words);
if (document.body.dataset.stream) watch(document.body.dataset.stream, words, board);
