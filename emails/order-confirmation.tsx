// "Thanks for your order": its items and total.
import { Action, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { type AmountLine, type Item, ItemsTable } from './_parts/items-table.tsx'
import { Layout } from './_parts/layout.tsx'

interface OrderConfirmationProps {
  frame: Frame
  items: Item[]
  more: AmountLine | null
  lines: AmountLine[]
  total: string
  notes: AmountLine[]
  orderUrl?: string | null
}

export default function OrderConfirmation(props: OrderConfirmationProps) {
  const { frame, orderUrl } = props
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={orderUrl} />
      <ItemsTable {...props} />
      <Help frame={frame} />
    </Layout>
  )
}

OrderConfirmation.PreviewProps = {
  frame: previewFrame('order-confirmation', { orderNumber: 'ORD-1001', count: 4, total: '£78.85' }),
  items: [
    { name: 'Beech bread board, large', detail: '1 × £38.00', amount: '£38.00' },
    { name: 'Linen tea towels, set of three', detail: '2 × £14.50', amount: '£29.00' },
    { name: 'Board oil, 250 ml', detail: '1 × £11.90', amount: '£11.90' },
  ],
  more: null,
  lines: [
    ['Subtotal', '£78.90'],
    ['Discount', '−£5.00'],
    ['Shipping', '£4.95'],
  ],
  total: '£78.85',
  notes: [['Includes tax', '£13.14']],
  orderUrl: 'https://fernwood.example/o/1001',
} satisfies OrderConfirmationProps
