// An amount of money, as events carry it, and the unit that it is counted in.

/** An amount in the currency's smallest unit: `{ amount: 4999, currency: 'eur' }`. */
export interface Money {
  amount: number
  currency: string
  /** The decimals of that unit, if its source counts the currency in another unit than `exponentOf` says. */
  exponent?: number | null
}

/** More decimals than any currency has. */
export const maxExponent = 4

// As documented for apps. It differs from ISO 4217: MGA has no decimals, and UGX and ISK are counted in hundredths although
// nobody pays in them.
const zeroDecimal = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ')
const threeDecimal = 'BHD JOD KWD OMR TND'.split(' ')

/** The number of decimals of the currency's smallest unit, where the money does not say it. */
export function exponentOf(currency: string): number {
  const code = currency.toUpperCase()
  if (zeroDecimal.includes(code)) return 0
  return threeDecimal.includes(code) ? 3 : 2
}

/** What a customer paid in their own currency, and the sum in the shop's currency that it stands for. */
export interface Presentment {
  money: Money
  standsFor: number
}

/** The share of it for a part of that sum, such as 46.57 for 50 of 100; null if it is not exact. */
export function exactShare({ money, standsFor }: Presentment, part: number): Money | null {
  const product = money.amount * part
  const amount = product / standsFor
  return Number.isSafeInteger(product) && Number.isInteger(amount) ? { ...money, amount } : null
}
