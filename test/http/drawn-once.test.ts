// Pages that are drawn once and filled for each request.
import { expect, it } from 'vitest'
import { drawnOnce } from '../../src/http/pages/drawn-once.ts'

function pages() {
  const drawn: string[] = []
  const page = drawnOnce()
  return {
    drawn,
    show: (key: string, name: string) =>
      page(key, { name }, (places) => {
        drawn.push(key)
        return `<p title="${places.name}">${key}: ${places.name}</p>`
      }),
  }
}

it('a page is drawn once, and has the own text of each request in every place, as text', () => {
  const { drawn, show } = pages()
  expect(show('a', 'Ada')).toBe('<p title="Ada">a: Ada</p>')
  expect(show('a', '"<b>&')).toBe('<p title="&quot;&lt;b&gt;&amp;">a: &quot;&lt;b&gt;&amp;</p>')
  expect(show('b', 'Ada')).toBe('<p title="Ada">b: Ada</p>')
  expect(drawn).toEqual(['a', 'b'])
})

it('no more than a hundred kinds are kept, and others are drawn each time', () => {
  const { drawn, show } = pages()
  for (let i = 0; i < 101; i++) show(String(i), 'Ada')
  drawn.splice(0)
  expect(show('99', 'Grace')).toBe('<p title="Grace">99: Grace</p>')
  expect(drawn).toEqual([])
  expect(show('100', 'Grace')).toBe('<p title="Grace">100: Grace</p>')
  expect(drawn).toEqual(['100'])
})
