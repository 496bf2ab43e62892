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
