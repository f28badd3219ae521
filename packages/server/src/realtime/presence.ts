/** Which rooms have a socket, on this node or on another. */
import { setImmediate } from 'node:timers/promises'
import { within } from '../within.ts'

/** A namespace, with the event by which nodes ask each other. */
interface PresentNamespace {
  readonly adapter: { readonly rooms: ReadonlyMap<string, unknown> }
  on(
    event: 'rooms',
    listener: (rooms: readonly string[], answer: (present: string[]) => void) => void,
  ): unknown
  serverSideEmitWithAck(event: 'rooms', rooms: readonly string[]): Promise<unknown>
}

/** Returns the rooms of these that have a socket. */
export type Presence = (rooms: readonly string[]) => Promise<ReadonlySet<string>>

/** Time in which other nodes answer; whoever is connected to a slower one counts as absent. Milliseconds. */
const ANSWER_MS = 500

/** `isShared`: other nodes may have sockets in the same rooms. */
export function createPresence(namespace: PresentNamespace, isShared: boolean): Presence {
  const here = (rooms: readonly string[]) => rooms.filter((room) => namespace.adapter.rooms.has(room))
  if (!isShared) return async (rooms) => new Set(here(rooms))

  namespace.on('rooms', (rooms, answer) => answer(here(rooms)))
  let gathered: Promise<ReadonlySet<string>> | null = null
  const wanted = new Set<string>()

  /** Asks other nodes once for all that is asked of this one at the same time. */
  async function ask(): Promise<ReadonlySet<string>> {
    await setImmediate()
    const rooms = [...wanted]
    wanted.clear()
    gathered = null
    const found = new Set<string>()
    const answers = namespace.serverSideEmitWithAck('rooms', rooms).then((lists) => {
      for (const room of (lists as readonly (readonly string[])[]).flat()) found.add(room)
    })
    await within(
      answers.catch(() => undefined),
      ANSWER_MS,
    )
    return found
  }

  return async (rooms) => {
    const present = new Set(here(rooms))
    const elsewhere = rooms.filter((room) => !present.has(room))
    if (elsewhere.length === 0) return present
    for (const room of elsewhere) wanted.add(room)
    gathered ??= ask()
    const found = await gathered
    for (const room of elsewhere) if (found.has(room)) present.add(room)
    return present
  }
}
