// The shape of a problem (RFC 9457), as every call may answer one.
import { z } from 'zod'
import { type ProblemCode, problemStatuses } from '../../domain/problem.ts'
import { problemWords } from './problem-words.ts'

const codes = Object.keys(problemStatuses) as [ProblemCode, ...ProblemCode[]]

export const problemShape = z
  .strictObject({
    type: z.url().describe('The page about the problem.'),
    title: z.enum(codes.map((code) => problemWords[code].title)),
    status: z.int(),
    detail: z.string().describe('What is wrong in this case.'),
    code: z.enum(codes).describe('Stable; tell problems apart by it.'),
    requestId: z.uuid().describe('Finds the request in the log.'),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Each fault of the data, with its path.'),
  })
  .meta({
    id: 'Problem',
    description: 'Why a request was not served (RFC 9457).',
    examples: [
      {
        type: 'https://posthorn.example.com/docs/problems#event_invalid',
        title: problemWords.event_invalid.title,
        status: 422,
        detail: 'The event has invalid fields.',
        code: 'event_invalid',
        requestId: '0198c0de-0000-7000-8000-000000000000',
        errors: [{ path: 'data.orderNumber', message: 'is required' }],
      },
    ],
  })
