// Puts words into the places that name them: text, pictures, links, icons and flags; never markup.

function each(root, mark, act) {
  if (root.dataset[mark] !== undefined) act(root, root.dataset[mark]);
  const name = mark.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  for (const place of root.querySelectorAll(`[data-${name}]`)) act(place, place.dataset[mark]);
}

function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function setSource(image, address) {
  image.hidden = address === "";
  if (address && image.getAttribute("src") !== address) image.setAttribute("src", address);
}

// A list holds a template of its rows; each row is a copy with words of its own.
function setRows(list, rows) {
  const mould = list.querySelector("template");
  const copies = rows.map((words) => {
    const row = mould.content.firstElementChild.cloneNode(true);
    put(row, words);
    return row;
  });
  list.replaceChildren(mould, ...copies);
}

export function put(root, words) {
  const known = (act) => (place, name) => {
    if (Object.hasOwn(words, name)) act(place, words[name]);
  };
  for (const name of ["mood", "attention"]) {
    if (Object.hasOwn(words, name) && name in root.dataset) root.dataset[name] = words[name];
  }
  each(root, "text", known(setText));
  each(root, "src", known(setSource));
  each(root, "alt", known((image, text) => image.setAttribute("alt", text)));
  each(root, "href", known((link, address) => address && link.setAttribute("href", address)));
  each(root, "icon", known((use, name) => use.setAttribute("href", `#i-${name}`)));
  each(root, "show", known((place, flag) => { place.hidden = flag === ""; }));
  each(root, "flag", known((place, flag) => { place.dataset.on = flag; }));
  each(root, "list", known(setRows));
  each(root, "value", known((meter, value) => { meter.value = Number(value); }));
  for (const count of root.querySelectorAll(".count")) {
    count.toggleAttribute("data-none", words[count.dataset.mood] === "0");
  }
  for (const badge of root.querySelectorAll(".badge")) badge.dataset.zero = badge.textContent;
}

export function putAll(changed) {
  for (const root of document.querySelectorAll("[data-live]")) {
    const words = changed[root.dataset.live];
    if (words) put(root, words);
  }
}
