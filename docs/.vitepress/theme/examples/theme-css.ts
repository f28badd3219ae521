/** The theme builder's settings, and the CSS that they are. */
import dusk from '@chat-widget/widget/themes/dusk.css?raw'
import forest from '@chat-widget/widget/themes/forest.css?raw'
import paper from '@chat-widget/widget/themes/paper.css?raw'

export interface Setting {
  /** Custom property of `<chat-widget>`. */
  readonly property: string
  readonly label: string
  readonly kind: 'color' | 'length' | 'font'
  /** The widget's own value; `null` where it derives one. */
  readonly initial: string | null
  readonly most?: number
}

export const SETTINGS: readonly Setting[] = [
  { property: '--chat-accent', label: 'Accent', kind: 'color', initial: '#2457e6' },
  { property: '--chat-surface', label: 'Surface', kind: 'color', initial: '#ffffff' },
  { property: '--chat-text', label: 'Text', kind: 'color', initial: '#191c22' },
  { property: '--chat-accent-dark', label: 'Accent, dark', kind: 'color', initial: null },
  { property: '--chat-surface-dark', label: 'Surface, dark', kind: 'color', initial: '#16181d' },
  { property: '--chat-text-dark', label: 'Text, dark', kind: 'color', initial: '#f0f2f6' },
  { property: '--chat-radius', label: 'Corners', kind: 'length', initial: '18px', most: 40 },
  { property: '--chat-launcher-size', label: 'Launcher', kind: 'length', initial: '60px', most: 96 },
  { property: '--chat-offset-inline', label: 'From the side', kind: 'length', initial: '20px', most: 64 },
  { property: '--chat-offset-block', label: 'From below', kind: 'length', initial: '20px', most: 64 },
  { property: '--chat-font', label: 'Font', kind: 'font', initial: null },
]

/** Property → value, of what is not the widget's own. */
export type Theme = Readonly<Record<string, string>>

export interface Preset {
  readonly name: string
  readonly theme: Theme
}

/** The custom properties of a theme's file. */
const themeOf = (css: string): Theme =>
  Object.fromEntries([...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]))

export const PRESETS: readonly Preset[] = [
  { name: 'Default', theme: {} },
  { name: 'Forest', theme: themeOf(forest) },
  { name: 'Paper', theme: themeOf(paper) },
  { name: 'Dusk', theme: themeOf(dusk) },
  {
    name: 'Yellow on grey',
    theme: { '--chat-accent': '#ffd500', '--chat-surface': '#8f8f8f', '--chat-text': '#9a9a9a' },
  },
]

/** A rule for the host page; empty where nothing was changed. */
export function themeCss(theme: Theme): string {
  const lines = SETTINGS.flatMap(({ property, initial }) => {
    const value = theme[property]
    return value === undefined || value === initial ? [] : [`  ${property}: ${value};\n`]
  })
  return lines.length === 0 ? '' : `chat-widget {\n${lines.join('')}}\n`
}
