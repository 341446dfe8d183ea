// The payment method, as the recipient may read it.
import type { Translate } from '../../emails/_parts/words.ts'
import { methodName } from '../domain/payment-method.ts'

/** `Apple Pay` and `Visa •••• 4242` as they are; `Card`, `Bank transfer` and `Visa card` in the recipient's language. */
export function methodFor(method: string, t: Translate): string {
  const name = methodName(method) ?? method
  const network = methodName(/^(.+) card$/i.exec(name)?.[1] ?? '')
  if (network) return t.text('method.network_card', { network })
  const key = `method.${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`
  return t.has(key) ? t.text(key) : name
}
