// Files chosen at once are sent one by one with a bar each, and stand in rows of the form before it is saved.
// Without this script they travel with the form; the server gives each a row either way.
(() => {
  const part = document.querySelector("[data-several]");
  if (!part) return;
  const form = part.closest("form");
  const input = part.querySelector("input[type=file]");
  const list = part.querySelector(".several__list");
  const total = form.querySelector("[name=attachments-TOTAL_FORMS]");
  const words = part.dataset;

  const isFree = (row) => {
    const token = row.querySelector("[name$=-token]");
    const file = row.querySelector("[type=file]");
    return token && !token.value && file && !file.files.length;
  };
  const anotherRow = (pattern) => {
    const row = pattern.cloneNode(true);
    const from = pattern.querySelector("[name$=-token]").name.match(/-(\d+)-/)[1];
    const to = total.value;
    row.querySelectorAll("*").forEach((element) => {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(`attachments-${from}-`, `attachments-${to}-`));
      }
    });
    total.value = String(Number(to) + 1);
    return row;
  };
  const isolated = (name) => {
    const element = document.createElement("bdi");
    element.textContent = name;
    return element;
  };
  const place = (received) => {
    const rows = [...form.querySelectorAll(".attachment")];
    const free = rows.find(isFree);
    const row = free || rows[rows.length - 1];
    if (!free) return false;
    if (rows.filter(isFree).length === 1) row.after(anotherRow(row));
    row.querySelector("[name$=-token]").value = received.token;
    row.querySelector("legend").replaceChildren(isolated(received.name), ` · ${words.received}`);
    row.querySelector("[type=file]").closest(".field").hidden = true;
    return true;
  };
  const line = (name) => {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    label.append(isolated(name), ` · ${words.sending}`);
    bar.max = 1;
    bar.value = 0;
    item.append(label, bar);
    list.append(item);
    return { item, label, bar };
  };
  const send = (file) => new Promise((resolve) => {
    const shown = line(file.name);
    const body = new FormData();
    body.append("file", file);
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    const request = new XMLHttpRequest();
    request.open("POST", words.upload);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
    });
    const failed = (sentence) => {
      shown.bar.remove();
      shown.item.className = "several__failed";
      shown.label.replaceChildren(isolated(file.name), ` · ${words.failed}${sentence ? ` · ${sentence}` : ""}`);
      resolve();
    };
    request.addEventListener("error", () => failed(""));
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* an error page: said in general words */ }
      if (request.status === 403) {
        form.dispatchEvent(new Event("change")); // the text is kept anew, and a fresh token comes with it
        failed(words.expired);
        return;
      }
      if (request.status !== 200 || !place(answer)) { failed(answer.error || ""); return; }
      shown.item.remove();
      resolve();
    });
    request.send(body);
  });
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    input.value = "";
    for (const file of chosen) await send(file);
  });
})();
