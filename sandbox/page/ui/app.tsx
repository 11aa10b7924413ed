import { useSandbox } from './state/use-sandbox.ts'
import { Workspace } from './workspace.tsx'

export function App() {
  const sandbox = useSandbox()
  if (sandbox.snapshot !== null) return <Workspace sandbox={sandbox} snapshot={sandbox.snapshot} />
  return (
    <main class="loading">
      <p role="status">
        {sandbox.connected ? 'Opening the sandbox…' : 'The sandbox does not answer yet. Trying again…'}
      </p>
    </main>
  )
}
