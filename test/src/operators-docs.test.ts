/** The code blocks of the pages for operators. What needs systemd or Docker is checked for its syntax alone. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from './support/paths.ts'
import { runCommandHere, startServerHere } from './support/server-here.ts'
import { SHOP_SECRET, shopConfig } from './support/shop.ts'

const PAGES = ['docs/production.md', 'docs/operations.md'] as const

interface Block {
  readonly language: string
  readonly text: string
}

async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(`${ROOT}${page}`, 'utf8')
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }))
}

/** The command's arguments in a line of a shell block, without quotes; `null` if it is another program's. */
function argumentsIn(line: string): readonly string[] | null {
  const [, rest] = /^(?:sudo )?(?:chat-widget-server|npx @chat-widget\/server) (.*)$/.exec(line) ?? []
  return rest === undefined ? null : [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b ?? '')
}

describe.each(PAGES)('%s', (page) => {
  it('has commands that the shell understands', async () => {
    const shell = (await blocksOf(page)).filter(({ language }) => language === 'sh')
    expect(shell.length).toBeGreaterThan(3)
    // The one line of a crontab begins with its five fields.
    const commands = shell.map(({ text }) => text.replace(/^\d+ \d+ \* \* \* /gm, '')).join('\n')
    await promisify(execFile)('bash', ['-nc', commands])
  })

  it('calls the command as it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chat-docs-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const data = join(folder, 'data')
    const lines = (await blocksOf(page)).flatMap(({ text }) => text.split('\n'))
    const calls = lines.map(argumentsIn).filter((call) => call !== null)
    expect(calls.length).toBeGreaterThan(0)
    // There has to be something to back up.
    const before = ['agent', 'add', 'Somebody', '--email', 'somebody@example.com', '--data', data]
    for (const call of [before, ...calls]) {
      const here = call.map((argument) =>
        argument
          .replace(/^(\/var\/lib\/chat-widget|\.\/data)$/, data)
          .replace(/^(\/backup\/|(?=chat\.jsonc$))/, `${folder}/`),
      )
      const { code, stderr } = await runCommandHere(here)
      expect({ call, code, stderr }).toEqual({ call, code: 0, stderr: '' })
    }
    expect((await readdir(folder)).length).toBeGreaterThan(1)
  })

  it('shows configurations that the server takes', async () => {
    const { apps } = shopConfig() as { apps: [object] }
    for (const { language, text } of await blocksOf(page)) {
      if (language === 'yaml') expect(parse(text)).toBeTypeOf('object')
      if (language !== 'jsonc') continue
      const secrets = text.replaceAll(/\{ "env": "\w+" \}/g, JSON.stringify(SHOP_SECRET))
      const shown = JSON.parse(secrets) as object
      const config = 'apps' in shown ? shown : { apps: [{ ...apps[0], context: shown }] }
      const server = await startServerHere(config)
      await server.close()
    }
  })
})

it('restores as docs/two-servers.md does, whose commands are run', async () => {
  const restore = async (page: string) => {
    const blocks = (await blocksOf(page)).map(({ text }) => text.replaceAll(/^(#|curl) .*\n/gm, ''))
    const found = blocks.find((text) => text.includes('install -m 600') && text.includes('chat.db'))
    return found?.replace(/"\$\(ls .*\)"|\/backup\/chat-[\d-]+\.db/, 'COPY')
  }
  const here = await restore('docs/operations.md')
  expect(here).toContain('COPY /var/lib/chat-widget/chat.db')
  expect(here).toBe(await restore('docs/two-servers.md'))
})
