// The parts that pages are made of: answers, panels, badges, facts, times, forms.
import type { ReactNode } from 'react'
import type { Visit } from '../../http/dashboard/page.ts'
import { Icon, type IconName } from './icons.tsx'
import { clockTime } from './times.ts'

export type Tone = 'good' | 'move' | 'ask' | 'bad' | 'still'

/** The first line of a page: what it has to say, then what that means. */
export function Answer({ tone, icon, children }: { tone: Tone; icon: IconName; children: ReactNode }) {
  return (
    <div className={`answer tone-${tone}`}>
      <Icon name={icon} />
      {children}
    </div>
  )
}

export function Badge({
  tone,
  icon,
  bare,
  children,
}: {
  tone: Tone
  icon: IconName
  bare?: boolean
  children: ReactNode
}) {
  return (
    <span className={`badge tone-${tone}${bare ? ' bare' : ''}`}>
      <Icon name={icon} />
      {children}
    </span>
  )
}

interface PanelProps {
  /** Names the section, and is where a link leads. */
  id: string
  title: ReactNode
  aside?: ReactNode
  children: ReactNode
}

export function Panel({ id, title, aside, children }: PanelProps) {
  return (
    <section className="panel" id={id} aria-labelledby={`h-${id}`}>
      <header>
        <h2 id={`h-${id}`}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}

/** Rows without a value are left out. */
export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(
        ([name, value]) =>
          value !== null &&
          value !== undefined &&
          value !== '' && (
            <div className="fact" key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

/** A time in UTC; `children` where it is written in another way. */
export function Time({ at, children }: { at: string; children?: string }) {
  return <time dateTime={at}>{children ?? clockTime(at)}</time>
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** A form that posts, with the token against forged ones. `confirm`: it is drawn as a dangerous act. */
export function PostForm({
  visit,
  action,
  confirm,
  className = confirm ? 'confirm' : undefined,
  target,
  children,
}: {
  visit: Pick<Visit, 'csrf'>
  action: string
  confirm?: boolean
  className?: string
  /** The name of the frame that shows the answer. */
  target?: string
  children: ReactNode
}) {
  return (
    <form method="post" action={action} className={className} target={target}>
      <input type="hidden" name="csrf" value={visit.csrf} />
      {children}
    </form>
  )
}

interface FieldProps {
  name: string
  /** Where a page has two fields of one name. */
  id?: string
  label: string
  hint?: string
  /** What is wrong with its value. */
  fault?: string
  type?: 'text' | 'search' | 'datetime-local' | 'number'
  value?: string
  required?: boolean
  maxLength?: number
  placeholder?: string
}

export function Field({ name, id = `f-${name}`, label, hint, fault, type = 'text', value, ...rest }: FieldProps) {
  const about = [hint && `${id}-h`, fault && `${id}-f`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        defaultValue={value}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={about || undefined}
        autoComplete="off"
        {...rest}
      />
      {fault && (
        <span className="fault" id={`${id}-f`}>
          <Icon name="cross" />
          {fault}
        </span>
      )}
      {hint && (
        <span className="hint" id={`${id}-h`}>
          {hint}
        </span>
      )}
    </div>
  )
}

interface SelectProps {
  name: string
  label: string
  value: string
  /** The first is the one for none, such as `All`. */
  options: [value: string, text: string][]
}

export function Select({ name, label, value, options }: SelectProps) {
  const id = `f-${name}`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} defaultValue={value}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

/** `3 events`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`
}
