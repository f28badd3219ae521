/** Published packages point at built files alone; within the repository they are read from source. */
export const hooks = {
  beforePacking(manifest) {
    for (const entry of Object.values(manifest.exports ?? {})) delete entry.source
    delete manifest.devDependencies
    return manifest
  },
}
