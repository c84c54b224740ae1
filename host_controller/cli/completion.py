"""`pen completion bash|zsh|fish`: the script a shell needs to complete `pen`."""

import click

from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command

HOW = {
    "bash": 'eval "$(pen completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(pen completion zsh)" in ~/.zshrc, after compinit',
    "fish": "pen completion fish > ~/.config/fish/completions/pen.fish",
}


@pen_command("completion", hidden=OF_A_PEN)
@click.argument("shell", type=click.Choice(list(HOW)))
@click.pass_context
def command(ctx: click.Context, shared: PenContext, shell: str) -> None:
    """Print shell completion for your shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, "pen", "_PEN_COMPLETE").source()
    if shared.out.as_json:
        shared.out.object("pen.completion/1", {"shell": shell, "script": script})
        return
    shared.out.line(script)
    shared.out.message(f"To use it: {HOW[shell]}")
