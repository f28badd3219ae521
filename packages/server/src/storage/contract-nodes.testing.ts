/** The contract of nodes. */
import { expect, it } from 'vitest'
import { type Fixture, START } from './contract-fixture.testing.ts'

export function nodeContract(fixture: Fixture): void {
  it('[DL11] lists the other nodes that were seen lately', async () => {
    const { nodes } = fixture.storage
    expect(await nodes.beat('one', START, START - 10)).toEqual([])
    expect(await nodes.beat('other', START + 1, START - 10)).toEqual([{ id: 'one', seenAt: START }])
    await nodes.beat('one', START + 5, START)
    expect(await nodes.beat('other', START + 6, START + 5)).toEqual([{ id: 'one', seenAt: START + 5 }])
    expect(await nodes.beat('other', START + 7, START + 6)).toEqual([])
    await nodes.remove('other', START + 6)
    expect(await nodes.beat('third', START + 8, START)).toEqual([])
  })
}
