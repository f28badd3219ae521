/** Time left. */
import type { Formats } from '@chat-widget/protocol'

/** Whole seconds, never below 0. Both are milliseconds since the epoch. */
export const secondsUntil = (then: number, now: number): number =>
  Math.max(0, Math.ceil((then - now) / 1_000))

/** `mm:ss`, in the locale's digits. */
export function minutesAndSeconds(seconds: number, { number }: Formats): string {
  const two = (value: number) => (value < 10 ? number(0) : '') + number(value)
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}
