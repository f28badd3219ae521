/** Vitest's projects: Node packages run in Node, elements run in real Chromium. Builds are in scripts/build.mjs. */
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumLaunchOptions } from './scripts/chromium.mjs'

const conditions = ['source', 'module', 'import', 'default']
const resolve = { conditions: ['source', 'browser', 'module', 'import', 'default'] }
const ssr = { resolve: { conditions, externalConditions: conditions } }

const node = (name: string, root: string) => ({
  resolve: { conditions },
  ssr,
  test: { name, root, include: ['src/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 60_000 },
})

const browser = (name: string, root: string) => ({
  resolve,
  test: {
    name,
    root,
    include: ['src/**/*.test.ts'],
    testTimeout: 20_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: chromiumLaunchOptions() }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
})

export default defineConfig({
  test: {
    projects: [
      node('protocol', './packages/protocol'),
      node('client', './packages/client'),
      node('server', './packages/server'),
      browser('widget', './packages/widget'),
      browser('console', './packages/console'),
      {
        ...node('test', './test'),
        test: {
          ...node('test', './test').test,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
