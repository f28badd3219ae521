// biome-ignore-all format: the snippets stand here as they were published
// biome-ignore-all lint: the snippets stand here as they were published
/** The TypeScript snippets that Self publishes for its SDK, unchanged but for how the client is created. */
import { describe, expect, it } from 'vitest'
import type { AuthenticationClient } from './authentication-client-api.ts'
import { ALEX, connect, lastCid, startServer } from './clients.testing.ts'

async function blocking(client: AuthenticationClient) {
    let res = await client.authentication().request("1112223334")
    let authenticated = res.isAccepted()
  return authenticated
}

function nonBlocking(client: AuthenticationClient) {
  return (
    async() => {
    try {
        let res = await client.authentication().request("1112223334")
        if(res.isAccepted() == true) {
        client.logger.info(`${res.selfID} is now authenticated 🤘`)
        } else if(res.accepted == false) {
        client.logger.warn(`${res.selfID} has rejected your authentication request`)
        } else {
        client.logger.error(res.errorMessage)
        }
    } catch (error) {
        client.logger.error(error.toString())
    }
    }
  )
}

async function asynchronous(client: AuthenticationClient) {
    let res = await client.
        authentication().
        request("1112223334", { 'async': true })
  return res
}

async function asynchronousId(client: AuthenticationClient) {
    let { cid } = await client.authentication().request("1112223334", { 'async': true })
  return cid
}

describe('the published snippets', () => {
  it.each(['approved', 'denied'] as const)('blocking: says whether the person %s', async (decision) => {
    const server = await startServer()
    const { client } = connect(server)
    const authenticated = blocking(client)
    await server.decide(await lastCid(server), decision)
    expect(await authenticated).toBe(decision === 'approved')
  })

  it('non-blocking: has a branch for each of approved, denied and anything else', async () => {
    const server = await startServer()
    const { client, logger } = connect(server)
    const run = nonBlocking(client)

    let done = run()
    await server.decide(await lastCid(server, 1), 'approved')
    await done
    expect(logger.info).toHaveBeenCalledExactlyOnceWith(`${ALEX} is now authenticated 🤘`)

    done = run()
    await server.decide(await lastCid(server, 2), 'denied')
    await done
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(`${ALEX} has rejected your authentication request`)

    done = run()
    server.end(await lastCid(server, 3), 'expired')
    await done
    expect(logger.error).toHaveBeenCalledExactlyOnceWith('nobody answered in time')
  })

  it('non-blocking: catches what is thrown', async () => {
    const server = await startServer()
    const { client, logger } = connect(server)
    const done = nonBlocking(client)()
    await lastCid(server)
    client.close()
    await done
    expect(logger.error).toHaveBeenCalledExactlyOnceWith('ChatError: the authentication client was closed')
  })

  it('asynchronous: gives the id of the conversation, to be caught on a subscription', async () => {
    const server = await startServer()
    const { client } = connect(server)
    const cid = await asynchronousId(client)
    const outcome = new Promise((resolve) => client.authentication().subscribe((res) => resolve([res.cid, res.isAccepted()])))
    await server.decide(cid, 'approved')
    expect(await outcome).toEqual([cid, true])
    expect((await asynchronous(client)).cid).toBe(await lastCid(server, 2))
  })
})
