namespace Rectune.Cli;

/// <summary>Shell scripts that ask the program itself what fits at the cursor.</summary>
internal static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    // The line is sent with 'rectune' as its first word, whatever path the user typed, and the cursor is moved by the difference.
    private const string Bash = """
        # rectune completion for bash: eval "$(rectune completion bash)"
        _rectune_complete() {
          local word="${COMP_WORDS[0]}"
          local line="rectune${COMP_LINE:${#word}}"
          local at=$((COMP_POINT - ${#word} + 7))
          local current="${COMP_WORDS[COMP_CWORD]}"
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("$word" "[suggest:$at]" "$line" 2>/dev/null)" -- "$current"))
        }
        complete -o default -F _rectune_complete rectune ./rectune

        """;

    private const string Zsh = """
        #compdef rectune
        # rectune completion for zsh: eval "$(rectune completion zsh)"
        _rectune() {
          local word="${words[1]}"
          local line="rectune${BUFFER#$word}"
          local at=$((CURSOR - ${#word} + 7))
          local -a found
          found=("${(@f)$("$word" "[suggest:$at]" "$line" 2>/dev/null)}")
          compadd -a found
          _files
        }
        compdef _rectune rectune ./rectune

        """;

    private const string Fish = """
        # rectune completion for fish: rectune completion fish | source
        function __rectune_complete
          set -l line (commandline --current-process)
          set -l word (commandline --current-process --tokenize)[1]
          set -l at (math (commandline --current-process --cursor) - (string length -- $word) + 7)
          $word "[suggest:$at]" "rectune"(string sub --start (math (string length -- $word) + 1) -- $line) 2>/dev/null
        end
        complete --command rectune --arguments '(__rectune_complete)'

        """;

    private const string Pwsh = """
        # rectune completion for PowerShell: rectune completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName rectune -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          $word = $commandAst.CommandElements[0].Extent.Text
          $line = "rectune" + $commandAst.Extent.Text.Substring($word.Length)
          $at = $cursorPosition - $word.Length + 7
          if ($at -gt $line.Length) { $line = $line.PadRight($at) }
          & $word "[suggest:$at]" $line 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }

        """;

    /// <summary>The script for one of <see cref="Shells"/>.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "pwsh" => Pwsh,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "unknown shell"),
    };
}
