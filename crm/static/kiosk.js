// The kiosk: scans a pass into the field and sends it; what was said or typed goes by itself, so that the next person finds an empty page.
(() => {
  const form = document.getElementById("kiosk-form"), button = document.getElementById("kiosk-scan");
  if (!form) return;
  const video = document.getElementById("kiosk-video"), label = button.querySelector("span"), words = label.textContent;
  let scan = null;
  button.hidden = !("BarcodeDetector" in window);
  button.addEventListener("click", async () => {
    if (scan) { scan.stop(); scan = null; label.textContent = words; return; }
    const made = await window.plenaryScan(video, (text) => { form.elements.code.value = text; form.requestSubmit(); });
    if (typeof made === "string") { button.hidden = true; return; }
    scan = made;
    label.textContent = button.dataset.stop;
  });
  const SOON = 8000, IDLE = 60000;
  let waiting = setTimeout(reset, document.getElementById("kiosk-said").children.length ? SOON : IDLE);
  function reset() {
    if (scan) return;
    const typed = [...document.querySelectorAll("input[type=text], textarea, input:not([type])")].some((one) => one.value);
    if (typed || document.getElementById("kiosk-said").children.length || document.getElementById("problems")) location.replace(location.href.replace(/\/(check|walk)-ins(?=$|\?)/, ""));
    else waiting = setTimeout(reset, IDLE);
  }
  document.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(reset, IDLE); });
})();
