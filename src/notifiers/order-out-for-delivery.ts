// order.out_for_delivery: somebody should be there to take it. Email and SMS, before everything else in the queues,
// and not at all once the day it speaks of is over.
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
    // `2 p.m. to 4 p.m.` at the end of a sentence brings its own full stop.
    window: deliveryWindow?.trim().replace(/\.$/, ''),
    trackingUrl,
  }),
  email: ({ orderNumber, deliveryWindow, trackingUrl }, frame) =>
    createElement(OrderOutForDelivery, { frame, orderNumber, window: deliveryWindow, trackingUrl }),
  sms: true,
})
