// Keeps what is typed, some seconds after the last change and when the page is hidden, apart from the item.
// Nothing is written into the browser's own store: the machine may be shared. Without this script one saves by hand.
(() => {
  const AFTER = 3000, RETRY = 15000, KEEPALIVE = 60000; // milliseconds, milliseconds, bytes
  const told = document.querySelector("[data-autosave]");
  const form = told && told.closest("form");
  if (!form || !window.fetch || !window.URLSearchParams) return;
  const words = told.dataset;
  let timer = 0, isDirty = false, isSending = false, isLeaving = false;

  const say = (text, kind, link) => {
    told.textContent = text;
    told.className = "autosave" + (kind ? " autosave--" + kind : "");
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = words.login;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = words.again;
    told.append(" ", anchor);
  };
  const later = (delay) => { window.clearTimeout(timer); timer = window.setTimeout(send, delay); };
  const typed = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    return data;
  };
  const ask = (body, isLast) => window.fetch(words.autosave, {
    method: body ? "POST" : "GET",
    body: body || undefined,
    credentials: "same-origin",
    redirect: "manual",
    keepalive: Boolean(isLast && String(body).length < KEEPALIVE),
    headers: {Accept: "application/json"},
  });

  // A new log-in brings a new token: the page takes it over, if it is the same person.
  async function renew() {
    const answer = await ask(null);
    if (!answer.ok) return false;
    const now = await answer.json();
    if (now.who !== words.who) { say(words.other, "stop"); return null; }
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now.token;
    return true;
  }

  async function send(isLast, isSecond) {
    if (!isDirty || isLeaving || (isSending && !isSecond)) return;
    isSending = true;
    isDirty = false;
    try {
      const answer = await ask(typed(), isLast);
      if (answer.status === 403 && !isSecond) {
        isDirty = true;
        const isRenewed = await renew();
        if (isRenewed) return await send(false, true);
        if (isRenewed === null) { isDirty = false; return; }
      }
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        isDirty = true;
        say(words.expired, "wait", true);
        later(RETRY);
      } else if (answer.ok || answer.status === 422) {
        const kept = await answer.json();
        say(kept.message, answer.ok ? (kept.stale ? "wait" : "") : "stop");
      } else if (answer.status === 413) {
        say(words.large, "wait");
      } else {
        throw new Error(String(answer.status));
      }
    } catch (trouble) {
      isDirty = true;
      say(words.away, "wait");
      later(RETRY);
    } finally {
      isSending = false;
      if (isDirty && !isLast) later(RETRY);
    }
  }

  const changed = () => { isDirty = true; later(AFTER); };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("prose-editor:ready", (event) => event.detail.editor.on("update", changed));
  form.addEventListener("submit", () => { isLeaving = true; window.clearTimeout(timer); });
  window.addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(true); });
  window.addEventListener("pagehide", () => send(true));
})();
