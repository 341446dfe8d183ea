// What a shop's code writes for a missing order is not the order's name.
import { expect, test } from 'vitest'
import { orderNamesIn, referencesIn, shopNameOf } from '../../src/wire/order-names.ts'

test.each(['undefined', 'null', 'NaN', ' None ', '[object Object]'])('%s is no name', (text) => {
  expect(orderNamesIn([{ order_id: text }], [])).toEqual([])
  expect(referencesIn([{ reference: text, order_number: 'A-1' }], [])).toEqual(['A-1'])
  expect(shopNameOf(text)).toBeNull()
})
