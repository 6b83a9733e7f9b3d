"""Where the cells, arrows and names of a signal network stand: plain geometry, in pixels, the same on every run.

Bone's own cells have fixed places in the middle. Other origins stand in two columns, tumours left and the rest right,
with their cargos written beside them, so that each arrow begins at its own cargo's name. Arrows between the same two
cells run side by side like field lines.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin

import pandas as pd

from evcourse.charts.network_plan import BONE, RADIUS, ROW, WHOLE, Curve, Plan, Point, text_width


def places_of(signals: pd.DataFrame) -> tuple[Plan, dict[str, Point]]:
    """Return the plan that the signals need, and the place of every cell: of a column's cell, the inner edge of its box."""
    cells = [*dict.fromkeys([*signals["origin_cell"].astype(str), *signals["target_cell"].astype(str)])]
    if set(cells) <= set(BONE.places):
        return BONE, {cell: BONE.places[cell] for cell in cells}
    beside = [cell for cell in cells if cell not in WHOLE.places]
    tumours = [cell for cell in beside if "cancer" in cell]
    others = [cell for cell in beside if "cancer" not in cell]
    places = {cell: WHOLE.places[cell] for cell in cells if cell in WHOLE.places}
    return WHOLE, places | _column(signals, tumours, WHOLE.left) | _column(signals, others, WHOLE.right)


def curves_of(signals: pd.DataFrame, names: pd.Series) -> dict[int, Curve]:
    """Return the curve of every signal, by its number; `names` are the words beside them, by number."""
    plan, places = places_of(signals)
    rows = signals.astype({"origin_cell": str, "target_cell": str})
    inside = rows["origin_cell"].isin(plan.places) & rows["target_cell"].isin(plan.places)
    return _between_cells(rows[inside], plan, places) | _from_and_to_columns(rows[~inside], plan, places, names)


def column_slots(cell: str, signals: pd.DataFrame, places: dict[str, Point]) -> list[int]:
    """Return the signals that begin or end at the inner edge of a column's cell, from top to bottom, by number.

    Signals between two neighbours of a column are drawn straight from box to box and need no slot.
    """
    rows = signals.astype({"origin_cell": str, "target_cell": str})
    meets = rows[(rows["origin_cell"] == cell) != (rows["target_cell"] == cell)]
    partner = meets["target_cell"].where(meets["origin_cell"] == cell, meets["origin_cell"])
    slots = meets.assign(height=partner.map({name: place.y for name, place in places.items()}))[partner.isin(places)]
    return slots.sort_values(["height", "edge"])["edge"].tolist()


def _column(signals: pd.DataFrame, cells: list[str], x: int | None) -> dict[str, Point]:
    ordered = sorted(cells, key=lambda cell: _wish(cell, cells, signals))
    heights = [box_height(len(column_slots(cell, signals, WHOLE.places))) for cell in ordered]
    top, bottom = 24, WHOLE.height - (96 if x == WHOLE.left else 24)
    gap = min(34, (bottom - top - sum(heights)) / max(1, len(heights) - 1))
    y, places = top + (bottom - top - sum(heights) - gap * (len(heights) - 1)) / 2, {}
    for cell, height in zip(ordered, heights, strict=True):
        places[cell] = Point(x, y + height / 2)
        y += height + gap
    return places


def box_height(slots: int) -> float:
    """Return the height of the box of a column's cell, in pixels."""
    return max(34, ROW * slots + 4)


def _wish(cell: str, cells: list[str], signals: pd.DataFrame) -> tuple:
    """Where a column's cell wants to stand: as high as the highest place it meets, or next to its partner."""
    rows = signals.astype({"origin_cell": str, "target_cell": str})
    met = [*rows.loc[rows["origin_cell"] == cell, "target_cell"], *rows.loc[rows["target_cell"] == cell, "origin_cell"]]
    heights = [WHOLE.places[name].y for name in met if name in WHOLE.places]
    if heights:
        return min(heights), sum(heights) / len(heights), cells.index(cell), 0
    releases = (rows["origin_cell"] == cell).any()
    partner = next((name for name in met if name in cells and name != cell), None)
    beside = -1 if releases else 1
    return (*_wish(partner, cells, signals)[:3], beside) if partner else (1e3, 1e3, cells.index(cell), 0)


