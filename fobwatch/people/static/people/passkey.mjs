// Passkeys in the browser: one form, one button, one line that says what happens.
//
// <form data-passkey="get|create" data-options="…" data-answer="…"> with the CSRF input; other inputs go along.
// Its button is disabled while it works; `[data-status]` inside it says what went wrong, in words.

const SAID_NO = "Nothing was changed. If you did not mean to stop, or it took too long, try again.";
const MESSAGES = {
  NotAllowedError: ["The passkey was not used.", SAID_NO],
  AbortError: ["The passkey was not used.", SAID_NO],
  InvalidStateError: ["This device has a passkey for you already.", "Go to the sign-in page and use it."],
  NotSupportedError: ["This device can’t make the kind of passkey we need.", "Try your phone instead."],
  ConstraintError: [
    "This device has no screen lock that a passkey can use.",
    "Set a PIN, face or fingerprint in the device’s settings, then try again.",
  ],
  SecurityError: [
    "This is not the address that your passkey belongs to.",
    "Check the address at the top. If you came by a link in a message, tell your IT team.",
  ],
};
const OFFLINE = ["We could not reach Fobwatch.", "Check your connection and try again. Nothing was changed."];
const TOO_OLD = ["This page was open for too long.", "Reload it and try again. Nothing was changed."];

class Said extends Error {
  constructor(reason, next) {
    super(reason);
    this.lines = [reason, next];
  }
}

async function post(form, address, body) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Said(...OFFLINE);
  }
  const told = await response.json().catch(() => null);
  if (!told || response.redirected) throw new Said(...TOO_OLD);
  if (!response.ok) throw new Said(told.reason, told.next_step);
  return told;
}

function fields(form) {
  const found = {};
  for (const input of form.elements) {
    if (!input.name || input.name === "csrfmiddlewaretoken") continue;
    if (input.type === "checkbox") found[input.name] = input.checked;
    else if (input.type !== "radio") found[input.name] = input.value;
    else if (input.checked) found[input.name] = input.value === "yes";
  }
  return found;
}

async function ceremony(form) {
  const asked = await post(form, form.dataset.options, {});
  const make = form.dataset.passkey === "create";
  const publicKey = make
    ? PublicKeyCredential.parseCreationOptionsFromJSON(asked.options)
    : PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
  const credential = make
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  return post(form, form.dataset.answer, {
    ...fields(form),
    challenge: asked.challenge,
    credential: credential.toJSON(),
  });
}

function say(form, lines) {
  const place = form.querySelector("[data-status]");
  place.replaceChildren(
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
  const missing = [...form.querySelectorAll("[data-required]")].find((set) => !set.querySelector(":checked"));
  if (missing) return say(form, [missing.dataset.required]);
  button.disabled = true;
  say(form, []);
  try {
    const { go } = await ceremony(form);
    location.assign(go);
  } catch (error) {
    say(form, error.lines ?? MESSAGES[error.name] ?? ["Your browser could not use the passkey.", "Update it, and try again."]);
    button.disabled = false;
  }
}

const able = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;
document.querySelectorAll("form[data-passkey]").forEach((form) => {
  form.addEventListener("change", () => say(form, []));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (able) run(form);
    else say(form, ["This browser is too old for passkeys.", "Update it, or open this page on your phone."]);
  });
});

// A page restored by the back button may be used again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-passkey] button").forEach((button) => (button.disabled = false));
});

// No screen lock on this device: show how to set one.
if (able && document.querySelector("[data-no-lock]")) {
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then((there) => {
    document.querySelectorAll("[data-no-lock]").forEach((part) => (part.hidden = there));
  });
}
