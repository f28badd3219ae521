/** Plays the steps of one scenario, then checks the result. */
import type { ChatServer } from '@chat-widget/server'
import { inspect } from './inspect.ts'
import { Scenario } from './scenario.ts'
import type { Step } from './steps.ts'
import type { Tally } from './tally.ts'

/** Resolves with the broken expectations, followed by the story; empty if there are none. */
export async function play(
  server: ChatServer,
  steps: readonly Step[],
  tally: Tally,
): Promise<readonly string[]> {
  const scenario = await Scenario.begin(server, tally)
  const running: Promise<void>[] = [scenario.do({ kind: 'connect', intent: 'anonymous' })]
  await Promise.all(running)
  for (const { action, after } of steps) {
    if (after === null) await Promise.all(running)
    else for (let turn = 0; turn < after; turn += 1) await new Promise(setImmediate)
    running.push(scenario.do(action))
  }
  await Promise.all(running)
  try {
    await inspect(scenario)
  } finally {
    for (const tab of scenario.tabs) tab.close()
  }
  const { violations, story } = scenario.model
  return violations.length === 0 ? [] : [...violations, '', ...story]
}
