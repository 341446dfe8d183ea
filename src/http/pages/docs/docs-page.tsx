// The page that describes the API, made of its OpenAPI document. It works without a script.
import { setImmediate } from 'node:timers/promises'
import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { escaped } from '../../../../emails/_parts/compiled.ts'
import type { Described, Operation } from '../../openapi/described.ts'
import { renderPage } from '../page.tsx'
import { OperationPanel } from './operation.tsx'
import { NamedSchema, schemaAnchor } from './schema.tsx'

/** Stands in the page for its contents, which are drawn apart. */
const place = '<contents>'

/** In parts, between which other requests are answered, because all of it takes long. `sheets` are URLs, relative to the base. */
export async function docsPage(document: Described, brand: string, sheets: string[]): Promise<string> {
  let contents = ''
  for (const part of partsOf(document)) {
    contents += renderToStaticMarkup(part)
    await setImmediate()
  }
  return frameOf(document, brand, sheets).replace(escaped(place), () => contents)
}

function frameOf(document: Described, brand: string, sheets: string[]): string {
  return renderPage(
    <html lang="en" dir="ltr">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`API · ${brand}`}</title>
        {sheets.map((sheet) => (
          <link key={sheet} rel="stylesheet" href={sheet} />
        ))}
      </head>
      <body className="docs">
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <Contents document={document} />
        <main id="main">{place}</main>
      </body>
    </html>,
  )
}

function Introduction() {
  return (
    <>
      <h1>The API</h1>
      <p className="lead">
        Events come in, signed or with a key; the API answers what became of them, and lets operators act.
      </p>
      <p>
        This page shows <a href="openapi.json">the OpenAPI document</a>, of which generators make clients. Send a key as{' '}
        <code>Authorization: Bearer &lt;key&gt;</code>. Times are ISO 8601 in UTC, ids are opaque, and every answer that
        is not a success is <a href="docs/problems">a problem</a> with a stable code.
      </p>
    </>
  )
}

interface Listed {
  method: string
  path: string
  operation: Operation
}

function operationsOf({ paths, webhooks }: Described, tag: string): Listed[] {
  return [...Object.entries(paths), ...Object.entries(webhooks)]
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })))
    .filter(({ operation }) => operation.tags.includes(tag))
}

function Contents({ document }: { document: Described }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <nav aria-label="Contents" tabIndex={0}>
      <details>
        <summary>Contents</summary>
        {document.tags.map(({ name }) => (
          <div key={name}>
            <a className="group" href={`#${name}`}>
              {name}
            </a>
            <ul>
              {operationsOf(document, name).map(({ operation }) => (
                <li key={operation.operationId}>
                  <a href={`#${operation.operationId}`}>{operation.operationId}</a>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <a className="group" href="#schemas">
          Schemas
        </a>
        <ul>
          {Object.keys(document.components.schemas).map((name) => (
            <li key={name}>
              <a href={`#${schemaAnchor(name)}`}>{name}</a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  )
}

function partsOf(document: Described): ReactElement[] {
  const codesOf = (response: string) => {
    const [content] = Object.values(document.components.responses[response]?.content ?? {})
    return (content?.schema?.allOf ?? []).flatMap(({ properties }) => (properties?.code?.enum ?? []).map(String))
  }
  return [
    <Introduction key="" />,
    ...document.tags.flatMap((tag) => [
      <GroupHead key={tag.name} tag={tag} />,
      ...operationsOf(document, tag.name).map((listed) => (
        <OperationPanel key={listed.operation.operationId} {...listed} codesOf={codesOf} />
      )),
    ]),
    <h2 key="schemas" id="schemas">
      Schemas
    </h2>,
    ...Object.entries(document.components.schemas).map(([name, schema]) => (
      <NamedSchema key={name} name={name} schema={schema} />
    )),
  ]
}

function GroupHead({ tag }: { tag: Described['tags'][number] }) {
  return (
    <>
      <h2 id={tag.name}>{tag.name}</h2>
      <p className="quiet">{tag.description}</p>
    </>
  )
}
