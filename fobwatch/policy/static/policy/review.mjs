// Sends the chosen documents one by one and says how far it is. Without this, the form sends them all at once.
const form = document.getElementById("review-form");
const box = document.getElementById("review-progress");

form?.addEventListener("submit", async (event) => {
  const files = [...form.elements.files.files];
  if (files.length < 2) return;
  event.preventDefault();
  const bar = box.querySelector("progress");
  const said = box.querySelector("p");
  form.querySelector("button").disabled = true;
  box.hidden = false;
  bar.max = files.length;
  let missed = 0;
  for (const [at, file] of files.entries()) {
    said.textContent = `Reading ${at + 1} of ${files.length}: ${file.name}`;
    const data = new FormData(form);
    data.delete("files");
    data.append("files", file);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (!answer.ok) missed += 1;
    } catch {
      missed += 1;
    }
    bar.value = at + 1;
  }
  if (missed === 0) {
    window.location.assign(form.action);
    return;
  }
  said.textContent = `${missed} of ${files.length} documents could not be sent. Load this page again to see the others.`;
  form.querySelector("button").disabled = false;
});
