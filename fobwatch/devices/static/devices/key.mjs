// The browser's own key: made here, kept in IndexedDB, not extractable. It is all that we keep in this browser.
//
// <form data-device-key data-options="…" data-answer="…" [data-enrol="ID"] [data-auto]> with the CSRF input; `[data-status]`
// inside it says what happened.

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const AGAIN = "Nothing was changed. Try again.";

export class Said extends Error {
  constructor(reason, next = "") {
    super(reason);
    this.lines = [reason, next];
  }
}

const NO_STORE = [
  "This browser does not let us keep a key.",
  "If this is a private or incognito window, open the page in a normal one.",
];

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new Said(...NO_STORE));
    let opening;
    try {
      opening = indexedDB.open("fobwatch", 1);
    } catch {
      return refuse();
    }
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = refuse;
    opening.onblocked = refuse;
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("keys", mode);
      const asked = work(transaction.objectStore("keys"));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(asked.result);
      };
      transaction.onabort = transaction.onerror = refuse;
    };
  });
}

export const held = () => store("readonly", (keys) => keys.get("device"));

async function make() {
  if (!globalThis.crypto?.subtle) throw new Said("This browser is too old for a key.", "Update it, and try again.");
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  await store("readwrite", (keys) => keys.put(pair, "device"));
  // Two tabs may make a key at the same moment: the one that was kept last is the key.
  return held();
}

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

function fromBase64url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

export async function post(form, address, body) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Said("We could not reach Fobwatch.", `Check your connection. ${AGAIN}`);
  }
  const told = await response.json().catch(() => null);
  if (!told || response.redirected) throw new Said("This page was open for too long.", `Reload it. ${AGAIN}`);
  if (!response.ok) throw new Said(told.reason, told.next_step);
  return told;
}

// What the browser tells about its device when asked politely; and whether it has a touch screen, as an iPad has.
export async function hints() {
  const asked = ["platformVersion", "model"];
  const told = await navigator.userAgentData?.getHighEntropyValues(asked).catch(() => ({}));
  return JSON.stringify({
    platform: told?.platform,
    platformVersion: told?.platformVersion,
    model: told?.model,
    maxTouchPoints: navigator.maxTouchPoints,
  });
}

const publicHalf = async (pair) => base64(await crypto.subtle.exportKey("spki", pair.publicKey));

export async function answer(form) {
  let pair = await held();
  if (!pair && !("enrol" in form.dataset)) return null;
  const asked = await post(form, form.dataset.options, { public_key: pair ? await publicHalf(pair) : "" });
  if (asked.make) {
    if (!("enrol" in form.dataset)) return null;
    pair = await make();
  }
  const start = new TextEncoder().encode(`fobwatch device key 1\n${asked.origin}\n`);
  const message = new Uint8Array([...start, ...fromBase64url(asked.value)]);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, message);
  return post(form, form.dataset.answer, {
    challenge: asked.challenge,
    public_key: await publicHalf(pair),
    signature: base64(signature),
    enrol: "enrol" in form.dataset,
    registration: form.dataset.enrol ?? "",
    hints: await hints(),
  });
}

function say(form, lines) {
  form.querySelector("[data-status]").replaceChildren(
    ...lines.filter(Boolean).map((text, index) => {
      const line = document.createElement("p");
      line.className = index ? "" : "nhsuk-error-message";
      line.textContent = text;
      return line;
    }),
  );
}

async function run(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  say(form, []);
  try {
    const { go } = await answer(form);
    // This page is skipped by the back button: it would only send people forward again.
    location.replace(go);
  } catch (error) {
    say(form, error.lines ?? ["Your browser could not make its key.", "Update it, and try again."]);
    button.disabled = false;
  }
}

document.querySelectorAll("form[data-device-key]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form);
  });
  if ("auto" in form.dataset) run(form);
});
