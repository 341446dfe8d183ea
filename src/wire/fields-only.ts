// Objects without other fields than those that are known.
import { z } from 'zod'
import { meantInstead } from './nearest-name.ts'

/** Another field is a fault at its own path, with the name that was meant. */
export function fieldsOnly<S extends z.core.$ZodShape>(
  shape: S,
): z.ZodObject<z.core.util.Writeable<S>, z.core.$strict> {
  const names = Object.keys(shape)
  const unknown = z.custom<never>(() => false, {
    error: ({ path = [] }) => {
      const known = names.length > 0 ? `; there are ${names.join(', ')}` : ''
      return `is not known${meantInstead(String(path.at(-1)), names) || known}`
    },
  })
  const object = z.object(shape).catchall(unknown).meta({ additionalProperties: false })
  return object as unknown as z.ZodObject<z.core.util.Writeable<S>, z.core.$strict>
}
