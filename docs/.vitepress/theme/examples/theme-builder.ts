/** The theme builder: settings, the real widget in them, the contrast that is measured on it, and the CSS to copy. */
import type { ChatWidgetElement } from '@chat-widget/widget'
import {
  computed,
  defineComponent,
  h,
  nextTick,
  onBeforeUnmount,
  onMounted,
  ref,
  shallowRef,
  watch,
} from 'vue'
import { type Measured, measure } from './contrast.ts'
import { APP, type DemoServer, useDemoServer } from './demo-server.ts'
import { loadWidget } from './load-widget.ts'
import { ServerMissing } from './server-missing.ts'
import { PRESETS, SETTINGS, type Setting, type Theme, themeCss } from './theme-css.ts'

const FONTS = [
  ['', 'The system’s'],
  ['Georgia, serif', 'Georgia'],
  ['ui-rounded, "Nunito", sans-serif', 'Rounded'],
  ['ui-monospace, monospace', 'Monospace'],
] as const
const THEMES = ['light', 'dark'] as const
/** Transitions of the widget's colours are over by then. Milliseconds. */
const MEASURED_AFTER_MS = 300

export const ThemeBuilder = defineComponent({
  name: 'ThemeBuilder',
  setup() {
    const theme = ref<Theme>({ ...PRESETS[1]?.theme })
    const scheme = ref<(typeof THEMES)[number]>('light')
    const server = shallowRef<DemoServer>({ status: 'looking' })
    const panel = ref<ChatWidgetElement | null>(null)
    const launcher = ref<ChatWidgetElement | null>(null)
    const measured = shallowRef<readonly Measured[]>([])
    const isCopied = ref(false)
    const css = computed(() => themeCss(theme.value))
    let timer: ReturnType<typeof setTimeout> | undefined

    const style = () =>
      document.getElementById('theme-builder-css') ??
      Object.assign(document.createElement('style'), { id: 'theme-builder-css' })
    const look = () => {
      measured.value = measure([panel.value, launcher.value].filter((chat) => chat !== null))
    }
    const lookSoon = () => {
      clearTimeout(timer)
      timer = setTimeout(look, MEASURED_AFTER_MS)
    }
    const set = (property: string, value: string | undefined) => {
      const { [property]: _, ...others } = theme.value
      theme.value = value === undefined ? others : { ...others, [property]: value }
    }
    const copy = async () => {
      await navigator.clipboard.writeText(css.value)
      isCopied.value = true
    }

    onMounted(() => {
      // As the page itself is shown.
      if (document.documentElement.classList.contains('dark')) scheme.value = 'dark'
      document.head.append(style())
      watch(
        [css, scheme],
        () => {
          style().textContent = css.value
          isCopied.value = false
          lookSoon()
        },
        { immediate: true },
      )
      const found = useDemoServer()
      watch(
        found,
        async (now) => {
          server.value = now
          await nextTick()
          panel.value?.addEventListener('message-received', lookSoon)
          await loadWidget()
          lookSoon()
          if (now.status === 'there' && panel.value?.getState().conversation === null)
            await panel.value.sendMessage('What do these colours look like? And where is my order?')
        },
        { immediate: true },
      )
    })
    onBeforeUnmount(() => {
      clearTimeout(timer)
      style().remove()
    })

    const field = (setting: Setting) => {
      const { property, label, kind, initial } = setting
      const id = `theme${property}`
      const value = theme.value[property]
      const onInput = (event: Event) => set(property, (event.target as HTMLInputElement).value)
      const input = () => {
        if (kind === 'color')
          return h('input', {
            id,
            type: 'color',
            value: value ?? initial ?? theme.value['--chat-accent'] ?? '#2457e6',
            onInput,
          })
        if (kind === 'font')
          return h(
            'select',
            {
              id,
              value: value ?? '',
              onChange: (event: Event) =>
                set(property, (event.target as HTMLSelectElement).value || undefined),
            },
            FONTS.map(([family, name]) => h('option', { value: family }, name)),
          )
        return h('input', {
          id,
          type: 'range',
          min: 0,
          max: setting.most,
          value: Number.parseInt(value ?? initial ?? '0', 10),
          onInput: (event: Event) => set(property, `${(event.target as HTMLInputElement).value}px`),
        })
      }
      const shown = value ?? (initial === null ? 'derived' : initial)
      return h('div', { class: 'setting' }, [
        h('label', { for: id }, label),
        input(),
        kind === 'font' ? null : h('output', { for: id }, shown),
        value === undefined
          ? null
          : h(
              'button',
              {
                class: 'example-button reset',
                title: `Reset ${label}`,
                'aria-label': `Reset ${label}`,
                onClick: () => set(property, undefined),
              },
              '×',
            ),
      ])
    }
    const chat = (element: typeof panel, props: object) =>
      h('chat-widget', {
        ref: element,
        app: APP,
        server: server.value.status === 'there' ? server.value.url : undefined,
        storage: 'none',
        theme: scheme.value,
        'page-title': 'unchanged',
        ...props,
      })

    return () =>
      h('div', { class: 'theme-builder' }, [
        h('div', { class: 'settings' }, [
          h(
            'div',
            { class: 'presets', role: 'group', 'aria-label': 'Start from' },
            PRESETS.map((preset) =>
              h(
                'button',
                {
                  class: 'example-button',
                  'aria-pressed': css.value === themeCss(preset.theme),
                  onClick: () => {
                    theme.value = { ...preset.theme }
                  },
                },
                preset.name,
              ),
            ),
          ),
          h(
            'div',
            { class: 'presets', role: 'group', 'aria-label': 'Theme that is shown' },
            THEMES.map((name) =>
              h(
                'button',
                {
                  class: 'example-button',
                  'aria-pressed': name === scheme.value,
                  onClick: () => {
                    scheme.value = name
                  },
                },
                name === 'light' ? 'Light' : 'Dark',
              ),
            ),
          ),
          ...SETTINGS.map(field),
        ]),
        h('div', { class: 'shown' }, [
          server.value.status === 'missing' ? h(ServerMissing) : null,
          // Inside the page, a chat connects at once; beside it, when somebody opens it.
          server.value.status === 'there' ? chat(panel, { mode: 'inline' }) : null,
          chat(launcher, {}),
        ]),
        h('div', { class: 'result' }, [
          h('div', { class: 'css' }, [
            h('pre', { tabindex: 0 }, css.value === '' ? '/* The widget as it is. */' : css.value),
            h(
              'button',
              { class: 'example-button', disabled: css.value === '', onClick: () => void copy() },
              isCopied.value ? 'Copied' : 'Copy CSS',
            ),
          ]),
          h('table', [
            h('caption', 'Contrast, measured on the chat above'),
            h('thead', [h('tr', [h('th', 'Part'), h('th', 'Contrast'), h('th', 'WCAG AA')])]),
            h(
              'tbody',
              measured.value.map(({ name, ratio, wanted }) =>
                h('tr', { class: ratio >= wanted ? 'holds' : 'fails' }, [
                  h('td', name),
                  h('td', `${ratio.toFixed(1)} : 1`),
                  h('td', `${wanted} : 1 ${ratio >= wanted ? 'holds' : 'fails'}`),
                ]),
              ),
            ),
          ]),
        ]),
      ])
  },
})
