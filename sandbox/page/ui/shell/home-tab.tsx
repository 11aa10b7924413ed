import { useEffect } from 'preact/hooks'
import { objectsIn } from '../../../slack/json.ts'
import type { ActRequest, PageView, Snapshot } from '../../contract.ts'
import { BlockList } from '../blocks/block-list.tsx'
import { SurfaceContext } from '../state/surface.ts'
import { useSurface } from '../state/use-surface.ts'

type Props = { readonly snapshot: Snapshot; readonly as: string; act(request: ActRequest): Promise<string | null> }

export function HomeTab({ snapshot, as, act }: Props) {
  useEffect(() => {
    void act({ as, do: 'openHome' })
  }, [as, act])
  const home = snapshot.homes[as]
  if (home === undefined) return <p class="nothing">{snapshot.workspace.appName} has not put anything here yet.</p>
  return <HomeView key={as} home={home} as={as} act={act} />
}

function HomeView({ home, as, act }: { readonly home: PageView; readonly as: string; act: Props['act'] }) {
  const { values, errors } = home
  const surface = useSurface({ kind: 'home', id: `home-${home.id}`, as, target: 'home', values, errors, act })
  return (
    <section class="home" aria-label="Home">
      <SurfaceContext.Provider value={surface}>
        <BlockList blocks={objectsIn(home.view.blocks)} />
      </SurfaceContext.Provider>
    </section>
  )
}
