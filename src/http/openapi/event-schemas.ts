// The schemas of the events that apps post: one for each type that a notifier listens to, told apart by `type`.
import { z } from 'zod'
import { money, signedMoney } from '../../notifiers/_data.ts'
import type { Notifier } from '../../notifiers/notifier.ts'
import { envelope } from '../../sources/app/envelope.ts'
import { recipientSchema } from '../../sources/app/recipient.ts'
import { maxRecipients } from '../../sources/app/recipients.ts'

type Schema = Record<string, unknown>

const refTo = (id: string) => ({ $ref: `#/components/schemas/${id}` })

/** `order.out_for_delivery` becomes `OrderOutForDelivery`. */
const nameOf = (type: string) => type.replaceAll(/(?:^|[._:])(\w)/g, (_match, letter: string) => letter.toUpperCase())

/** The schema that a route refers to, whose body is raw bytes. */
export const postedEvent = refTo('PostedEvent')

export function eventSchemas(notifiers: readonly Notifier[]): Record<string, Schema> {
  const types = notifiers.flatMap((notifier) => notifier.on.map((type) => ({ type, notifier })))
  const registry = z.registry<{ id: string; description?: string; examples?: unknown[] }>()
  registry.add(money, { id: 'Money', description: 'In the currency’s smallest unit.', examples: [sampleMoney] })
  registry.add(signedMoney, { id: 'SignedMoney', description: 'Money that may be negative: a discount.' })
  for (const { type, notifier } of types) registry.add(notifier.schema, { id: `${nameOf(type)}Data` })
  registry.add(recipientSchema, { id: 'Recipient', description: 'A person with an email address or a phone number.' })
  registry.add(envelope.omit({ data: true }), { id: 'PostedEventFields' })
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => refTo(id).$ref,
  })
  const plain: Record<string, Schema> = JSON.parse(JSON.stringify(schemas), identified)
  const { PostedEventFields: fields, Recipient: recipient, ...others } = plain
  return {
    ...others,
    Recipient: { ...recipient, additionalProperties: false },
    PostedEventFields: {
      ...fields,
      description: 'What every event may have. `recipient` and `recipients` exclude each other.',
      properties: {
        ...(fields?.properties as Schema),
        recipient: { anyOf: [refTo('Recipient'), { type: 'null' }] },
        recipients: { type: ['array', 'null'], items: refTo('Recipient'), minItems: 1, maxItems: maxRecipients },
      },
    },
    ...Object.fromEntries(types.map(({ type, notifier }) => [`${nameOf(type)}Event`, eventSchema(type, notifier)])),
    PostedEvent: {
      description:
        'An event of a type that a notifier listens to. Others, whose `data` is any object, are accepted too, and answered `ignored`.',
      oneOf: types.map(({ type }) => refTo(`${nameOf(type)}Event`)),
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(types.map(({ type }) => [type, refTo(`${nameOf(type)}Event`).$ref])),
      },
    },
  }
}

/** A component is known by its place in the document. */
function identified(key: string, value: unknown): unknown {
  return key === '$id' || key === '$schema' ? undefined : value
}

const sampleMoney = { amount: 4999, currency: 'eur' }

function eventSchema(type: string, { name, sample }: Notifier): Schema {
  const own = {
    type: 'object',
    required: ['type', 'data'],
    properties: { type: { type: 'string', const: type }, data: refTo(`${nameOf(type)}Data`) },
  }
  return {
    description: `The notifier \`${name}\` listens to it.`,
    allOf: [refTo('PostedEventFields'), own],
    unevaluatedProperties: false,
    examples: [{ ...sample, type }],
  }
}
