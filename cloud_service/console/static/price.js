// While a price is typed, the server weighs it: the step in words and the pixels it would make.
import { put } from "./words.js";

const PAUSE_MS = 150;

export function wearPriceForm() {
  const form = document.querySelector("[data-weigh]");
  if (!form) return;
  const field = form.elements.price;
  const sure = form.elements.sure;
  const previews = form.querySelector(".previews");
  let pause = 0;
  let latest = null;

  async function weigh() {
    latest?.abort();
    latest = new AbortController();
    const query = new URLSearchParams({ price: field.value });
    previews.toggleAttribute("data-busy", true);
    try {
      const answer = await fetch(`${form.dataset.weigh}?${query}`, { signal: latest.signal });
      if (answer.ok) show(await answer.json());
      else put(form, { step: "The preview is not to be had now; saving may still work.", wrong: "" });
    } catch (error) {
      if (error.name === "AbortError") return;
      put(form, { step: "No connection to the service: nothing can be saved now.", wrong: "" });
    }
    previews.toggleAttribute("data-busy", false);
  }

  function show(words) {
    put(form, words);
    if (words.wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  field.addEventListener("focus", () => field.select());
  field.addEventListener("input", () => {
    sure.checked = false;
    clearTimeout(pause);
    pause = setTimeout(weigh, PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("[data-save]");
    setTimeout(() => { button.disabled = true; }); // after the browser has taken the form
  });
  window.addEventListener("pageshow", () => { form.querySelector("[data-save]").disabled = false; });
}
