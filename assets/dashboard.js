// What the dashboard does better with script; every page works without it.

// A slash moves to the search.
document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest?.('input, textarea, select')
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  document.getElementById('q')?.focus()
})

// The reader's own time, as a title.
for (const time of document.querySelectorAll('time[datetime]')) time.title = new Date(time.dateTime).toLocaleString()

// Parts that say where they come from are asked for again every ten seconds, while the page is seen, nothing is selected and
// nobody is in a form or an open detail of them.
const refreshMs = 10_000
for (const part of document.querySelectorAll('[data-live]')) setTimeout(refresh, refreshMs, part)

async function refresh(part) {
  const isBusy =
    document.hidden ||
    part.matches(':hover, :focus-within') ||
    part.querySelector('details[open]') ||
    !document.getSelection().isCollapsed
  if (!isBusy) {
    const answer = await fetch(part.dataset.live, { redirect: 'manual' }).catch(() => null)
    const text = answer?.ok ? await answer.text() : ''
    const fresh = new DOMParser().parseFromString(text, 'text/html').getElementById(part.id)
    // Signed out, or not reached: the page stays as it is and says when it was made.
    if (!fresh) return
    part.replaceChildren(...fresh.childNodes)
    if (fresh.dataset.live === undefined) return
  }
  setTimeout(refresh, refreshMs, part)
}
