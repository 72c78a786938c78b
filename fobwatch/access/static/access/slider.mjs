// The slider of a what-if: while it moves, the picture is fetched anew. Without this script the form does the same.
// One question at a time: what is asked meanwhile waits, and only the last of it is asked.

const form = document.querySelector("[data-slider]");
const range = form.querySelector("[data-stops]");
const field = form.elements.value;
const said = document.querySelector("[data-said]");
const stops = range.dataset.stops.split(" ");
let busy = false;
let waiting = false;
let quiet = 0;

function tell() {
  range.setAttribute("aria-valuetext", `${field.value} ${range.dataset.unit}`.trim());
}

function say(text) {
  clearTimeout(quiet);
  quiet = setTimeout(() => { said.textContent = text; }, 500);
}

async function show() {
  if (busy) { waiting = true; return; }
  busy = true;
  waiting = false;
  const query = new URLSearchParams(new FormData(form)).toString();
  try {
    const answer = await fetch(`${form.dataset.pictureAt}?${query}`);
    // Signed out, or refused: the page itself says so.
    if (answer.redirected || !answer.ok) { form.submit(); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-picture]");
    // What somebody opened to look closer stays open.
    const old = document.querySelector("[data-picture]");
    old.querySelectorAll("details[open]").forEach(({ id }) => fresh.querySelector(`#${id}`)?.setAttribute("open", ""));
    old.replaceWith(fresh);
    history.replaceState(null, "", `${form.action}?${query}`);
    say(fresh.querySelector("[data-says]").textContent);
  } catch {
    form.submit();
  } finally {
    busy = false;
    if (waiting) show();
  }
}

range.hidden = false;
tell();
range.addEventListener("input", () => {
  field.value = stops[range.valueAsNumber];
  tell();
  show();
});
field.addEventListener("change", () => {
  const at = stops.indexOf(field.value.trim());
  if (at >= 0) { range.value = at; tell(); }
});
