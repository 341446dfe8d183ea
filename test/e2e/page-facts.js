// Runs inside the page: what a person at this width and in this colour scheme is shown. Plain JavaScript, as it is
// handed to the browser as it stands; browser.ts has its types, previews.e2e.ts judges what it finds.
;(() => {
  const blank = /^(?:\s|\u200c|\u034f)*$/

  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 0 &&
    element.getBoundingClientRect().height > 0

  const parse = (css) => {
    const found = css.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/)
    if (!found) throw new Error(`a colour of another form: ${css}`)
    return { rgb: found.slice(1, 4).map(Number), alpha: found[4] === undefined ? 1 : Number(found[4]) }
  }

  const over = (top, bottom) => top.rgb.map((value, i) => value * top.alpha + bottom[i] * (1 - top.alpha))

  const ancestors = (element) => {
    const found = []
    for (let at = element; at; at = at.parentElement) found.push(at)
    return found
  }

  const canvas = () => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = 'Canvas'
    const { rgb } = parse(getComputedStyle(probe).color)
    probe.remove()
    return rgb
  }

  /** The colour that is seen behind an element: every translucent ground over the one beneath it. */
  const groundOf = (element) =>
    ancestors(element).reduceRight((below, at) => over(parse(getComputedStyle(at).backgroundColor), below), canvas())

  const colorOf = (element, ground) => {
    const color = parse(getComputedStyle(element).color)
    const opacity = ancestors(element).reduce((product, at) => product * Number(getComputedStyle(at).opacity), 1)
    return over({ rgb: color.rgb, alpha: color.alpha * opacity }, ground)
  }

  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  const contrast = (one, other) => {
    const [darker, brighter] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (brighter + 0.05) / (darker + 0.05)
  }

  const shownTexts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found = []
    while (walker.nextNode()) {
      const { parentElement, data } = walker.currentNode
      if (!blank.test(data) && isShown(parentElement)) found.push({ element: parentElement, text: data.trim() })
    }
    return found
  }

  const hex = (rgb) => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown)
  const texts = shownTexts()
  return {
    scheme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
    overflowPx: document.scrollingElement.scrollWidth - document.documentElement.clientWidth,
    headings: all('h1').map((element) => element.textContent),
    buttons: all('.btn a').map((element) => ({
      text: element.textContent,
      heightPx: element.getBoundingClientRect().height,
    })),
    images: [...document.images].map((image) => ({
      alt: image.getAttribute('alt'),
      shown: image.complete && image.naturalWidth > 0,
    })),
    texts: texts.map(({ element, text }) => {
      const ground = groundOf(element)
      const color = colorOf(element, ground)
      return { text, color: hex(color), ground: hex(ground), contrast: contrast(color, ground) }
    }),
    onPictures: texts
      .filter(({ element }) => ancestors(element).some((at) => getComputedStyle(at).backgroundImage !== 'none'))
      .map(({ text }) => text),
  }
})()
