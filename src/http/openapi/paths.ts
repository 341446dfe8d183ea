// The operations of an OpenAPI document while it is made.
import type { ProblemCode } from '../../domain/problem.ts'

export interface Operation {
  /** From `describeRoute`. */
  'x-problems'?: ProblemCode[]
  'x-may-have-body'?: boolean
  requestBody?: object
  responses: Record<string, { description: string }>
}
export type Paths = Record<string, Record<string, Operation>>
