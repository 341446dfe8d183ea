// The messages that the cases send: an order confirmation of ten items by email, and a text.
const price = (amount: number) => ({ amount, currency: 'gbp' })

const names = [
  'Beech bread board, large',
  'Linen tea towels, set of three',
  'Board oil, 250 ml',
  'Stoneware mixing bowl',
  'Oak rolling pin',
  'Copper measuring cups',
  'Cast-iron skillet, 26 cm',
  'Wool oven gloves',
  'Glass storage jars, set of five',
  'Ceramic butter dish',
]

export const tenItems = {
  type: 'order.created',
  channels: ['email'],
  data: {
    orderNumber: 'ORD-0',
    items: names.map((name, i) => ({ name, quantity: 1 + (i % 3), unitPrice: price(1200 + i * 150) })),
    subtotal: price(38_250),
    shipping: price(495),
    tax: price(7749),
    total: price(46_494),
    orderUrl: 'https://shop.example.com/orders/ORD-0',
  },
  /** What differs between recipients. */
  each: (i: number) => ({ orderNumber: `ORD-${i}`, orderUrl: `https://shop.example.com/orders/ORD-${i}` }),
}

export const textOf = {
  type: 'order.confirmed',
  channels: ['sms'],
  data: { orderNumber: 'ORD-0', total: price(7885) },
  each: (i: number) => ({ orderNumber: `ORD-${i}` }),
}
