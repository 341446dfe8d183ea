// Finds the name to greet a person by: the given name where it is certain enough, else the whole name, and none where the text
// is no name.
import { memo } from '../domain/memo.ts'
import { mostLocales } from './intl-cache.ts'

/** Words that show a company, in lower case and without dots. */
const companies = new Set(
  `inc ltd llc llp plc gmbh ag kg ug sa sl sas sarl bv nv oy ab as pty pvt co corp company group holding foundation trust
   school college university academy institute society association club shop store team office department accounts
   accounting billing support sales`.split(/\s+/),
)
/** Words that show a company, a title or a role. */
const notPersonal = new Set([
  ...companies,
  ...`info admin customer guest test mr mrs ms miss mx dr prof sir dame lord lady rev sr sra srta señor señora don doña shri
   sri smt kumari and y und et the`.split(/\s+/),
])
/** Written small at the beginning, they belong to a family name: `van der Berg`. */
const particles = new Set(
  'af al auf da de del della den der di do dos du el la le ten ter van vom von zu zum zur'.split(' '),
)
/** What programs write where there is no name. */
const placeholders = new Set(['anonymous', 'n/a', 'nil', 'none', 'null', 'undefined', 'unknown'])
/** Written after a comma, they are no given name. */
const suffixes = new Set('jr sr ii iii iv phd md dds esq mba msc bsc cpa rn'.split(' '))
/** Languages in which the family name is written first. */
const familyNameFirst = new Set(['hu', 'ja', 'ko', 'vi', 'zh'])

/**
 * `Ada` for `Ada Lovelace` and for `Lovelace, Ada`. The whole name where it is one word, a company's, begins with a title, an
 * initial or a particle, or is
 * in a locale that writes the family name first. Null for an address, a link, a number or a placeholder such as `null`.
 */
export function givenNameOf(name: string, locale: string): string | null {
  if (!/\p{L}/u.test(name) || /@|:\/\//.test(name)) return null
  const [before = name, ...after] = partsOf(name)
  if (after.length > 0) return writtenWithComma(name, { before, after, locale })
  return ofWords(before, locale)
}

interface Parts {
  before: string
  after: string[]
  locale: string
}

/** `Jane` for `Smith, Jane`; the whole for a company; null where it is not sure what the comma means. */
function writtenWithComma(name: string, { before, after, locale }: Parts): string | null {
  const [given = '', ...others] = after
  const words = name.split(/[ ,]+/).map((word) => word.replaceAll('.', '').toLowerCase())
  if (/[&+/]/.test(name) || words.some((word) => companies.has(word))) return name
  if (others.length > 0 || !`${before} ${given}`.split(' ').every((word) => isName(word) || isInitial(word)))
    return null
  if (words.every((word) => placeholders.has(word))) return null
  if (writesFamilyNameFirst(locale)) return `${before} ${given}`
  const [first = ''] = given.split(' ')
  return [...first].length > 1 && !isInitial(first) && !notPersonal.has(first.toLowerCase()) ? first : null
}

/** What is between commas, without degrees and such: `Jane Smith` of `Jane Smith, PhD`. */
function partsOf(name: string): string[] {
  const parts = name.split(',').map((part) => part.trim())
  return parts.filter((part, i) => part !== '' && !(i > 0 && suffixes.has(part.replaceAll('.', '').toLowerCase())))
}

/** The given name of words in their usual order. */
function ofWords(name: string, locale: string): string | null {
  const words = name.split(' ')
  if (words.every((word) => placeholders.has(word.toLowerCase()))) return null
  const [first = name] = words
  const isCertain =
    words.length >= 2 &&
    words.length <= 4 &&
    !writesFamilyNameFirst(locale) &&
    !particles.has(first) &&
    words.every((word, i) => (isName(word) || (i > 0 && isInitial(word))) && !notPersonal.has(word.toLowerCase())) &&
    [...first].length > 1
  return isCertain ? first : name
}

const writesFamilyNameFirst = memo(mostLocales, (locale: string) =>
  familyNameFirst.has(new Intl.Locale(locale).language),
)

/** Letters, with marks, hyphens and apostrophes inside, in a script that has capital letters or is Devanagari. */
function isName(word: string): boolean {
  return /^(?:\p{Lu}\p{M}*(?:['’-]?\p{L}\p{M}*)*|\p{Ll}\p{M}*(?:['’-]?\p{L}\p{M}*)*|\p{Script=Devanagari}+)$/u.test(
    word,
  )
}

function isInitial(word: string): boolean {
  return /^\p{Lu}\.?$/u.test(word)
}
