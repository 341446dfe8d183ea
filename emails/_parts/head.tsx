// The head of every email. Its style sheet only improves phones, dark mode and the lines of the heading, as some clients drop it.
import { createElement } from 'react'
import { dark } from './tokens.ts'

const sheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
.h1 { text-wrap: balance; }
@media (max-width: 480px) {
  .out { padding: 0 !important; }
  .px { padding-left: 20px !important; padding-right: 20px !important; }
  .h1 { font-size: 22px !important; line-height: 28px !important; }
  .tall { line-height: 32px !important; }
  .btn { width: 100% !important; }
  .btn a { display: block !important; }
  .round { border-radius: 0 !important; }
}
@media (prefers-color-scheme: dark) {
  .bg { background-color: ${dark.ground} !important; }
  .card { background-color: ${dark.card} !important; }
  .box { background-color: ${dark.box} !important; }
  .bar { background-color: ${dark.second} !important; }
  .t1 { color: ${dark.text} !important; }
  .t2 { color: ${dark.second} !important; }
  .rule { border-color: ${dark.rule} !important; }
  .rule2 { border-color: ${dark.second} !important; }
}
[data-ogsb] .bg { background-color: ${dark.ground} !important; }
[data-ogsb] .card { background-color: ${dark.card} !important; }
[data-ogsb] .box { background-color: ${dark.box} !important; }
[data-ogsb] .bar { background-color: ${dark.second} !important; }
[data-ogsc] .t1 { color: ${dark.text} !important; }
[data-ogsc] .t2 { color: ${dark.second} !important; }
`

export function EmailHead({ title }: { title: string }) {
  return (
    <head>
      <meta content="text/html; charset=UTF-8" httpEquiv="Content-Type" />
      <meta name="x-apple-disable-message-reformatting" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>{title}</title>
      {createElement('mso-head')}
      <style>{sheet}</style>
    </head>
  )
}
