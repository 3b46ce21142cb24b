// Shows what needs a passkey where this browser has them, and says so when one wasn't used.
(function () {
  if (!window.PublicKeyCredential) return
  document.querySelectorAll('.passkey').forEach(function (part) { part.hidden = false })
  document.querySelectorAll('.no-passkey').forEach(function (part) { part.hidden = true })
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    document.querySelectorAll('[data-passkey-error]').forEach(function (notice) { notice.hidden = false })
  })
})()
