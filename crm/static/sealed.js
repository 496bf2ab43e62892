// Sealed ballots: makes a pass and casts with it. The 14 words, the key and the choice never leave this browser.
// docs/sealed.md says the protocol, docs/sealed_client.py does the same in Python. Not reviewed by an outside cryptographer.
(() => {
  const at = (id) => document.getElementById(id), facts = JSON.parse(at("sealed-facts").textContent), manifest = facts.manifest;
  const subtle = window.crypto && crypto.subtle, utf8 = (text) => new TextEncoder().encode(text);
  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const join = (...parts) => { const all = parts.map((p) => new Uint8Array(p)), made = new Uint8Array(all.reduce((n, p) => n + p.length, 0)); let to = 0; for (const p of all) { made.set(p, to); to += p.length; } return made; };
  const hash = async (name, bytes) => new Uint8Array(await subtle.digest(name, bytes));
  const number = (bytes) => BigInt("0x" + (hex(bytes) || "0")), octets = (n, size) => unhex(n.toString(16).padStart(2 * size, "0"));

  // What the browser hashes is what Python hashes: sorted keys, no spaces.
  const canonical = (value) => Array.isArray(value) ? "[" + value.map(canonical).join(",") + "]" : value && typeof value === "object"
    ? "{" + Object.keys(value).sort().map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}" : JSON.stringify(value);

  // --- words: 128 bits and a checksum of 12, ten bits a word
  async function wordsOf(code) {
    const bits = number(code) << 12n | number(await hash("SHA-256", code)) >> 244n;
    return Array.from({ length: 14 }, (_, i) => facts.words[Number(bits >> BigInt(10 * (13 - i)) & 1023n)]);
  }
  async function codeOf(typed) {
    const found = typed.trim().toLowerCase().split(/[\s,.\d)]+/).filter(Boolean), places = found.map((word) => facts.words.indexOf(word));
    if (/^[0-9a-f]{32}$/.test(typed.trim())) return unhex(typed.trim());
    if (places.length !== 14 || places.includes(-1)) return null;
    const code = octets(places.reduce((bits, place) => bits << 10n | BigInt(place), 0n) >> 12n, 16);
    return (await wordsOf(code)).join() === found.join() ? code : null;
  }

  // --- the blind signature: RSABSSA-SHA384-PSS-Deterministic, RFC 9474. BigInt is not constant in time: done once, on the member's own machine.
  const e = BigInt(manifest.registrar.e), n = BigInt("0x" + manifest.registrar.n), bits = n.toString(2).length, size = Math.ceil(bits / 8);
  function power(base, exponent) {
    let made = 1n;
    for (base %= n; exponent; exponent >>= 1n, base = base * base % n) if (exponent & 1n) made = made * base % n;
    return made;
  }
  function inverse(value) {
    let [a, b, x, y] = [value % n, n, 1n, 0n];
    while (b) { const q = a / b; [a, b, x, y] = [b, a - q * b, y, x - q * y]; }
    if (a !== 1n) throw new Error("not prime to the modulus");
    return (x % n + n) % n;
  }
  async function encode(message, salt) {
    const length = Math.ceil((bits - 1) / 8), digest = await hash("SHA-384", join(new Uint8Array(8), await hash("SHA-384", message), salt));
    const block = join(new Uint8Array(length - salt.length - 50), [1], salt);
    for (let i = 0; i * 48 < block.length; i++) {
      const mask = await hash("SHA-384", join(digest, octets(BigInt(i), 4)));
      for (let j = 0; j < 48 && i * 48 + j < block.length; j++) block[i * 48 + j] ^= mask[j];
    }
    block[0] &= 0xff >> (8 * length - bits + 1);
    return number(join(block, digest, [0xbc]));
  }

  // --- everything that the code gives in this poll
  async function passOf(code) {
    const source = await subtle.importKey("raw", code, "HKDF", false, ["deriveBits"]);
    const derive = async (purpose, length) => new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: unhex(facts.poll), info: utf8("plenary-sealed/1 " + purpose) }, source, 8 * length));
    const key = await subtle.importKey("pkcs8", join(unhex("302e020100300506032b657004220420"), await derive("key", 32)), "Ed25519", true, ["sign"]);
    const name = hex(Uint8Array.from(atob((await subtle.exportKey("jwk", key)).x.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)));
    const message = utf8(`plenary-sealed-pass/1\n${facts.poll}\n${name}`), r = number(await derive("blind", size + 16)) % n;
    const request = hex(octets(await encode(message, await derive("salt", 48)) * power(r, e) % n, size));
    return { key, name, message, r, request };
  }
  async function tokenOf(pass, answer) {
    const token = octets(BigInt("0x" + answer) * inverse(pass.r) % n, size), url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
    const key = await subtle.importKey("jwk", { kty: "RSA", n: url(octets(n, size)), e: url(octets(e, 3)) }, { name: "RSA-PSS", hash: "SHA-384" }, false, ["verify"]);
    if (!await subtle.verify({ name: "RSA-PSS", saltLength: 48 }, key, token, pass.message)) throw said("forged");
    return hex(token);
  }

  // --- the box: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM
  async function mac(key, bytes) {
    const made = await subtle.importKey("raw", key.length ? key : new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await subtle.sign("HMAC", made, bytes));
  }
  const extract = (suite, salt, label, input) => mac(salt, join(utf8("HPKE-v1"), suite, utf8(label), input));
  const expand = async (suite, secret, label, info, length) => (await mac(secret, join([0, length], utf8("HPKE-v1"), suite, utf8(label), info, [1]))).slice(0, length);
  async function seal(text, info) {
    const none = new Uint8Array(0), kem = join(utf8("KEM"), [0, 32]), suite = join(utf8("HPKE"), [0, 32, 0, 1, 0, 2]), theirs = unhex(manifest.election_key);
    const own = await subtle.generateKey("X25519", false, ["deriveBits"]), enc = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
    const shared = new Uint8Array(await subtle.deriveBits({ name: "X25519", public: await subtle.importKey("raw", theirs, "X25519", false, []) }, own.privateKey, 256));
    const secret = await expand(kem, await extract(kem, none, "eae_prk", shared), "shared_secret", join(enc, theirs), 32);
    const context = join([0], await extract(suite, none, "psk_id_hash", none), await extract(suite, none, "info_hash", info));
    const last = await extract(suite, secret, "secret", none), iv = await expand(suite, last, "base_nonce", context, 12);
    const key = await subtle.importKey("raw", await expand(suite, last, "key", context, 32), "AES-GCM", false, ["encrypt"]);
    return join(enc, await subtle.encrypt({ name: "AES-GCM", iv }, key, text));
  }
  async function entryOf(pass, token, version, choices) {
    const room = manifest.box_size - facts.overhead, text = utf8(JSON.stringify(choices).padEnd(room));
    if (text.length !== room) throw new Error("too long");
    const box = await seal(text, utf8(`plenary-sealed-box/1\n${facts.poll}\n${pass.name}\n${version}`));
    const message = utf8(`plenary-sealed-cast/1\n${facts.poll}\n${version}\n${hex(await hash("SHA-256", box))}`);
    return { pass: pass.name, version, token, box: hex(box), signature: hex(await subtle.sign("Ed25519", pass.key, message)) };
  }

  // --- the page
  const says = at("sealed-says").dataset, problem = at("sealed-problem");
  function said(name) { const wrong = new Error(name); wrong.words = says[name]; return wrong; }
  function show(wrong) { problem.hidden = !wrong; if (wrong) { problem.querySelector("p").textContent = wrong.words || says.line; problem.focus(); } }
  async function ask(path, sent) {
    const how = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
    const answer = await fetch(path, sent ? { ...how, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) } : how);
    const found = await answer.json();
    if (!answer.ok) { const wrong = new Error("refused"); wrong.words = (found.reasons || [says.line]).join(" "); throw wrong; }
    return found;
  }
  function busy(button, act) {
    return async (event) => {
      event.preventDefault();
      button.disabled = true; show(null);
      try { await act(); } catch (wrong) { show(wrong); } finally { button.disabled = false; }
    };
  }
  function done() { at("sealed-done").hidden = false; at("sealed-done").focus(); }

  function offerPass(part) {
    let code = null;
    at("sealed-make").addEventListener("click", busy(at("sealed-make"), async () => {
      code = crypto.getRandomValues(new Uint8Array(16));
      at("sealed-list").replaceChildren(...(await wordsOf(code)).map((word) => Object.assign(document.createElement("li"), { textContent: word })));
      at("sealed-words").hidden = false; at("sealed-make").hidden = true;
    }));
    at("sealed-print").addEventListener("click", () => print());
    at("sealed-kept").addEventListener("change", (event) => { at("sealed-ask").disabled = !event.target.checked; });
    at("sealed-ask").addEventListener("click", busy(at("sealed-ask"), async () => {
      const pass = await passOf(code);
      await tokenOf(pass, (await ask(part.dataset.url, { blinded: pass.request })).answer);
      at("sealed-ask").hidden = true; at("sealed-kept").closest("label").hidden = true;
      done();
    }));
  }
  function chosen(form) {
    const kind = form.dataset.kind, fields = new FormData(form);
    return Object.fromEntries(manifest.planks.map((plank) => {
      if (kind === "plank") return [plank.number, fields.get("p" + plank.number)];
      let marks = [...fields].filter(([name, value]) => name.startsWith(`p${plank.number}.`) && value).map(([name, value]) => [Number(name.split(".")[1]), Number(value)]);
      if (kind === "ranking") {
        if (new Set(marks.map(([, rank]) => rank)).size < marks.length) throw said("twice");
        marks = marks.sort((a, b) => a[1] - b[1]).map(([option], i) => [option, i + 1]);
      }
      return [plank.number, marks.sort((a, b) => a[0] - b[0]).map((pair) => pair.join(":")).join(" ") || "abstain"];
    }));
  }
  function offerBallot(form) {
    form.addEventListener("submit", busy(form.querySelector("button"), async () => {
      const choices = chosen(form), code = await codeOf(at("sealed-typed").value);
      if (!code) throw said("words");
      const pass = await passOf(code), given = (await ask(facts.base + "/passes.json")).find((one) => one.blinded === pass.request);
      if (!given) throw said("nopass");
      const before = (await ask(facts.base + "/board.json")).entries.filter((entry) => entry.pass === pass.name).map((entry) => entry.version);
      const receipt = await ask(facts.base + "/cast", await entryOf(pass, await tokenOf(pass, given.answer), Math.max(0, ...before) + 1, choices));
      at("sealed-receipt").textContent = receipt.hash;
      at("sealed-typed").value = ""; form.hidden = true;
      done();
    }));
  }
  (async () => {
    const part = at("sealed-pass") || at("sealed-ballot");
    try {
      await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
      await subtle.generateKey("X25519", false, ["deriveBits"]);
    } catch { at("sealed-cannot").hidden = false; return; }
    if (hex(await hash("SHA-256", utf8(canonical(manifest)))) !== facts.poll) { show(said("forged")); return; }
    part.hidden = false;
    (part.id === "sealed-pass" ? offerPass : offerBallot)(part);
  })();
})();
