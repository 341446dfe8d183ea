// An amount of money, as events carry it.

/** An amount in the currency's smallest unit: `{ amount: 4999, currency: 'eur' }`. */
export interface Money {
  amount: number
  currency: string
}
