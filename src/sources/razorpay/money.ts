// Reads Razorpay's amounts, which it counts as ISO 4217 does: UGX and ISK in whole units, IQD in thousandths, MGA in
// hundredths (https://razorpay.com/docs/payments/international-payments/#supported-currencies).
import type { Money } from '../../domain/money.ts'
import { moneyOf } from '../mapping.ts'

const zeroDecimal = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ')
const threeDecimal = 'BHD IQD JOD KWD OMR TND'.split(' ')

/** Null if the amount or the currency is missing or invalid, or if the amount is zero. */
export function razorpayMoney(amount: unknown, currency: unknown): Money | null {
  const money = moneyOf(amount, currency)
  return money && { ...money, exponent: exponentOf(money.currency.toUpperCase()) }
}

function exponentOf(code: string): number {
  if (zeroDecimal.includes(code)) return 0
  return threeDecimal.includes(code) ? 3 : 2
}
