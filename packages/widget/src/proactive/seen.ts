/** Remembers which proactive messages a visitor was shown, where the chat may store something. */
import { attempt, localArea, tabArea } from '@chat-widget/client/browser'
import type { HintPlace } from '../shell/session-hint.ts'

/** Names that are kept, the latest ones. */
const MOST_NAMES = 20

/** Shown on this page, whatever may be stored. */
const here = new Set<string>()

const keyOf = (app: string) => `chat-widget:${app}:proactive`

function areaOf({ storage }: HintPlace): Storage | undefined {
  if (storage === 'persistent') return localArea()
  return storage === 'session' ? tabArea() : undefined
}

function namesIn(place: HintPlace): readonly string[] {
  const names: unknown = attempt(() => JSON.parse(areaOf(place)?.getItem(keyOf(place.app)) ?? '[]'))
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

export const wasSeen = (place: HintPlace, name: string): boolean =>
  here.has(`${place.app} ${name}`) || namesIn(place).includes(name)

export function rememberSeen(place: HintPlace, name: string): void {
  here.add(`${place.app} ${name}`)
  const names = [...namesIn(place).filter((one) => one !== name), name].slice(-MOST_NAMES)
  attempt(() => areaOf(place)?.setItem(keyOf(place.app), JSON.stringify(names)))
}
