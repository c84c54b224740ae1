"""Write docs/troubleshooting.md: every number with its cause and next step, from the sources."""

from pathlib import Path

from host_controller.errors import EXIT_CODES, all_errors
from host_controller.refusals import exit_code_of, fault_number
from protocol import codes
from protocol.texts import FAULT_TEXTS, RESULT_TEXTS, STOP_TEXTS

PAGE = Path(__file__).resolve().parent / "troubleshooting.md"

HEAD = """# Troubleshooting

Every message of the `pen` command has a number. **E** is an error of the program or this computer, **R** a refusal of the pen, **F** a fault of the pen. Made from `host_controller/errors.py` and `protocol/texts.py`.

```
error R07: The depth is above the cap of this zone. nose: 0.80 mm was asked, the cap is 0.50 mm.
  next:  Use the cap or less, or give an override with its reason and who approved it.
```

With `--json` the same stands on stdout as one object: `schema` (`pen.error/1`), `number`, `sentence`, `cause`, `next`, `exit_code`; a refusal also has `pen` with the figures, a plan has `details` with file, line, key, reason and allowed range.

**First of all: if needles may be out, lift the pen off the skin and take the cartridge out.** The pen stops by its own button, by `pen stop`, by Ctrl-C in `pen treat`, `monitor` and `try`, and, where the plan is tethered, by itself 250 ms after it last heard the program.

## Where to start

| what you see | do |
|---|---|
| nothing works and no number is shown | `pen doctor` checks computer, port and pen, each with its reason |
| no pen is found | `pen list --all`; a cable that only charges is the usual cause |
| Linux, no permission | `pen doctor --udev-rule` prints the rule and where to put it |
| the pen shows a red light | `pen faults`, do what it says, then `pen faults ack` |
| something happens only sometimes | repeat it with `--trace FILE`; `--port replay://FILE` plays the trace back |
| a treatment broke off | look at the needles first; `pen records show RECORD` tells what happened, `pen treat FILE --continue RECORD` goes on with the same cartridge |
"""


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _errors() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for error in all_errors():
        what = (error.__doc__ or "").splitlines()[0]
        if error.number == "E100":
            what = "Anything that has no number of its own."
        rows.append((error.number, what, error.cause, error.next_step, str(error.exit_code)))
    return rows


def _results() -> list[tuple[str, ...]]:
    return [
        (f"R{code:02d}", sentence, next_step, str(exit_code_of(code)))
        for code, (sentence, next_step) in sorted(RESULT_TEXTS.items())
        if code != codes.RESULT_OK
    ]


def _faults() -> list[tuple[str, ...]]:
    return [
        (fault_number(fault), priority, sentence, next_step)
        for fault, (priority, sentence, next_step) in sorted(FAULT_TEXTS.items())
        if fault != codes.FAULT_NONE
    ]


def _stops() -> list[tuple[str, ...]]:
    return [
        (codes.STOP_NAMES[reason], sentence, next_step)
        for reason, (sentence, next_step) in sorted(STOP_TEXTS.items())
        if reason != codes.STOP_NONE
    ]


def text() -> str:
    """The page."""
    exits: list[tuple[str, ...]] = [(str(code), text) for code, text in EXIT_CODES.items()]
    parts = [
        HEAD,
        "## Exit codes\n",
        _table(("code", "meaning"), exits),
        "\n## E: program and computer\n",
        _table(("number", "what", "probable cause", "next step", "exit"), _errors()),
        "\n## R: refused by the pen\n",
        "Nothing on the pen has changed.\n",
        _table(("number", "what", "next step", "exit"), _results()),
        "\n## F: faults of the pen\n",
        "The pen has stopped, tells the gravest fault (its log has each, the first cause first) and "
        "does nothing until that is acknowledged. "
        "Priority *high*: tissue may be harmed or a stop did not finish.\n",
        _table(("number", "priority", "what", "next step"), _faults()),
        "\n## Why a run ended\n",
        "Not errors: the reason stands in the live view, in `pen info` and in the record.\n",
        _table(("reason", "what", "next step"), _stops()),
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
