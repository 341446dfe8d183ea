// One operation of the API: who may call it, what it takes, and what it answers.
import type { ReactNode } from 'react'
import type { Operation } from '../../openapi/described.ts'
import { WithCode } from '../with-code.tsx'
import { Fields, Type } from './schema.tsx'

interface OperationProps {
  method: string
  /** A path, or what an app is told. */
  path: string
  operation: Operation
  /** The codes of a problem's response, by its name. */
  codesOf(response: string): string[]
}

export function OperationPanel({ method, path, operation, codesOf }: OperationProps) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  return (
    <section className="panel" id={operationId}>
      <div className="in">
        <h3>{summary}</h3>
        <p className="call">
          <span className="verb">{method.toUpperCase()}</span> <code>{path}</code>
        </p>
        <p className="quiet">{whoMay(operation)}</p>
        {description && (
          <p>
            <WithCode text={description} />
          </p>
        )}
        {parameters.length > 0 && (
          <Part title="Parameters">
            <Fields
              of={parameters.map(({ name, schema, description, ...one }) => ({
                name,
                schema,
                description,
                note: one.required ? one.in : `${one.in}, optional`,
              }))}
            />
          </Part>
        )}
        {requestBody && (
          <Part title={requestBody.required ? 'Body' : 'Body, optional'}>
            {Object.entries(requestBody.content ?? {}).map(([type, { schema = {} }]) => (
              <p key={type}>
                <Type of={schema} /> <span className="type">{type}</span>
              </p>
            ))}
          </Part>
        )}
        <Part title="Answers">
          <dl className="fields">
            {Object.entries(responses).map(([status, response]) => (
              <Answer key={status} status={status} response={response} codesOf={codesOf} />
            ))}
          </dl>
        </Part>
      </div>
    </section>
  )
}

function whoMay({ security = [] }: Operation): string {
  const schemes = security.map((one) => Object.keys(one))
  const roles = security.flatMap(({ key = [] }) => key)
  if (roles.length > 0) return `With a key of the role ${roles.join(' or ')}.`
  if (schemes.length === 0) return 'Without a key.'
  return schemes.flat().includes('webhookSignature') ? 'Signed as a Standard Webhook.' : 'Signed by the vendor.'
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="part">
      <h4>{title}</h4>
      {children}
    </div>
  )
}

interface AnswerProps extends Pick<OperationProps, 'codesOf'> {
  status: string
  response: Operation['responses'][string]
}

function Answer({ status, response, codesOf }: AnswerProps) {
  const codes = response.$ref ? codesOf(response.$ref.split('/').at(-1) ?? '') : []
  const contents = Object.entries(response.content ?? {})
  return (
    <div>
      <dt>
        <code>{status === 'default' ? 'other' : status}</code>
      </dt>
      <dd>
        {codes.map((code, i) => (
          <span key={code}>
            {i > 0 && ', '}
            <a href={`docs/problems#${code}`}>{code}</a>
          </span>
        ))}
        {response.$ref && codes.length === 0 && <a href="docs/problems">a problem</a>}
        {!response.$ref && contents.length === 0 && response.description}
        {contents.map(([type, { schema = {} }], i) => (
          <span key={type}>
            {i > 0 && ', or '}
            <Type of={schema} /> {type !== 'application/json' && <span className="type">{type}</span>}
          </span>
        ))}
      </dd>
    </div>
  )
}
