import { COMMON, command, type Told } from '../command.ts'
import { usage } from '../faults.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** Prints a completion script for a shell, generated from the definitions of commands and options. */
export const completionOf = (commands: Readonly<Record<string, Told>>): Told =>
  command({
    name: 'completion',
    is: 'Prints a completion script for a shell.',
    args: { shell: { type: 'positional', required: true, description: SHELLS.join(', ') } },
    examples: [
      'source <(pushport completion bash)',
      'pushport completion fish > ~/.config/fish/completions/pushport.fish',
    ],
    async run({ args }) {
      const words = wordsOf(commands)
      const script = { bash: () => bash(words), zsh: () => zsh(words), fish: () => fish(words) }[args.shell]
      if (!script) throw usage(`Unknown shell: ${args.shell}. Use one of ${SHELLS.join(', ')}.`)
      process.stdout.write(script())
    },
  })

/** The possible next words, by the command so far: `device`, `device list`. */
type Words = readonly (readonly [way: string, next: readonly string[]])[]

function wordsOf(commands: Readonly<Record<string, Told>>, way = ''): Words {
  const below = Object.entries(commands).flatMap(([name, told]): Words => {
    const inside = way === '' ? name : `${way} ${name}`
    return told.subCommands ? wordsOf(told.subCommands, inside) : [[inside, optionsOf(told)]]
  })
  return [[way, Object.keys(commands)], ...below]
}

const optionsOf = ({ args }: Told): readonly string[] => [
  ...Object.entries(args).flatMap(([name, { type }]) => (type === 'positional' ? [] : [`--${name}`])),
  ...(args === COMMON ? [] : ['--help']),
]

const cases = (words: Words): string =>
  words.map(([way, next]) => `    '${way}') words='${next.join(' ')}' ;;`).join('\n')

const bash = (words: Words): string => `_pushport() {
  local current=\${COMP_WORDS[COMP_CWORD]} way='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case " ${groups(words)} " in *" \${way:+$way }$word "*|*" \${way:+$way,}$word "*) way="\${way:+$way }$word" ;; esac ;; esac
  done
  case "$way" in
${cases(words)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _pushport pushport
`

/** Command names as single words, with commas instead of spaces. */
const groups = (words: Words): string => words.map(([way]) => way.replaceAll(' ', ',')).join(' ')

const zsh = (words: Words): string => `#compdef pushport
autoload -U +X bashcompinit && bashcompinit
${bash(words)}`

const fish = (words: Words): string =>
  words
    .flatMap(([way, next]) => {
      const when =
        way === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${way.split(' ').at(-1)}`
      return [`complete -c pushport -n '${when}' -a '${next.join(' ')}'`]
    })
    .join('\n')
    .concat('\n')
