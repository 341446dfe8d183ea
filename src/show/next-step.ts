// Says in English what happens next with a notification.
import type { Entry } from '../domain/timeline.ts'

type Next = Extract<Entry, { code: 'next' }>['params']

const nextSteps: Record<Next['step'], string> = {
  send: 'Next: it is sent.',
  digest: 'Next: it becomes part of its digest.',
  attempt: 'Next: an attempt.',
  settle: 'Next: the unknown outcome is settled.',
}

/** Where no provider may be called, the time is that of the next look, and no promise of a call. */
export function nextStep({ step, reason }: Next): string {
  return step === 'attempt' && reason?.code === 'providers_unavailable'
    ? 'Next: a look whether a provider is available.'
    : nextSteps[step]
}
