import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Schemas } from './api.ts'

export type Who = Schemas['Whoami']
export const WhoContext = createContext<Who>({ name: '', role: 'read', expiresAt: null })
export const useWho = (): Who => useContext(WhoContext)

const ORDER = ['read', 'operate', 'admin'] as const
/** Whether the operator's role includes the required one; the gateway enforces it. */
export const useMay = (needed: Who['role']): boolean => ORDER.indexOf(useWho().role) >= ORDER.indexOf(needed)
