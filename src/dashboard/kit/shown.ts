// What the API answers, by its own schemas.
import type { z } from 'zod'
import type { copyPlaceShape, copyShape } from '../../http/answers/copy-shapes.ts'
import type { changes, replay } from '../../http/answers/replay-shapes.ts'
import type { shape } from '../../http/answers/shapes.ts'

export type Notification = z.output<typeof shape.notification>
export type NotificationAudit = z.output<typeof shape.notificationAudit>
export type Attempt = z.output<typeof shape.attempt>
export type Event = z.output<typeof shape.event>
export type EventAudit = z.output<typeof shape.eventAudit>
export type Provider = z.output<typeof shape.provider>
export type Notifier = z.output<typeof shape.notifier>
export type Queue = z.output<typeof shape.queue>
export type Copy = z.output<typeof copyShape>
export type CopyPlace = z.output<typeof copyPlaceShape>
export type Replay = z.output<typeof replay>
export type ReplayCounts = z.output<typeof changes>

export interface List<T> {
  data: T[]
  nextCursor: string | null
}