# --- between the cells of bone ---------------------------------------------------------------------------------------


def _between_cells(rows: pd.DataFrame, plan: Plan, places: dict[str, Point]) -> dict[int, Curve]:
    order, curves, bundles = list(plan.places), {}, {}
    for row in rows.itertuples():
        pair = tuple(sorted((row.origin_cell, row.target_cell), key=order.index))
        bundles.setdefault(pair, []).append(row)
    for (first, second), members in bundles.items():
        members.sort(key=lambda row: (row.origin_cell != first, row.edge))
        draw = _loop if first == second else _lane
        for number, row in enumerate(members):
            curve = draw(places[first], places[second], number, len(members), plan, first)
            curves[row.edge] = curve if row.origin_cell == first else curve.turned()
    return curves


def _lane(a: Point, b: Point, number: int, count: int, plan: Plan, _cell: str) -> Curve:
    """One of several curves side by side, from a to b."""
    angle, distance = atan2(b.y - a.y, b.x - a.x), hypot(b.x - a.x, b.y - a.y)
    place, flat = number - (count - 1) / 2, abs(sin(angle)) < 0.2
    slanted = not flat and abs(cos(angle)) > 0.2
    # A slanted arrow is bent away from the bundle in the middle, which it would otherwise cross.
    aside = _away(a, b, angle, plan) if slanted else 0
    middle = place * (ROW if flat else 42 if count > 2 else 36) + 0.12 * distance * aside
    fan = place * min(0.42, 2.4 / count) + 0.2 * aside
    start, end = a.towards(angle + fan, RADIUS + 4), b.towards(angle + pi - fan, RADIUS + 4)
    bend = (8 * middle - 2 * (RADIUS + 4) * sin(fan)) / 6
    reach = 0.24 if flat else 0.3
    bends = [a.towards(angle, share * distance).towards(angle + pi / 2, bend) for share in (reach, 1 - reach)]
    lonely = 0.5 if not slanted else 0.57 if a == plan.places["OB"] else 0.34
    # Where arrows of the columns pass on both sides, no name stands beside its arrow.
    outside = not slanted and plan is BONE
    return _labelled(Curve(start, *bends, end, start), flat, outside, number, count, lonely)


def _away(a: Point, b: Point, angle: float, plan: Plan) -> int:
    left, right = plan.places["OB"], plan.places["BMSC"]
    x, y = (a.x + b.x - left.x - right.x) / 2, (a.y + b.y - left.y - right.y) / 2
    return 1 if x * cos(angle + pi / 2) + y * sin(angle + pi / 2) >= 0 else -1


def _labelled(curve: Curve, flat: bool, outside: bool, number: int, count: int, lonely: float) -> Curve:
    if flat:
        return curve.named_at(curve.at(0.5) + (0, 4), "center")
    if number in (0, count - 1) and outside and count > 1:
        place = curve.at(0.64 if count > 2 else 0.34)
        side = 1 if place.x > (curve.start.x + curve.end.x) / 2 else -1
        return curve.named_at(place + (8 * side, 4), "left" if side > 0 else "right")
    share = lonely if count == 1 else 0.66 - 0.26 * (number % 2)
    return curve.named_at(curve.at(share) + (0, 4), "center")


def _loop(cell: Point, _same: Point, number: int, count: int, plan: Plan, name: str) -> Curve:
    """A curve that leaves a cell, away from the middle of the picture, and returns to it."""
    angle = plan.loops.get(name, -pi / 2) + 0.95 * (number - (count - 1) / 2)
    ends = [cell.towards(angle + side * 0.3, RADIUS + 4) for side in (1, -1)]
    bends = [cell.towards(angle + side * 0.52, RADIUS + 66) for side in (1, -1)]
    curve = Curve(ends[0], *bends, ends[1], ends[0])
    lean = cos(angle)
    align = "center" if abs(lean) < 0.25 else "left" if lean > 0 else "right"
    lift = 14 if sin(angle) > 0.8 else -6 if sin(angle) < -0.5 else 4
    return curve.named_at(curve.at(0.5) + (0 if align == "center" else 7 * (1 if lean > 0 else -1), lift), align)


# --- from and to the columns -----------------------------------------------------------------------------------------


