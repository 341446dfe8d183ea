import { expect, it } from 'vitest'
import { barOf, contrast, dark, light, onBrand } from '../../emails/_parts/tokens.ts'

it('black on white is 21, a colour on itself 1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#1d5b45', '#1d5b45')).toBe(1)
})

it.each([
  ['light', light],
  ['dark', dark],
])('every text of the %s palette reads on every ground', (_, palette) => {
  for (const ground of [palette.ground, palette.card, palette.box])
    for (const text of [palette.text, palette.second]) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
})

it.each([
  ['#1d5b45', '#ffffff'],
  ['#5b2a78', '#ffffff'],
  ['#2a49c9', '#ffffff'],
  ['#b0241c', '#ffffff'],
  ['#000000', '#ffffff'],
  ['#ffd400', '#16191d'],
  ['#7fdbff', '#16191d'],
  ['#ffffff', '#16191d'],
  ['#ff6f00', '#16191d'],
])('on %s stands %s', (brandColor, text) => {
  expect(onBrand(brandColor)).toBe(text)
  expect(contrast(text, brandColor)).toBeGreaterThanOrEqual(4.5)
})

it('no brand colour at all is worse than 4.19 under its text', () => {
  const greys = Array.from({ length: 256 }, (_, value) => `#${value.toString(16).padStart(2, '0').repeat(3)}`)
  const ratios = greys.map((grey) => contrast(onBrand(grey), grey))
  expect(Math.min(...ratios)).toBeGreaterThan(4.18)
})

it.each(['#1f3a5f', '#1d5b45', '#000000', '#ffffff', '#ffd400', '#7fdbff', '#808080'])(
  'a bar of the colour %s stands out, in the light and in the dark',
  (brandColor) => {
    const { color, isLostInDark } = barOf(brandColor)
    expect(contrast(color, light.box)).toBeGreaterThanOrEqual(3)
    expect(contrast(isLostInDark ? dark.second : color, dark.box)).toBeGreaterThanOrEqual(3)
  },
)
