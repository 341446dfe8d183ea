// installment.paid: sends nothing; it stops the waiting messages about that installment.
import { z } from 'zod'
import { money } from './_data.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'installment-paid',
  on: ['installment.paid'],
  category: 'transactional',
  data: z.looseObject({ amount: money.nullish() }),
  sample: { recipient: {}, data: {} },
  words: () => ({}),
})
