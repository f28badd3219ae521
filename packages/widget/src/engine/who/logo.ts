/** The picture before the name in the header: an agent's, or the app's logo; the page's own comes first. */
import { pictureOf } from './picture.ts'

const shown = new WeakMap<
  HTMLElement,
  { readonly url: string | undefined; readonly picture: HTMLElement | null }
>()

const FACE = { inlineSize: '36px', blockSize: '36px', borderRadius: '50%', objectFit: 'cover' }
const LOGO = { maxInlineSize: '120px', maxBlockSize: '40px', objectFit: 'contain' }

/** The letter stays where there is no picture, and where it cannot be loaded. */
export function showLogo(panel: HTMLElement, url: string | undefined, isFace: boolean): void {
  const slot = panel.querySelector<HTMLSlotElement>('slot[name=header-logo]')
  const before = shown.get(panel)
  if (slot === null || before?.url === url) return
  const isOwn = slot.assignedElements().length > 0
  before?.picture?.remove()
  slot.hidden = false
  const picture = url === undefined || isOwn ? null : pictureOf(url)
  shown.set(panel, { url, picture })
  if (picture === null) return
  picture.slot = 'header-logo'
  picture.setAttribute('part', 'header-mark')
  Object.assign(picture.style, isFace ? FACE : LOGO, { flex: 'none', marginInlineEnd: '12px' })
  picture.onload = () => {
    if (shown.get(panel)?.picture !== picture) return
    panel.append(picture)
    slot.hidden = true
  }
}
