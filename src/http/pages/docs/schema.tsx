// A schema as people read it: its type in words, and its fields.
import { Fragment, type ReactNode } from 'react'
import type { Schema } from '../../openapi/described.ts'
import { WithCode } from '../with-code.tsx'

export const schemaAnchor = (name: string) => `schema-${name}`
const nameOf = (ref: string) => ref.split('/').at(-1) ?? ''

/** The type in words; a named schema is a link. */
export function Type({ of: schema }: { of: Schema }): ReactNode {
  if (schema.$ref) return <a href={`#${schemaAnchor(nameOf(schema.$ref))}`}>{nameOf(schema.$ref)}</a>
  if (schema.const !== undefined) return <code>{JSON.stringify(schema.const)}</code>
  if (schema.enum) return <Choice of={schema.enum.map((value) => <code key={String(value)}>{String(value)}</code>)} />
  const parts = schema.anyOf ?? schema.oneOf
  if (parts) return <Choice of={parts.map((part, i) => <Type key={partKey(part, i)} of={part} />)} />
  if (schema.items)
    return (
      <>
        list of <Type of={schema.items} />
      </>
    )
  const types = [schema.type ?? 'any'].flat()
  return types.map((type) => (type === 'string' && schema.format ? schema.format : type)).join(' or ')
}

const partKey = (part: Schema, i: number) => part.$ref ?? `${i} ${part.type}`

function Choice({ of: choices }: { of: ReactNode[] }) {
  return choices.map((choice, i) => (
    <Fragment key={i}>
      {i > 0 && ' or '}
      {choice}
    </Fragment>
  ))
}

interface FieldProps {
  name: string
  schema: Schema
  note: string
  description?: string
}

function Field({ name, schema, note, description = schema.description }: FieldProps) {
  return (
    <div>
      <dt>
        <code>{name}</code> <span className="type">{note}</span>
      </dt>
      <dd>
        <span className="type">
          <Type of={schema} />
        </span>
        {description && (
          <p>
            <WithCode text={description} />
          </p>
        )}
      </dd>
    </div>
  )
}

export function Fields({ of: fields }: { of: FieldProps[] }) {
  return (
    <dl className="fields">
      {fields.map((field) => (
        <Field key={field.name} {...field} />
      ))}
    </dl>
  )
}

/** A named schema with its fields and an example. */
export function NamedSchema({ name, schema }: { name: string; schema: Schema }) {
  const own = schema.allOf?.find(({ properties }) => properties) ?? schema
  const based = schema.allOf?.find(({ $ref }) => $ref)
  const fields = Object.entries(own.properties ?? {}).map(([field, of]) => ({
    name: field,
    schema: of,
    note: own.required?.includes(field) ? '' : 'optional',
  }))
  return (
    <section className="panel" id={schemaAnchor(name)}>
      <div className="in">
        <h3>{name}</h3>
        {schema.description && (
          <p>
            <WithCode text={schema.description} />
          </p>
        )}
        {based && (
          <p>
            With the fields of <Type of={based} />.
          </p>
        )}
        {fields.length > 0 ? (
          <Fields of={fields} />
        ) : (
          <p className="type">
            <Type of={schema} />
          </p>
        )}
        {schema.examples?.map((example) => (
          <Example key={JSON.stringify(example)} of={example} label={`An example of ${name}`} />
        ))}
      </div>
    </section>
  )
}

function Example({ of: example, label }: { of: unknown; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what can be focused.
    <section className="code" tabIndex={0} aria-label={label}>
      <pre>{JSON.stringify(example, null, 2)}</pre>
    </section>
  )
}
