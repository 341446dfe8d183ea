// The attempts of a notification with what each provider answered, and its receipts.
import { titleOf } from '../../providers/index.ts'
import { sandboxName } from '../../providers/sandbox/send.ts'
import { count, Panel } from '../kit/parts.tsx'
import type { Attempt, NotificationAudit } from '../kit/shown.ts'
import { OutcomeBadge } from '../kit/states.tsx'
import { Table } from '../kit/table.tsx'
import { shortTime, took } from '../kit/times.ts'

interface AttemptsProps {
  of: Pick<NotificationAudit, 'attempts' | 'attemptCount' | 'receipts' | 'receiptCount'>
  now: Date
}

export function AttemptsPanel({ of: { attempts, attemptCount, receipts, receiptCount }, now }: AttemptsProps) {
  const round = attempts.at(-1)?.round ?? 1
  return (
    <Panel
      id="attempts"
      title="Attempts"
      aside={
        <span className="faint small">
          {attemptCount === 0
            ? 'none'
            : `${attemptCount.toLocaleString('en-GB')}${round > 1 ? `, in ${round} rounds` : ''}`}
        </span>
      }
    >
      {attempts.length > 0 && (
        <Table
          heads={['Attempt', 'Outcome', 'What the provider answered', { num: 'Took' }]}
          rows={attempts}
          row={(attempt) => (
            <tr key={attempt.number}>
              <td className="top1 name">
                <b className="lead">
                  {attempt.number}. {titleOf(attempt.provider)}
                </b>
                <span className="sub">{shortTime(attempt.startedAt, now)}</span>
              </td>
              <td data-k="Outcome">
                <OutcomeBadge outcome={attempt.outcome} />
              </td>
              <td data-k="Answer">
                <Said attempt={attempt} />
              </td>
              <td className="num" data-k="Took">
                {attempt.latencyMs === null ? 'not yet' : took(attempt.latencyMs)}
              </td>
            </tr>
          )}
        />
      )}
      {attemptCount > attempts.length && (
        <p className="in quiet small">
          The first and the latest {attempts.length / 2} of {count(attemptCount, 'attempt')}.
        </p>
      )}
      <div className="in">
        {receipts.length === 0 ? (
          <p className="small quiet">{noReceipt(attempts)}</p>
        ) : (
          <details>
            <summary>
              Receipts{' '}
              <span className="aside">
                {receiptCount.toLocaleString('en-GB')}: {[...new Set(receipts.map(({ kind }) => kind))].join(', ')}
              </span>
            </summary>
            <ul className="known">
              {receipts.map((receipt, i) => (
                <li key={i}>
                  <span />
                  <span>
                    <b>{receipt.kind}</b>, {titleOf(receipt.provider)},{' '}
                    {shortTime(receipt.at ?? receipt.receivedAt, now)}
                    {receipt.code && (
                      <>
                        {' '}
                        <code>{receipt.code}</code>
                      </>
                    )}
                    {receipt.text && <> “{receipt.text}”</>}
                  </span>
                </li>
              ))}
            </ul>
            {receiptCount > receipts.length && (
              <p className="quiet small">
                The first and the latest {receipts.length / 2} of {count(receiptCount, 'receipt')}.
              </p>
            )}
          </details>
        )}
      </div>
    </Panel>
  )
}

/** Where the fault of a refusal lies. */
const blames: Record<NonNullable<Attempt['blame']>, string> = {
  message: 'The fault is in this message or its address, so no other provider is tried.',
  provider: 'The fault is in our account or settings there, not in the message.',
}

function Said({ attempt: { statusCode, errorCode, error, providerMessageId, blame, outcome } }: { attempt: Attempt }) {
  if (outcome === null) return <span className="faint">The call is open.</span>
  // Its words often name the status and the code already.
  const status = statusCode && !error?.includes(String(statusCode)) ? statusCode : null
  const code = errorCode && errorCode !== `http_${statusCode}` && !error?.includes(errorCode) ? errorCode : null
  return (
    <span>
      {error}
      {blame && <span className="sub">{blames[blame]}</span>}
      {(status || code) && (
        <span className="sub">
          {status && `answered ${status}`} {code && <code>{code}</code>}
        </span>
      )}
      {providerMessageId && (
        <>
          {!error && 'It has the message as'}
          <span className="sub mono">{providerMessageId}</span>
        </>
      )}
      {!statusCode && !errorCode && !error && !providerMessageId && <span className="faint">nothing more</span>}
    </span>
  )
}

function noReceipt(attempts: Attempt[]): string {
  if (attempts.length === 0) return 'No provider was called for it.'
  const isUnsent = attempts.every(({ provider }) => provider === sandboxName)
  return isUnsent ? 'No receipt will come: the sandbox sends nothing.' : 'No receipt has come for it so far.'
}
