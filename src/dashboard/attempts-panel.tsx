// The attempts of a notification with what each provider answered, and its receipts.
import { titleOf } from '../providers/index.ts'
import { count, Panel } from './parts.tsx'
import type { Attempt, NotificationAudit } from './shown.ts'
import { OutcomeBadge } from './states.tsx'
import { shortTime } from './times.ts'

interface AttemptsProps extends Pick<NotificationAudit, 'attempts' | 'receipts' | 'receiptCount'> {
  now: Date
}

export function AttemptsPanel({ attempts, receipts, receiptCount, now }: AttemptsProps) {
  const rounds = attempts.at(-1)?.round
  return (
    <Panel
      id="attempts"
      title="Attempts"
      aside={<span className="faint small">{rounds ? `the last in round ${rounds}` : 'none so far'}</span>}
    >
      {attempts.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Attempt</th>
              <th scope="col">Outcome</th>
              <th scope="col">What the provider answered</th>
              <th scope="col" className="num">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {attempts.map((attempt) => (
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
                  {attempt.latencyMs === null ? 'not yet' : `${attempt.latencyMs} ms`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="in">
        <details>
          <summary>
            Receipts{' '}
            <span className="aside">
              {receipts.length > 0
                ? `${receiptCount}: ${[...new Set(receipts.map(({ kind }) => kind))].join(', ')}`
                : 'none so far'}
            </span>
          </summary>
          <ul className="known">
            {receipts.map((receipt, i) => (
              <li key={i}>
                <span />
                <span>
                  <b>{receipt.kind}</b>, {titleOf(receipt.provider)}, {shortTime(receipt.at ?? receipt.receivedAt, now)}
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
          {receipts.length === 0 && <p className="quiet small">{count(0, 'receipt')} came for it.</p>}
        </details>
      </div>
    </Panel>
  )
}

function Said({ attempt: { statusCode, errorCode, error, providerMessageId, blame, outcome } }: { attempt: Attempt }) {
  if (outcome === null) return <span className="faint">The call is open.</span>
  return (
    <span>
      {statusCode} {errorCode && <code>{errorCode}</code>}
      {blame && <span className="sub">It blames the {blame}.</span>}
      {error && <span className="sub">“{error}”</span>}
      {providerMessageId && <span className="sub mono">{providerMessageId}</span>}
      {!statusCode && !errorCode && !error && !providerMessageId && <span className="faint">nothing more</span>}
    </span>
  )
}
