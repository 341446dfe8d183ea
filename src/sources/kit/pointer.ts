// Tells a translation that only points to its content.
import type { Translation } from '../source.ts'

/**
 * Whether it is of a known type and says nothing but where its content is. What that comes to, such as a link or the end of
 * something, matters also where nobody is notified.
 */
export function isPointer(translation: Translation): boolean {
  return !translation.ok && translation.kind === 'incomplete' && translation.fault.code === 'no_content'
}
