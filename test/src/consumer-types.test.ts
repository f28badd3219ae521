/**
 * Code of consumers, type-checked against the packages as built, by each framework's own checker. What must not compile
 * stands in it under `@ts-expect-error`, which is an error where there is none.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'

const TYPES = join(import.meta.dirname, '../types')
const TSC = join(import.meta.dirname, '../../node_modules/.bin/tsc')
const OWN = join(TYPES, 'node_modules/.bin')

const output = (file: string, args: readonly string[]) =>
  new Promise<string>((resolve) => {
    execFile(file, args, { cwd: TYPES }, (_error, stdout, stderr) => resolve(stdout + stderr))
  })

describe('<chat-widget> has types', () => {
  it.each(['react-18', 'react-19', 'preact', 'solid'])('in JSX of %s', async (name) => {
    expect(await output(TSC, ['-p', name])).toBe('')
  })

  it('in templates of Vue that are strict', async () => {
    expect(await output(join(OWN, 'vue-tsc'), ['-p', 'vue'])).toBe('')
  })

  it('in templates of Svelte, which has no expected errors: each line of a wrong file has one', async () => {
    const text = await output(join(OWN, 'svelte-check'), ['--workspace', 'svelte', '--output', 'machine'])
    const errors = [...text.matchAll(/ ERROR "(.*?)" (\d+)/g)].map(([, file, line]) => `${file}:${line}`)
    expect(errors).toEqual(['wrong.svelte:7', 'wrong.svelte:8', 'wrong.svelte:9', 'wrong.svelte:10'])
  })

  it('in templates of Angular that are strict: events and references, whose wrong uses are the only errors', async () => {
    const text = stripVTControlCharacters(await output(join(OWN, 'ngc'), ['-p', 'angular']))
    const errors = [...text.matchAll(/(\w+\.ts):(\d+):\d+ - error/g)].map(
      ([, file, line]) => `${file}:${line}`,
    )
    expect(errors).toEqual(['wrong.ts:9', 'wrong.ts:10', 'wrong.ts:12'])
  })
})

it('client, agent, providers, authentication requests and server have types in Node, without those of the DOM', async () => {
  expect(await output(TSC, ['-p', 'node'])).toBe('')
})
