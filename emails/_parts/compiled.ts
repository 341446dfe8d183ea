// An email compiled from its rendering: the HTML and the plain text of one shape, with places for the texts.
import { createElement, type ElementType } from 'react'
import { type Answer, type Asked, answerTo, type Question, replaying } from './asked.ts'
import type { Frame } from './frame.ts'
import { type Rendered, renderInFull } from './render-in-full.ts'
import { shapeOf, withTexts } from './shape.ts'
import type { Translate } from './words.ts'

/** The data of an email's element, without its messages. */
export type EmailData = Record<string, unknown> & { frame: Omit<Frame, 't'> }

export interface Compiled {
  /** The messages that it asks for, and the shape of each answer. */
  questions: Question[]
  shapes: string[]
  html: Template
  text: Template
  /** The places of a link's words and its URL, which the plain text gives once where they are the same. */
  links: [words: number, url: number][]
}

/** `pieces[i]` comes before the text number `places[i]`; one more piece is last. */
interface Template {
  pieces: string[]
  places: number[]
}

/** Private-use characters, which stand around the number of a text while a template is compiled. */
const [opening, closing] = ['\ue000', '\ue001']
const place = new RegExp(`${opening}(\\d+)${closing}`)

/** Long, and with all that HTML, `String.replace` and our placeholders treat specially. */
const probe = (nth: number) =>
  `https://probe.example/${nth}?a=1&amp;b="<b>'$&$1\`\${x}{y}<!-- -->--></td></title></style> É ${opening}0${closing} ${'Long '.repeat(20)}${nth}`

/**
 * Null where the texts cannot simply be filled in. That is checked twice, against `rendered`, which is the email rendered in full,
 * and with texts that would show a template that reads or changes them.
 */
export async function compile(
  template: ElementType,
  { data, asked, rendered }: { data: EmailData; asked: Asked; rendered: Rendered },
): Promise<Compiled | null> {
  const texts: string[] = []
  shapeOf(data, texts)
  const shapes = shapesOf(asked, texts)
  if (!shapes || rendered.html.includes(opening)) return null
  const renderWith = (others: string[]) => {
    const rest = others.values()
    const { frame, ...props } = withTexts(data, rest)
    const t = replaying({ ...asked, answers: asked.answers.map((answer) => withTexts(answer, rest)) })
    return renderInFull(createElement(template, { ...props, frame: { ...frame, t } }))
  }
  const marked = await renderWith(texts.map((_, nth) => `${opening}${nth}${closing}`))
  const links = linksIn(marked.html)
  if (!links) return null
  const compiled = { questions: asked.questions, shapes, html: split(marked.html), text: split(marked.text), links }
  const probes = texts.map((_, nth) => probe(nth))
  const isSame = same(fill(compiled, texts), rendered) && same(fill(compiled, probes), await renderWith(probes))
  return isSame ? compiled : null
}

/** The texts of the messages that the template asks `t` for; null where their shapes are not those that it was compiled for. */
export function answersOf({ questions, shapes }: Compiled, t: Translate): string[] | null {
  const texts: string[] = []
  const isAlike = questions.every((question, nth) => shapeOfAnswer(answerTo(question, t), texts) === shapes[nth])
  return isAlike ? texts : null
}

/** The email with these texts; null where it would be another than the template that was compiled. */
export function fill({ html, text, links }: Compiled, texts: string[]): Rendered | null {
  if (links.some(([words, url]) => texts[words] === texts[url])) return null
  return { html: filled(html, texts.map(escaped)), text: filled(text, texts) }
}

function filled({ pieces, places }: Template, texts: string[]): string {
  let whole = pieces[0] ?? ''
  for (const [nth, at] of places.entries()) whole += `${texts[at]}${pieces[nth + 1]}`
  return whole
}

/** The shapes of the answers, whose texts are added to `texts`; null where the same could not be asked again, or be filled in. */
export function shapesOf({ questions, answers }: Asked, texts: string[]): string[] | null {
  const isRepeatable = questions.every((question) => question.what !== 'text' || question.more === undefined)
  const shapes = answers.flatMap((answer) => shapeOfAnswer(answer, texts) ?? [])
  return isRepeatable && shapes.length === answers.length ? shapes : null
}

/** Messages isolate values of another direction, and templates show messages as they are. */
function shapeOfAnswer(answer: Answer, texts: string[]): string | null {
  return shapeOf(answer, texts, true)
}

function split(marked: string): Template {
  const found = marked.split(place)
  return {
    pieces: found.filter((_, nth) => nth % 2 === 0),
    places: found.filter((_, nth) => nth % 2 === 1).map(Number),
  }
}

/** Null where a link's words or its URL are more than one text. */
function linksIn(marked: string): [number, number][] | null {
  const links: [number, number][] = []
  for (const [, url = '', words = ''] of marked.matchAll(/<a [^>]*?\bhref="([^"]*)"[^>]*>(.*?)<\/a>/gs)) {
    const places = [words, url].map((text) => split(text.trim()))
    if (places.every(({ places }) => places.length === 0)) continue
    if (places.some(({ pieces, places }) => places.length !== 1 || pieces.join('') !== '')) return null
    const [[ofWords = 0], [ofUrl = 0]] = places.map(({ places }) => places) as [number[], number[]]
    if (ofWords !== ofUrl) links.push([ofWords, ofUrl])
  }
  return links
}

function same(one: Rendered | null, other: Rendered): boolean {
  return one?.html === other.html && one.text === other.text
}

const entities: Record<string, string> = { '"': '&quot;', '&': '&amp;', "'": '&#x27;', '<': '&lt;', '>': '&gt;' }

/** As React escapes a text. */
export function escaped(text: string): string {
  return text.replace(/["&'<>]/g, (character) => entities[character] ?? character)
}
