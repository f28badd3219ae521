/** What a visitor has chosen for this site's chat, in this browser. */
import { attempt } from '@chat-widget/client/browser'
import type { WidgetConfig } from '../../engine-contract.ts'
import { areaOf, type ChoicesPlace, keyOf, storedChoices } from './stored-choices.ts'

export interface VisitorChoices {
  readonly sound: boolean
  readonly notifications: boolean
  /** False: Enter begins a line, and Ctrl+Enter or ⌘+Enter sends. */
  readonly enterSends: boolean
}

const DEFAULTS: VisitorChoices = { sound: false, notifications: false, enterSends: true }

/** Read each time: another tab may have changed them. The defaults where nothing is kept. */
export function readChoices(place: ChoicesPlace): VisitorChoices {
  const stored = attempt(() => JSON.parse(storedChoices(place) ?? '') as unknown)
  const own = Object(stored) as Partial<Record<string, unknown>>
  const pick = (name: keyof VisitorChoices) => (typeof own[name] === 'boolean' ? own[name] : DEFAULTS[name])
  return { sound: pick('sound'), notifications: pick('notifications'), enterSends: pick('enterSends') }
}

export function choose(place: ChoicesPlace, change: Partial<VisitorChoices>): void {
  const next: VisitorChoices = { ...readChoices(place), ...change }
  attempt(() => areaOf(place)?.setItem(keyOf(place), JSON.stringify(next)))
}

/** The place of the chat that an element of the panel is part of. */
export function placeOf(element: HTMLElement): Pick<WidgetConfig, 'app' | 'storage' | 'alerts'> {
  for (let root = element.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode())
    if ('alerts' in root.host) return root.host as HTMLElement & WidgetConfig
  return { app: '', storage: 'none', alerts: 'off' }
}
