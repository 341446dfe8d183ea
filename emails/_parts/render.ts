// Renders an email's React element to HTML and plain text. What does not change between emails of one template is rendered
// once: the second time that data of one shape comes, the email is compiled, and from then on only its texts are filled in.
import { createElement, type FunctionComponent, type ReactElement } from 'react'
import { type Asked, recording } from './asked.ts'
import { answersOf, type Compiled, compile, type EmailData, fill, shapesOf } from './compiled.ts'
import type { Frame } from './frame.ts'
import { type Rendered, renderInFull } from './render-in-full.ts'
import { shapeOf } from './shape.ts'
import type { Translate } from './words.ts'

interface Email {
  template: FunctionComponent<Record<string, unknown>>
  data: EmailData
  t: Translate
  /** Names the template and the shape of its data. */
  key: string
  texts: string[]
}

/** One of an order of ten items takes about 50 kB. */
const maxCompiled = 200
const maxSeen = 1_000
const maxForms = 5

/** The least recently used first. There are several for a key where the template's messages differ in shape. */
const compiled = new Map<string, Compiled[]>()
const seen = new Map<string, 'once' | 'again'>()
const numbers = new WeakMap<object, number>()
let templates = 0

/** Gives the same bytes as `renderInFull`. */
export async function renderEmail(element: ReactElement): Promise<Rendered> {
  const email = read(element)
  return email ? (filledIn(email) ?? learn(email)) : renderInFull(element)
}

/** Null where the element is not a template with a frame, or its texts cannot simply be filled in. */
function read({ type, props }: ReactElement): Email | null {
  const { frame, ...rest } = props as Partial<Pick<EmailData, 'frame'>> & { frame?: Frame }
  if (!frame || typeof type !== 'function') return null
  const { t, ...withoutWords } = frame
  const data = { ...rest, frame: withoutWords }
  const texts: string[] = []
  const shape = shapeOf(data, texts)
  if (shape === null) return null
  const number = numbers.get(type) ?? ++templates
  numbers.set(type, number)
  return { template: type as Email['template'], data, t, key: `${number} ${shape}`, texts }
}

function filledIn({ t, key, texts }: Email): Rendered | null {
  const forms = compiled.get(key)
  if (!forms) return null
  compiled.delete(key)
  compiled.set(key, forms)
  for (const form of forms) {
    const answers = answersOf(form, t)
    if (answers) return fill(form, [...texts, ...answers])
  }
  return null
}

/** Renders in full, and compiles where the shape comes for the second time. */
async function learn({ template, data, t, key }: Email): Promise<Rendered> {
  const asked: Asked = { questions: [], answers: [] }
  const { frame, ...props } = data
  const rendered = await renderInFull(
    createElement(template, { ...props, frame: { ...frame, t: recording(t, asked) } }),
  )
  const shapes = shapesOf(asked, [])
  if (!shapes) return rendered
  const whole = `${key} ${shapes.join(' ')}`
  if (seen.get(whole) === 'once') {
    seen.set(whole, 'again')
    // A template that fails with other texts is rendered in full each time.
    const form = await compile(template, { data, asked, rendered }).catch(() => null)
    if (form) keep(key, form)
    if (form) seen.delete(whole)
  } else if (!seen.has(whole)) {
    if (seen.size >= maxSeen) seen.clear()
    seen.set(whole, 'once')
  }
  return rendered
}

function keep(key: string, form: Compiled): void {
  const [oldest] = compiled.keys()
  if (compiled.size >= maxCompiled && oldest !== undefined) compiled.delete(oldest)
  compiled.set(key, [form, ...(compiled.get(key) ?? [])].slice(0, maxForms))
}
