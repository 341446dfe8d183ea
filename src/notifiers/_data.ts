// The building blocks of notifiers' data schemas. They refuse what must not reach a customer and allow the rest: unknown fields
// pass, and null counts as absent, as many backends write it so.
import { z } from 'zod'
import { maxExponent } from '../domain/money.ts'
import { otherwise } from '../wire/issue-words.ts'
import { isLink } from '../wire/link.ts'

/** One line of text: no control characters (a line end would break a subject), no malformed Unicode. */
const line = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/\S/u, 'must not be empty')
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must not contain control characters')

export const number = line(100)
export const name = line(300)
export const sentence = line(500)

/** A link for customers. Zod's url() would strip line ends instead of refusing them. */
export const url = z
  .string()
  .max(2000)
  .refine(isLink, 'must be an http or https URL without a user')
  .meta({ format: 'uri', pattern: '^https?://' })

const currency = z.string().regex(/^[A-Za-z]{3}$/, 'must be a three-letter currency code')

/** A larger amount, in any currency, is a mistake. */
const maxAmount = 1_000_000_000_000_000

const exponent = z.int().min(0).max(maxExponent).nullish()

const cents = z.int({
  error: (issue) =>
    issue.code === 'invalid_type'
      ? otherwise("must be a whole number of cents (the currency's smallest unit)")(issue)
      : undefined,
})

const notMoney = { error: otherwise('must be an amount such as {"amount": 4999, "currency": "eur"}') }

export const money = z.looseObject({ amount: cents.min(0).max(maxAmount), currency, exponent }, notMoney)

/** Money that may be negative: a discount, or the price of a voucher line. */
export const signedMoney = z.looseObject({ amount: cents.min(-maxAmount).max(maxAmount), currency, exponent }, notMoney)

/** A calendar day (`2026-11-21`) or a moment with its offset (`2026-11-21T10:00:00Z`). */
export const date = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: otherwise('must be an ISO 8601 date, or a date and time with an offset'),
})
