/** The place of what a visitor has chosen for this site's chat. */
import { attempt, localArea, tabArea } from '@chat-widget/client/browser'
import type { WidgetConfig } from '../../engine-contract.ts'

export type ChoicesPlace = Pick<WidgetConfig, 'app' | 'storage'>

export const keyOf = ({ app }: ChoicesPlace) => `chat-widget:${app}:choices`

/** Key of what the visitor did with emoji, which goes with them. */
export const emojiKeyOf = ({ app }: ChoicesPlace) => `chat-widget:${app}:emoji`

export const areaOf = ({ storage }: ChoicesPlace): Storage | undefined =>
  storage === 'none' ? undefined : storage === 'session' ? tabArea() : localArea()

/** JSON text; nothing where nothing was chosen or is kept. */
export const storedChoices = (place: ChoicesPlace): string | null | undefined =>
  attempt(() => areaOf(place)?.getItem(keyOf(place)))
