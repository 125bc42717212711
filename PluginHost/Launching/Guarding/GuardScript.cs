namespace Plugwire.Hosting.Launching.Guarding;

/// <summary>
/// What the guard does, for any POSIX shell. Its lines come one a launch and change: <c>+ SLOT LAUNCH-ID DIRECTORY</c> before the plugin's process is started, <c>= SLOT GROUP
/// START-TIME</c> when it runs, <c>- SLOT</c> when it has ended. The end of its input is the end of the host.
/// </summary>
/// <remarks>
/// The shell has no descriptor for a process, so an identity is a number and the start time that the kernel tells for it. A group is signalled while its leader is the one that was
/// registered, or has ended: as long as one process of the group is there, the kernel gives its number to nobody else. Only the shell's own words are used up to the first kill. Without grep
/// no marks are looked for, without rm the next host removes the directories.
/// </remarks>
internal static class GuardScript
{
    /// <summary>How long plugins have to end by themselves when their host has died, in tenths of a second: those made with the SDK notice it, and take 1.5 s at most.</summary>
    public const int Grace = 16;

    /// <summary>Takes the host's process id and the grace.</summary>
    public const string Text = """
        # Ends the plugins of process $1 once that has died.
        trap '' HUP INT QUIT TERM
        exec >/dev/null 2>&1
        host=$1 grace=$2 live=' '

        while read -r what slot first rest; do
            case $what in
                +) eval "id_$slot=\$first home_$slot=\$rest group_$slot= born_$slot="; live="$live$slot " ;;
                =) eval "group_$slot=\$first born_$slot=\$rest" ;;
                -) case $live in *" $slot "*) live="${live%% "$slot" *} ${live#* "$slot" }" ;; esac
                   unset "id_$slot" "home_$slot" "group_$slot" "born_$slot" ;;
            esac
        done
        [ "$live" = ' ' ] && exit

        pause() { sleep 0.1 || sleep 1; }

        # A host that lives has lost its end of the pipe by mistake. It sees this process end, and starts another.
        waited=0
        while read -r self name state parent rest </proc/self/stat && [ "$parent" = "$host" ]; do
            waited=$((waited + 1))
            [ $waited -gt 50 ] && exit
            pause
        done

        is_ours() {
            stat= state=
            while read -r line; do stat="$stat $line"; done <"/proc/$1/stat"
            [ -z "$stat" ] && return
            set -- "$2" ${stat##*) }
            state=$2
            [ "${21}" = "$1" ]
        }

        # To every group that is there. True when one may still end by itself; what is stopped or has lost its leader does not.
        signal() {
            left=
            for slot in $live; do
                eval "group=\$group_$slot born=\$born_$slot"
                [ -z "$group" ] && continue
                if is_ours "$group" "$born" && kill "-$1" "-$group"; then
                    case $state in '' | T | X | Z) ;; *) left=yes ;; esac
                else
                    eval "group_$slot="
                fi
            done
            [ -n "$left" ]
        }

        clear() {
            set --
            for slot in $live; do
                eval "set -- \"\$@\" \"\$home_$slot\""
            done
            rm -rf -- "$@"
        }

        finish() {
            trap - EXIT
            signal KILL

            # What left its group bears the mark of its launch; what is just becoming another program shows it in an instant.
            marks=
            for slot in $live; do
                eval "marks=\"\$marks\${marks:+
        }PLUGWIRE_LAUNCH_ID=\$id_$slot\""
            done
            cd /proc || exit
            clean=0 pass=0
            while [ $clean -lt 10 ] && [ $pass -lt 300 ]; do
                clean=$((clean + 1)) pass=$((pass + 1))
                for found in $(grep -lszxF -e "$marks" [0-9]*/environ); do
                    kill -KILL "${found%/environ}"
                    clean=0
                done
                [ $clean -eq 2 ] && clear
                pause
            done
            clear
        }

        # Also when a plugin's fork bomb leaves no process for a pause.
        trap finish EXIT
        tick=0
        while signal 0 && [ $tick -lt "$grace" ]; do
            pause
            tick=$((tick + 1))
            [ $tick -eq 1 ] && signal TERM
        done
        exit
        """;
}
