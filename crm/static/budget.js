// The running sum of a budget ballot. Without this script the sum is shown again after each screen.
const sum = document.querySelector("#sum b");
const boxes = document.querySelectorAll("input[data-cost]");
const add = () => {
  const cents = [...boxes].filter((box) => box.checked).reduce((all, box) => all + Math.round(box.dataset.cost * 100), 0);
  sum.textContent = (cents / 100).toLocaleString("en-US");
};
boxes.forEach((box) => box.addEventListener("change", add));
add();
