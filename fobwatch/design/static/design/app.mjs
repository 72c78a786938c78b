import { initAll } from "../vendor/nhsuk/nhsuk-frontend.min.js";

initAll();

// A form is sent once. The server would refuse the second, but the person would see that refusal.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// A page that comes back by the back button may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A page that answers a form is not kept (no-store): going back to it would end in an error page of the browser. With its
// entry written anew once it has loaded, the browser asks for the form's own address instead.
window.addEventListener("load", () => {
  const answers = document.querySelector(".nhsuk-error-summary, [data-answers-post]");
  if (answers) setTimeout(() => history.replaceState(history.state, "", location.href));
});
