/** A clock of the server that a test moves, so that no test waits for minutes. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ServerClock {
  /** Environment for `startServer`. */
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds since the epoch, as the server sees it. */
  now(): number
  move(ms: number): void
  close(): void
}

export function startServerClock(): ServerClock {
  const folder = mkdtempSync(join(tmpdir(), 'chat-clock-'))
  const file = join(folder, 'ahead')
  let ahead = 0
  const move = (ms: number) => {
    ahead += ms
    // Renamed into place, so that the server never reads half a number.
    writeFileSync(`${file}.new`, String(ahead))
    renameSync(`${file}.new`, file)
  }
  move(0)
  return {
    env: {
      NODE_OPTIONS: `--import ${new URL('movable-clock.mjs', import.meta.url).href}`,
      MOVABLE_CLOCK_FILE: file,
    },
    now: () => Date.now() + ahead,
    move,
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
