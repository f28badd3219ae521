/** Makes docs/rest.md of the server's own OpenAPI document. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

const HEAD = `<!-- Made by scripts/rest-page.mjs from the server's /openapi.json: change the schemas, not this page. -->

# REST

Every call of a running server, from its \`GET /openapi.json\`. Calls of an app are authorised by
\`Authorization: Token KEY\` with a key of the app: \`npx @chat-widget/server api-key\` prints one, and the line of the
[configuration](server.md#configuration) for it. An error is \`{ "error": { "code", "message" } }\`: decide by \`code\`, which
is stable. \`429\` has a \`Retry-After\`.

\`\`\`sh
curl https://chat.example.com/v1/apps/shop/conversations?status=open -H "Authorization: Token $CHAT_KEY"
\`\`\`
`

/** Tag → heading and what is said below it. Routes of other tags are for the server's own pages. */
const SECTIONS = {
  conversations: { title: 'Conversations', text: '' },
  users: {
    title: 'Users',
    text: 'What is exported and erased stands in [Privacy](privacy.md#giving-a-customer-what-is-kept-of-them).\n',
  },
  'authentication requests': {
    title: 'Authentication requests',
    text: 'What they are and what they prove stands in [Authentication requests](authentication-requests.md).\n',
  },
}

const ERROR = '"error"'
const INDENT = '  '

/** Limits and format of a value, for a comment. */
function limitsOf({ format, minLength, maxLength, minimum, maximum, default: initial }) {
  const between = (low, high, unit) => {
    if (low !== undefined && high !== undefined && low > 0) return `${low} to ${high}${unit}`
    return high === undefined ? '' : `at most ${high}${unit}`
  }
  const isRange =
    minimum !== undefined && maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER
  return [
    { uuid: 'UUID', email: 'email address', 'date-time': 'ISO 8601', ipv4: 'IPv4', ipv6: 'IPv6' }[format] ??
      '',
    between(minLength, maxLength, ' characters'),
    isRange ? `${minimum} to ${maximum}` : '',
    initial === undefined ? '' : `default ${JSON.stringify(initial)}`,
  ]
}

const commentOf = (schema) => {
  const said = [schema.description ?? '', ...limitsOf(schema)].filter((text) => text !== '').join('; ')
  return said === '' ? '' : ` // ${said}`
}

/** True for the union of all kinds of messages, which has a name and stands on the page once. */
const isMessage = (any) =>
  any.length > 1 && any.every(({ properties }) => properties?.clientId && properties.seq)

