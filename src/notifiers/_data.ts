// The words that notifiers' data schemas are made of. Strict about nonsense, which would reach a customer;
// lenient about the rest: unknown fields pass, and null counts as absent, as many backends write it so.
import { z } from 'zod'
import { isLink } from '../wire/link.ts'

/** One line of text: no control characters (NUL, line ends: they do not belong into subjects), no broken Unicode. */
const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/\S/u, 'must not be empty')
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must not contain control characters')

export const number = line(100)
export const name = line(300)
export const sentence = line(500)

/** A link that a customer may follow. zod's own url() would strip line ends instead of refusing them. */
export const url = z
  .string()
  .max(2000)
  .refine(isLink, 'must be an http or https URL without a user')
  .meta({ format: 'uri', pattern: '^https?://' })

const currency = z.string().regex(/^[a-z]{3}$/i, 'must be a three-letter currency code')

/** Less than this in any currency is somebody's money; more is a mistake. */
const most = 1_000_000_000_000_000

export const money = z.looseObject({ amount: z.int().min(0).max(most), currency })

/** Money that may be taken off: a discount, or the price of a voucher line. */
export const signedMoney = z.looseObject({ amount: z.int().min(-most).max(most), currency })

/** A calendar day (`2026-11-21`) or a moment with its offset (`2026-11-21T10:00:00Z`). */
export const date = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'must be an ISO 8601 date, or a date and time with an offset',
})
