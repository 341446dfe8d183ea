// A sentence of the API as a page shows it: what stands in backticks is marked up as code, and an id of an event or a
// notification leads to its page.
import { Fragment } from 'react'

export function Prose({ children }: { children: string }) {
  // Every second part stood in backticks.
  const parts = children.split(/`([^`]*)`/)
  return parts.map((part, i) => {
    const key = `${i} ${part}`
    return i % 2 === 0 ? <Linked key={key} text={part} /> : <code key={key}>{part}</code>
  })
}

const id = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/

/** Ids are named after what they are of: `event <id>`, `notifications <id>, <id>`. */
function Linked({ text }: { text: string }) {
  let kind: 'events' | 'notifications' | null = null
  return text.split(id).map((part, i) => {
    const key = `${i} ${part}`
    if (i % 2 === 0) {
      kind = /\bevent $/.test(part)
        ? 'events'
        : /\bnotifications? $/.test(part)
          ? 'notifications'
          : part === ', '
            ? kind
            : null
      return <Fragment key={key}>{part}</Fragment>
    }
    return kind ? (
      <a key={key} className="mono" href={`/dashboard/${kind}/${part}`}>
        {part}
      </a>
    ) : (
      <Fragment key={key}>{part}</Fragment>
    )
  })
}
