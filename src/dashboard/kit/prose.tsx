// A sentence of the API as a page shows it: what stands in backticks is marked up as code.

export function Prose({ children }: { children: string }) {
  // Every second part stood in backticks.
  const parts = children.split(/`([^`]*)`/)
  return parts.map((part, i) => (i % 2 === 0 ? part : <code key={`${i} ${part}`}>{part}</code>))
}
