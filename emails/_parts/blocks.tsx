// The blocks of an email, each a row of the card: opening, button, facts, help. A block without content renders nothing.
import type { ReactNode } from 'react'
import type { Frame } from './frame.ts'
import { withoutBidiControls } from './isolate.ts'
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

/** The heading and the paragraph: the messages `heading` and `body`. */
export function Opening({ frame }: { frame: Frame }) {
  const tall = isTall(frame.lang)
  const h1 = { margin: 0, ...sized(26, tall ? 36 : 32, light.text), fontWeight: 'bold' }
  const tight = tall ? {} : { letterSpacing: '-0.2px' }
  return (
    <Row dir={frame.dir} padding="32px 32px 24px">
      <h1 className={tall ? 't1 h1 tall' : 't1 h1'} style={{ ...h1, ...tight, wordBreak: 'break-word' }}>
        {frame.t.text('heading')}
      </h1>
      <p className="t1" style={{ margin: '12px 0 0', ...sized(16, 25, light.text), wordBreak: 'break-word' }}>
        {frame.t('body')}
      </p>
    </Row>
  )
}

interface ActionProps {
  frame: Frame
  href: string | null | undefined
  /** Also shows the URL as text, for mail about money that is due. */
  withAddress?: boolean
}

/** The button, with the message `action`; nothing without a URL. */
export function Action({ frame, href, withAddress = false }: ActionProps) {
  if (!href) return null
  const { brand, dir, t } = frame
  const cell = { borderRadius: '6px', msoPaddingAlt: '14px 28px' }
  const link = { ...sized(16, 20, onBrand(brand.color)), display: 'inline-block', padding: '14px 28px' }
  return (
    <Row dir={dir} padding="0 32px 28px">
      <table {...table} className="btn">
        <tbody>
          <tr>
            <td align="center" {...fill(brand.color, cell)}>
              <a href={href} style={{ ...link, fontWeight: 'bold', textDecoration: 'none', borderRadius: '6px' }}>
                {t.text('action')}
              </a>
            </td>
          </tr>
        </tbody>
      </table>
      {withAddress && (
        <p data-text="skip" className="t2" style={{ margin: '16px 0 0', ...sized(14, 21, light.second) }}>
          {t.text('action.address')}
          <br />
          <a href={href} className="t2" style={{ color: light.second, wordBreak: 'break-all' }}>
            {href}
          </a>
        </p>
      )}
    </Row>
  )
}

/** A name, whose label is the message `label.<name>`, and its value. */
export type Fact = [name: string, value: string | null | undefined]

/** One row per fact; a fact without a value has none. */
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
                          {frame.t.text(`label.${name}`)}
                        </span>
                      </td>
                      <td
                        className="t1"
                        valign="top"
                        align={align}
                        dir="auto"
                        style={{ padding: '4px 0', ...sized(14, 20, light.text), wordBreak: 'break-word' }}
                      >
                        {value && withoutBidiControls(value)}
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

/** The message `help`, if there is one, and how to reach a person, if replies are read. */
export function Help({ frame }: { frame: Frame }) {
  const { t } = frame
  const words = [t.has('help') && t.text('help'), frame.repliesRead && t.text('help.reply')].filter(Boolean)
  if (words.length === 0) return null
  return (
    <Row dir={frame.dir} padding="0 32px 28px">
      <p className="t2" style={{ margin: 0, ...sized(15, 23, light.second) }}>
        {words.join(' ')}
      </p>
    </Row>
  )
}
