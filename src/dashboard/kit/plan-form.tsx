// What is shown before an act on many: what it would do, the button that does it, and the way back.
import type { ReactNode } from 'react'
import type { Visit } from '../../http/dashboard/page.ts'
import { PostForm } from './parts.tsx'

interface PlanFormProps {
  visit: Visit
  action: string
  /** What the act is asked with. */
  asked: Record<string, string>
  /** What it would do. */
  lines: string[]
  act: { text: string; isDangerous: boolean }
  back: string
  /** What a person has to fill in before. */
  children?: ReactNode
}

export function PlanForm({ visit, action, asked, lines, act, back, children }: PlanFormProps) {
  return (
    <PostForm visit={visit} action={action} className="confirm measure">
      {Object.entries(asked).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {children}
      <div className="btns">
        <button className={act.isDangerous ? 'btn danger final' : 'btn main'} type="submit">
          {act.text}
        </button>
        <a className="btn" href={back}>
          Go back
        </a>
      </div>
    </PostForm>
  )
}
