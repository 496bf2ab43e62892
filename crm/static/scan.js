// Reads QR codes from the camera: window.plenaryScan(video, told) → {stop()} or the word of what is missing.
window.plenaryScan = async (video, told) => {
  if (!window.isSecureContext || !navigator.mediaDevices) return "no_https";
  if (!("BarcodeDetector" in window)) return "no_reader";
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return "no_camera";
  }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const reader = new BarcodeDetector({ formats: ["qr_code"] });
  let isOn = true, last = "", lastAt = 0;
  (async () => {
    while (isOn) {
      const found = await reader.detect(video).catch(() => []);
      const text = found[0]?.rawValue ?? "";
      if (isOn && text && (text !== last || Date.now() - lastAt > 4000)) {
        last = text;
        lastAt = Date.now();
        told(text);
      }
      await new Promise((wait) => setTimeout(wait, 150));
    }
  })();
  return { stop() { isOn = false; stream.getTracks().forEach((track) => track.stop()); video.hidden = true; } };
};
