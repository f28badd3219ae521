/**
 * Colours with enough contrast, whatever a host chooses: WCAG 2.2 AA, 4.5:1 for text and 3:1 for edges and focus rings.
 * The text on the accent needs no script and is derived in `shell.styles.ts`.
 */

/** Red, green and blue of sRGB, 0 to 1. */
type Color = readonly [number, number, number]

export interface Palette {
  readonly accent: Color
  readonly surface: Color
  readonly text: Color
  readonly danger: Color
  readonly ok: Color
}

const BLACK: Color = [0, 0, 0]
const WHITE: Color = [1, 1, 1]
const STEPS = 20
/** AA requires 4.5 and 3; the rest is for rounding to 8 bits. */
const TEXT_CONTRAST = 4.54
const EDGE_CONTRAST = 3.03

/** Parses a computed colour: `rgb(36, 87, 230)`, or `color(srgb 0.14 0.34 0.9)` of a `color-mix()`. */
export function parseColor(computed: string): Color {
  const [red = 0, green = 0, blue = 0] = (computed.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number)
  const most = computed.startsWith('rgb') ? 255 : 1
  return [red / most, green / most, blue / most]
}

const linear = (channel: number) =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4

const luminance = ([red, green, blue]: Color) =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)

export function contrastOf(one: Color, other: Color): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const mix = (from: Color, to: Color, share: number): Color => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
]

const poleOf = (surface: Color) => (contrastOf(BLACK, surface) > contrastOf(WHITE, surface) ? BLACK : WHITE)

/** The first colour between `from` and `to`, starting at a share of the way, that has the contrast on all grounds. */
function reach(from: Color, to: Color, share: number, contrast: number, grounds: readonly Color[]): Color {
  for (let step = 0; step < STEPS; step += 1) {
    const color = mix(from, to, share + ((1 - share) * step) / STEPS)
    if (grounds.every((ground) => contrastOf(color, ground) >= contrast)) return color
  }
  return to
}

/** Values of the panel's custom properties, from the host's. `given`: the computed style of the panel's probe. */
export const readableColors = (given: CSSStyleDeclaration) =>
  propertiesFor({
    accent: parseColor(given.caretColor),
    surface: parseColor(given.backgroundColor),
    text: parseColor(given.color),
    danger: parseColor(given.outlineColor),
    ok: parseColor(given.columnRuleColor),
  })

export function propertiesFor(palette: Palette): Readonly<Record<string, string>> {
  const { accent, surface, danger, ok } = palette
  const pole = poleOf(surface)
  const wanted = reach(palette.text, pole, 0, TEXT_CONTRAST, [surface])
  const lifted = mix(surface, wanted, 0.07)
  // On a middling surface hardly any text is readable; a shade away from the text keeps the contrast there is.
  const raised =
    contrastOf(pole, lifted) >= TEXT_CONTRAST ? lifted : mix(surface, pole === BLACK ? WHITE : BLACK, 0.07)
  const grounds = [surface, raised]
  const text = reach(wanted, pole, 0, TEXT_CONTRAST, grounds)
  const colors = {
    text,
    raised,
    muted: reach(surface, text, 0.72, TEXT_CONTRAST, grounds),
    edge: reach(surface, text, 0.48, EDGE_CONTRAST, [surface]),
    ring: reach(accent, pole, 0, EDGE_CONTRAST, [surface]),
    danger: reach(danger, pole, 0, TEXT_CONTRAST, grounds),
    ok: reach(ok, pole, 0, TEXT_CONTRAST, grounds),
  }
  return Object.fromEntries(
    Object.entries(colors).map(([name, color]) => [
      `--_${name}`,
      `rgb(${color.map((channel) => Math.round(channel * 255)).join(' ')})`,
    ]),
  )
}
