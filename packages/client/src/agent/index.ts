/** Chat from the agents' side: the client of the console. */
export type * from './agent-client-api.ts'
export type * from './agent-state.ts'
