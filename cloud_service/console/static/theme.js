// Light or dark without loading the page again; the cookie lets the server draw the next one right.
export function wearTheme() {
  const form = document.querySelector("[data-theme-form]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter.value;
    document.documentElement.dataset.theme = chosen;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `edge-shelf-theme=${chosen}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    form.querySelector(chosen === "dark" ? ".to-light" : ".to-dark").focus();
  });
}
