"use strict";
/* The preview beside a form, and the builder's buttons, without a new page. Each works as a plain button too:
   whatever goes wrong here, the form is sent as if this script weren't there. */

const PAUSE = 500;
let timer = 0;
let turn = 0;
/* Something is typed and not sent: leaving, or loading the page again, asks first. */
let unsent = false;

/** A piece of the page, as the server makes it of the form as it stands; nothing if the form has changed since. */
async function piece(form, wanted) {
  const mine = ++turn;
  const body = new URLSearchParams(new FormData(form));
  body.set("do", wanted);
  const answer = await fetch(location.href, { method: "POST", body, headers: { "X-Piece": "1" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const html = await answer.text();
  return mine === turn ? html : null;
}

async function preview(form) {
  try {
    const html = await piece(form, "preview");
    if (html !== null) document.getElementById("preview").innerHTML = html;
  } catch {
    // The preview stays as it was; nothing that is typed is lost.
  }
}

async function rebuild(button) {
  clearTimeout(timer);
  try {
    const html = await piece(button.form, button.value);
    if (html === null) return;
    document.getElementById("builder").outerHTML = html;
    unsent = true;
    document.querySelector("#builder [autofocus]")?.focus();
  } catch {
    button.removeAttribute("data-piece");
    button.click();
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("#form");
  unsent ||= form !== null;
  if (form === null || document.getElementById("preview") === null) return;
  clearTimeout(timer);
  timer = setTimeout(() => preview(form), PAUSE);
});

/** Another language of the texts: its fields take the place of those that were open. */
function open(form, language) {
  for (const tab of form.querySelectorAll("[data-tab]")) {
    const here = tab.dataset.tab === language;
    if (here) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    document.getElementById(`in-${tab.dataset.tab}`).hidden = !here;
  }
  form.elements.tab.value = language;
  preview(form);
}

document.addEventListener("submit", () => {
  unsent = false;
});

window.addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const tab = event.target.closest("button[data-tab]");
  const place = document.getElementById(event.target.closest("a[href^='#']")?.hash.slice(1) ?? "");
  const shut = place?.closest(".in-language[hidden]");
  if (tab) event.preventDefault();
  if (tab) open(tab.form, tab.dataset.tab);
  else if (shut) open(shut.closest("form"), shut.id.slice(3));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-piece]");
  if (button === null) return;
  event.preventDefault();
  rebuild(button);
});
