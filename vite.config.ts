/** Vitest's projects: Node packages run in Node, elements run in real Chromium. Builds are in scripts/build.mjs. */
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import type { Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { chromiumLaunchOptions } from './scripts/chromium.mjs'
import { writeEmoji } from './scripts/emoji.mjs'
import { writeWords } from './scripts/words.mjs'

// Tables of words and emoji are made, not committed: they may be older than the checkout.
writeWords()
writeEmoji()

/**
 * Packages are read from source, so that unit tests need no build; not from the files for bundlers, which Node does not
 * load. Vite adds `import` and `default` itself; naming `import` here would reach Node as a flag and make CommonJS packages
 * load ES modules by `require`.
 */
const source = ['source']
/** Cross-package tests run the built files, as users do. */
const built = ['module']

/** Time limit of waits: what comes at once takes a while on a busy machine. Vitest's default is 1 s. */
const patienceMs = 60_000
/** Of a whole test: a long story has many waits. */
const testTimeout = 5 * patienceMs
const patient = {
  expect: { poll: { timeout: patienceMs } },
  provide: { patienceMs },
  setupFiles: [fileURLToPath(new URL('scripts/patient-waits.mjs', import.meta.url))],
  ...{ testTimeout, hookTimeout: testTimeout },
}

/**
 * Files of a project share a process, or a page: each needs the same modules, and loading them again costs more than the
 * tests. Mocks and stubs are restored before the next test, even if a file forgets it.
 */
const shared = { isolate: false, restoreMocks: true, unstubGlobals: true, unstubEnvs: true }

const STORAGES_OF_TESTS = fileURLToPath(new URL('packages/server/src/storage', import.meta.url))

interface OwnOptions {
  readonly include?: readonly string[]
  readonly globalSetup?: string
  readonly server?: { readonly deps: { readonly external: RegExp[] } }
}

const node = (name: string, root: string, conditions: string[], own: OwnOptions = {}) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name,
    root,
    include: ['src/**/*.test.ts'],
    ...patient,
    ...shared,
    ...own,
  },
})

/** Unit tests of all that runs in Node are one project: a worker loads the modules that they share once. */
const units = node('units', '.', source, {
  include: ['protocol', 'client', 'authentication-requests', 'server']
    .map((name) => `packages/${name}/src/**/*.test.ts`)
    .concat('apps/demo/src/**/*.test.ts'),
  globalSetup: join(STORAGES_OF_TESTS, 'test-storages.testing.ts'),
})

/** Stubs the socket of its own test runner that `@open-wc/testing` imports. */
const noTestRunnerSocket = {
  name: 'no-test-runner-socket',
  resolveId: (id: string) => (id.endsWith('__web-dev-server__web-socket.js') ? '\0no-socket' : undefined),
  load: (id: string) => (id === '\0no-socket' ? 'export const sendMessage = () => {}' : undefined),
}

/** Components in Chromium. `instances`: each is a project with a page of its own; they share one server of Vite. */
const browser = (
  root: string,
  instances: readonly { readonly name: string; readonly include: string[] }[],
) => ({
  plugins: [noTestRunnerSocket],
  resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
  test: {
    root,
    // Whose imports are bundled before the tests.
    include: instances.flatMap(({ include }) => include),
    ...shared,
    ...patient,
    setupFiles: [
      ...patient.setupFiles,
      fileURLToPath(new URL('scripts/component-tests.mjs', import.meta.url)),
    ],
    // The built one, as Node loads it: Vitest's loader has no `import.meta.resolve()`.
    server: { deps: { external: [/\/packages\/server\/dist\//] } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      // One page for each project: more would take the cores from the end-to-end tests.
      fileParallelism: false,
      provider: playwright({ launchOptions: chromiumLaunchOptions({ prefersShell: true }) }),
      instances: instances.map((instance) => ({ browser: 'chromium' as const, ...instance })),
    },
  },
})

const elements = (name: string) => ({ name, include: [`packages/${name}/src/**/*.test.ts`] })

const COMPONENTS_OF_REACT = fileURLToPath(new URL('packages/react/src', import.meta.url))
/** Components of React, on the real server. */
const react = (name: string, root: string) => ({
  name,
  include: [`${relative(root, 'packages/react/src')}/**/*.test.ts`],
  globalSetup: join(COMPONENTS_OF_REACT, 'chat-server.testing.ts'),
})

/** The React that test/ depends on, for packages/react. */
const react18 = {
  name: 'react-18',
  enforce: 'pre' as const,
  resolveId(this: Rolldown.PluginContext, source: string, importer?: string) {
    if (!importer?.startsWith(COMPONENTS_OF_REACT) || !/^react(-dom)?(\/|$)/.test(source)) return null
    return this.resolve(source, fileURLToPath(new URL('test/package.json', import.meta.url)))
  },
}

/** Components of React again, with its last version but one. */
const withReact18 = () => {
  const project = browser('./test', [react('react-18', './test')])
  return {
    ...project,
    plugins: [...project.plugins, react18],
    optimizeDeps: { include: ['react', 'react-dom', 'react-dom/client', 'react-dom/server'] },
  }
}

/** Two files more at a time than there are cores: many tests wait. */
const WORKERS = availableParallelism() + 2

/** In a fresh clone Vitest begins with the largest files. These call a long contract, or wait for a poll. */
const LONG_BUT_SMALL = /\/(storage\/sqlite|upkeep\/kept-days)\.test\.ts$/

/**
 * Tests that wait start first, beside component tests, which compute; then the server's, of which some are long; the
 * other unit tests are short and leave no core idle at the end.
 */
class EndToEndFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ project, moduleId }: TestSpecification) => {
      if (project.name === endToEnd.test.name) return 0
      if (!moduleId.includes('/packages/server/')) return 3
      return LONG_BUT_SMALL.test(moduleId) ? 1 : 2
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}

// Built files as Node loads them: Vitest would transform megabytes of them anew, while pages of component tests wait.
const BUILT = [/\/(packages|apps|bench)\/([\w-]+\/)?(dist|lib)\//]
const endToEnd = node('test', './test', built, { server: { deps: { external: BUILT } } })

export default defineConfig({
  test: {
    maxWorkers: WORKERS,
    sequence: { sequencer: EndToEndFirst },
    projects: [
      units,
      browser('.', [
        elements('widget'),
        elements('console'),
        elements('authenticator'),
        react('react-19', '.'),
      ]),
      withReact18(),
      endToEnd,
    ],
  },
})
