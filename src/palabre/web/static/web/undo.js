// The key z undoes the last decision, where the page offers it. In a text, it is only a letter.
const undo = document.querySelector("form.undo");

function pressed(event) {
  if (event.key !== "z" || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
  event.preventDefault();
  undo.requestSubmit();
}

if (undo) {
  document.addEventListener("keydown", pressed);
  undo.querySelector("[data-keys]")?.removeAttribute("hidden");
}
