// "/" goes to the search from anywhere but a field.
export function wearSearch() {
  const fields = [...document.querySelectorAll("[data-search], .search-form input[type=search]")];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = fields.find((one) => one.offsetParent);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
