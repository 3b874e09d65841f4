// Keeps a page as things are now, and says honestly whether it does.
import { putAll } from "./words.js";

const SILENT_MS = 12_000; // the server is never silent for half as long

export function watch(address, known, board) {
  const sign = document.querySelector("[data-sign]");
  const word = document.querySelector("[data-sign-word]");
  let stream = null;
  let silence = 0;

  function say(state, text) {
    if (!sign) return;
    sign.dataset.sign = state;
    if (word.textContent !== text) word.textContent = text;
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => { open("Not live, trying again"); }, SILENT_MS);
    say("on", "Live");
  }

  function lost() {
    if (stream.readyState === EventSource.CLOSED) {
      clearTimeout(silence);
      silence = setTimeout(() => open("Not live, trying again"), 3000);
    }
    say("lost", "Not live, trying again");
  }

  function close() {
    clearTimeout(silence);
    stream?.close();
  }

  function open(text) {
    close();
    if (text) say("lost", text);
    else if (sign?.dataset.sign === "off") say("off", "Connecting");
    stream = new EventSource(address);
    stream.addEventListener("words", (event) => {
      const changed = JSON.parse(event.data);
      for (const [key, words] of Object.entries(changed)) known.set(key, words);
      putAll(changed);
      board?.changed(changed);
      heard();
    });
    stream.addEventListener("beat", heard);
    stream.addEventListener("moved", () => {
      close();
      say("lost", "The planogram changed: load the page again");
    });
    stream.addEventListener("left", () => {
      close();
      say("lost", "Logged out: load the page again");
    });
    stream.onerror = lost;
    silence = setTimeout(() => open("Not live, trying again"), SILENT_MS);
  }

  // A page nobody sees holds no connection; when it is seen again it is brought up to date.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else open();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && open());
  if (!document.hidden) open();
}
