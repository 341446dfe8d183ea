// Bars over time, drawn on the server: one strip for each series, over one axis.
import { scaleBand, scaleLinear } from 'd3-scale'
import { Time } from '../kit/parts.tsx'
import { minute } from '../kit/times.ts'

const width = 960
const height = 40
/** What is not zero is seen. */
const leastBar = 1

export interface Series {
  title: string
  /** What is counted: `events`. */
  unit: string
  tone?: 'good' | 'bad'
  values: number[]
}

interface StripsProps {
  series: Series[]
  /** When each bar begins. */
  times: Date[]
  /** `15 minutes`. */
  each: string
  now: Date
}

export function Strips({ series, times, each, now }: StripsProps) {
  const ends = [times[0], times[Math.floor(times.length / 2)], times.at(-1)].filter((at) => at !== undefined)
  return (
    <div className="strips">
      {series.map((one) => (
        <Strip key={one.title} series={one} each={each} />
      ))}
      <div className="axis">
        {ends.map((at) => (
          <Time key={at.getTime()} at={at.toISOString()}>
            {minute(at.toISOString(), now)}
          </Time>
        ))}
      </div>
    </div>
  )
}

function Strip({ series: { title, unit, tone, values }, each }: { series: Series; each: string }) {
  const peak = Math.max(...values, 0)
  const total = values.reduce((sum, n) => sum + n, 0)
  const x = scaleBand(values.keys(), [0, width]).paddingInner(0.2)
  const y = scaleLinear([0, Math.max(peak, 1)], [0, height])
  return (
    <figure className="strip">
      <figcaption>
        <b>{title}</b>
        <span>{unit}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}, ${unit} in ${each} each: ${total} in all, ${peak} at most.`}
      >
        {values.map((n, i) => {
          const tall = n === 0 ? 0 : Math.max(leastBar, y(n))
          const left = x(i) ?? 0
          return (
            <rect
              key={left}
              className={`bar ${n === 0 ? 'base' : (tone ?? '')}`}
              x={left.toFixed(1)}
              y={(height - Math.max(tall, leastBar)).toFixed(1)}
              width={x.bandwidth().toFixed(1)}
              height={Math.max(tall, leastBar).toFixed(1)}
            />
          )
        })}
      </svg>
      <div className="sum">
        {total.toLocaleString('en-GB')}
        <small>peak {peak.toLocaleString('en-GB')}</small>
      </div>
    </figure>
  )
}
