import { Shop } from './shop'

export default function Page() {
  return (
    <main>
      <h1>Northwind</h1>
      <Shop />
    </main>
  )
}
