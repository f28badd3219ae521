/** Published packages point at built files alone; within the repository they are read from source. */
export const hooks = {
  beforePacking(manifest) {
    delete manifest.devDependencies
    const entries = Object.entries(manifest.exports ?? {}).filter(([, entry]) => typeof entry === 'object')
    for (const [, entry] of entries) delete entry.source
    // The same entries for Parcel, which reads `exports` only where an application asks for it.
    for (const [path, entry] of entries)
      if (path === '.') manifest.main = entry.default
      else manifest.alias = { ...manifest.alias, [path]: entry.default }
    return manifest
  },
}
