import { onDemand } from '../on-demand.ts'

/** Loaded when there is another conversation, this one is closed, or the list is to be shown. */
export const tools = onDemand(() => import('./tools.ts'))
