// Nothing here is needed: it asks before what cannot be undone, and puts the eye where it belongs.
addEventListener("submit", (event) => {
  const ask = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (ask && !confirm(ask)) event.preventDefault();
});
addEventListener("DOMContentLoaded", () => {
  for (const tab of document.querySelectorAll(".pl-tabs [aria-current]")) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 40;
  document.getElementById("problems")?.focus();
});
addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".pl-rest[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  const open = document.querySelector(".pl-rest[open]");
  if (open && !open.contains(event.target)) open.open = false;
});
// One letter for what a page marks with data-key, and j and k for the next and the one before in a list; never while somebody types.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rows = [...document.querySelectorAll(".pl-inbox-list .pl-item")], open = rows.findIndex((row) => row.classList.contains("is-open"));
  const step = { j: 1, k: -1 }[event.key];
  const found = step ? rows[Math.max(open + step, 0)] : [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!found || !found.checkVisibility()) return;
  event.preventDefault();
  found.matches("input, textarea") ? found.focus() : found.click();
});
