// subscription.trial_ending: a trial ends soon, with its price from then on. Email.
import { createElement } from 'react'
import { z } from 'zod'
import TrialEnding from '../../emails/trial-ending.tsx'
import { date, money, name, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'trial-ending',
  on: ['subscription.trial_ending'],
  category: 'transactional',
  data: z.looseObject({
    planName: name.nullish(),
    trialEndsAt: date,
    amount: money.nullish(),
    manageUrl: url.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'SUB-501',
    data: {
      planName: 'Studio Plus',
      trialEndsAt: '2026-11-28T10:00:00Z',
      amount: { amount: 1200, currency: 'gbp' },
      manageUrl: 'https://learn.example.com/subscription',
    },
  },
  words: ({ planName, trialEndsAt, amount }, to) => ({
    planName,
    trialEndsAt: to.date(trialEndsAt),
    amount: amount && to.money(amount),
  }),
  email: ({ planName, trialEndsAt, amount, manageUrl }, frame, to) =>
    createElement(TrialEnding, {
      frame,
      planName,
      trialEnds: to.dateTime(trialEndsAt),
      price: amount && to.money(amount),
      manageUrl,
    }),
})
