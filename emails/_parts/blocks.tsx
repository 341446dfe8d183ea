// What an email is built of, each a row of the layout's card: opening, button, facts, help.
// A part with nothing to say draws nothing.
import type { ReactNode } from 'react'
import type { Frame } from './frame.ts'
import { unturned } from './isolate.ts'
import { isTall } from './locale.ts'
import { fill, sized, table } from './styles.ts'
import { light, onBrand } from './tokens.ts'

export function Row({ dir, padding, children }: { dir: Frame['dir']; padding: string; children: ReactNode }) {
  return (
    <tr>
      <td className="card px" align={dir === 'rtl' ? 'right' : 'left'} {...fill(light.card, { padding })}>
        {children}
      </td>
    </tr>
  )
}

/** The heading that says it all, and the one paragraph: `heading` and `body` of the notifier's words. */
export function Opening({ frame }: { frame: Frame }) {
  const tall = isTall(frame.lang)
  const h1 = { margin: 0, ...sized(26, tall ? 36 : 32, light.text), fontWeight: 'bold' }
  const tight = tall ? {} : { letterSpacing: '-0.2px' }
  return (
    <Row dir={frame.dir} padding="32px 32px 24px">
      <h1 className={tall ? 't1 h1 tall' : 't1 h1'} style={{ ...h1, ...tight, wordBreak: 'break-word' }}>
        {frame.say.text('heading')}
      </h1>
      <p className="t1" style={{ margin: '12px 0 0', ...sized(16, 25, light.text), wordBreak: 'break-word' }}>
        {frame.say('body')}
      </p>
    </Row>
  )
}

interface ActionProps {
  frame: Frame
  href: string | null | undefined
  /** Shows the address beneath as text, for mail where money is due. */
  withAddress?: boolean
}

/** The one button, with `action` of the notifier's words; without an address to go to, none. */
export function Action({ frame, href, withAddress = false }: ActionProps) {
  if (!href) return null
  const { brand, dir, say } = frame
  const cell = { borderRadius: '6px', msoPaddingAlt: '14px 28px' }
  const link = { ...sized(16, 20, onBrand(brand.color)), display: 'inline-block', padding: '14px 28px' }
  return (
    <Row dir={dir} padding="0 32px 28px">
      <table {...table} className="btn">
        <tbody>
          <tr>
            <td align="center" {...fill(brand.color, cell)}>
              <a href={href} style={{ ...link, fontWeight: 'bold', textDecoration: 'none', borderRadius: '6px' }}>
                {say.text('action')}
              </a>
            </td>
          </tr>
        </tbody>
      </table>
      {withAddress && (
        <p data-text="skip" className="t2" style={{ margin: '16px 0 0', ...sized(14, 21, light.second) }}>
          {say.text('action.address')}
          <br />
          <a href={href} className="t2" style={{ color: light.second, wordBreak: 'break-all' }}>
            {href}
          </a>
        </p>
      )}
    </Row>
  )
}

/** `label.<name>` of the words, and what is known. */
export type Fact = [name: string, value: string | null | undefined]

/** What is known, a row each; what is not known has no row. */
export function Facts({ frame, facts }: { frame: Frame; facts: Fact[] }) {
  const known = facts.filter(([, value]) => value)
  if (known.length === 0) return null
  const gap = frame.dir === 'rtl' ? '0 0 0 16px' : '0 16px 0 0'
  const align = frame.dir === 'rtl' ? 'right' : 'left'
  return (
    <Row dir={frame.dir} padding="0 32px 24px">
      <table {...table} className="box" width="100%" {...fill(light.box, { borderRadius: '6px' })}>
        <tbody>
          <tr>
            <td style={{ padding: '12px 20px' }}>
              <table {...table} width="100%">
                <tbody>
                  {known.map(([name, value]) => (
                    <tr key={name} data-text="pair">
                      <td
                        className="t2"
                        valign="top"
                        align={align}
                        width="1%"
                        style={{ padding: '4px 0', ...sized(14, 20, light.second) }}
                      >
                        <span style={{ display: 'inline-block', padding: gap, whiteSpace: 'nowrap' }}>
                          {frame.say.text(`label.${name}`)}
                        </span>
                      </td>
                      <td
                        className="t1"
                        valign="top"
                        align={align}
                        dir="auto"
                        style={{ padding: '4px 0', ...sized(14, 20, light.text), wordBreak: 'break-word' }}
                      >
                        {value && unturned(value)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </td>
          </tr>
        </tbody>
      </table>
    </Row>
  )
}

/** `help` of the notifier's words, where it has one, and the way to a person, where there is one. */
export function Help({ frame }: { frame: Frame }) {
  const { say } = frame
  const words = [say.has('help') && say.text('help'), frame.repliesRead && say.text('help.reply')].filter(Boolean)
  if (words.length === 0) return null
  return (
    <Row dir={frame.dir} padding="0 32px 28px">
      <p className="t2" style={{ margin: 0, ...sized(15, 23, light.second) }}>
        {words.join(' ')}
      </p>
    </Row>
  )
}
