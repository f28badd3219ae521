/** Tests the README's code: its examples compile, and the first ones do what they say. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { lastCid, startServer } from './clients.testing.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const NAME = '@chat-widget/authentication-requests'

async function examples(): Promise<readonly string[]> {
  const text = await readFile(path('../README.md'), 'utf8')
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe('the README’s examples', () => {
  it('compile, each by itself', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'src'))
    const config = {
      extends: path('../../../tsconfig.base.json'),
      compilerOptions: {
        lib: ['es2023', 'dom', 'dom.iterable'],
        types: ['node'],
        typeRoots: [path('../../../node_modules/@types')],
        paths: { [NAME]: [path('./index.ts')] },
        composite: false,
        noEmit: true,
        rewriteRelativeImportExtensions: false,
        allowImportingTsExtensions: true,
      },
      include: ['src'],
    }
    const all = await examples()
    expect(all.length).toBeGreaterThan(5)
    for (const [index, code] of all.entries())
      await writeFile(join(folder, 'src', `example-${index}.mts`), code)
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = promisify(execFile)(path('../../../node_modules/.bin/tsc'), ['-p', folder])
    expect(await tsc.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({ stdout: '' })
  })

  it('ask, and say what came of it', async () => {
    const server = await startServer()
    const info = vi.spyOn(console, 'info').mockReturnValue()
    onTestFinished(() => info.mockRestore())
    const [first = ''] = await examples()
    const file = join(await temporaryFolder(), 'example.ts')
    await writeFile(
      file,
      first.replace('https://chat.example.com', server.url).replace(NAME, path('./index.ts')),
    )
    const { logIn } = (await import(file)) as { logIn(email: string): Promise<boolean> }
    const isAccepted = logIn('alex@example.com')
    await server.decide(await lastCid(server), 'approved')
    expect(await isAccepted).toBe(true)
    expect(info).toHaveBeenCalledExactlyOnceWith('alex@example.com is now authenticated')
  })
})
