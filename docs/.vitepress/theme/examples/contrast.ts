/** Measures contrast on the widget as the browser shows it, by the parts that pages may style. */

export interface Measured {
  readonly name: string
  readonly ratio: number
  /** Ratio that WCAG 2.2 AA asks for. */
  readonly wanted: number
}

type Color = readonly [red: number, green: number, blue: number, alpha: number]

/** Parts with text of their own, or with an icon, and what to call them. */
const PARTS: readonly { readonly part: string; readonly name: string; readonly wanted: number }[] = [
  { part: 'title', name: 'Title', wanted: 4.5 },
  { part: 'bubble', name: 'Messages', wanted: 4.5 },
  { part: 'input', name: 'What the visitor types', wanted: 4.5 },
  { part: 'send', name: 'Send button', wanted: 3 },
  { part: 'login-button', name: 'Login button', wanted: 4.5 },
  { part: 'new-conversation', name: 'New conversation', wanted: 4.5 },
  { part: 'launcher', name: 'Launcher', wanted: 3 },
]

/** The elements below a root, through every shadow root. */
function* below(root: ParentNode): Generator<Element> {
  for (const element of root.querySelectorAll('*')) {
    yield element
    if (element.shadowRoot !== null) yield* below(element.shadowRoot)
  }
}

/** Red, green, blue and alpha, 0 to 1, of a colour in any notation. */
function parse(css: string): Color {
  const context = new OffscreenCanvas(1, 1).getContext('2d')
  if (context === null) return [0, 0, 0, 0]
  context.fillStyle = css
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data
  return [red / 255, green / 255, blue / 255, alpha / 255]
}

const parentOf = (element: Element): Element | null => {
  const root = element.getRootNode()
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
}

/** The colour behind an element's text. */
function ground(element: Element): Color {
  for (let at: Element | null = element; at !== null; at = parentOf(at)) {
    const color = parse(getComputedStyle(at).backgroundColor)
    if (color[3] > 0.99) return color
  }
  return [1, 1, 1, 1]
}

const luminance = ([red, green, blue]: Color) => {
  const linear = (channel: number) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function contrast(one: Color, other: Color): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** The lowest contrast of each part that is there, in the order of the list above. */
export function measure(chats: readonly Element[]): readonly Measured[] {
  const elements = chats.flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : [...below(shadowRoot)]))
  return PARTS.flatMap(({ part, name, wanted }) => {
    const found = elements.filter((element) => element.part.contains(part) && element.checkVisibility())
    const ratios = found.map((element) => contrast(parse(getComputedStyle(element).color), ground(element)))
    return ratios.length === 0 ? [] : [{ name, wanted, ratio: Math.min(...ratios) }]
  })
}
