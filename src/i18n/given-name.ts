// Finds the name to greet a person by: the given name where it is certain enough, else the whole name.
import { cached } from './intl-cache.ts'

/** Words that show a company, a title or a role, in lower case and without dots. */
const notPersonal = new Set(
  `inc ltd llc llp plc gmbh ag kg ug sa sl sas sarl bv nv oy ab as pty pvt co corp company group holding foundation trust
   school college university academy institute society association club shop store team office department accounts
   accounting billing support sales info admin customer guest test mr mrs ms miss mx dr prof sir dame lord lady rev sr sra
   srta señor señora don doña shri sri smt kumari and y und et the`.split(/\s+/),
)
/** Languages in which the family name is written first. */
const familyNameFirst = new Set(['hu', 'ja', 'ko', 'vi', 'zh'])

/**
 * `Ada` for `Ada Lovelace`. The whole name where it is one word, a company's, begins with a title or an initial, or is in a locale
 * that writes the family name first.
 */
export function givenNameOf(name: string, locale: string): string {
  const words = name.split(' ')
  const [first = name] = words
  const isCertain =
    words.length >= 2 &&
    words.length <= 4 &&
    !writesFamilyNameFirst(locale) &&
    words.every((word, i) => (isName(word) || (i > 0 && isInitial(word))) && !notPersonal.has(word.toLowerCase())) &&
    [...first].length > 1
  return isCertain ? first : name
}

const writesFamilyNameFirst = cached((locale: string) => familyNameFirst.has(new Intl.Locale(locale).language))

/** Letters, with marks, hyphens and apostrophes inside, in a script that has capital letters or is Devanagari. */
function isName(word: string): boolean {
  return /^(?:\p{Lu}\p{M}*(?:['’-]?\p{L}\p{M}*)*|\p{Ll}\p{M}*(?:['’-]?\p{L}\p{M}*)*|\p{Script=Devanagari}+)$/u.test(
    word,
  )
}

function isInitial(word: string): boolean {
  return /^\p{Lu}\.?$/u.test(word)
}
