import theme from 'vitepress/theme-without-fonts'
import './colours.css'

// biome-ignore lint/style/noDefaultExport: VitePress loads it so.
export default theme
