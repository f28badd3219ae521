/** All states of the gallery. A part that is new has its states here. */
import { fileStates } from './file-states.testing.ts'
import type { GalleryState, StateGroup } from './gallery-state.testing.ts'
import { messageStates } from './message-states.testing.ts'
import { panelStates } from './panel-states.testing.ts'

export const GROUPS: readonly StateGroup[] = [fileStates, ...messageStates, ...panelStates]

export const STATES: readonly GalleryState[] = GROUPS.flatMap(({ states }) => states)
