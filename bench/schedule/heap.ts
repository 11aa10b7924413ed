/** The least of what was pushed comes first. */
export type Heap<T> = { readonly size: number; top(): T | undefined; push(value: T): void; pop(): T | undefined }

export function makeHeap<T>(isBefore: (one: T, other: T) => boolean): Heap<T> {
  const heap: T[] = []
  const isLess = (one: number, other: number) => {
    const [first, second] = [heap[one], heap[other]]
    return first !== undefined && second !== undefined && isBefore(first, second)
  }
  function swap(one: number, other: number): void {
    const [first, second] = [heap[one], heap[other]]
    if (first === undefined || second === undefined) return
    heap[one] = second
    heap[other] = first
  }
  return {
    get size() {
      return heap.length
    },
    top: () => heap[0],
    push: (value) => {
      heap.push(value)
      for (let at = heap.length - 1; at > 0 && isLess(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1)
    },
    pop: () => {
      const top = heap[0]
      const last = heap.pop()
      if (heap.length === 0 || last === undefined) return top
      heap[0] = last
      for (let at = 0; ; ) {
        const least = isLess(2 * at + 2, 2 * at + 1) ? 2 * at + 2 : 2 * at + 1
        if (!isLess(least, at)) return top
        swap(at, least)
        at = least
      }
    },
  }
}
