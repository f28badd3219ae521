/** One sentence for each dead link of the pages in a folder. `base`: the site's path, default `/`. */
export function deadLinks(folder: string, base?: string): string[]
