# Completion of `referat` for bash. What can follow is asked of the program itself, so that nothing has to be kept in step:
# commands and options from --help, documents from the pipeline that runs.

_referat_commands() {
	referat --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
}

# The words that a command's usage has in second place ("referat plugins show NAME"); most have none.
_referat_subcommands() {
	referat "$1" --help 2>/dev/null | sed -n "1,/^\$/s/^\(usage:\| *\) *referat $1 \([a-z][a-z-]*\).*/\2/p"
}

_referat_options() {
	referat "$@" --help 2>/dev/null | sed -n '/^options:/,$s/^  *\(-[A-Za-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

# The pipeline is the one of --state where that is on the line already.
_referat_documents() {
	local state=() i
	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-s | --state) state=(--state "${COMP_WORDS[i + 1]}") ;;
		esac
	done
	referat list "${state[@]}" --timeout 1s --json 2>/dev/null | grep -o '"document": *"[^"]*"' | cut -d'"' -f4
}

_referat() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_referat_commands)" -- "$word")
		return
	fi
	case $before in
	-s | --state | --plugins) # a folder
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		return
		;;
	esac
	local within=("$command") subcommands
	subcommands=$(_referat_subcommands "$command")
	if [ -n "$subcommands" ] && [ "$COMP_CWORD" -eq 2 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$subcommands" -- "$word")
		return
	fi
	[ -z "$subcommands" ] || within+=("${COMP_WORDS[2]}")
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_referat_options "${within[@]}")" -- "$word")
	elif [[ $(referat "${within[@]}" --help 2>/dev/null | head -n 1) == *DOC* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_referat_documents)" -- "$word")
	fi
	# Else bash completes the names of files, as -o default says.
}

complete -o default -F _referat referat
