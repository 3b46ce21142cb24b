// A file goes to the server in parts, so that a cut link costs a part at most. Without this script, or without
// a secure context (no digests), the form sends the file in one piece.
"use strict";
(() => {
  const form = document.querySelector("form.upload");
  if (!form || !window.crypto || !crypto.subtle || !window.fetch) return;
  const words = form.dataset;
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const LEAST = 256 * 1024;
  const FAST = 2000;
  const SLOW = 8000;
  const percents = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });

  // ---- what is seen
  const make = (tag, attributes) => Object.assign(document.createElement(tag), attributes);
  const panel = make("div", { hidden: true });
  const bar = make("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", words.progress);
  const share = make("p", { className: "quiet" });
  const status = make("div", { className: "notice", hidden: true });
  status.setAttribute("role", "status");
  const pauseButton = make("button", { type: "button", className: "secondary", textContent: words.pause });
  panel.append(bar, share, status, pauseButton);
  form.append(panel);
  const zone = make("p", { className: "quiet drop-hint", textContent: words.drop });
  input.after(zone);

  const fill = (text, value) => text.replace("{percent}", percents.format(value));
  const tell = (text, kind = "") => {
    status.hidden = !text;
    status.className = `notice ${kind}`;
    status.textContent = text;
  };
  const show = (received, size) => {
    bar.value = received / size;
    share.textContent = fill(words.sending, Math.floor((100 * received) / size) / 100);
  };

  // ---- talking to the server
  class Refused extends Error {}
  class SignedOut extends Error {}
  const call = async (address, options = {}) => {
    const headers = { "X-CSRFToken": token, Accept: "application/json", ...options.headers };
    const answer = await fetch(address, { credentials: "same-origin", ...options, headers });
    if (answer.status === 401) throw new SignedOut();
    if (answer.status === 429 || answer.status >= 500) throw new TypeError("later");
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Refused(problem.detail || answer.statusText), { code: problem.code });
    }
    return answer.json();
  };
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (blob) => hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));

  // ---- where to begin
  const begunBefore = (file) =>
    [...document.querySelectorAll(".waiting-upload")].find(
      (one) =>
        one.dataset.name === file.name.slice(0, 200) &&
        Number(one.dataset.size) === file.size &&
        (!words.corrects || one.dataset.corrects === words.corrects),
    );
  const isSame = async (file, upload) =>
    upload.last_sha256 === null ||
    (await digest(file.slice(upload.last_offset, upload.last_offset + upload.last_size))) === upload.last_sha256;
  const begin = (file, key) =>
    call(words.uploads, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify({ name: file.name.slice(0, 200), size: file.size, corrects: words.corrects || null }),
    });
  const found = async (file, key) => {
    const before = begunBefore(file);
    if (before) {
      const upload = await call(words.part + before.dataset.id);
      if (await isSame(file, upload)) {
        if (upload.received) tell(fill(words.resuming, upload.received / upload.size));
        return upload;
      }
      tell(words.other, "warning");
    }
    return begin(file, key);
  };

  // ---- sending
  let paused = false;
  let wake = () => {};
  let cut = new AbortController();
  const waiting = (milliseconds) =>
    new Promise((resolve) => {
      const timer = milliseconds ? setTimeout(resolve, milliseconds) : 0;
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  window.addEventListener("online", () => wake());
  pauseButton.addEventListener("click", () => {
    paused = !paused;
    pauseButton.textContent = paused ? words.resume : words.pause;
    tell(paused ? fill(words.paused, Math.floor(100 * bar.value) / 100) : "");
    if (paused) cut.abort();
    else wake();
  });

  const sendPart = async (file, upload, size) => {
    const part = file.slice(upload.received, upload.received + size);
    const body = new FormData();
    body.append("offset", String(upload.received));
    body.append("sha256", await digest(part));
    body.append("file", part, "part");
    cut = new AbortController();
    return call(`${words.part}${upload.id}/parts`, { method: "POST", body, signal: cut.signal });
  };
  const sendAll = async (file) => {
    const key = crypto.randomUUID();
    let upload = null;
    let size = LEAST;
    let tries = 0;
    while (upload === null || upload.received < upload.size) {
      if (paused) await waiting(0);
      try {
        if (upload === null) {
          upload = await found(file, key);
        } else {
          const began = performance.now();
          upload = await sendPart(file, upload, size);
          const took = performance.now() - began;
          if (took < FAST) size = Math.min(size * 2, Number(words.most));
          if (took > SLOW) size = Math.max(size / 2, LEAST);
          if (tries) tell("");
        }
        tries = 0;
        show(upload.received, upload.size);
      } catch (error) {
        if (paused || error.name === "AbortError") continue;
        const behind = error instanceof Refused && error.code === "exchange.offset";
        if (!behind && !(error instanceof TypeError)) throw error;
        if (!behind) {
          tries += 1;
          size = Math.max(size / 2, LEAST);
          tell(words.offline, "warning");
          await waiting(Math.min(1000 * 2 ** tries, 30000));
        }
        // Another window may have sent more, or an answer was lost on its way: what is here is asked.
        if (upload !== null) upload = await call(words.part + upload.id).catch(() => upload);
      }
    }
    return upload;
  };
  const start = async (file) => {
    panel.hidden = false;
    button.disabled = true;
    input.disabled = true;
    paused = false;
    tell("");
    pauseButton.focus();
    try {
      const upload = await sendAll(file);
      location.href = `${words.page}${upload.id}/`;
    } catch (error) {
      button.disabled = false;
      input.disabled = false;
      if (error instanceof SignedOut) tell(words.signedOut, "warning");
      else tell(`${words.refused} ${error.message}`, "error");
    }
  };

  form.addEventListener("submit", (event) => {
    if (!input.files.length || !input.files[0].size) return;
    event.preventDefault();
    start(input.files[0]);
  });
  const over = (event) => {
    event.preventDefault();
    form.classList.toggle("dropping", event.type === "dragover");
  };
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", over);
  form.addEventListener("drop", (event) => {
    over(event);
    const file = event.dataTransfer.files[0];
    if (file && !button.disabled) start(file);
  });
})();
