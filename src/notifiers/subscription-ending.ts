// subscription.ending, subscription.resumed: send nothing. The first stops waiting messages about the subscription, the second
// lets later ones be sent again.
import { z } from 'zod'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'subscription-ending',
  on: ['subscription.ending', 'subscription.resumed'],
  category: 'transactional',
  data: z.looseObject({}),
  sample: { recipient: {}, data: {} },
  words: () => ({}),
})
