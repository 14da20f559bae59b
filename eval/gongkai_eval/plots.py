"""Plots as inline SVG, drawn from numbers; no script and no file of their own."""

from __future__ import annotations

from collections.abc import Sequence

SIZE = 320.0
EDGE = 40.0


def reliability(bins: Sequence[tuple[float, float, float, int]]) -> str:
    """(stated confidence, share that was right, its lower bound, size of the sample) of each bin; a dot's area grows with its sample,
    the line below it reaches down to the bound."""
    most = max((number for *_, number in bins), default=1)
    dots = "".join(
        f'<path class="whisker" d="M{_x(stated):.1f},{_y(right):.1f} V{_y(max(low, 0.0)):.1f}"/>'
        f'<circle cx="{_x(stated):.1f}" cy="{_y(right):.1f}" r="{3 + 9 * (number / most) ** 0.5:.1f}" class="dot">'
        f"<title>stated {stated:.3f}, right {right:.4f}, at least {low:.4f}, sample {number}</title></circle>"
        for stated, right, low, number in bins
    )
    marks = "".join(
        f'<text x="{_x(at):.0f}" y="{_y(0) + 16:.0f}" text-anchor="middle">{at:g}</text>'
        f'<text x="{EDGE - 6:.0f}" y="{_y(at) + 4:.0f}" text-anchor="end">{at:g}</text>'
        for at in (0, 0.25, 0.5, 0.75, 1)
    )
    frame = f'<path class="frame" d="M{EDGE},{EDGE} V{_y(0):.0f} H{_x(1):.0f}"/>'
    line = f'<path class="ideal" d="M{_x(0):.0f},{_y(0):.0f} L{_x(1):.0f},{_y(1):.0f}"/>'
    names = f'<text x="{_x(0.5):.0f}" y="{_y(0) + 34:.0f}" text-anchor="middle">stated confidence</text>'
    names += f'<text x="{_x(0):.0f}" y="{EDGE - 14:.0f}" text-anchor="start">share that was right</text>'
    side = SIZE + 2 * EDGE
    return f'<svg viewBox="0 0 {side:.0f} {side:.0f}" width="{side:.0f}" role="img">{frame}{line}{marks}{names}{dots}</svg>'


def bar(share: float | None, width: float = 120.0) -> str:
    """A share of 1 as a bar; nothing where there is no share."""
    if share is None:
        return ""
    filled = max(0.0, min(1.0, share)) * width
    return (
        f'<svg width="{width:.0f}" height="10"><rect width="{width:.0f}" height="10" class="empty"/>'
        f'<rect width="{filled:.1f}" height="10" class="{state(share)}"/></svg>'
    )


def state(share: float) -> str:
    """The class of a share's colour."""
    return "good" if share >= 0.98 else "fair" if share >= 0.9 else "bad"


def strip(values: Sequence[float], unit: str, width: float = 520.0) -> str:
    """Each value as a stroke on one line from 0 to the largest."""
    most = max(values, default=0.0) or 1.0
    strokes = "".join(
        f'<path class="stroke" d="M{10 + value / most * width:.1f},6 v24"/>' for value in values
    )
    ends = f'<text x="10" y="48">0</text><text x="{10 + width:.0f}" y="48" text-anchor="end">{most:.1f} {unit}</text>'
    return f'<svg width="{width + 20:.0f}" height="54"><path class="frame" d="M10,32 h{width:.0f}"/>{strokes}{ends}</svg>'


def _x(share: float) -> float:
    return EDGE + share * SIZE


def _y(share: float) -> float:
    return EDGE + (1 - share) * SIZE
