// The page that lists every problem with its meaning and its fix; the `type` of a problem leads to its place here.
import { type ProblemCode, problemStatuses } from '../../domain/problem.ts'
import { problemWords } from '../problems/problem-words.ts'
import { Page, renderPage } from './page.tsx'
import { WithCode } from './with-code.tsx'

export function problemsPage(brand: string, sheet: string): string {
  const codes = Object.keys(problemStatuses) as ProblemCode[]
  return renderPage(
    <Page lang="en" dir="ltr" title="Problems" brand={brand} sheet={sheet} foot={null}>
      <h1>Problems</h1>
      <p className="quiet">Each answer that is not a success has one of these codes.</p>
      {codes.map((code) => (
        <Problem key={code} code={code} />
      ))}
    </Page>,
  )
}

function Problem({ code }: { code: ProblemCode }) {
  const { title, meaning, fix } = problemWords[code]
  return (
    <section className="panel" id={code}>
      <div className="in">
        <h2>{title}</h2>
        <p className="faint small">
          <code>{code}</code> {problemStatuses[code]}
        </p>
        <p>
          <WithCode text={meaning} />
        </p>
        <p>
          <WithCode text={fix} />
        </p>
      </div>
    </section>
  )
}
