// subscription.trial_ending: a trial ends soon, and what follows: its price, or the end. Email.
import { createElement } from 'react'
import { z } from 'zod'
import TrialEnding from '../../emails/trial-ending.tsx'
import { subscriptionEnds } from '../domain/superseding.ts'
import { date, money, name, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'trial-ending',
  on: ['subscription.trial_ending'],
  category: 'transactional',
  stoppedBy: subscriptionEnds,
  data: z.looseObject({
    planName: name.nullish(),
    trialEndsAt: date,
    /** What follows by itself; `continues` where nothing is said. */
    outcome: z.enum(['continues', 'cancelled', 'no_payment_method', 'paused']).nullish(),
    amount: money.nullish(),
    interval: z.enum(['day', 'week', 'month', 'year']).nullish(),
    intervalCount: z.int().min(1).max(1000).nullish(),
    manageUrl: url.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'SUB-501',
    data: {
      planName: 'Studio Plus',
      trialEndsAt: '2026-11-28T10:00:00Z',
      amount: { amount: 1200, currency: 'gbp' },
      interval: 'month',
      manageUrl: 'https://learn.example.com/subscription',
    },
  },
  words: ({ planName, trialEndsAt, outcome, amount, interval, intervalCount }, to) => ({
    planName,
    trialEndsAt: to.date(trialEndsAt),
    outcome,
    amount: amount && to.money(amount),
    interval,
    count: intervalCount ?? 1,
  }),
  email: ({ planName, trialEndsAt, manageUrl }, frame, to) =>
    createElement(TrialEnding, {
      frame,
      planName,
      trialEnds: to.dateTime(trialEndsAt),
      price: frame.t.text('price'),
      manageUrl,
    }),
})
