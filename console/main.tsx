import { render } from 'preact'
import { App } from './app.tsx'
import { applyTheme } from './lib/theme.ts'
import './styles/main.css'

applyTheme()
const root = document.getElementById('root')
if (root) render(<App />, root)
