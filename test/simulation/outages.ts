/** Hours in which a whole side is down. */
export type Outage = {
  readonly key: string
  readonly side: 'slack' | 'easyfreelance'
  readonly from: number
  readonly until: number
  /** `shut_out`: the side is up but refuses our credentials. */
  readonly mode: 'refuse' | 'hang' | 'broken' | 'shut_out'
}

export function outageAt(outages: readonly Outage[], side: Outage['side'], at: number): Outage | undefined {
  return outages.find((outage) => outage.side === side && outage.from <= at && at < outage.until)
}
