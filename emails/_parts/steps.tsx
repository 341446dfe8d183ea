// A short timeline in an email: a filled mark for each past step, an empty one for each to come. The marks are decoration, as
// the texts say the same; a step without a time is not shown.
import { Row } from './blocks.tsx'
import type { Frame } from './frame.ts'
import { sized, table } from './styles.ts'
import { light } from './tokens.ts'

interface Step {
  /** The text is the message `step.<name>`. */
  name: string
  isDone: boolean
  when: string | null | undefined
}

export function Steps({ frame, steps }: { frame: Frame; steps: Step[] }) {
  const { dir, t } = frame
  const known = steps.filter(({ when }) => when)
  if (known.length === 0) return null
  const align = dir === 'rtl' ? 'right' : 'left'
  return (
    <Row dir={dir} padding="0 32px 16px">
      <table {...table} width="100%">
        <tbody>
          {known.map(({ name, isDone, when }) => (
            <tr key={name} data-text="pair">
              <td
                data-text="skip"
                aria-hidden="true"
                className="t2"
                valign="top"
                align="center"
                width="20"
                style={{ padding: '0 0 12px', ...sized(14, 22, light.second) }}
              >
                {isDone ? '●' : '○'}
              </td>
              <td
                className="t1"
                valign="top"
                align={align}
                style={{ padding: dir === 'rtl' ? '0 10px 12px 0' : '0 0 12px 10px', ...sized(16, 22, light.text) }}
              >
                {t.text(`step.${name}`)}
                <br />
                <span data-text="aside" className="t2" style={sized(14, 20, light.second)}>
                  {when}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Row>
  )
}
