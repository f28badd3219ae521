import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

/** Work that lasts until it is told to end. */
function held() {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return { end, work: () => ended }
}

it('[DL9] runs so much of a key at a time, and does not hold up another key', async () => {
  const turns = createTurns({ atOnce: 2, mostWaiting: 1 })
  const [one, two] = [held(), held()]
  const order: string[] = []
  const first = turns.run('a', one.work).then(() => order.push('first'))
  const second = turns.run('a', two.work).then(() => order.push('second'))
  const third = turns.run('a', () => order.push('third'))
  await expect(turns.run('a', () => undefined)).rejects.toMatchObject({ code: 'rate-limited' })
  expect(await turns.run('b', () => 'at once')).toBe('at once')
  expect(order).toEqual([])
  two.end()
  await Promise.all([second, third])
  expect(order.slice(0, 2).toSorted()).toEqual(['second', 'third'])
  one.end()
  await first
})
