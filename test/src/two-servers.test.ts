/** docs/two-servers.md: each command of the page is run, in its order, and what the page says of it is looked at. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startPostgresServer } from '../../scripts/postgres-server.mjs'
import { type Machine, type MachineOptions, openMachine } from './support/operator-machines.ts'
import { ROOT } from './support/paths.ts'
import { connectVisitor, unwrap } from './support/raw-device.ts'
import { freePort } from './support/reverse-proxy.ts'
import { mintToken, SHOP_SECRET } from './support/shop.ts'
import { postgresMessages, type StoredMessage, sqliteMessages } from './support/stored-messages.ts'
import { until } from './support/wait.ts'

interface Section {
  readonly heading: string
  readonly blocks: readonly { readonly where: string; readonly text: string }[]
}

/** The page's sections. A block of another language, or without a place, is refused: nothing would run it. */
function sectionsOf(page: string): readonly Section[] {
  return page
    .split(/^##+ /m)
    .slice(1)
    .map((section) => ({
      heading: section.slice(0, section.indexOf('\n')),
      blocks: [...section.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, language, block = '']) => {
        const [, where] = /^# on (.*)\n/.exec(block) ?? []
        if (language !== 'sh' || where === undefined) throw new Error(`nothing runs this block:\n${block}`)
        return { where, text: block }
      }),
    }))
}

const SECRET_NEW = randomBytes(32).toString('hex')
const EMAIL = 'ada@example.com'

