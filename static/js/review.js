// Select words of the paper, press the button: they stand in the first free row of the remarks on passages.
// Without this script the words are copied by hand; the server looks for them in the frozen text either way.
(() => {
  const paper = document.querySelector("[data-paper]");
  const quotes = document.getElementById("quotes");
  if (!paper || !quotes) return;
  const rows = [...quotes.querySelectorAll(".quotes__row")];
  const text = (row, at) => row.querySelectorAll("textarea")[at];
  const isFree = (row) => !text(row, 0).value && !text(row, 1).value;
  const showRows = () => {
    const filled = rows.filter((row) => !isFree(row)).length;
    rows.forEach((row, at) => { row.hidden = isFree(row) && at > filled; });
  };
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quote-button";
  button.textContent = paper.dataset.quoteLabel;
  button.hidden = true;
  document.body.append(button);

  const selected = () => {
    const choice = document.getSelection();
    if (!choice || choice.isCollapsed || !choice.rangeCount) return "";
    const body = paper.querySelector(".document");
    const range = choice.getRangeAt(0);
    if (!body || !body.contains(range.commonAncestorContainer)) return "";
    const copy = range.cloneContents();
    copy.querySelectorAll(".quoted__number").forEach((sign) => sign.remove());
    return copy.textContent.trim();
  };
  const offer = () => {
    const words = selected();
    button.hidden = !words || !rows.some(isFree);
    if (button.hidden) return;
    const box = document.getSelection().getRangeAt(0).getBoundingClientRect();
    const widest = document.documentElement.clientWidth - button.offsetWidth - 8;
    button.style.left = `${Math.max(8, Math.min(box.left, widest)) + window.scrollX}px`;
    button.style.top = `${box.bottom + window.scrollY + 6}px`;
  };
  const take = () => {
    const row = rows.find(isFree);
    const words = selected();
    if (!row || !words) return;
    quotes.open = true;
    row.hidden = false;
    text(row, 0).value = words;
    button.hidden = true;
    text(row, 1).focus();
    showRows();
  };
  document.addEventListener("selectionchange", offer);
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", take);
  quotes.addEventListener("input", showRows);
  showRows();
})();
