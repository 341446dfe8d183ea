// What rows hold in place of sentences: a code, and the parameters from which its sentence is made when it is read.
import { z } from 'zod'

/** The shape of the parameters of each code. */
export type Codes = Record<string, z.ZodObject>

/** One of the codes, with its parameters. */
export type Coded<T extends Codes> = { [C in keyof T & string]: { code: C; params: z.infer<T[C]> } }[keyof T & string]

/** As a row holds it. Another version may have written a code, or parameters, that this one does not know. */
export const storedCode = z.object({ code: z.string(), params: z.record(z.string(), z.unknown()).nullable() })
export type StoredCode = z.infer<typeof storedCode>

type Given<P> = Record<never, never> extends P ? [params?: P] : [params: P]
type CodedAs<T extends Codes, C extends keyof T & string> = { code: C; params: z.infer<T[C]> }

/** A function that makes values of these codes. */
export function coder<T extends Codes>() {
  return <C extends keyof T & string>(code: C, ...[params]: Given<z.infer<T[C]>>): CodedAs<T, C> => ({
    code,
    params: params ?? ({} as z.infer<T[C]>),
  })
}

/** The stored value as one of these codes; null if this version does not know its code or its parameters. */
export function known<T extends Codes>(codes: T, { code, params }: StoredCode): Coded<T> | null {
  if (!Object.hasOwn(codes, code)) return null
  const parsed = codes[code]?.safeParse(params ?? {})
  return parsed?.success ? ({ code, params: parsed.data } as Coded<T>) : null
}

/** The value of a column of parameters: null if there are none. */
export function paramsOf(coded: StoredCode | null): StoredCode['params'] {
  return coded?.params && Object.keys(coded.params).length > 0 ? coded.params : null
}

/** The columns of a code and its parameters as one value. */
export function storedAs(code: string | null, params: StoredCode['params']): StoredCode | null {
  return code === null ? null : { code, params }
}
