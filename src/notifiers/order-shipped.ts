// order.shipped: the carrier has the parcel. Email and SMS with the tracking number.
import { createElement } from 'react'
import { z } from 'zod'
import OrderShipped from '../../emails/order-shipped.tsx'
import { date, name, number, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'order-shipped',
  on: ['order.shipped'],
  category: 'transactional',
  data: z.looseObject({
    orderNumber: number,
    carrier: name,
    trackingNumber: number,
    trackingUrl: url.nullish(),
    estimatedDelivery: date.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      orderNumber: 'ORD-1001',
      carrier: 'DHL',
      trackingNumber: 'JD014600',
      trackingUrl: 'https://shop.example.com/track/JD014600',
      estimatedDelivery: '2026-11-24',
    },
  },
  words: ({ orderNumber, carrier, trackingNumber, trackingUrl, estimatedDelivery }, to) => ({
    orderNumber,
    carrier,
    trackingNumber,
    trackingUrl,
    expected: estimatedDelivery && to.date(estimatedDelivery),
  }),
  email: ({ orderNumber, carrier, trackingNumber, trackingUrl, estimatedDelivery }, frame, to) =>
    createElement(OrderShipped, {
      frame,
      orderNumber,
      carrier,
      trackingNumber,
      trackingUrl,
      expected: estimatedDelivery && to.date(estimatedDelivery),
    }),
  sms: true,
})
