/**
 * Colours with enough contrast, whatever a host chooses: WCAG 2.2 AA, 4.5:1 for text and 3:1 for edges and focus rings.
 * The text on the accent needs no script and is derived in `shell.styles.ts`.
 */
import { ACCENT, DANGER, DANGER_DARK, OK, OK_DARK, SURFACE, SURFACE_DARK, TEXT, TEXT_DARK } from './colors.ts'

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

/**
 * Parses a computed colour: `rgb(36, 87, 230)`, or `color(srgb 0.14 0.34 0.9 / 0.5)` of a `color-mix()`. One that lets
 * something through is mixed with `ground`; one outside of sRGB, with channels below 0 or above 1, is cut as on a screen.
 */
export function parseColor(computed: string, ground: Color = WHITE): Color {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (computed.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number)
  const most = computed.startsWith('rgb') ? 255 : 1
  const inSrgb = (channel: number) => Math.min(1, Math.max(0, channel / most))
  return mix(ground, [inSrgb(red), inSrgb(green), inSrgb(blue)], alpha)
}

const parseHex = (hex: string) =>
  parseColor(`color(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).join(' ')})`)

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

const INITIAL = { accent: ACCENT, surface: SURFACE, text: TEXT }
const INITIAL_DARK = { accent: ACCENT, surface: SURFACE_DARK, text: TEXT_DARK }

/** Sets the panel's custom properties, from the host's. `probe`: below the frame, with the class `probe`. */
export function recolor(frame: HTMLElement, probe: HTMLElement): void {
  const isDark = frame.hasAttribute('data-dark')
  const ground = isDark ? BLACK : WHITE
  for (const [name, initial] of Object.entries(isDark ? INITIAL_DARK : INITIAL)) {
    const chosen = `var(--chat-${name}, ${initial})`
    // The frame has the derived colours; the probe keeps the host's.
    probe.style.setProperty(`--_${name}`, isDark ? `var(--chat-${name}-dark, ${chosen})` : chosen)
  }
  // Any notation, e.g. `oklch()`, is computed as one in sRGB.
  const inSrgb = (name: string) => `color-mix(in srgb, var(--_${name}) 100%, #000)`
  const { style } = probe
  style.caretColor = inSrgb('accent')
  style.backgroundColor = inSrgb('surface')
  style.color = inSrgb('text')
  const given = getComputedStyle(probe)
  // During a transition, the colours are not the host's.
  for (const transition of probe.getAnimations()) transition.finish()
  const surface = parseColor(given.backgroundColor, ground)
  const colors = propertiesFor({
    accent: parseColor(given.caretColor, surface),
    surface,
    text: parseColor(given.color, surface),
    danger: parseHex(isDark ? DANGER_DARK : DANGER),
    ok: parseHex(isDark ? OK_DARK : OK),
  })
  for (const [name, color] of Object.entries(colors)) frame.style.setProperty(name, color)
}

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
    accent,
    surface,
    text,
    raised,
    muted: reach(surface, text, 0.72, TEXT_CONTRAST, grounds),
    edge: reach(surface, text, 0.48, EDGE_CONTRAST, grounds),
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
