// What an operator can do with a notification, and where an act is not offered, why.
import type { ReactNode } from 'react'
import type { Visit } from '../../http/dashboard/page.ts'
import { Field, Panel, PostForm } from '../kit/parts.tsx'
import { SettleButtons } from '../kit/settle-buttons.tsx'
import type { NotificationAudit } from '../kit/shown.ts'
import { actsFor, waysOn } from './can.ts'

interface ActsProps {
  visit: Visit
  n: NotificationAudit
}

export function ActsPanel({ visit, n }: ActsProps) {
  return (
    <Panel id="do" title="What you can do">
      {visit.mayAct ? (
        <Acts visit={visit} n={n} />
      ) : (
        <div className="in">
          <p className="small quiet">
            A viewer’s key can only read. To send it again, cancel it, settle it or suppress the address, sign in with
            an operator’s key.
          </p>
        </div>
      )}
    </Panel>
  )
}

function Acts({ visit, n }: ActsProps) {
  const acts = actsFor(n)
  const page = `/dashboard/notifications/${n.id}`
  const action = (act: string) => `${page}/${act}`
  const { settle } = acts
  const retry = (
    <Act key="retry" title="Send it again" text={acts.retry.text}>
      {acts.retry.isOffered && <OneButton visit={visit} action={action('retry')} text="Send it again" />}
      {waysOn(n).length > 0 && (
        <div className="btns">
          {waysOn(n).map(({ text, to }) => (
            <a className="btn" key={to} href={to}>
              {text}
            </a>
          ))}
        </div>
      )}
    </Act>
  )
  const cancel = (
    <Act key="cancel" title="Cancel it" text={acts.cancel.text}>
      {acts.cancel.isOffered && <OneButton visit={visit} action={action('cancel')} text="Cancel it" />}
    </Act>
  )
  return (
    <ul className="acts">
      {settle && (
        <Act title="Settle it" text={settle.text}>
          <SettleButtons visit={visit} page={page} />
        </Act>
      )}
      {/* What is offered comes first. */}
      {acts.cancel.isOffered ? [cancel, retry] : [retry, cancel]}
      {acts.suppress.isOffered ? (
        <li>
          <Suppress visit={visit} n={n} action={action('suppress')} />
        </li>
      ) : (
        <Act title="Suppress the address" text={acts.suppress.text} />
      )}
    </ul>
  )
}

function OneButton({ visit, action, text }: Pick<ActsProps, 'visit'> & { action: string; text: string }) {
  return (
    <PostForm visit={visit} action={action} className="btns">
      <button className="btn" type="submit">
        {text}
      </button>
    </PostForm>
  )
}

function Act({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <li>
      <b>{title}</b>
      <p className="off">{text}</p>
      {children}
    </li>
  )
}

function Suppress({ visit, n, action }: ActsProps & { action: string }) {
  return (
    <details>
      <summary>Suppress the address</summary>
      <PostForm visit={visit} action={action} confirm>
        <p>
          <b>
            Stop all {n.channel === 'sms' ? 'SMS' : 'email'} to {n.to}?
          </b>
        </p>
        <ul className="small">
          <li>Order and payment messages stop too.</li>
          <li>What waits for this address is not sent either.</li>
          <li>You can lift it later.</li>
        </ul>
        <Field
          name="reason"
          label="Reason, kept with your name"
          required
          maxLength={200}
          placeholder="Asked for it by phone"
        />
        <div className="btns">
          <button className="btn danger final" type="submit">
            Suppress the address
          </button>
        </div>
      </PostForm>
    </details>
  )
}