/** A JSON schema as a type of TypeScript. */
function typeOf(schema, indent = '', message = 'Message') {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const any = schema.anyOf ?? schema.oneOf
  if (any !== undefined && isMessage(any) && message !== null) return message
  if (any !== undefined) {
    // `null` is a part beside those of a message.
    const [rest, nothing] = [
      any.filter(({ type }) => type !== 'null'),
      any.some(({ type }) => type === 'null'),
    ]
    const parts =
      nothing && isMessage(rest) && message !== null ? [message] : rest.map((part) => typeOf(part, indent))
    return [...new Set([...parts, ...(nothing ? ['null'] : [])])].join(' | ')
  }
  if (Array.isArray(schema.type)) return schema.type.join(' | ')
  if (schema.type === 'array') {
    const item = typeOf(schema.items, indent)
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`
  }
  if (schema.type === 'object') {
    const inner = `${indent}${INDENT}`
    const lines = Object.entries(schema.properties ?? {}).map(([name, value]) => {
      const optional = schema.required?.includes(name) ? '' : '?'
      return `${inner}${name}${optional}: ${typeOf(value, inner)}${commentOf(value)}\n`
    })
    if (lines.length === 0) return schema.additionalProperties ? 'Record<string, unknown>' : '{}'
    return `{\n${lines.join('')}${indent}}`
  }
  if (schema.type === 'integer') return 'number'
  return schema.type ?? 'unknown'
}

const block = (type) => (type === '{}' ? '' : `\n\`\`\`ts\ntype ${type}\n\`\`\`\n`)

const jsonOf = (content) => content?.['application/json']?.schema

function parametersOf(parameters = []) {
  const rows = parameters
    .filter(({ in: place }) => place === 'query' || place === 'header')
    .map(({ name, in: place, required, schema, description }) => {
      const said = [description ?? schema.description ?? '', ...limitsOf(schema)].filter(
        (text) => text !== '',
      )
      const type = typeOf(schema).replaceAll('|', '\\|')
      return `| \`${name}\`${place === 'header' ? ' (header)' : ''}${required ? ', required' : ''} | \`${type}\` | ${said.join('; ')} |\n`
    })
  return rows.length === 0 ? '' : `\n| parameter | | |\n| --- | --- | --- |\n${rows.join('')}`
}

function routeOf({ method, paths, operation }) {
  const [path, ...others] = paths
  const body = jsonOf(operation.requestBody?.content)
  const answers = Object.entries(operation.responses ?? {})
  const good = answers.find(([status]) => status.startsWith('2'))
  const answer = good === undefined ? undefined : jsonOf(good[1].content)
  const refusals = answers
    .filter(([, { content }]) => JSON.stringify(jsonOf(content) ?? {}).includes(ERROR))
    .map(([status]) => `\`${status}\``)
  return [
    // Short enough for the page's outline.
    `\n### ${method.toUpperCase()} ${path.replace(/^\/v1(\/apps\/\{app\})?/, '').replaceAll('{', '\\{')}\n`,
    `\n\`${method.toUpperCase()} ${path}\`\n`,
    `\n${operation.summary}.${others.length === 0 ? '' : ` Also ${others.map((other) => `\`${other}\``).join(', ')}.`}\n`,
    parametersOf(operation.parameters),
    body === undefined ? '' : block(`Body = ${typeOf(body)}`),
    answer === undefined ? '' : block(`Answer = ${typeOf(answer)}`),
    refusals.length === 0 ? '' : `\nRefusals: ${refusals.join(', ')}.\n`,
  ].join('')
}

/** The first union of all kinds of messages in a part of the document. */
function findMessage(value) {
  if (typeof value !== 'object' || value === null) return undefined
  const any = Array.isArray(value.anyOf ?? value.oneOf) ? (value.anyOf ?? value.oneOf) : undefined
  if (any !== undefined && isMessage(any)) return value
  for (const part of Object.values(value)) {
    const found = findMessage(part)
    if (found !== undefined) return found
  }
  return undefined
}

/** Routes of a tag. One that is there twice, with an app in its path and without, is one. */
function routesOf(document, tag) {
  const routes = new Map()
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      if (!operation.tags?.includes(tag)) continue
      const key = `${method} ${path.replace('/v1/apps/{app}', '/v1')}`
      const same = routes.get(key)
      if (same === undefined) routes.set(key, { method, paths: [path], operation })
      else same.paths.push(path)
    }
  return [...routes.values()]
}

/** The page of an OpenAPI document. */
export function restPage(document) {
  const sections = Object.entries(SECTIONS).map(([tag, { title, text }]) => {
    const routes = routesOf(document, tag).map(routeOf)
    return `\n## ${title}\n${text === '' ? '' : `\n${text}`}${routes.join('')}`
  })
  const message = typeOf(findMessage(document.paths), '', null)
  return `${HEAD}${sections.join('')}\n## A message\n\nOne of its kinds; more may come, and each has a \`text\`.\n${block(`Message = ${message}`)}`
}

/** After a build. */
export async function writeRestPage() {
  const { createChatServer } = await import('../packages/server/dist/index.js')
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-rest-'))
  const server = await createChatServer({
    apps: [{ id: 'shop', origins: ['https://shop.example.com'] }],
    dataDir,
    port: 0,
  })
  try {
    const document = await (await fetch(`${await server.listen()}/openapi.json`)).json()
    await writeFile(join(ROOT, 'docs/rest.md'), restPage(document))
  } finally {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}
