// Who the tests of notifiers and emails speak to.
import type { Brand, Voice } from '../../src/voice.ts'
import { voiceFor } from '../../src/voice.ts'

export const brand: Brand = {
  name: 'Fernwood Supply',
  color: '#1d5b45',
  logoUrl: null,
  address: 'Fernwood Supply Ltd, 14 Mill Lane, Bristol BS1 5TR, United Kingdom',
}

export function someone(changes: Partial<Parameters<typeof voiceFor>[0]> = {}): Voice {
  const ada = {
    name: 'Ada Lovelace',
    locale: 'en-GB',
    timezone: 'Europe/London',
    brand,
    replyTo: 'help@fernwood.example',
  }
  return voiceFor({ ...ada, ...changes })
}

const gbp = (amount: number) => ({ amount, currency: 'gbp' })

/** Each notifier's data with nothing but what is required. */
export const required: Record<string, Record<string, unknown>> = {
  'order-confirmation': {
    orderNumber: 'ORD-1001',
    items: [{ name: 'Board oil', quantity: 1, unitPrice: gbp(1190) }],
    total: gbp(1190),
  },
  'order-accepted': { orderNumber: 'ORD-1001' },
  'order-shipped': { orderNumber: 'ORD-1001', carrier: 'DHL', trackingNumber: 'JD014600' },
  'order-delivered': { orderNumber: 'ORD-1001' },
  'payment-received': { amount: gbp(7885) },
  'payment-failed': { amount: gbp(7885) },
}
