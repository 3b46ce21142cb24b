// Keys of a review: 1 to 9 choose a label of the first question, Enter sends. In a text, they are only letters.
const form = document.querySelector("form.review");
const labels = form ? [...form.querySelectorAll("input[type=radio], input[type=checkbox]")] : [];
const first = labels.filter((one) => one.name === labels[0].name);

function writes(target) {
  return target.matches("textarea, input:not([type=radio], [type=checkbox])");
}

function pressed(event) {
  if (event.altKey || event.metaKey || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || !event.target.closest("button, a, summary, textarea"))) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button"));
  } else if (!event.ctrlKey && /^[1-9]$/.test(event.key) && !writes(event.target)) {
    first[event.key - 1]?.click();
    first[event.key - 1]?.focus();
  }
}

if (form) {
  document.addEventListener("keydown", pressed);
  document.querySelector("[data-keys]")?.removeAttribute("hidden");
}
