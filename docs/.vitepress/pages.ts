/** Pages of the site: which file each is made of, and where it stands in the sidebar. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DefaultTheme } from 'vitepress'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCS = 'docs/'

/** Files outside `docs/` that are pages, and the page of each. All other Markdown outside is none. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'packages/protocol/SPEC.md': 'spec.md',
  'packages/authentication-requests/README.md': 'authentication-requests-sdk.md',
  'packages/react/README.md': 'react.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
  'CHANGELOG.md': 'changelog.md',
}

/** The site's page of a file of the repository; `null` if the file is no page. */
export const pageOf = (file: string): string | null =>
  ELSEWHERE[file] ?? (/^docs\/[^/]+\.md$/.test(file) ? file.slice(DOCS.length) : null)

const markdownIn = (folder: string) =>
  readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}${name}`)

/** Patterns of the files that are no pages. VitePress would also take each `config.ts` for a part of its own. */
export const notPages = (): string[] => [
  '!(docs|packages)/**/*',
  'packages/*/*/**/*',
  ...['', ...readdirSync(`${ROOT}packages`).map((name) => `packages/${name}/`)]
    .flatMap(markdownIn)
    .filter((file) => pageOf(file) === null),
]

const page = (text: string, name: string) => ({ text, link: `/${name}` })

export const SIDEBAR: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      page('Start in two minutes', 'start'),
      page('Frameworks', 'frameworks'),
      page('Styling', 'styling'),
      page('Languages', 'languages'),
      page('Migrating', 'migrating'),
    ],
  },
  {
    text: 'Parts of the chat',
    items: [
      page('Messages', 'messages'),
      page('Conversations', 'conversations'),
      page('Greeting, hours and agents', 'who-is-there'),
      page('Unread and notifications', 'attention'),
      page('Writing a message', 'composer'),
      page('Files', 'files'),
      page('On a phone', 'phones'),
    ],
  },
  {
    text: 'The widget',
    items: [
      page('Attributes, methods, events', 'widget'),
      page('Who the visitor is', 'identity'),
      page('React', 'react'),
      page('Headless', 'headless'),
    ],
  },
  {
    text: 'Security and people',
    items: [
      page('Content security policy', 'csp'),
      page('A policy with a nonce', 'csp-nonce'),
      page('A policy with hashes', 'csp-hashes'),
      page('Script versions and SRI', 'script-versions'),
      page('Privacy and consent', 'privacy'),
      page('Accessibility', 'accessibility'),
      page('Reporting a vulnerability', 'security'),
    ],
  },
  {
    text: 'Authentication requests',
    items: [
      page('Asking a person', 'authentication-requests'),
      page('SDK for Node and browsers', 'authentication-requests-sdk'),
    ],
  },
  {
    text: 'The server',
    items: [
      page('Running the server', 'server'),
      page('In production', 'production'),
      page('Two servers, step by step', 'two-servers'),
      page('Operations', 'operations'),
      page('Growth', 'growth'),
      page("The agents' console", 'console'),
      page('Bots', 'bots'),
      page('REST', 'rest'),
      page('Webhooks', 'webhooks'),
    ],
  },
  {
    text: 'The project',
    items: [
      page('What it runs in', 'support'),
      page('Architecture', 'architecture'),
      page('The protocol', 'spec'),
      page('Contributing', 'contributing'),
      page('Changes', 'changelog'),
    ],
  },
]
