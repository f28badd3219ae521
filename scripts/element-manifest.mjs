/**
 * The custom-elements manifest of `<chat-widget>`, from the JSDoc and the types of its sources. The analyzer reads the
 * class; what it cannot see is added from the syntax tree: attributes that a table makes, the interface that types them,
 * the events of the event map.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create, ts } from '@custom-elements-manifest/analyzer'
import { ROOT } from './run.mjs'

const WIDGET = join(ROOT, 'packages/widget')
const FILES = ['chat-widget-element.ts', 'attributes-element.ts', 'events.ts', 'public-types.ts']
const TAG = 'chat-widget'

const plain = (text) => text.replace(/\s+/g, ' ').trim()

const docOf = (node) =>
  plain(
    ts
      .getJSDocCommentsAndTags(node)
      .filter(ts.isJSDoc)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
      .join(' '),
  )

const described = (documented) => ({ ...documented, description: plain(documented.description) })

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1)

const present = (name, value) => (value === undefined || value === '' ? {} : { [name]: value })

/** All declarations of the sources, by name. An interface may have the name of a class. */
function declarations(modules) {
  const found = { interfaces: new Map(), classes: new Map(), types: new Map(), constants: new Map() }
  const visit = (node) => {
    if (ts.isInterfaceDeclaration(node)) found.interfaces.set(node.name.text, node)
    else if (ts.isClassDeclaration(node) && node.name) found.classes.set(node.name.text, node)
    else if (ts.isTypeAliasDeclaration(node)) found.types.set(node.name.text, node.type)
    else if (ts.isVariableStatement(node))
      for (const { name, initializer } of node.declarationList.declarations)
        if (initializer) found.constants.set(name.text, initializer)
  }
  for (const module of modules) ts.forEachChild(module, visit)
  return found
}

/** A type as it is written; a name for a choice of literals is replaced by the choice. */
function typeText(type, { types }) {
  const meant = ts.isTypeReferenceNode(type) ? types.get(type.typeName.getText()) : undefined
  const isChoice = meant && ts.isUnionTypeNode(meant) && meant.types.every(ts.isLiteralTypeNode)
  return plain((isChoice ? meant : type).getText())
}

/** The table `ATTRIBUTES`: each attribute, and the first of its values if it is a choice. */
const attributeTable = ({ constants }) =>
  constants.get('ATTRIBUTES').properties.map(({ name, initializer }) => ({
    attribute: name.text,
    property: name.text.replace(/-(.)/, (_, letter) => letter.toUpperCase()),
    choice: ts.isCallExpression(initializer) ? initializer.arguments[0].getText() : undefined,
  }))

/** Members of the interface that types the table. An accessor that reads a function is a method, and sets the attribute. */
function typedMember(name, sources) {
  const members = sources.interfaces
    .get('AttributesElement')
    .members.filter((member) => member.name?.text === name)
  const getter = members.find(ts.isGetAccessorDeclaration)
  const setter = members.find(ts.isSetAccessorDeclaration)
  if (!getter) return { type: members[0].type, description: docOf(members[0]) }
  const accepted = setter.parameters[0].type.types.find((type) => ts.isTypeReferenceNode(type))
  return { type: accepted, description: docOf(setter), method: getter }
}

const eventsOf = (sources) =>
  sources.interfaces.get('ChatWidgetEventMap').members.map(({ name, type }) => ({
    name: name.text,
    type: { text: type.getText() },
    description: sentence(docOf(sources.classes.get(type.getText())).replace(/^`[^`]*`: /, '')),
  }))

function describe(element, base, sources) {
  const attributes = []
  const members = element.members
    .filter((member) => !member.privacy && !member.static)
    .map(({ inheritedFrom, ...member }) => described(member))
  for (const { attribute, property, choice } of attributeTable(sources)) {
    const { type, description, method } = typedMember(property, sources)
    const text = typeText(type, sources)
    // An unknown value counts as the first one.
    const value = choice ?? (method && text.split(' | ')[0])
    const typed = { type: { text }, description, ...present('default', value) }
    attributes.push({ name: attribute, ...typed, fieldName: property })
    members.push(
      method
        ? {
            kind: 'method',
            name: property,
            return: { type: { text: plain(method.type.type.getText()) } },
            description: docOf(method),
          }
        : { kind: 'field', name: property, ...typed, attribute, reflects: true },
    )
  }
  const open = members.find(({ name }) => name === 'open')
  Object.assign(open, { attribute: 'open', reflects: true })
  attributes.push({ name: 'open', type: open.type, description: open.description, fieldName: 'open' })
  return {
    kind: 'class',
    name: element.name,
    tagName: TAG,
    customElement: true,
    description: element.description,
    superclass: { name: 'HTMLElement' },
    attributes,
    members,
    events: eventsOf(sources),
    slots: base.slots.map(described),
    cssProperties: base.cssProperties.map(described),
    cssParts: base.cssParts.map(described),
  }
}

async function parse() {
  const read = async (name) => {
    const path = `src/${name}`
    return ts.createSourceFile(path, await readFile(join(WIDGET, path), 'utf8'), ts.ScriptTarget.ES2022, true)
  }
  return Promise.all(FILES.map(read))
}

/** The public surface of `<chat-widget>`, in the format of custom-elements.json. */
export async function createManifest() {
  const modules = await parse()
  const sources = declarations(modules)
  const analyzed = create({ modules }).modules.flatMap((module) => module.declarations)
  const classOf = (name) => analyzed.find((declaration) => declaration.name === name)
  const { exports } = JSON.parse(await readFile(join(WIDGET, 'package.json'), 'utf8'))
  const path = exports['.'].default.replace('./', '')
  const element = describe(classOf('ChatWidgetElement'), classOf('AttributesElement'), sources)
  const declaration = { name: element.name, module: path }
  return {
    schemaVersion: '1.0.0',
    readme: '',
    modules: [
      {
        kind: 'javascript-module',
        path,
        declarations: [element],
        exports: [
          { kind: 'js', name: element.name, declaration },
          { kind: 'custom-element-definition', name: TAG, declaration },
        ],
      },
    ],
  }
}

/** The fields of each event's `detail`, for the documentation. */
export async function eventDetails() {
  const sources = declarations(await parse())
  return Object.fromEntries(
    eventsOf(sources).map(({ name, type }) => {
      const [detail] = sources.classes.get(type.text).heritageClauses[0].types[0].typeArguments
      const fields = sources.interfaces.get(detail.getText())?.members ?? []
      return [name, fields.map((field) => `${field.name.text}${field.questionToken ? '?' : ''}`)]
    }),
  )
}
