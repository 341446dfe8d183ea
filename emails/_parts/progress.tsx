// A course in an email: its title, a progress bar, and the progress as text. The bar is a table of two cells, which every
// mail client can draw.
import { Row } from './blocks.tsx'
import type { Frame } from './frame.ts'
import { withoutBidiControls } from './isolate.ts'
import { fill, sized, table } from './styles.ts'
import { barOf, light } from './tokens.ts'

export interface Course {
  title: string
  /** From 0 to 100. */
  percent: number
  /** `7 of 12 lessons`. */
  progress: string
  /** `95 minutes`; null where it is unknown. */
  time: string | null
  url?: string | null
}

const thin = { fontSize: '1px', lineHeight: '8px', height: '8px' }

export function CourseProgress({ frame, course, isLink }: { frame: Frame; course: Course; isLink: boolean }) {
  const { percent, progress, time, url } = course
  const title = withoutBidiControls(course.title)
  const bar = barOf(frame.brand.color)
  const bold = { ...sized(16, 24, light.text), fontWeight: 'bold', wordBreak: 'break-word' } as const
  return (
    <Row dir={frame.dir} padding="0 32px 24px">
      <p className="t1" dir="auto" style={{ margin: '0 0 8px', ...bold }}>
        {isLink && url ? (
          <a href={url} className="t1" style={bold}>
            {title}
          </a>
        ) : (
          title
        )}
      </p>
      <table {...table} data-text="skip" aria-hidden="true" width="100%" style={{ tableLayout: 'fixed' }}>
        <tbody>
          <tr>
            {percent > 0 && (
              <td
                className={bar.isLostInDark ? 'bar' : undefined}
                width={`${percent}%`}
                height="8"
                {...fill(bar.color, { ...thin, borderRadius: '4px' })}
              >
                {'\u00a0'}
              </td>
            )}
            {percent < 100 && (
              <td
                className="box"
                width={`${100 - percent}%`}
                height="8"
                {...fill(light.box, { ...thin, borderRadius: '4px' })}
              >
                {'\u00a0'}
              </td>
            )}
          </tr>
        </tbody>
      </table>
      <p className="t2" style={{ margin: '8px 0 0', ...sized(14, 20, light.second) }}>
        {[progress, time].filter(Boolean).join(' · ')}
      </p>
    </Row>
  )
}
