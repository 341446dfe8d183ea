// A secret is compared in constant time alone: read from the code of src itself.
import { expect, it } from 'vitest'
import { files } from './helper/code-files.ts'

/** Whether a secret, or what proves one, is compared by `===`, whose time tells how much of it was right. */
const named = String.raw`\w*(?:secret|signature|hmac|proof|token|password|apiKey)\w*`
const comparedAsText = new RegExp(
  String.raw`(?<!typeof )\b${named}(?:\(.*?\))?\s*[!=]==(?!\s*(?:null|undefined|''))|[!=]==\s*(?:\w+\.)*${named}`,
  'i',
)
/** These compare no secret: the name of the provider whose rate has given a token, and an encoding with itself. */
const comparisonsOfOthers = /provider === (one\.)?token\b|toString\('base64url'\) !== token\b/
const comparesSecrets = (text: string) =>
  text.split('\n').some((line) => comparedAsText.test(line) && !comparisonsOfOthers.test(line))

it('a file of src compares secrets in constant time alone', () => {
  const src = [...files.values()].filter(({ name }) => name.startsWith('src/'))
  expect(src.filter(({ text }) => comparesSecrets(text)).map(({ name }) => name)).toEqual([])
})

it.each([
  ['if (given === secret) return', true],
  ['keys.find((one) => one.apiKey !== given)', true],
  ['return signatureOf(raw, secret) === signature', true],
  ['header === proofOf(token)', true],
  ["if (typeof signature === 'string') return", false],
  ['if (secret === null || isSameText(given, secret)) return', false],
])('the rule of constant time tells %s', (line, isFound) => {
  expect(comparesSecrets(line)).toBe(isFound)
})
