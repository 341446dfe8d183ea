// Reads the name of a subscription's plan, its price and its billing period.
import type { Money } from '../../domain/money.ts'
import { at, type Fields, firstText, isFields, listOf, textOf } from '../../wire/json.ts'
import { moneyOf } from '../mapping.ts'

/** The product's name if it is expanded, or else the description. A price's nickname is not for customers. */
export function planNameOf(subscription: Fields): string | null {
  const products = itemsOf(subscription).flatMap(({ price, plan }) => [at(price, 'product'), at(plan, 'product')])
  return firstText(...products.map(({ name }) => textOf(name, 300)), textOf(subscription.description, 300))
}

const intervals = ['day', 'week', 'month', 'year']

interface Price {
  amount: Money
  /** The period that it is for, such as every 3 months. */
  interval?: string
  intervalCount?: number
}

/** Null if discounts, tiers, packages, metering or several periods make it differ from the prices. */
export function priceOf(subscription: Fields): Price | null {
  const items = itemsOf(subscription)
  if ([subscription, ...items].some(isReduced)) return null
  const periods = items.map(periodOf)
  if (new Set(periods.map((period) => JSON.stringify(period))).size > 1) return null
  const sum = items.reduce((sum, item) => sum + costOf(item), 0)
  const [first] = items
  const amount = moneyOf(sum, subscription.currency ?? at(first, 'price').currency ?? at(first, 'plan').currency)
  return amount && { amount, ...periods[0] }
}

/** A price has it in `recurring`, an older plan in fields of its own. */
function periodOf(item: Fields): Omit<Price, 'amount'> {
  const [recurring, plan] = [at(item, 'price', 'recurring'), at(item, 'plan')]
  const interval = intervals.find((name) => name === (recurring.interval ?? plan.interval))
  const count = recurring.interval_count ?? plan.interval_count ?? 1
  if (!interval || typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 1000) return {}
  return { interval, intervalCount: count }
}

/** Abbreviated payloads have the plan of the only item and no list of items. */
function itemsOf(subscription: Fields): Fields[] {
  const items = listOf(at(subscription, 'items').data)
  return items.length > 0 ? items : [{ plan: subscription.plan, quantity: subscription.quantity }]
}

function isReduced({ discount, discounts }: Fields): boolean {
  return isFields(discount) || (Array.isArray(discounts) && discounts.length > 0)
}

/** NaN if it is not known. */
function costOf(item: Fields): number {
  const [price, plan] = [at(item, 'price'), at(item, 'plan')]
  const each = price.unit_amount ?? plan.amount
  const quantity = item.quantity ?? 1
  const isMetered = at(price, 'recurring').usage_type === 'metered' || plan.usage_type === 'metered'
  const isPackaged = isFields(price.transform_quantity) || isFields(plan.transform_usage)
  if (isMetered || isPackaged || typeof each !== 'number' || typeof quantity !== 'number') return Number.NaN
  return each * quantity
}