async function openMachines() {
  const postgres = await startPostgresServer()
  onTestFinished(() => postgres.stop())
  const database = new URL(postgres.url)
  const [one, two, alone, tls, plain, caddy] = await Promise.all(Array.from({ length: 6 }, freePort))
  const shell = {
    DB_PASSWORD: randomBytes(24).toString('hex'),
    JWT_SECRET: SHOP_SECRET,
    JWT_SECRET_NEW: SECRET_NEW,
  }
  const addresses = (port: number | undefined, https: number | undefined) =>
    [
      [/10\.0\.0\.11:8080/g, `127.0.0.1:${one}`],
      [/10\.0\.0\.12:8080/g, `127.0.0.1:${two}`],
      [/10\.0\.0\.20:5432/g, `127.0.0.1:${database.port}`],
      [/"10\.0\.0\.10"/g, '"127.0.0.1"'],
      [/\$ADDRESS:8080/g, `$ADDRESS:${port}`],
      [/listen 80;/g, `listen 127.0.0.1:${plain};`],
      [/listen 443 ssl/g, `listen 127.0.0.1:${https} ssl`],
      [/https:\/\/chat\.example\.com/g, `https://localhost:${https}`],
    ] as const
  const open = async (options: MachineOptions) => {
    const machine = await openMachine(options)
    onTestFinished(() => machine.close())
    return machine
  }
  const server = (name: string, port: number | undefined, serviceEnv: MachineOptions['serviceEnv'] = {}) =>
    open({
      name,
      replaced: addresses(port, tls),
      env: { ...shell, ADDRESS: '127.0.0.1' },
      serviceEnv: { ...serviceEnv, CHAT_WIDGET_PORT: String(port) },
    })
  const nginx = await open({
    name: 'proxy',
    replaced: [...addresses(undefined, tls), [/(?<=server_name |CN=|DNS:)chat\.example\.com/g, 'localhost']],
    services: (folder) => ({ nginx: [join(folder, 'bin/nginx'), '-g', 'daemon off;'] }),
  })
  const certificate = join(nginx.folder, 'etc/letsencrypt/live/chat.example.com')
  const machines = {
    nginx,
    database: await open({
      name: 'database',
      replaced: [],
      env: {
        ...shell,
        PGHOST: database.hostname,
        PGPORT: database.port,
        PGUSER: database.username,
        PGPASSWORD: database.password,
        PGDATABASE: 'postgres',
      },
    }),
    one: await server('server 1', one),
    two: await server('server 2', two),
    alone: await server('server with SQLite', alone, { CHAT_WIDGET_DATABASE_URL: null }),
    caddy: await open({
      name: 'proxy with Caddy',
      // One that browsers trust, for Caddy fetches one.
      env: { CURL_CA_BUNDLE: `${certificate}/fullchain.pem` },
      replaced: [
        ...addresses(undefined, caddy),
        [
          /^chat\.example\.com \{$/m,
          `{\n\tadmin off\n\tauto_https disable_redirects\n}\nhttps://localhost:${caddy} {\n\ttls ${certificate}/fullchain.pem ${certificate}/privkey.pem`,
        ],
      ],
      services: (folder) => ({
        caddy: ['caddy', 'run', '--config', join(folder, 'etc/caddy/Caddyfile'), '--adapter', 'caddyfile'],
      }),
    }),
  }
  return {
    machines,
    urls: {
      one: `http://127.0.0.1:${one}`,
      two: `http://127.0.0.1:${two}`,
      alone: `http://127.0.0.1:${alone}`,
    },
    proxies: { nginx: `https://localhost:${tls}`, caddy: `https://localhost:${caddy}` },
    /** As the servers see it. */
    databaseUrl: `postgres://chat_server:${shell.DB_PASSWORD}@${database.host}/chat`,
  }
}

/** The configuration of a distribution's nginx. */
const nginxConf = (folder: string) =>
  `${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 1; pid ${folder}/nginx-own.pid; error_log stderr;
events {} http { access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')} include ${folder}/etc/nginx/conf.d/*.conf; }`

/** Sends a message, as a customer if a secret of their token is given. Resolves with false if the token is refused. */
async function write(url: string, text: string, secret?: string, options: object = {}): Promise<boolean> {
  const intent = secret === undefined ? 'anonymous' : 'identify'
  const visitor = await connectVisitor(url, { intent }, options)
  try {
    if (secret !== undefined) {
      const context = { Auth: { Token: await mintToken(EMAIL, 3_600, { secret }) } }
      const answer = await visitor.socket.emitWithAck('identity:authenticate', {
        userIdentifier: EMAIL,
        context,
        mergePolicy: 'separate',
      })
      if (!answer.ok) return false
      const request = { conversationId: unwrap(answer).conversation.id, clientId: randomUUID(), text }
      unwrap(await visitor.socket.emitWithAck('message:send', request as never))
    } else await visitor.send(randomUUID(), text)
    return true
  } finally {
    visitor.close()
  }
}

it('docs/two-servers.md, from the first command to the last', { timeout: 400_000 }, async () => {
  const sections = sectionsOf(await readFile(`${ROOT}docs/two-servers.md`, 'utf8'))
  const { machines, urls, proxies, databaseUrl } = await openMachines()
  const places: Readonly<Record<string, readonly Machine[]>> = {
    "the database's machine": [machines.database],
    'each server': [machines.one, machines.two],
    'one server': [machines.two],
    'the proxy': [machines.nginx],
    'the proxy with Caddy': [machines.caddy],
    'a server with SQLite': [machines.alone],
  }
  const visitors = (all: readonly StoredMessage[]) =>
    all.flatMap(({ author, text }) => (author === 'visitor' ? [text] : [])).toSorted()
  const texts = async () => visitors(await postgresMessages(databaseUrl))
  const textsAlone = () => visitors(sqliteMessages(join(machines.alone.folder, 'var/lib/chat-widget')))
  const ask = (url: string) => fetch(`${url}/readyz`).then((answer) => answer.json() as Promise<object>)
  const overTls = async (url: string, text: string) => {
    for (const transport of ['websocket', 'polling'] as const)
      await write(url, `${text}, ${transport}`, undefined, {
        rejectUnauthorized: false,
        transports: [transport],
      })
  }
  const overBoth = ['Caddy', 'nginx'].flatMap((proxy) => [`by ${proxy}, polling`, `by ${proxy}, websocket`])
  let printed = ''

  const before: Record<string, () => Promise<unknown>> = {
    'TLS with nginx': () =>
      writeFile(join(machines.nginx.folder, 'etc/nginx/nginx.conf'), nginxConf(machines.nginx.folder)),
    'Replace a secret': () => write(urls.one, 'my secret', SHOP_SECRET),
    'Back up': () => write(urls.one, 'kept'),
    'Restore last night’s backup': () => write(urls.one, 'lost'),
    'One server with SQLite': async () => {
      for (const { text, where } of sections.find(({ heading }) => heading === 'The servers')!.blocks) {
        expect(where).toBe('each server')
        await machines.alone.run(text)
      }
      await write(urls.alone, 'kept')
    },
    'Restore it': async () => {
      await write(urls.alone, 'lost')
      await writeFile(join(machines.alone.folder, 'var/lib/chat-widget/files/kept'), 'of a visitor')
    },
  }
  const after: Record<string, () => Promise<unknown>> = {
    'The servers': async () => {
      for (const url of [urls.one, urls.two])
        await until('the servers hear each other', async () => !('warning' in (await ask(url))))
    },
    'TLS with nginx': () => overTls(proxies.nginx, 'by nginx'),
    'TLS with Caddy': () => overTls(proxies.caddy, 'by Caddy'),
    'The first agents': async () => expect(printed).toMatch(/ana@example\.com\tagent\tAna Silva\tshop/),
    'Replace a secret': async () => {
      for (const url of [urls.one, urls.two])
        for (const secret of [SHOP_SECRET, SECRET_NEW])
          expect(await write(url, 'my secret', secret)).toBe(true)
    },
    'The new one alone': async () => {
      for (const url of [urls.one, urls.two]) {
        await until('the old secret is refused', async () => !(await write(url, 'my secret', SHOP_SECRET)))
        expect(await write(url, 'my secret', SECRET_NEW)).toBe(true)
      }
    },
    'Remove an agent': async () => {
      expect(printed).not.toMatch(/^ana@example\.com/m)
      expect(printed).toMatch(/^robin@example\.com\towner/m)
      expect(printed).toMatch(/agent-removed/)
    },
    'Erase a customer': async () => {
      const file = join(machines.two.folder, 'ada/person.json')
      expect(await readFile(file, 'utf8')).toContain('my secret')
      expect(await texts()).toEqual(overBoth)
    },
    'Restore last night’s backup': async () => {
      expect(await write(urls.two, 'goes on')).toBe(true)
      expect(await texts()).toEqual([...overBoth, 'goes on', 'kept'])
    },
    'Restore it': async () => {
      expect(await write(urls.alone, 'goes on')).toBe(true)
      expect(textsAlone()).toEqual(['goes on', 'kept'])
      const file = join(machines.alone.folder, 'var/lib/chat-widget/files/kept')
      expect(await readFile(file, 'utf8')).toBe('of a visitor')
    },
  }
  const plain = (heading: string) => heading.replaceAll("'", '’')
  const headings = sections.map(({ heading }) => plain(heading))
  for (const heading of [...Object.keys(before), ...Object.keys(after)]) expect(headings).toContain(heading)
  for (const { heading, blocks } of sections) {
    await before[plain(heading)]?.()
    for (const { where, text } of blocks) {
      const here = places[where]
      if (here === undefined) throw new Error(`there is no such machine: ${where}`)
      // One after the other, as the page says.
      for (const machine of here) printed = await machine.run(text)
    }
    await after[plain(heading)]?.()
  }
})

it('a command that no machine would run fails the test', () => {
  const block = (language: string, text: string) => `## A\n\n\`\`\`${language}\n${text}\n\`\`\`\n`
  expect(() => sectionsOf(block('sh', 'rm chat.db'))).toThrow(/nothing runs/)
  expect(() => sectionsOf(block('bash', '# on one server\nrm chat.db'))).toThrow(/nothing runs/)
  expect(sectionsOf(block('sh', '# on one server\nls'))).toMatchObject([
    { blocks: [{ where: 'one server' }] },
  ])
})
