/** Processor time of programs that do not tell it themselves, as Linux counts it. */
import { readdirSync, readFileSync } from 'node:fs'

/** The kernel's unit, whatever the machine. Milliseconds. */
const TICK_MS = 10

interface Entry {
  readonly parent: number
  /** Its own, and that of its children that have ended. */
  readonly ticks: number
}

/** Processor time of a process and its children, the ended ones included. Milliseconds; `NaN` where there is no `/proc`. */
export function processorMs(pid: number): number {
  const own = entryOf(`${pid}`)
  if (own === null) return Number.NaN
  const children = readdirSync('/proc').flatMap((name) => {
    const entry = /^\d+$/.test(name) ? entryOf(name) : null
    return entry?.parent === pid ? [entry] : []
  })
  return TICK_MS * [own, ...children].reduce((sum, { ticks }) => sum + ticks, 0)
}

function entryOf(pid: string): Entry | null {
  try {
    // The name, in parentheses, may hold spaces.
    const [, rest = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    const fields = rest.split(' ').map(Number)
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0)
    return { parent: fields[1] ?? 0, ticks }
  } catch {
    return null
  }
}
