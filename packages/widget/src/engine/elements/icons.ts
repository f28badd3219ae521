/** Icons, drawn with strokes in the text's colour. Each is the path of an SVG of 24 by 24. */

export function icon(path: string): Element {
  const create = (tag: string, name: string, value: string) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
    element.setAttribute(name, value)
    return element
  }
  const svg = create('svg', 'viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.append(create('path', 'd', path))
  return svg
}

export const attachIcon = 'M17 8v8a5 5 0 0 1-10 0V7a3 3 0 0 1 6 0v8'
export const backIcon = 'M15 5l-7 7 7 7'
export const closeIcon = 'M6 6l12 12M18 6L6 18'
export const composeIcon = 'M12 5v14M5 12h14'
export const emojiIcon = 'M12 3.5a8.5 8.5 0 1 0 .1 0M8.5 14a4 4 0 0 0 7 0M9 9.5v.5M15 9.5v.5'
export const menuIcon = 'M5 11a1 1 0 1 0 .1 0M12 11a1 1 0 1 0 .1 0M19 11a1 1 0 1 0 .1 0'
export const sendIcon = 'M12 19V5M5.5 11.5L12 5l6.5 6.5'
export const talkIcon = 'M12 3.5a8.5 8.5 0 0 1 0 17c-1.5 0-2.9-.4-4.1-1L3.8 20.2l.9-3.9A8.5 8.5 0 0 1 12 3.5Z'
