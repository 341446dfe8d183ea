// Where the list stands of what the navigation counts as given up: the same messages by the same filter.
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { Visit } from '../../http/dashboard/page.ts'
import { typeableTime } from './times.ts'

export function givenUpPath({ givenUpSince }: Pick<Visit, 'givenUpSince'>): string {
  return pathOf('/dashboard/notifications', { state: 'failed', givenUpSince: typeableTime(givenUpSince) })
}
