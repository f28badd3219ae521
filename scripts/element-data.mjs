/** Writes the manifest of `<chat-widget>`, and from it the data by which editors complete tags, attributes and CSS. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getWebTypesData } from 'custom-element-jet-brains-integration'
import { getVsCodeCssCustomData, getVsCodeHtmlCustomData } from 'custom-element-vs-code-integration'
import { createManifest } from './element-manifest.mjs'
import { ROOT } from './run.mjs'

const WIDGET = join(ROOT, 'packages/widget')
const DATA = join(WIDGET, 'data')

/** The generators would repeat events, methods and CSS in the description of the tag. */
const brief = {
  hideEventDocs: true,
  hideMethodDocs: true,
  hideCssPropertiesDocs: true,
  hideCssPartsDocs: true,
  hideSlotDocs: true,
  hideLogs: true,
}

/** Parses a generator's text, without the line under a tag's description, below which nothing follows. */
const parse = (text) =>
  JSON.parse(text, (key, value) => (key === 'description' ? value.replace(/\s*---\s*$/, '') : value))

export async function writeElementData() {
  const manifest = await createManifest()
  const { name, version } = JSON.parse(await readFile(join(WIDGET, 'package.json'), 'utf8'))
  const webTypes = parse(getWebTypesData(manifest, { ...brief, packageJson: false }))
  const files = {
    'custom-elements.json': manifest,
    'vscode.html-custom-data.json': parse(getVsCodeHtmlCustomData(manifest, brief)),
    'vscode.css-custom-data.json': parse(getVsCodeCssCustomData(manifest, brief)),
    'web-types.json': { ...webTypes, name, version },
  }
  await mkdir(DATA, { recursive: true })
  for (const [file, data] of Object.entries(files))
    await writeFile(join(DATA, file), `${JSON.stringify(data, null, 2)}\n`)
}
