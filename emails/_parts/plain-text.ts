// Derives the plain text of an email from its rendered HTML, so that the two never differ. It reads our own markup only:
// React escapes every `<` and `>` of data, and `data-text` marks what to `skip`, `pair` or put `aside` in brackets.

const token = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z0-9-]*)((?:\s[^>]*?)?)\/?>|[^<]+/g
const paragraphs = new Set(['p', 'h1', 'table', 'caption'])
const empty = new Set(['br', 'img', 'meta'])

interface Open {
  tag: string
  mark: string
  href: string
  /** The start of its text. */
  from: number
}

/** The body as text: links as `text: URL`, rows as `name: amount`. */
export function plainText(html: string): string {
  let text = ''
  const open: Open[] = []
  const within = (mark: string) => open.some((element) => element.mark === mark)
  for (const [all, closing, tag, attributes = ''] of html.slice(html.indexOf('<body')).matchAll(token)) {
    if (!tag) {
      if (!all.startsWith('<') && !within('skip')) text = join(text, decode(all))
    } else if (closing) {
      const element = open.pop()
      if (element && element.mark !== 'skip' && !within('skip')) text = close(text, element, within('pair'))
    } else {
      const element = { tag, mark: attribute(attributes, 'data-text'), href: attribute(attributes, 'href'), from: 0 }
      if (!within('skip') && element.mark !== 'skip') text = start(text, element, attributes, within('pair'))
      element.from = text.length
      if (!empty.has(tag)) open.push(element)
    }
  }
  return `${text.replace(/ +\n/g, '\n').trim()}\n`
}

function start(text: string, { tag, mark }: Open, attributes: string, inPair: boolean): string {
  if (tag === 'br') return inPair ? join(text, ' ') : lines(text, 1)
  if (tag === 'img') return join(text, decode(attribute(attributes, 'alt')))
  if (mark === 'aside') return `${text}(`
  if (paragraphs.has(tag)) return lines(text, 2)
  return tag === 'tr' ? lines(text, 1) : text
}

function close(text: string, { tag, mark, href, from }: Open, inPair: boolean): string {
  if (mark === 'aside') return `${text})`
  if (tag === 'a' && href) {
    const address = decode(href)
    return text.slice(from).trim() === address ? text : `${text}: ${address}`
  }
  if ((tag === 'td' || tag === 'th') && inPair) return `${text.trimEnd()}: `
  if (tag === 'tr' && mark === 'pair') return lines(text.replace(/: $/, ''), 1)
  return paragraphs.has(tag) ? lines(text, 2) : text
}

/** Ends the text with at least `count` line ends; an empty text gets none. */
function lines(text: string, count: number): string {
  const bare = text.replace(/[ \n]+$/, '')
  const had = text.slice(bare.length).split('\n').length - 1
  return bare === '' ? '' : bare + '\n'.repeat(Math.max(count, had))
}

function join(text: string, words: string): string {
  const collapsed = words.replace(/[ \t\r\n\f]+/g, ' ')
  return text === '' || /\s$/.test(text) ? text + collapsed.trimStart() : text + collapsed
}

type Wanted = 'data-text' | 'href' | 'alt'
const patterns: Record<Wanted, RegExp> = {
  'data-text': /\sdata-text="([^"]*)"/,
  href: /\shref="([^"]*)"/,
  alt: /\salt="([^"]*)"/,
}

function attribute(attributes: string, name: Wanted): string {
  return patterns[name].exec(attributes)?.[1] ?? ''
}

// What React escapes. The order matters: `&amp;lt;` is the text `&lt;`.
function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
}
