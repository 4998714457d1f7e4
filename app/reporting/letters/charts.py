"""Charts as SVG: an Altair specification set by vl-convert, the same on the page and on paper."""

from collections.abc import Sequence

from app.reporting.rules.blocks import Block

INK, SOFT, LINE, BAR = "#15252c", "#43545c", "#d5dad8", "#0b5560"
# No space after a comma: the paper's setter takes a name with its space, knows no such type, and sets a wider one.
FONT = '"Source Sans 3","Noto Sans","Liberation Sans","DejaVu Sans",sans-serif'
WIDTH, HEIGHT, STEP = 440, 200, 26
MOST_NUMBERED = 16
LONGEST_LABEL = 230
MOST_LETTERS = 40
LETTER = 7.5
HEADROOM = 1.12


def draw(block: Block) -> str:
    """The chart of a block's first column; each chart stands beside its table, so it says no more than that."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(specification(block)))


def specification(block: Block) -> dict[str, object]:
    """Vega-Lite, made with Altair: columns in the order of the table, or bars with the largest on top."""
    import altair

    values = [
        {"group": _short(label), "number": number, "place": at}
        for at, (label, number) in enumerate(block.chart_values())
    ]
    chart = _columns(altair, values) if block.chart == "columns" else _bars(altair, values)
    made: dict[str, object] = (
        chart.configure(font=FONT, background="white", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, labelFontSize=13, labelLimit=LONGEST_LABEL, gridColor=LINE, domainColor=SOFT, tickColor=SOFT
        )
        .to_dict()
    )
    return made


def _short(label: str) -> str:
    return label if len(label) <= MOST_LETTERS else f"{label[: MOST_LETTERS - 1]}…"


def _angle(names: Sequence[str]) -> int:
    """Names that do not fit below their columns are set slanting."""
    room = WIDTH / max(len(names), 1)
    return 0 if all(len(name) * LETTER <= room for name in names) else -45


def _largest(values: Sequence[dict[str, object]]) -> int:
    return max((int(str(value["number"])) for value in values), default=0) or 1


def _columns(altair, values: Sequence[dict[str, object]]):  # type: ignore[no-untyped-def]
    names = [value["group"] for value in values]
    across = altair.X("group:N", sort=names, title=None, axis=altair.Axis(labelAngle=_angle([str(n) for n in names])))
    base = altair.Chart(altair.Data(values=values), width=WIDTH, height=HEIGHT).encode(x=across)
    up = altair.Y(
        "number:Q",
        title=None,
        axis=altair.Axis(tickCount=5, domain=False, ticks=False, format=",d", tickMinStep=1),
        scale=altair.Scale(domain=[0, _largest(values) * HEADROOM], nice=False),
    )
    columns = base.mark_bar(color=BAR).encode(y=up)
    if len(values) > MOST_NUMBERED:
        return columns
    size = 12 if len(values) <= 12 else 9
    numbers = base.mark_text(dy=-6, color=INK, fontSize=size).encode(y=up, text=altair.Text("number:Q", format=",d"))
    return columns + numbers


def _bars(altair, values: Sequence[dict[str, object]]):  # type: ignore[no-untyped-def]
    names = [value["group"] for value in values]
    down = altair.Y("group:N", sort=names, title=None, axis=altair.Axis(ticks=False, domain=False, labelPadding=6))
    base = altair.Chart(altair.Data(values=values), width=WIDTH - LONGEST_LABEL + 10, height=altair.Step(STEP)).encode(
        y=down
    )
    along = altair.X("number:Q", title=None, axis=None)
    bars = base.mark_bar(color=BAR, height=15).encode(x=along)
    numbers = base.mark_text(dx=4, align="left", color=INK, fontSize=13).encode(
        x=along, text=altair.Text("number:Q", format=",d")
    )
    return bars + numbers
