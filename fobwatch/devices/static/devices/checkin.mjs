// On the home page: the browser shows its key once a session, and checks in at most once an hour. The server says
// which is due; nothing is kept in the browser. When something new was told, `fobwatch:checked-in` is dispatched.

import { answer, hints, post } from "./key.mjs";

async function checkIn(form) {
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  const due = response.ok && !response.redirected ? await response.json() : {};
  let told = null;
  if (due.answer) told = await answer(form);
  else if (due.check_in) told = await post(form, form.action, { hints: await hints() });
  if (told) document.dispatchEvent(new Event("fobwatch:checked-in"));
}

// Without a key, a connection or a permission the page still says what is known: the server decides, not this script.
document.querySelectorAll("form[data-check-in]").forEach((form) => checkIn(form).catch(() => {}));
