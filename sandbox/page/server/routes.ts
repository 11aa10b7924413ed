import type { ActRequest, ActResult, ControlRequest, ControlResult } from '../contract.ts'
import { act } from './act.ts'
import { type Answer, failed, json } from './answers.ts'
import { INDEX, readAsset } from './assets.ts'
import { control } from './control.ts'
import { readAct, readControl } from './requests.ts'
import { takeSnapshot } from './snapshot.ts'
import type { Stage } from './stage.ts'

const NOTHING_HERE = failed(404, 'There is nothing here.')
const NO_SCENE: ActResult = { ok: false, problem: 'No scene is open yet.' }

/** What the paths of `contract.ts` answer. */
export function makeRoutes(stage: Stage) {
  async function doAct(request: ActRequest): Promise<ActResult> {
    const scene = stage.scene()
    if (scene === null) return NO_SCENE
    return scene.isReady ? act(request, scene) : { ok: false, problem: 'The scene is still being set up.' }
  }

  async function doControl(request: ControlRequest): Promise<ControlResult> {
    if (request.do === 'scene') {
      await stage.open(request.scene)
      return { ok: true, problem: null }
    }
    return stage.inTurn(async () => {
      const scene = stage.scene()
      return scene === null ? NO_SCENE : control(request, scene)
    })
  }

  /** A knob may well fail: the bot does not start, say. That is for whoever turned it to read. */
  const turn = (request: ControlRequest): Promise<ControlResult> =>
    doControl(request).catch((error: unknown) => ({
      ok: false,
      problem: error instanceof Error ? error.message : String(error),
    }))

  return {
    async get(path: string): Promise<Answer> {
      if (path === '/') return { status: 200, type: 'text/html; charset=utf-8', body: INDEX }
      if (path === '/api/state') {
        const scene = stage.scene()
        return scene === null ? json(503, NO_SCENE) : json(200, takeSnapshot(scene, stage.version()))
      }
      const asset = path.startsWith('/assets/') ? await readAsset(path.slice('/assets/'.length)) : null
      return asset === null ? NOTHING_HERE : { status: 200, type: asset.type, body: asset.bytes }
    },

    async post(path: string, body: unknown): Promise<Answer> {
      if (path === '/api/act') {
        const read = readAct(body)
        return read.ok ? json(200, await doAct(read.request)) : failed(400, read.problem)
      }
      if (path === '/api/control') {
        const read = readControl(body)
        return read.ok ? json(200, await turn(read.request)) : failed(400, read.problem)
      }
      return NOTHING_HERE
    },
  }
}
