export interface ReadyNode {
  readonly name: string
  readonly program: string
  readonly home: string
}
export function readyNodes(): readonly ReadyNode[]