def _from_and_to_columns(rows: pd.DataFrame, plan: Plan, places: dict[str, Point], names: pd.Series) -> dict[int, Curve]:
    curves, arriving = {}, {}
    beside = {cell: place for cell, place in places.items() if cell not in plan.places}
    slots = {cell: column_slots(cell, rows, plan.places) for cell in beside}
    widest = {edge: max(text_width(names[each]) for each in own) for own in slots.values() for edge in own}
    for row in rows.itertuples():
        if row.origin_cell in beside and row.target_cell in beside:
            curves[row.edge] = _box_to_box(beside[row.origin_cell], beside[row.target_cell], slots, row)
        elif row.target_cell in beside:
            end = _slot(beside[row.target_cell], slots[row.target_cell], row.edge)
            curves[row.edge] = _to_a_slot(places[row.origin_cell], end + (5 if end.x == plan.left else -5, 0))
        else:
            start = _slot(beside[row.origin_cell], slots[row.origin_cell], row.edge)
            arriving.setdefault((row.target_cell, start.x == plan.left), []).append((start.y, row.edge, start))
    for (target, from_left), edges in arriving.items():
        for number, (_, edge, slot) in enumerate(sorted(edges)):
            forward = 1 if from_left else -1
            start = slot + ((13 + widest[edge]) * forward, 0)
            lift = ((len(edges) - 1) / 2 - number) * min(0.3, 1.7 / len(edges))
            curve = _incoming(start, places[target], lift, forward, plan, places)
            label = slot + (8 * forward, 4)
            curves[edge] = curve.named_at(label, "left" if from_left else "right", halo=False)
    return curves


def _slot(box: Point, slots: list[int], edge: int) -> Point:
    return box + (0, ROW * (slots.index(edge) - (len(slots) - 1) / 2))


def _incoming(start: Point, place: Point, lift: float, forward: int, plan: Plan, places: dict[str, Point]) -> Curve:
    """A curve from a column to a cell: it leaves level and arrives in its place of a fan."""
    angle = pi + lift if forward > 0 else -lift
    if _blocked(start, place, forward, plan, places):
        # Below the cell that stands in the way.
        end = place.towards(pi / 2 + 0.75 * forward, RADIUS + 4)
        low = place.y + RADIUS + 62
        bend1 = Point(start.x + 120 * forward, start.y + 16 if start.y > place.y + 60 else low)
        return Curve(start, bend1, Point(end.x - 130 * forward, low - 8), end, start)
    end = place.towards(angle, RADIUS + 4)
    far = abs(end.x - start.x)
    return Curve(start, start + (0.5 * far * forward, 0), end.towards(angle, 0.38 * far), end, start)


def _blocked(start: Point, place: Point, forward: int, plan: Plan, places: dict[str, Point]) -> bool:
    """Whether another cell of the same row stands between an arrow's start and its end."""
    row = [each for cell, each in places.items() if cell in plan.places and abs(each.y - place.y) < 5 and each != place]
    return any(start.x * forward < each.x * forward < place.x * forward for each in row)


def _to_a_slot(cell: Point, end: Point) -> Curve:
    """A curve from a cell of bone to its slot in a column; its name stands where it begins."""
    forward = 1 if end.x > cell.x else -1
    start = cell.towards(0 if forward > 0 else pi, RADIUS + 4)
    far = abs(end.x - start.x)
    curve = Curve(start, start + (0.4 * far * forward, 0), end + (-0.4 * far * forward, 0), end, start)
    return curve.named_at(start + (12 * forward, -5), "left" if forward > 0 else "right", halo=False)


def _box_to_box(origin: Point, target: Point, slots: dict[str, list[int]], row) -> Curve:
    """A short straight arrow from one box of a column to its neighbour, with its name beside it."""
    down = 1 if target.y > origin.y else -1
    x = origin.x + (12 if origin.x > WHOLE.width / 2 else -12)
    start = Point(x, origin.y + down * box_height(len(slots[row.origin_cell])) / 2 + 2 * down)
    end = Point(x, target.y - down * box_height(len(slots[row.target_cell])) / 2 - 4 * down)
    third = (0, (end.y - start.y) / 3)
    curve = Curve(start, start + third, end + (0, -third[1]), end, start)
    return curve.named_at(Point(x + 9, (start.y + end.y) / 2 + 4), "left", halo=False)
