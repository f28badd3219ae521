import { expect, it } from 'vitest'
import { checkFile } from './load-config.ts'

const app = { id: 'shop', origins: ['https://shop.example.com'] }
const check = (change: object) => checkFile({ apps: [{ ...app, ...change }] }, { dev: false })
const field = { name: 'email', label: 'Email', type: 'email' }
const form = { fields: [field], submit: 'Send' }
const hours = { timeZone: 'Europe/Berlin', open: { 'mon-fri': '09:00-17:00', sat: ['10:00-12:00'] } }
const appearance = {
  accent: '#1f4d3f',
  logo: 'https://shop.example.com/logo.png',
  greeting: 'How can we **help**?',
  quickReplies: [{ label: 'Where is my order?', value: 'order' }],
  replyTime: 'minutes',
}
const selectOf = (index: number) => ({
  ...{ name: `f${index}`, label: 'Choose', type: 'select' },
  options: Array.from({ length: 50 }, (_, value) => ({ label: `Option ${value}`, value: `${value}` })),
})

it('[WH1] appearance, hours and forms are taken as they are written', () => {
  const written = { appearance, hours, preChat: { ...form, identified: true }, outOfHours: form }
  const { appearance: looks, hours: open, preChat, outOfHours } = check(written).apps[0] ?? {}
  expect({ appearance: looks, hours: open, preChat, outOfHours }).toEqual(written)
})

it.each([
  ['appearance.accent', { appearance: { accent: 'green' } }],
  ['appearance.logo', { appearance: { logo: 'http://shop.example.com/logo.png' } }],
  ['appearance.greeting', { appearance: { greeting: ' ' } }],
  ['appearance.greeting', { appearance: { quickReplies: appearance.quickReplies } }],
  ['appearance.quickReplies[0].value', { appearance: { greeting: 'Hi', quickReplies: [{ label: 'Yes' }] } }],
  ['appearance.replyTime', { appearance: { replyTime: 'soon' } }],
  ['appearance.colour', { appearance: { colour: '#fff' } }],
  ['hours.timeZone', { hours: { timeZone: 'Berlin' } }],
  ['hours.timeZone', { hours: { open: hours.open } }],
  ['hours.open.weekdays', { hours: { ...hours, open: { weekdays: '09:00-17:00' } } }],
  ['hours.open.mon', { hours: { ...hours, open: { mon: '9-17' } } }],
  ['hours.open.mon[1]', { hours: { ...hours, open: { mon: ['09:00-12:00', '13-17'] } } }],
  ['hours.closed[0]', { hours: { ...hours, closed: ['25.12.2026'] } }],
  ['preChat.fields', { preChat: { submit: 'Go' } }],
  ['preChat.fields[0].type', { preChat: { ...form, fields: [{ ...field, type: 'password' }] } }],
  ['preChat', { preChat: { ...form, fields: Array.from({ length: 20 }, (_, index) => selectOf(index)) } }],
  ['outOfHours.fields', { hours, outOfHours: { ...form, fields: [{ ...field, type: 'text' }] } }],
  ['hours', { outOfHours: form }],
])('[WH1] what is wrong is named by its key: %s', (key, change) => {
  expect(() => check(change)).toThrow(`configuration: apps[0].${key}: `)
  expect(() => check(change)).not.toThrow(/\n/)
})
