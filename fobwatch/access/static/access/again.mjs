// "Check again" in place: the same form, sent by the page, and the section of the answer put in the place of the old
// one. Without this script the form is sent as forms are.

import { hints } from "../devices/key.mjs";

const SECTION = "[data-answers]";

async function swap(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector(SECTION);
  if (!fresh || !response.ok) return location.reload();
  document.querySelector(SECTION).replaceWith(fresh);
  document.querySelector("h1").textContent = page.querySelector("h1").textContent;
  fresh.tabIndex = -1;
  fresh.focus();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("again" in form.dataset)) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  form.elements.hints.value = await hints().catch(() => "");
  fetch(form.action, { method: "POST", body: new FormData(form) }).then(swap, () => form.submit());
});

// The browser has just shown its key or checked in, so the answers may be other ones now.
document.addEventListener("fobwatch:checked-in", () => fetch(location.href).then(swap));
