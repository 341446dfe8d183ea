// The layout of every email: preheader, brand bar, card and footer, in tables 600 px wide, as mail clients need. The `mso-`
// tags mark the places of Outlook's conditional comments.
import { createElement, type ReactNode } from 'react'
import type { Brand, Frame } from './frame.ts'
import { EmailHead } from './head.tsx'
import { fill, sized, table } from './styles.ts'
import { light, onBrand } from './tokens.ts'

interface LayoutProps {
  /** Its texts include the subject, the preheader (which adds to the subject) and why the person gets this message. */
  frame: Frame
  children: ReactNode
}

// Outlook's 96 dpi setting needs this namespace; React's types have no such prop.
const officeNamespace = { 'xmlns:o': 'urn:schemas-microsoft-com:office:office' }

export function Layout({ frame, children }: LayoutProps) {
  const { brand, lang, dir, t } = frame
  // Mail programs strip the attributes of the html element and the body, so the elements within have them too.
  const language = { lang, dir }
  return (
    <html {...officeNamespace} dir={dir} lang={lang}>
      <EmailHead title={t.text('subject')} />
      <body
        className="bg"
        {...language}
        style={{ margin: 0, padding: 0, backgroundColor: light.ground, WebkitTextSizeAdjust: '100%' }}
      >
        <Preheader {...language}>{t.text('preheader')}</Preheader>
        {/* biome-ignore lint/a11y/useSemanticElements: Outlook does not know <main>. */}
        <div role="main" {...language}>
          <table {...table} {...language} className="bg" width="100%" {...fill(light.ground)}>
            <tbody>
              <tr>
                <td className="out" align="center" style={{ padding: '24px 12px' }}>
                  {createElement('mso-open')}
                  <table {...table} width="100%" style={{ maxWidth: '600px', margin: '0 auto' }}>
                    <tbody>
                      <BrandBar brand={brand} dir={dir} />
                      {children}
                      <CardEnd />
                      <Footer frame={frame} />
                    </tbody>
                  </table>
                  {createElement('mso-close')}
                </td>
              </tr>
            </tbody>
          </table>
        </div>
      </body>
    </html>
  )
}

// Fills the rest of the inbox's preview line, so that the body does not show there.
const padding = '\u034f\u200c\u00a0'.repeat(40)

const hidden = {
  display: 'none',
  maxHeight: 0,
  maxWidth: 0,
  overflow: 'hidden',
  opacity: 0,
  fontSize: '1px',
  lineHeight: '1px',
  color: light.ground,
  msoHide: 'all',
}

function Preheader({ lang, dir, children }: Pick<Frame, 'lang' | 'dir'> & { children: string }) {
  return (
    <div data-text="skip" lang={lang} dir={dir} style={hidden}>
      {children + padding}
    </div>
  )
}

function BrandBar({ brand, dir }: { brand: Brand; dir: Frame['dir'] }) {
  const color = onBrand(brand.color)
  const bar = fill(brand.color, {
    ...sized(18, 24, color),
    fontWeight: 'bold',
    padding: '18px 32px',
    borderRadius: '8px 8px 0 0',
  })
  // Without `display`, `outline` and `border`, some clients draw a gap below an image, or a frame; the rest is for its alt text.
  const image = { display: 'block', outline: 'none', border: 'none', textDecoration: 'none', ...sized(18, 24, color) }
  return (
    <tr>
      <td className="px round" align={dir === 'rtl' ? 'right' : 'left'} dir="auto" {...bar}>
        {brand.logoUrl ? (
          <img src={brand.logoUrl} alt={brand.name} height="28" style={{ ...image, fontWeight: 'bold' }} />
        ) : (
          brand.name
        )}
      </td>
    </tr>
  )
}

function CardEnd() {
  const end = { padding: '0 32px 4px', borderRadius: '0 0 8px 8px', fontSize: '1px', lineHeight: '4px' }
  return (
    <tr data-text="skip">
      <td className="card px round" {...fill(light.card, end)}>
        {'\u00a0'}
      </td>
    </tr>
  )
}

function Footer({ frame }: { frame: Frame }) {
  const { brand, dir, t, unsubscribe } = frame
  const small = { ...sized(13, 20, light.second), wordBreak: 'break-word' } as const
  return (
    <tr>
      <td className="px" align={dir === 'rtl' ? 'right' : 'left'} style={{ padding: '24px 32px 32px' }}>
        <p className="t2" style={{ margin: 0, ...small }}>
          {t.text('because')}
        </p>
        {unsubscribe && (
          <p className="t2" style={{ margin: '12px 0 0', ...small }}>
            {t('leave', {
              unsubscribe: (words) => <FooterLink key="unsubscribe" href={unsubscribe.unsubscribeUrl} words={words} />,
              preferences: (words) => <FooterLink key="preferences" href={unsubscribe.preferencesUrl} words={words} />,
            })}
          </p>
        )}
        {brand.address && (
          <p className="t2" dir="auto" style={{ margin: '12px 0 0', ...small }}>
            {brand.address}
          </p>
        )}
      </td>
    </tr>
  )
}

function FooterLink({ href, words }: { href: string; words: string }) {
  return (
    <a href={href} className="t2" style={{ color: light.second }}>
      {words}
    </a>
  )
}
