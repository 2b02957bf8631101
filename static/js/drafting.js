// The drafting form by keyboard: Ctrl+S saves, a refusal gets the focus, and one press of a button sends once.
(() => {
  const form = document.querySelector("form.draft");
  if (!form) return;
  let isSent = false;
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    const save = form.querySelector("[name=_save]");
    if (save) save.click();
  });
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => { isSent = false; });
  const summary = form.querySelector(".error-summary");
  if (summary) summary.focus();
})();
