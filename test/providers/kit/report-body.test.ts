// Forms are read as URLSearchParams reads them, and in little time whatever they hold.
import { expect, it } from 'vitest'
import { bodyOf, formOf } from '../../../src/providers/kit/report-body.ts'
import { maxParameters } from '../../../src/wire/form.ts'

const query = new URLSearchParams('from=the+query')

it.each(['a=1+2&b=%2B1', '+a+=+', 'a=%20+%2b', '=&&a', 'a=é+ü', 'a=%ff+%zz', '&'])('the form %j', (text) => {
  const read = [...(formOf(Buffer.from(text)) ?? [])].flatMap(([name, values]) => values.map((value) => [name, value]))
  expect(read).toEqual([...new URLSearchParams(text)])
})

it('a mebibyte of plus signs is one parameter of spaces', () => {
  const form = formOf(Buffer.alloc(1024 * 1024, '+'))
  expect([...(form ?? [])]).toEqual([[' '.repeat(1024 * 1024), ['']]])
})

it('the bytes of the request stay as they were: its signature is over them', () => {
  const raw = Buffer.from('a=1+2')
  expect(bodyOf({ raw, query })).toEqual({ a: '1 2' })
  expect(raw.toString()).toBe('a=1+2')
})

it('a form has no more parameters than are read, and the query is read where there is no body', () => {
  expect(formOf(Buffer.from('a&'.repeat(maxParameters)))).toBeNull()
  expect(formOf(Buffer.from('a&'.repeat(maxParameters - 1)))?.get('a')).toHaveLength(maxParameters - 1)
  expect(bodyOf({ raw: Buffer.alloc(0), query })).toEqual({ from: 'the query' })
})
