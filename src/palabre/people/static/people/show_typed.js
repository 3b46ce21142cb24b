// A password that can be seen while it is typed: small keys, a new phone, and nobody behind her.
(function () {
  document.querySelectorAll('[data-show-typed]').forEach(function (part) {
    var box = part.querySelector('input')
    var fields = part.closest('form').querySelectorAll('input[type="password"]')
    function show(yes) { fields.forEach(function (field) { field.type = yes ? 'text' : 'password' }) }
    part.hidden = false
    box.checked = false
    box.addEventListener('change', function () { show(box.checked) })
    // Browsers keep what was typed into a field of passwords, and offer to remember text as a suggestion.
    part.closest('form').addEventListener('submit', function () { show(false) })
  })
})()
