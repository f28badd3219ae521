/** The shop's products. */

export interface Product {
  /** Also the name of its drawing, `/assets/img/{id}.svg`. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** In whole euros. */
  readonly price: number
  readonly badge?: string
}

export const PRODUCTS: readonly Product[] = [
  {
    id: 'jacket',
    name: 'Trail jacket',
    description: 'Three-layer shell, 310 g',
    price: 189,
    badge: 'Bestseller',
  },
  { id: 'backpack', name: 'Ridge backpack', description: '28 litres, roll top', price: 129 },
  { id: 'tent', name: 'Fell tent', description: 'Two people, 1.6 kg', price: 349, badge: 'New' },
  { id: 'lantern', name: 'Camp lantern', description: 'Warm light, 40 hours', price: 45 },
  { id: 'mug', name: 'Enamel mug', description: '350 ml, for any fire', price: 18 },
  { id: 'beanie', name: 'Wool beanie', description: 'Merino, knitted in Norway', price: 35 },
]
