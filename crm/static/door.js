// The door's tablet: search while typing, check in with one tap, and lose nothing when the signal goes.
// Every tap is first written down here under a key of its own and then sent; the server counts each key once.
(() => {
  const door = document.getElementById("door");
  if (!door) return;
  const words = JSON.parse(document.getElementById("door-words").textContent);
  const say = (name, facts = {}) => [words[name]].flat().at(facts.n === 1 ? 0 : -1).replace(/\{(\w+)\}/g, (_, key) => facts[key] ?? "");
  const HOURS_KEPT = 12, EVERY = 15000, PATIENCE = 20000;  // a signal that hangs is no signal
  const names = { queue: `plenary-door-queue-${door.dataset.session}`, roster: `plenary-door-roster-${door.dataset.session}` };
  const read = (name, none) => { try { return JSON.parse(localStorage.getItem(name)) ?? none; } catch { return none; } };
  const write = (name, value) => value === null || value.length === 0 ? localStorage.removeItem(name) : localStorage.setItem(name, JSON.stringify(value));
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const byId = (id) => document.getElementById(id);
  const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).replace("AM", "am").replace("PM", "pm");
  // The server's clock counts, not the tablet's: the difference is kept with the roster.
  const rightTime = () => new Date(Date.now() + (roster()?.behind ?? 0)).toISOString();
  let isOffline = false, isClosed = false, isSending = false, searching = null;

  // What is kept on the tablet: taps until they are sent; first names, initials and codes for twelve hours.
  const queue = () => read(names.queue, []);
  const roster = () => read(names.roster, null);
  async function wipe() {
    localStorage.removeItem(names.roster);
    if ("caches" in window) await caches.delete("plenary-door");
  }
  // The link has ended: no name stays in sight or on the tablet; taps that wait stay for a new link.
  async function close() {
    isClosed = true;
    byId("found").replaceChildren();
    tell(say("closed", { n: queue().length }), "no");
    showNet();
    await wipe();
  }
  function wipeWhenOld() {
    const kept = roster();
    if (kept && Date.now() - kept.kept > HOURS_KEPT * 3600e3) wipe();
  }

  function tell(text, s = "yes") {
    const line = document.createElement("p");
    line.className = "pl-notice mb-3";
    line.dataset.s = s;
    line.textContent = text;
    byId("door-said").replaceChildren(line);
  }
  function showNet() {
    const net = byId("door-net"), n = queue().length;
    net.hidden = !(isOffline || isClosed || n);
    net.querySelector("span").textContent = say(isClosed ? "closed" : isOffline ? "offline" : "waiting", { n });
  }

  // Taps -----------------------------------------------------------------------------------------------------------
  function put(tap) {
    write(names.queue, [...queue(), tap]);
    showNet();
    return send();
  }
  function undo(key, name) {
    const waiting = queue().find((tap) => tap.key === key);
    write(names.queue, [...queue().filter((tap) => tap.key !== key), { ...(waiting ?? { key }), undone: true }]);
    tell(say("undone", { name }), "off");
    return send().then(search);
  }
  async function send() {
    if (isSending) return;
    isSending = true;
    try {
      while (queue().length) {
        const taps = queue().slice(0, 50);
        const answer = await fetch(door.dataset.sync, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ taps }), credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
        isOffline = false;
        if (answer.status === 404) { await close(); break; }
        if (!answer.ok) throw new Error(answer.status);
        settle(await answer.json(), taps);
      }
    } catch {
      isOffline = true;
    } finally {
      isSending = false;
      showNet();
    }
  }
  function settle(answer, sent) {
    const settled = new Map(answer.results.map((result) => [result.key, result]));
    // A tap that was undone while it was on its way stays in the queue, with its undoing.
    write(names.queue, queue().filter((tap) => {
      const before = sent.find((one) => one.key === tap.key);
      return !(before && settled.has(tap.key) && Boolean(before.undone) === Boolean(tap.undone)) && !(before && !settled.has(tap.key));
    }));
    for (const result of answer.results) {
      if (result.result === "already") tell(result.words, "wait");
      else if (result.result === "in") tell(result.words);
      else if (result.result === "unknown" || result.result === "refused") tell(result.words, "no");
    }
    showCount(answer.count);
    if (byId("door-recent")) showRecent(answer.recent);
    if (!answer.is_open) wipe();
  }
  function showCount(count) {
    for (const shown of document.querySelectorAll("[data-door-count]")) shown.textContent = count;  // a phone shows it twice
  }
  function undoButton(name, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-icon p-3";
    button.setAttribute("aria-label", say("undo", { name }));
    button.append(byId("door-undo")?.content.cloneNode(true) ?? "↶");
    button.addEventListener("click", act);
    return button;
  }
  function showRecent(recent) {
    byId("door-recent").replaceChildren(...recent.map((one) => {
      const row = document.createElement("li"), who = document.createElement("span");
      row.className = "d-flex align-items-center";
      who.className = "flex-fill";
      who.textContent = `${one.name} ${one.time}`;
      row.append(who, undoButton(one.name, () => undo(one.key, one.name)));
      return row;
    }));
  }

  // The list -------------------------------------------------------------------------------------------------------
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  function matches(name, typed) {
    const parts = fold(name).replaceAll(".", "").split(/\s+/);
    return fold(typed).split(/\s+/).every((word) => parts.some((part, at) => part.startsWith(word) || (at > 0 && part.length === 1 && part === word[0] && !/\d/.test(word))));
  }
  // A seat without a record is found by how its code begins, whatever its case, spaces and dashes; what stands for it begins with SEAT:.
  const squeeze = (text) => fold(text).replace(/^plenary:/, "").replace(/[\s\-\u2010-\u2015]+/g, "");
  const isSeat = (code) => code.startsWith("SEAT:");
  const isFound = ([name, code], typed) => code === asCode(typed) || matches(name, typed) || isSeat(code) && squeeze(typed) !== "" && squeeze(name).startsWith(squeeze(typed));
  const asCode = (typed) => typed.toUpperCase().replace(/^PLENARY:/, "").replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1").replace(/U/g, "V");
  function rowOf([name, code, organization, guests, at]) {
    const row = document.createElement("li"), who = document.createElement("span"), strong = document.createElement("strong"), line = document.createElement("span");
    row.className = "pl-item pl-door-item";
    row.dataset.code = code;
    who.className = "grow";
    strong.className = "fs-t4 d-block lh-sm";
    strong.textContent = name;
    line.className = "text-2";
    line.textContent = organization;
    who.append(strong, line);
    row.append(who);
    if (at) row.append(say("in_at", { time: clock(at) }));
    else row.append(tapForm(code, guests));
    return row;
  }
  function tapForm(code, guests) {
    const form = document.createElement("form");
    form.dataset.tap = code;
    form.className = "d-flex flex-column flex-md-row gap-2";
    const button = (kind, text, value) => {
      const made = document.createElement("button");
      made.className = `btn btn-${kind}`;
      made.name = "guests";
      made.value = value;
      made.textContent = text;
      return made;
    };
    if (guests) form.append(button("secondary py-3", say("only_one"), 0));
    form.append(button("primary", guests ? say("check_in_n", { n: guests + 1 }) : say("check_in"), guests));
    return form;
  }
  function searchHere(typed) {
    const kept = roster()?.people ?? [];
    const found = typed ? kept.filter((one) => isFound(one, typed)).slice(0, 30) : [];
    const list = document.createElement("ul"), count = document.createElement("p");
    list.className = "pl-list";
    count.className = "pl-door-n";
    count.textContent = typed ? say("found", { n: found.length }) : "";
    list.append(...found.map(rowOf));
    const note = Object.assign(document.createElement("p"), { className: "text-2 mt-2", textContent: say("no_needs") });
    byId("found").replaceChildren(count, list, ...(found.length ? [note] : []));
  }
  async function search() {
    const box = byId("q");
    if (!box) return;
    const typed = box.value.trim();
    searching?.abort();
    searching = new AbortController();
    const address = new URL(location.href);
    address.search = new URLSearchParams({ q: typed, ...(address.searchParams.get("lang") ? { lang: address.searchParams.get("lang") } : {}) });
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: searching.signal });
      if (answer.status === 404 || answer.status === 410) { await close(); return; }
      if (!answer.ok) throw new Error(answer.status);
      byId("found").innerHTML = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      searchHere(typed);
    }
    for (const tap of queue()) if (!tap.undone && tap.code) markIn(tap.code, tap);
  }
  function markIn(code, tap) {
    const row = byId("found").querySelector(`[data-code="${CSS.escape(code)}"]`), form = row?.querySelector("[data-tap]");
    if (!form) return;
    const name = row.querySelector("strong").textContent, done = document.createElement("span");
    done.className = "d-flex align-items-center gap-2";
    done.append(say("in_at", { time: clock(tap.at) }), undoButton(name, () => undo(tap.key, name)));
    form.replaceWith(done);
  }
  function checkIn(code, guests) {
    const at = rightTime(), tap = { key: newKey(), code, at, ...(guests === undefined ? {} : { guests }) };
    const kept = roster(), known = kept?.people.find((one) => one[1] === code);
    if (isOffline && known?.[4]) { tell(say("already", { name: known[0], time: clock(known[4]) }), "wait"); return; }
    if (known) { known[4] = at; write(names.roster, kept); }
    markIn(code, tap);
    tell(say("is_in", { name: known?.[0] ?? code }));
    put(tap);
    byId("q").focus();
    byId("q").select();  // ready for the next person
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.tap) {
      event.preventDefault();
      const guests = event.submitter?.value;
      checkIn(form.dataset.tap, guests === undefined || guests === "" ? undefined : Number(guests));
    } else if (form.dataset.undoKey) {
      event.preventDefault();
      undo(form.dataset.undoKey, form.querySelector("button").getAttribute("aria-label"));
    } else if (form.id === "door-search") {
      event.preventDefault();
      search();
    } else if (form.id === "walk-in-form") {
      event.preventDefault();
      walkIn(form);
    }
  });
  let typing;
  byId("q")?.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, 160); });

  // Walk-ins: sent as they are while there is signal. Without it only a first name and an initial stay on the tablet.
  async function walkIn(form) {
    const facts = new FormData(form);
    try {
      const answer = await fetch(form.action, { method: "POST", body: facts });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const again = page.getElementById("walk-in-form");
      if (!again) throw new Error(answer.status);
      form.replaceWith(again);
      if (answer.ok) {
        for (const id of ["door-said", "door-recent"]) byId(id).replaceChildren(...page.getElementById(id).childNodes);
        showCount(page.getElementById("door-count").textContent);
        byId("walk-in").open = false;
      } else byId("problems")?.focus();
    } catch {
      keepWalkIn(form, facts);
    }
  }
  function keepWalkIn(form, facts) {
    const parts = facts.get("name").trim().split(/\s+/).filter(Boolean);
    if (!parts.length) { tell(say("name"), "no"); return; }
    const name = parts.length > 1 ? `${parts[0]} ${parts.at(-1)[0].toUpperCase()}.` : parts[0];
    isOffline = true;
    put({ key: newKey(), name, partner: facts.get("partner_id"), language: facts.get("language"), needs: facts.get("needs"), at: rightTime() });
    tell(facts.get("phone") ? `${say("is_in", { name })} ${say("no_phone")}` : say("is_in", { name }), facts.get("phone") ? "wait" : "yes");
    form.reset();
  }

  // The camera -----------------------------------------------------------------------------------------------------
  const finder = byId("door-finder");
  let scan = null;
  if (finder) {
    finder.hidden = false;
    finder.addEventListener("click", () => scan ? stopCamera() : startCamera());
  }
  async function startCamera() {
    const made = await window.plenaryScan(byId("door-video"), (text) => {
      const code = asCode(text), seats = (roster()?.people ?? []).filter((one) => isSeat(one[1]) && squeeze(one[0]) === squeeze(text));
      const letter = text.match(/\/lottery\/[\w-]{22}/);  // of somebody drawn by lot: the server knows whose seat it is; no other address is sent
      if (seats.length === 1) checkIn(seats[0][1]);
      else if (code.length === 9) checkIn(code);
      else if (letter && !isOffline) put({ key: newKey(), code: letter[0], at: rightTime() });
      else tell(say("not_found"), "no");
    });
    if (typeof made === "string") { tell(say(made), "wait"); return; }
    scan = made;
    finder.querySelector("span").textContent = say("scanning");
  }
  function stopCamera() {
    scan.stop();
    scan = null;
    finder.querySelector("span").textContent = say("scan");
  }

  // Keeping in step ------------------------------------------------------------------------------------------------
  async function refresh() {
    wipeWhenOld();
    await send();
    if (!door.dataset.roster || isClosed) return;
    try {
      const answer = await fetch(door.dataset.roster, { credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 404 || answer.status === 410) { await close(); return; }
      if (!answer.ok) throw new Error(answer.status);
      const fresh = await answer.json();
      if (fresh.people.length) write(names.roster, { people: fresh.people, kept: Date.now(), behind: Date.parse(fresh.now) - Date.now() });
      else await wipe();
      isOffline = false;
    } catch {
      isOffline = true;
    } finally {
      showNet();
    }
  }
  addEventListener("online", refresh);
  addEventListener("offline", () => { isOffline = true; showNet(); });
  addEventListener("focus", send);
  addEventListener("pageshow", (event) => { if (event.persisted) refresh(); });  // back from another page
  byId("door-net").addEventListener("click", refresh);
  setInterval(() => { wipeWhenOld(); if (queue().length || isOffline) refresh(); }, EVERY);
  if ("serviceWorker" in navigator && door.dataset.worker) {
    navigator.serviceWorker.register(door.dataset.worker, { scope: door.dataset.page }).catch(() => {});
  }
  refresh();
})();
