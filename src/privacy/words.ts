// Finds names in a text, as words of their own and however many the names are: `Ann` is not in `Announcement`.

export interface Words {
  /** In order of position. */
  in(text: string): { start: number; end: number }[]
}

interface Node {
  next: Map<string, Node>
  isEnd: boolean
}

const word = /[\p{L}\p{N}]+/gu
/** Only the first words of a longer name are matched. */
const mostWords = 8
/** What may stand between the words of a name: a blank, a comma and a blank, a plus in a URL. */
const longestGap = 3

/** Names without a letter or digit are not looked for. Each place of a text costs a look-up, not one for each name. */
export function wordsOf(names: Iterable<string>): Words {
  const root: Node = { next: new Map(), isEnd: false }
  for (const name of names) for (const spelling of spellingsOf(name)) add(root, spelling)
  return { in: (text) => (root.next.size === 0 ? [] : wordsIn(text, root)) }
}

/** As written and in capitals; small letters alone would be any word's, so they need a second word. */
function spellingsOf(name: string): string[][] {
  const read = (text: string) => (text.match(word) ?? []).slice(0, mostWords)
  const accents = /\P{ASCII}/u.test(name) ? [name.normalize('NFC'), name.normalize('NFD')] : []
  const forms = [name, name.toUpperCase(), ...accents].map(read)
  const words = read(name)
  return words.length > 1 ? [...forms, read(name.toLowerCase())] : forms
}

function add(root: Node, words: string[]): void {
  let node = root
  for (const one of words) {
    const next = node.next.get(one) ?? { next: new Map(), isEnd: false }
    node.next.set(one, next)
    node = next
  }
  if (node !== root) node.isEnd = true
}

function wordsIn(text: string, root: Node): { start: number; end: number }[] {
  const words = [...text.matchAll(word)].map(({ 0: read, index }) => ({ read, start: index, end: index + read.length }))
  const found: { start: number; end: number }[] = []
  for (let i = 0; i < words.length; i++) {
    const last = lastOf(words, i, root)
    if (last < i) continue
    found.push({ start: words[i]?.start ?? 0, end: words[last]?.end ?? 0 })
    i = last
  }
  return found
}

/** The position of the last word of the longest name that begins with this word; -1 if none does. */
function lastOf(words: { read: string; start: number; end: number }[], first: number, root: Node): number {
  let node = root.next.get(words[first]?.read ?? '')
  let last = -1
  for (let i = first; node; i++) {
    if (node.isEnd) last = i
    const [here, following] = [words[i], words[i + 1]]
    if (!here || !following || following.start - here.end > longestGap) break
    node = node.next.get(following.read)
  }
  return last
}
