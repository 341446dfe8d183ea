// order.out_for_delivery: the order arrives today. Email and SMS with high priority, not sent after 18 hours.
import { createElement } from 'react'
import { z } from 'zod'
import OrderOutForDelivery from '../../emails/order-out-for-delivery.tsx'
import { name, number, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'order-out-for-delivery',
  on: ['order.out_for_delivery'],
  category: 'transactional',
  priority: 'high',
  expiresInMs: 18 * 3600 * 1000,
  data: z.looseObject({ orderNumber: number, deliveryWindow: name.nullish(), trackingUrl: url.nullish() }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      orderNumber: 'ORD-1001',
      deliveryWindow: '14:00–16:00',
      trackingUrl: 'https://shop.example.com/track/JD014600',
    },
  },
  words: ({ orderNumber, deliveryWindow, trackingUrl }) => ({
    orderNumber,
    // At the end of a sentence, `2 p.m. to 4 p.m.` already has the full stop.
    window: deliveryWindow?.trim().replace(/\.$/, ''),
    trackingUrl,
  }),
  email: ({ orderNumber, deliveryWindow, trackingUrl }, frame) =>
    createElement(OrderOutForDelivery, { frame, orderNumber, window: deliveryWindow, trackingUrl }),
  sms: true,
})
