// The data of installment events, and the variables of their messages.
import { z } from 'zod'
import type { Values } from '../../emails/_parts/words.ts'
import type { Formats } from '../i18n/formats.ts'
import { date, money, name, url } from './_data.ts'

const ordinal = z.int().min(1).max(10_000)

export const installment = z.looseObject({
  title: name,
  amount: money,
  dueDate: date,
  installmentNumber: ordinal.nullish(),
  installmentCount: ordinal.nullish(),
  payUrl: url.nullish(),
})

type Installment = z.output<typeof installment>

export function installmentWords(
  { title, amount, dueDate, installmentNumber, installmentCount, payUrl, untitled, renews }: Installment,
  to: Formats,
): Values {
  return {
    title,
    // A source found no title, and the one that it gave is in English.
    untitled: untitled === true ? 'yes' : null,
    // It is charged without the customer, as the next period of a subscription.
    renews: renews === true ? 'yes' : null,
    amount: to.money(amount),
    dueDate: to.date(dueDate),
    number: installmentNumber,
    count: installmentNumber && installmentCount,
    payUrl,
  }
}
