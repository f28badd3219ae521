/** Tests packages/react as it is published: on a server, and the code of its README and of examples/. */
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ROOT } from './support/paths.ts'

const PACKAGE = join(ROOT, 'packages/react')
const run = promisify(execFile)

describe('@chat-widget/react', () => {
  it('is for the client, and renders on a server', async () => {
    expect(await readFile(join(PACKAGE, 'dist/index.js'), 'utf8')).toMatch(/^'use client';/)
    const code = `
      import { createElement as h } from 'react'
      import { renderToString } from 'react-dom/server'
      import { ChatWidget, useChat } from '@chat-widget/react'
      const options = { app: 'shop', server: 'https://chat.example.com' }
      const Own = () => h('p', null, useChat(options).connection.status)
      process.stdout.write(renderToString(h('main', null, h(Own), h(ChatWidget, options))))
    `
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: PACKAGE })
    expect(stdout).toBe('<main><p>closed</p></main>')
  })

  it('has examples that compile', async () => {
    const text = await readFile(join(PACKAGE, 'README.md'), 'utf8')
    const examples = [...text.matchAll(/^( *)```tsx\n([\s\S]*?)^\1```/gm)].map(([, , code = '']) => code)
    expect(examples.length).toBeGreaterThan(2)
    const folder = join(PACKAGE, 'node_modules/.cache/readme')
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    onTestFinished(() => rm(folder, { recursive: true }))
    for (const [index, code] of examples.entries())
      await writeFile(join(folder, `example-${index}.tsx`), code)
    for (const name of ['vite-react', 'headless-react'])
      await cp(join(ROOT, 'examples', name), join(folder, name), {
        recursive: true,
        // Its package.json would make it a package of its own.
        filter: (file) => !file.endsWith('.json'),
      })
    const config = {
      extends: join(ROOT, 'tsconfig.base.json'),
      compilerOptions: {
        lib: ['es2023', 'dom', 'dom.iterable'],
        types: ['react', 'vite/client'],
        jsx: 'react-jsx',
        // As published.
        customConditions: [],
        composite: false,
        noEmit: true,
        module: 'esnext',
        moduleResolution: 'bundler',
        allowImportingTsExtensions: true,
        rewriteRelativeImportExtensions: false,
      },
      include: ['**/*.tsx'],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder])
    expect(await tsc.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({ stdout: '' })
  })
})
