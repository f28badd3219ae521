/** Base of the panel's elements that are Lit templates, all of them in parts that are loaded later. */
import { render } from '../lit.ts'
import { PanelElement } from './panel-element.ts'

export abstract class TemplateElement extends PanelElement {
  protected abstract render(): unknown

  protected override draw(): void {
    render(this.render(), this.renderRoot)
  }
}
