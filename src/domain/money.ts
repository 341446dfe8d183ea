// An amount of money, as Stripe and our own events write it.

/** An amount in the currency's smallest unit, as Stripe has it: `{ amount: 4999, currency: 'eur' }`. */
export interface Money {
  amount: number
  currency: string
}
