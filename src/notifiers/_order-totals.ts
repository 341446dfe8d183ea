// Lays out an order's amounts: lines that add up to the total, and notes on what it includes. Senders differ: tax may be
// included in the prices or added to them, and a discount may be 500 or -500.
import type { AmountLine, Item } from '../../emails/_parts/items-table.tsx'
import type { Translate } from '../../emails/_parts/words.ts'
import { exponentOf, type Money } from '../domain/money.ts'
import type { Formats } from '../i18n/formats.ts'

interface OrderItem {
  name: string
  quantity: number
  unitPrice: Money
  imageUrl?: string | null
}

interface OrderTotals {
  items: OrderItem[]
  total: Money
  subtotal?: Money | null
  discount?: Money | null
  shipping?: Money | null
  tax?: Money | null
}

/** Gmail clips a message at 102 kB; an item with a picture takes about 2.2 kB. */
const maxItems = 40

/** The items that an email shows, and one line for the rest. */
export function itemsShown(
  { items }: OrderTotals,
  to: Formats,
  t: Translate,
): { items: Item[]; more: AmountLine | null } {
  const shown = items.length > maxItems ? items.slice(0, maxItems - 1) : items
  const rest = items.slice(shown.length)
  return {
    items: shown.map((item) => ({
      name: item.name,
      detail: `${to.number(item.quantity)} × ${to.money(item.unitPrice)}`,
      amount: to.money(lineTotal(item)),
      imageUrl: isShown(item.imageUrl) ? item.imageUrl : null,
    })),
    more: rest.length > 0 ? [t.text('items.more', { count: rest.length }), totalOf(rest, to)] : null,
  }
}

/** Mail programs show no picture that was sent in the clear. */
function isShown(imageUrl: string | null | undefined): boolean {
  return /^https:/i.test(imageUrl ?? '')
}

/** The lines before the total and those after it. */
export function totalsShown(
  sums: OrderTotals,
  to: Formats,
  t: Translate,
): { lines: AmountLine[]; total: string; notes: AmountLine[] } {
  const { total, subtotal, discount, shipping, tax } = sums
  const lines: AmountLine[] = []
  if (subtotal) lines.push([t.text('items.subtotal'), to.money(subtotal)])
  if (discount && discount.amount !== 0)
    lines.push([t.text('items.discount'), to.money(takenOff(discount)).replace('-', '−')])
  // Checkouts write zero for tax and shipping where there are none, as for a download.
  if (shipping && shipping.amount !== 0) lines.push([t.text('items.shipping'), to.money(shipping)])
  const isTaxed = tax && tax.amount !== 0
  const included = addsUpWithoutTax(sums)
  if (isTaxed && !included) lines.push([t.text('items.tax'), to.money(tax)])
  return {
    lines,
    total: to.money(total),
    notes: isTaxed && included ? [[t.text('items.taxIncluded'), to.money(tax)]] : [],
  }
}

const lineTotal = ({ quantity, unitPrice }: OrderItem): Money => ({ ...unitPrice, amount: quantity * unitPrice.amount })

const takenOff = (discount: Money): Money => ({ ...discount, amount: -Math.abs(discount.amount) })

function addsUpWithoutTax({ items, total, subtotal, discount, shipping }: OrderTotals): boolean {
  const goods = subtotal?.amount ?? items.reduce((sum, item) => sum + lineTotal(item).amount, 0)
  return goods - Math.abs(discount?.amount ?? 0) + (shipping?.amount ?? 0) === total.amount
}

/** The sum, or an ellipsis where currencies or their units are mixed. */
function totalOf(items: OrderItem[], to: Formats): string {
  const [first, ...others] = items.map(({ unitPrice }) => unitPrice)
  if (!first || others.some((other) => unitOf(other) !== unitOf(first))) return '…'
  return to.money({ ...first, amount: items.reduce((sum, item) => sum + lineTotal(item).amount, 0) })
}

function unitOf({ currency, exponent }: Money): string {
  return `${currency.toLowerCase()} ${exponent ?? exponentOf(currency)}`
}
