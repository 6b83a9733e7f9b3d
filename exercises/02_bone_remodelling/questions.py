"""The questions of lesson 02: what signs can say, what they leave open, and what a model of bone adds.

Every question is after one thing that is easily misunderstood, named by its first misconception. The signals are those
that the review prints (Bianciardi et al., 2021), its contested sign in two readings; the model is that of Komarova et
al. (2003), with the balanced equation of bone mass that this course adds for changes that last. Which cargo acts on
which constant is the course's choice, so that only signs and closed forms hang on it.
"""

from dataclasses import replace
from functools import cache, lru_cache
from math import prod

import evcourse as ev
from evcourse.models import cargos, remodelling
from evcourse.questions import FreeText, Function, Lesson, Number, SignedPath, Table, misconception

lesson = Lesson("Who tells whom to build and to break")


@lesson.question(points=4, minutes=10, bloom="understand")
class split(Table):
    """Turn the rows {rows} of the review's Table 1 into signals, one row of your table for each signal.

    You find them in `ev.load("bone_remodelling")`. The course splits them by one rule: a list of **miRNAs that have
    names** gives one signal for each miRNA; everything else, also a list of proteins, stays one signal.

    - `row`: number of the printed row
    - `item`: 1 for its first signal, 2 for its second, and so on (1 where there is only one)
    - `sign`: 1 if the process in the column `effect` is raised, -1 if it is lowered, as printed
    - `bone`: 1 if the signal pushes towards more bone, -1 if it pushes towards less. Osteogenesis forms bone; OCgenesis,
      the formation of osteoclasts, is counted here as a push towards less (whether a loss lasts is question 6)

    The table may be typed by hand: `pd.DataFrame([[row, item, sign, bone], …], columns=["row", "item", "sign",
    "bone"])`. Its rows may have any order.
    """

    row_key, columns, tolerance = ("row", "item"), {"sign": "1", "bone": "1"}, 0.0
    shared = "Table 1 has only 17 rows"
    hints = (
        "Take the columns one after the other: `cargo` says how many signals, the arrow in `effect` gives the sign, and"
        " the word behind that arrow tells what it means for bone.",
        "Mark the rows whose effect is OCgenesis. For those, and only for those, the two columns differ.",
    )
    solution = (
        "One of your rows is a list of miRNAs with names: one signal for each of them. All other rows are one signal"
        " each. `sign` is the arrow of the effect, and not that of the mechanism. `bone` is the same number where the"
        " effect is osteogenesis, and the opposite where it is OCgenesis, whoever sends the signal."
    )

    def given(self, rng):
        list_row = rng.choice([1, 5])
        # A row whose mechanism falls while bone formation rises has to be among them.
        stem_cells = 3 if list_row == 1 else rng.choice([2, 3, 4])
        rows = [list_row, stem_cells, rng.choice([6, 10]), *rng.sample([7, 8, 11, 13], 2), rng.choice([12, 15]), 14]
        rng.shuffle(rows)
        return {"rows": rows}

    def expected(self, given):
        return signals_of(given["rows"])

    @misconception(hint="Compare the columns `effect` and `mechanism`: a molecule may fall and a process rise.")
    def takes_the_sign_of_the_molecule(self, given):
        return signals_of(given["rows"], sign_of=lambda row: -1 if row["mechanism"][0] in "↓b" else 1)

    @misconception(hint="Look at the rows with OCgenesis: is more of it more bone?")
    def takes_up_for_more_bone(self, given):
        return signals_of(given["rows"], bone_of=lambda row, sign: sign)

    @misconception(hint="Look at the signals that osteoclasts send: does each of them harm bone? Read the effects.")
    def lets_osteoclasts_always_harm(self, given):
        return signals_of(given["rows"], bone_of=lambda row, sign: -1 if row["origin_cell"] == "OC" else 1)

    @misconception(hint="You split a row that the rule leaves whole. Which lists does the rule split?")
    def splits_every_list(self, given):
        return signals_of(given["rows"], counts=PARTS)

    # The last one, because a table without some rows agrees with every other one in all that it has.
    @misconception(hint="One printed row may hold several signals: count the names in the column `cargo`.")
    def takes_a_row_for_a_signal(self, given):
        return signals_of(given["rows"], counts={})


@lesson.question(points=3, minutes=7, bloom="analyse")
class route(SignedPath):
    """A treatment makes {sender} release more vesicles of every kind. Over which cells could this {change}
    {process}?

    Take the 22 signals of Table 1 whose sign is not marked as contested:
    `ev.load("signals").query("evidence == 'table 1' and confidence == 'printed'")`, with the columns `origin_cell`,
    `target_cell` and `sign_as_printed`. Read an arrow as in the lesson's loops: more of what one cell sends means more
    (+) or less (-) of what the next cell does and sends.

    Give the way from {start} to {end} as a list of arrows `(from, sign, to)`, with the names of the table. Any way
    counts that consists of such arrows and has this effect on the whole; it may pass a cell twice. No single arrow has
    this effect.
    """

    shared = "there are only so many ways through six cells"
    hints = (
        "Begin at the end: which cells act on it, and with which sign? Then ask the same of those cells.",
        "The sign of a whole way is the product of the signs of its arrows. If yours is wrong, look for an arrow that"
        " exists with both signs, or for another cell to pass through.",
    )
    solution = "One way, among others: {way}. The product of its signs is the effect that was asked for."

    def given(self, rng):
        start, end, sign = rng.choice(indirect())
        return {"start": start, "end": end, "sign": sign}

    def prompt(self, given):
        """Return the text, with the cells and the effect in words."""
        change = "raise" if given["sign"] > 0 else "lower"
        words = {"sender": CELLS[given["start"]], "process": PROCESSES[given["end"]], "change": change}
        return super().prompt(given | words)

    def edges(self, given):
        return arrows()

    def expected(self, given):
        return way_of(given["start"], given["end"], given["sign"])

    @misconception(hint="Multiply the signs of your arrows, two at a time. Is the product what was asked for?")
    def leaves_signs_unmultiplied(self, given):
        return way_of(given["start"], given["end"], -given["sign"])

    @misconception(hint="There is no such direct arrow in the table. Which cell lies between?")
    def takes_the_effect_for_an_arrow(self, given):
        return [(given["start"], given["sign"], given["end"])]

    @misconception(hint="Vesicles travel from the cell that releases them to one that responds. Where do yours begin?")
    def walks_against_the_arrows(self, given):
        return [(target, sign, source) for source, sign, target in reversed(self.expected(given))]

    def worked_solution(self, given):
        """Return the solution with a way in words, which `given` must not hold: it is the learner's to see."""
        arrows = self.expected(given)
        way = ", ".join(f"{source} {'+' if sign > 0 else '−'} {target}" for source, sign, target in arrows)
        return super().worked_solution(given | {"way": way})


@lesson.question(points=4, minutes=10, bloom="apply")
class loop(Function):
    """Write `loop(arrows)`, which says what a loop of cells does to a change.

    `arrows` is a list with one entry for each arrow of the loop. An entry is the list of the signs of all cargos that
    this arrow stands for. `[[-1], [1, -1, -1]]` is the lesson's loop of osteoblasts (one cargo) and osteoclasts
    (three).

    Return one of three words, in quotation marks:

    - `"amplifies"`: whichever cargo acts, a change comes back with its own sign
    - `"opposes"`: whichever cargo acts, it comes back with the opposite sign
    - `"open"`: both can happen, so it takes strengths to decide

    Your function is tried on the ten loops in `q.loop.given["loops"]`.
    """

    signature, unit, tolerance = "loop(arrows)", "", 0.0
    shared = "there are only three words"
    hints = (
        "Do it by hand for three of your loops first. What makes a loop open? What decides in all the others?",
        "`1 in arrow and -1 in arrow` is true where the cargos of an arrow compete. In a loop without such an arrow all"
        " signs of an entry are the same, so `arrow[0]` is enough: multiply those.",
    )
    solution = (
        "For each arrow: if it holds 1 and -1, return the word open. Otherwise multiply a sign, 1 at the beginning, by"
        " arrow[0]. After the last arrow, 1 amplifies and -1 opposes. A majority of cargos plays no part: they are not"
        " equally strong."
    )

    def given(self, rng):
        sign = rng.choice([1, -1])
        # The first two tell those who count cargos from those who read the first one.
        loops = [[[1, -1]], [[sign, -sign, -sign]], *(drawn_loop(rng, each) for each in DRAWN)]
        rng.shuffle(loops)
        return {"loops": loops}

    def inputs(self, given):
        return [(each,) for each in given["loops"]]

    def expected(self, given):
        return verdict

    @misconception(hint="You let the cargos of an arrow vote. Does the table say that they are equally strong?")
    def lets_cargos_vote(self, given):
        return lambda arrows: named(prod(sign_of(sum(arrow)) for arrow in arrows))

    @misconception(hint="Does a single minus decide? Follow a change round a loop with two of them.")
    def lets_one_minus_decide(self, given):
        return lambda arrows: "open" if competes(arrows) else named(min(map(min, arrows)))

    @misconception(hint="Two cargos of one arrow act side by side, not in a row. Which signs are multiplied?")
    def multiplies_every_cargo(self, given):
        return lambda arrows: named(prod(map(prod, arrows)))

    @misconception(hint="Look at the second and third cargo of an arrow, too: a drawing with one arrow hides them.")
    def reads_the_first_cargo(self, given):
        return lambda arrows: named(prod(arrow[0] for arrow in arrows))

    @misconception(hint="Several cargos need not compete. When do they?")
    def calls_several_cargos_open(self, given):
        return lambda arrows: "open" if any(len(arrow) > 1 for arrow in arrows) else verdict(arrows)

    @misconception(hint="You added signs up. Two brakes in a row: what does the second do to the first?")
    def adds_signs(self, given):
        return lambda arrows: named(sign_of(sum(map(sum, arrows))))

    def compare(self, answer, key, asked):
        """Return the items; a word has no tolerance to speak of."""
        items = super().compare(answer, key, asked)
        return [replace(item, words=item.words.replace("exactly of the expected", "the expected")) for item in items]


@lesson.question(points=3, minutes=9, bloom="apply")
class cycle(Table):
    """Tiny cracks call osteoclasts. One site in balance gets {few} osteoclasts **more**, another one exactly twice as
    many, {many}, in both cases once. (Fractions of a cell are an average over many such sites.) How deep does the bone
    mass fall, and where is it after 200 days?

    Use the healthy constants, `remodelling.HEALTHY`, 200 days with a row for every tenth of a day (`step_days=0.1`),
    and the published form of the bone mass equation, which fits this case, `form="published"`. Give two rows:

    - `extra_osteoclasts`: {few} or {many}
    - `lowest_percent`: the lowest bone mass in % of the start
    - `end_percent`: the bone mass on day 200, in % of the start

    Before you compute, write down a guess: is the hole of the second site twice as deep? And is it filled again?
    """

    row_key, columns = ("extra_osteoclasts",), {"lowest_percent": "%", "end_percent": "%"}
    tolerance, absolute = 0.0, 0.1
    hints = (
        "The lesson did this for ten osteoclasts, in section 5. What has to change in `start=`, and what has to stay?",
        "`remodelling.steady_state()` gives the two cell numbers in balance. The start has more of the first and just"
        " as many of the second. From the course take `.min()` and the last row of `bone_mass_percent`.",
    )
    solution = (
        "clasts, blasts = remodelling.steady_state(); course = remodelling.simulate(days=200,"
        " start=(clasts + {few}, blasts), form='published', step_days=0.1); then course['bone_mass_percent'].min() and"
        " .iloc[-1]; and again with {many}. The second hole is a little less than twice as deep, and its end lies above"
        " the other: the cells do not answer in strict proportion to the disturbance."
    )

    def given(self, rng):
        few = rng.randint(6000, 16000) / 1000
        return {"few": few, "many": round(2 * few, 3)}

    def expected(self, given):
        return holes(given, lambda extra: (extra, 0))

    @misconception(hint="Your second hole is exactly twice the first. Did you run the model for it, too?")
    def doubles_the_hole(self, given):
        once = self.expected(given).loc[0, ["lowest_percent", "end_percent"]]
        return table_of(given, [once, 100 + 2 * (once - 100)])

    @misconception(hint="Bone mass never moves in your runs. What is the start if you say nothing?")
    def starts_in_balance(self, given):
        return table_of(given, [(100.0, 100.0)] * 2)

    @misconception(hint="The osteoclasts come on top of those that are there already. How many is that together?")
    def starts_with_the_extra_ones_alone(self, given):
        return holes(given, lambda extra: (extra - remodelling.steady_state()[0], 0))

    @misconception(hint="Your bone mass rises first. Which of the two numbers in `start` are the osteoclasts?")
    def adds_osteoblasts(self, given):
        return holes(given, lambda extra: (0, extra))

    @misconception(hint="There are two forms of the bone mass equation. Which one does `simulate` take unasked?")
    def leaves_the_balanced_form(self, given):
        return holes(given, lambda extra: (extra, 0), form="balanced")

    @misconception(hint="Yours is how much bone is lost. The table asks how much is there.")
    def gives_the_loss(self, given):
        return table_of(given, (100 - self.expected(given)[["lowest_percent", "end_percent"]]).to_numpy())

    @misconception(hint="The end of a course is not its lowest point: look at the curve of the lesson.")
    def takes_the_end_for_the_lowest(self, given):
        rows = self.expected(given)
        return rows.assign(lowest_percent=rows["end_percent"])


@lesson.question(points=2, minutes=6, bloom="analyse")
class border(Number):
    """In your tissue an osteoclast lives {clast_days} days on average, and an osteoblast {blast_days} days. All
    exponents but one are those of the healthy set (osteoblasts send nothing to osteoblasts, g22 = 0). Osteoclasts
    encourage each other, and g11 grows. At which **g11** do the cycles stop dying away?

    A cell that lives T days on average is removed at a rate of 1/T per day: with β1 = 0.2 per day an osteoclast lives 5
    days. Give at least four decimal places.
    """

    unit, tolerance, absolute = "1", 0.0, 0.0005
    hints = (
        "Which two constants of the model are about how long cells stay, and what are they in your tissue?",
        "Make your own site, `remodelling.Remodelling(beta1=…, beta2=…)`, with rates per day, and ask the function of"
        " the lesson for its border.",
    )
    solution = (
        "beta1 = 1 / {clast_days} and beta2 = 1 / {blast_days} per day; remodelling.hopf_g11 of a site with these rates"
        " gives 1 + beta2 / beta1 = 1 + {clast_days} / {blast_days} = {answer}. The shorter the life of an osteoclast,"
        " compared with that of an osteoblast, the nearer the border comes to 1."
    )

    def given(self, rng):
        # At 50 days an osteoblast would be healthy, and below 8 days two of the slips below could agree.
        blast_days = rng.choice([rng.randint(330, 460), rng.randint(540, 690)]) / 10
        return {"clast_days": rng.randint(80, 149) / 10, "blast_days": blast_days}

    def expected(self, given):
        site = remodelling.Remodelling(beta1=1 / given["clast_days"], beta2=1 / given["blast_days"])
        return remodelling.hopf_g11(site)

    @misconception(hint="That is the border of the healthy set. What is different in your tissue?")
    def takes_the_border_of_the_lesson(self, given):
        return remodelling.hopf_g11()

    @misconception(hint="You used the days as rates. Does a cell that lives longer vanish faster?")
    def takes_days_for_rates(self, given):
        return 1 + given["blast_days"] / given["clast_days"]

    @misconception(hint="At exactly one the cycles still die away, as in the lesson. What else holds them back?")
    def puts_the_border_at_one(self, given):
        return 1.0

    @misconception(hint="That is the g11 of the healthy set, which calms down after one cycle.")
    def takes_the_healthy_value(self, given):
        return remodelling.HEALTHY.g11

    @misconception(hint="That is only how far the border lies from one.")
    def forgets_the_one(self, given):
        return self.expected(given) - 1

    @misconception(hint="You changed one of the two rates. Both cells live differently in your tissue.")
    def leaves_the_osteoclasts(self, given):
        return 1 + 1 / given["blast_days"] / remodelling.HEALTHY.beta1

    @misconception(hint="You changed one of the two rates. Both cells live differently in your tissue.")
    def leaves_the_osteoblasts(self, given):
        return 1 + remodelling.HEALTHY.beta2 * given["clast_days"]


@lesson.question(points=4, minutes=10, bloom="analyse")
class balance(Table):
    """Four healthy sites, and in each of them **one** rate changes for good:

    - `alpha1`: osteoclasts are formed {alpha1} % faster
    - `alpha2`: osteoblasts are formed {alpha2} % more slowly
    - `beta1`: osteoclasts live longer, they are removed {beta1} % more slowly
    - `beta2`: osteoblasts live shorter, they are removed {beta2} % faster

    Where do the cells come to rest, and what does the bone do from then on? Before you compute, guess in which of the
    four the loss goes on. Give four rows:

    - `rate`: the name of the rate, as above
    - `osteoclasts`, `osteoblasts`: cell numbers at the new steady state
    - `percent_per_year`: lasting change of bone mass in % of the start per 365 days, below zero for a loss, by the
      **balanced** form (`remodelling.chronic_slope`, which is per day)
    """

    row_key, columns = ("rate",), {"osteoclasts": "cells", "osteoblasts": "cells", "percent_per_year": "%"}
    tolerance, absolute = 0.005, 0.001
    hints = (
        "`remodelling.HEALTHY.times(alpha1=…)` gives one changed site. What is the factor for so many per cent more,"
        " and for so many per cent less?",
        "One site after the other, each from the healthy one: first `remodelling.steady_state(site)`, which gives both"
        " cell numbers, then 365 times `remodelling.chronic_slope(site)`.",
    )
    solution = (
        "The factors are 1 + {alpha1}/100, 1 - {alpha2}/100, 1 - {beta1}/100 and 1 + {beta2}/100, each on a site of its"
        " own. With alpha1 or beta1 both cells change by one factor: turnover, and no lasting change. With alpha2 or"
        " beta2 there are fewer osteoblasts for each osteoclast, and the loss goes on. Osteoclasts rise in these two,"
        " because osteoblasts are their brake, and so osteoblasts fall by less than their rate suggests."
    )

    def given(self, rng):
        return {rate: rng.randint(*between) / 10 for rate, between in CHANGES.items()}

    def expected(self, given):
        return at_rest(changed_sites(given))

    @misconception(hint="You let the loss go on wherever osteoclasts rise. What do the osteoblasts do in that site?")
    def takes_more_osteoclasts_for_lasting_loss(self, given):
        low1, k1 = remodelling.steady_state()[0], remodelling.HEALTHY.k1
        rows = self.expected(given)
        return rows.assign(percent_per_year=-365 * k1 * (rows["osteoclasts"] - low1))

    @misconception(hint="Each of your rates moves its own cell alone. Which exponents join the two cells?")
    def moves_one_cell_alone(self, given):
        return with_cells(given, lambda rate, f: (f, 1) if rate.endswith("1") else (1, f))

    @misconception(hint="Osteoblasts follow your osteoclasts, but do osteoclasts feel osteoblasts? Look at g21.")
    def forgets_the_brake(self, given):
        return with_cells(given, lambda rate, f: (f, f) if rate.endswith("1") else (1, f))

    @misconception(hint="Two of the rates are removal: does a cell become rarer if it is removed more slowly?")
    def takes_removal_for_formation(self, given):
        return at_rest([remodelling.HEALTHY.times(**{f"alpha{rate[-1]}": f}) for rate, f in factors(given).items()])

    @misconception(hint="Look at beta1 once more: a cell that lives longer, is it removed faster or more slowly?")
    def removes_faster_what_lives_longer(self, given):
        return at_rest(changed_sites(given | {"beta1": -given["beta1"]}))

    @misconception(hint="So many per cent faster: is that the factor itself, or what comes on top of 1?")
    def takes_the_percentage_for_the_factor(self, given):
        return at_rest([remodelling.HEALTHY.times(**{rate: given[rate] / 100}) for rate in CHANGES])

    @misconception(hint="Two of the rates fall. Which factor makes a number smaller?")
    def takes_slower_for_faster(self, given):
        return at_rest([remodelling.HEALTHY.times(**{rate: 1 + given[rate] / 100}) for rate in CHANGES])

    @misconception(hint="In each site one rate is changed. Does every one of yours start from the healthy set?")
    def changes_one_site_after_the_other(self, given):
        sites = [remodelling.HEALTHY]
        for rate, factor in factors(given).items():
            sites.append(sites[-1].times(**{rate: factor}))
        return at_rest(sites[1:])

    @misconception(hint="The published form fits cycles that return to balance. Which form does the task name?")
    def uses_the_published_form(self, given):
        return at_rest(changed_sites(given), form="published")

    @misconception(hint="That is the change in one day.")
    def gives_the_change_in_a_day(self, given):
        rows = self.expected(given)
        return rows.assign(percent_per_year=rows["percent_per_year"] / 365)


@lesson.question(points=4, minutes=10, bloom="analyse")
class one_arrow(Table):
    """Table 1 prints that miR-218 lowers bone formation; title and abstract of the study that the review cites for it
    (reference 12) say that it promotes it. How much of a result hangs on this one arrow?

    In your site four cargos act for good, each with a strength of {strength_percent} %: {cargo_list}. They are
    the edges {edges} of `ev.load("cargo_effects")`. Read the signs once as printed, and once per source.

    - `reading`: "as printed" or "per source"
    - `alpha2_factor`: the factor by which the four together multiply the formation of osteoblasts, alpha2
    - `percent_per_year`: lasting change of bone mass in % of the start per 365 days (`remodelling.chronic_slope`, which
      is per day)

    The site is the lesson's healthy one. That these cargos act on these constants, and with which strength, is a choice
    of the course and measured nowhere. Neither reading is called the right one here: both are asked for.
    """

    row_key, columns = ("reading",), {"alpha2_factor": "1", "percent_per_year": "%"}
    tolerance, absolute = 0.002, 0.0
    hints = (
        "`cargos.factors_of` and `cargos.site_with` do the work. Two things have to be said besides the cargos: how"
        " strong they are, and whose sign counts.",
        "Choose the four rows with `.isin([…])`, then call both functions with `strength_percent=` and with"
        " `per_source=True` for the second row.",
    )
    solution = (
        "acting = the rows with the edges {edges}; cargos.factors_of(acting, strength_percent={strength_percent},"
        " per_source=False)['alpha2'], and 365 * remodelling.chronic_slope(cargos.site_with(acting, …)) with the same"
        " arguments; then both with per_source=True. Three cargos act on alpha2, and their factors are multiplied; the"
        " fourth changes alpha1, which alone does nothing lasting but changes the speed. One arrow turns a loss into a"
        " gain: this is why it is marked, and neither mended nor copied in silence."
    )

    def given(self, rng):
        edges = sorted([MIR_218, rng.choice([4, 20]), rng.choice([18, 21]), rng.choice([13, 14, 17])])
        return {"edges": edges, "strength_percent": rng.randint(120, 290) / 10}

    def prompt(self, given):
        """Return the text, with the cargos by their names."""
        return super().prompt(given | {"cargo_list": "; ".join(described(edge) for edge in given["edges"])})

    def expected(self, given):
        return readings(given)

    @misconception(hint="Your two rows are the same. Which argument says whose sign counts?")
    def reads_the_print_twice(self, given):
        return readings(given, whose=(False, False))

    @misconception(hint="You added effects up. What does a second cargo act on: the healthy constant, or what is left?")
    def adds_effects(self, given):
        return from_factors(given, lambda turns, s: 1 + sum(turns) * s)

    @misconception(hint="How strong is a cargo in the lesson, and how strong is one of yours?")
    def leaves_the_usual_strength(self, given):
        return readings(given | {"strength_percent": cargos.TYPICAL_STRENGTH_PERCENT})

    @misconception(hint="This is the lesson's call. How strong are your cargos, and whose sign counts in each row?")
    def repeats_the_call_of_the_lesson(self, given):
        return readings(given | {"strength_percent": cargos.TYPICAL_STRENGTH_PERCENT}, whose=(False, False))

    @misconception(hint="Per source miR-218 does something, too. Your second row leaves it out.")
    def leaves_the_contested_arrow_out(self, given):
        without = readings(given | {"edges": [edge for edge in given["edges"] if edge != MIR_218]}).iloc[[1]]
        return joined([readings(given).iloc[[0]], without])

    @misconception(hint="Which of your rows is which? Look up the sign as printed once more.")
    def swaps_the_readings(self, given):
        return readings(given, whose=(True, False))

    @misconception(hint="One of your cargos acts on alpha1. It changes no sign, but look at how fast the bone changes.")
    def forgets_the_other_constant(self, given):
        return readings(given | {"edges": [edge for edge in given["edges"] if edge not in (13, 14, 17)]})

    @misconception(hint="That is the change in one day.")
    def gives_the_change_in_a_day(self, given):
        rows = self.expected(given)
        return rows.assign(percent_per_year=rows["percent_per_year"] / 365)


@lesson.question(points=6, minutes=14, bloom="evaluate")
class colleague(FreeText):
    """A colleague writes to you:

    "I raised the formation of osteoclasts (α1) by 60 %, for good, as vesicles with RANKL may do, and let the model of
    Komarova et al. run for 1000 days. Bone mass: 154 %! The model is published, so these vesicles build bone. Your
    lesson's balanced form must be wrong: it gives 92 %. And 92 % makes no sense either, because with more osteoclasts
    bone ought to be lost until nothing is left."

    Answer in 100 to 200 words, as you would to somebody whom you like. Why does the published form give 154 %? Why does
    the bone stop at 92 % in the balanced one? What would make it fall on and on? And what does neither run show?

    Write first, check, and look at `q.colleague.solution()` only then; it has six criteria, with which you score your
    own text.
    """

    rubric = {
        "purpose": (1, "says what the published bone mass equation is fit for, and why it misleads here"),
        "coupling": (1, "says that osteoblasts follow osteoclasts, so that both rise alike"),
        "once": (1, "explains the 8 % as a loss that happens once, while the turnover rises"),
        "uncoupling": (1, "names a change that would make the loss go on, and says that this holds in this model"),
        "limits": (1, "names something about real bone, or about the vesicles, that neither run shows"),
        "test": (1, "proposes an observation or experiment that would tell the two ideas apart"),
    }
    least_words = 60
    hints = (
        "Take the four questions one by one, with the cell numbers at hand: how many of each cell are there in the end,"
        " and how many osteoblasts for one osteoclast?",
        "Section 6 of the lesson has what the two forms count; section 7 says what is known of the strength of cargos.",
    )
    solution = "One answer that has everything; yours may say it differently. Then score your own text, honestly:"

    def expected(self, given):
        return MODEL_REPLY

    @misconception(hint="What do osteoblasts do when there are more osteoclasts? Count both cells before you judge.")
    def takes_more_osteoclasts_for_net_loss(self, given):
        return "more osteoclasts always"

    @misconception(hint="Need it be wrong? For which question does its equation give a sensible answer?")
    def blames_the_paper(self, given):
        return "the published model is wrong"

    @misconception(hint="A model shows what follows from its assumptions. Which of them would you check in bone?")
    def takes_a_model_for_a_proof(self, given):
        return "the model proves"

    @misconception(hint="The balanced form is a choice of this course, for one question. What does it leave out?")
    def takes_the_balanced_form_for_the_truth(self, given):
        return "the balanced form is right"


#: How many names a row has where it is a list of miRNAs with names, and how many wherever there is a list.
NAMED = {1: 3, 5: 5}
PARTS = NAMED | {6: 4, 10: 2}

CELLS = {
    "BMSC": "stem cells of the bone marrow (BMSC)",
    "OB": "osteoblasts (OB)",
    "BMM": "macrophages of the bone marrow (BMM)",
    "OC": "osteoclasts (OC)",
    "osteocyte": "osteocytes",
}
PROCESSES = {
    "BMSC": "osteogenesis, the formation of osteoblasts, from stem cells (BMSC)",
    "OB": "bone formation by osteoblasts (OB)",
    "BMM": "the formation of osteoclasts from their precursors (BMM)",
    "OC": "the formation of osteoclasts (OC)",
    "endothelium": "the formation of blood vessels by the endothelium",
}

#: For each loop that is drawn: the signs of its arrows, 0 where cargos compete, and the most cargos of an arrow.
DRAWN = (((1,), 1), ((-1,), 2), ((-1, -1), 1), ((-1, -1), 3), ((1, 1, -1), 1), ((-1, -1, -1), 3), ((0, -1), 3))
DRAWN += (((1, 0, -1), 3),)

#: By how many per mille the rates change, up for alpha1 and beta2, down for the others.
CHANGES = {"alpha1": (210, 590), "alpha2": (110, 290), "beta1": (160, 340), "beta2": (120, 380)}
SLOWED = ("alpha2", "beta1")

MIR_218 = 22

MODEL_REPLY = """\
Your run is correct, but it asks the equation something it does not fit. In the published form only cells above
their old balance count. For a single cycle this is fine, since everything returns to that balance. After a lasting
change it never does: the additional osteoblasts weigh more than the additional osteoclasts, and every day is booked as
a gain.

Look at the cells: osteoblasts follow osteoclasts in proportion, so both rise by 60 %, and there are still 200
osteoblasts for one osteoclast. In the balanced form formation therefore catches up with resorption. Until it does,
more holes are open than before. This costs about 8 %, once; then bone mass stays.

In this model a loss that goes on needs weaker coupling, fewer osteoblasts per osteoclast: for instance by a slower
formation of osteoblasts, as the lesson translates miR-214-3p from osteoclasts.

Neither run knows struts that are cut through for good, and nobody has measured how strongly vesicles with RANKL act.
So I would not conclude that they build bone, nor the opposite. I would give such vesicles to mice and follow bone
volume and the markers of resorption and formation over months: a plateau with both markers high speaks for coupling."""


def signals_of(rows, *, counts=NAMED, sign_of=None, bone_of=None):
    """Return one row for each signal of some printed rows, with the sign of its process and what it does to bone."""
    import pandas as pd

    signals = []
    for number in rows:
        row = printed_rows()[number]
        sign = (sign_of or effect_sign)(row)
        bone = (bone_of or bone_sign)(row, sign)
        signals += [[number, item, sign, bone] for item in range(1, counts.get(number, 1) + 1)]
    return pd.DataFrame(signals, columns=["row", "item", "sign", "bone"])


@cache
def printed_rows():
    """Return the printed rows of Table 1, by number."""
    return {row["row"]: row for row in ev.load("bone_remodelling").to_dict("records")}


def effect_sign(row):
    """Return the sign of the arrow before the effect."""
    return 1 if row["effect"].startswith("↑") else -1


def bone_sign(row, sign):
    """Return what a process of this sign does to bone."""
    return -sign if "OCgenesis" in row["effect"] else sign


@cache
def arrows():
    """Return every arrow between two cells that the uncontested signals of Table 1 give, as (source, sign, target)."""
    signals = ev.load("signals").query("evidence == 'table 1' and confidence == 'printed'")
    columns = [signals[name].tolist() for name in ("origin_cell", "sign_as_printed", "target_cell")]
    return sorted(set(zip(*columns, strict=True)))


@cache
def indirect():
    """Return every start, end and sign that two to four arrows join, but no single one, and that need some thought."""
    wanted = [(start, end, sign) for start in CELLS for end in PROCESSES for sign in (1, -1) if start != end]
    return [each for each in wanted if 2 <= steps(*each) <= 4 and steps(*each[:2], -each[2]) < 6 and brakes(*each)]


def brakes(start, end, sign):
    """Return whether the shortest way passes a minus, or a direct arrow of the other sign tempts to take it."""
    return (start, -sign, end) in arrows() or any(each < 0 for _, each, _ in way_of(start, end, sign))


def steps(start, end, sign):
    """Return how many arrows the shortest way of a sign has; more than any if there is none."""
    return len(way_of(start, end, sign)) or 99


@cache
def way_of(start, end, sign):
    """Return the shortest way of a sign from one cell to another, as arrows; none if there is none of up to five."""
    ways = [[arrow] for arrow in arrows() if arrow[0] == start]
    for _ in range(5):
        there = [way for way in ways if way[-1][2] == end and prod(each for _, each, _ in way) == sign]
        if there:
            return there[0]
        ways = [[*way, arrow] for way in ways for arrow in arrows() if arrow[0] == way[-1][2]]
    return []


def verdict(arrows):
    """Return what a loop does to a change: a loop with competing cargos on one arrow leaves it open."""
    return "open" if competes(arrows) else named(prod(arrow[0] for arrow in arrows))


def competes(arrows):
    """Return whether the cargos of an arrow have both signs."""
    return any(len(set(arrow)) > 1 for arrow in arrows)


def named(sign):
    """Return the word for the sign of a loop, zero for one that is open."""
    return {1: "amplifies", -1: "opposes", 0: "open"}[sign]


def sign_of(number):
    """Return 1, 0 or -1."""
    return (number > 0) - (number < 0)


def drawn_loop(rng, drawn):
    """Return the signs of the cargos of each arrow of a loop, for the signs that its arrows shall have."""
    signs, most = drawn
    return [drawn_arrow(rng, sign, most) for sign in rng.sample(signs, len(signs))]


def drawn_arrow(rng, sign, most):
    """Return the signs of the cargos of an arrow; two or three where they compete, else up to `most`."""
    if sign:
        return [sign] * rng.randint(min(2, most), most)
    competing = rng.choice([[1, -1, -1], [1, 1, -1], [1, -1]])
    return rng.sample(competing, len(competing))


def holes(given, added, *, form="published"):
    """Return the learner's table; `added` makes additional osteoclasts and osteoblasts of the number that was given."""
    return table_of(given, [hole(added(given[which]), form) for which in ("few", "many")])


@lru_cache(64)
def hole(extra, form):
    """Return lowest and last bone mass in % of a healthy site with additional osteoclasts and osteoblasts on day 0."""
    start = tuple(cells + more for cells, more in zip(remodelling.steady_state(), extra, strict=True))
    mass = remodelling.simulate(days=200, start=start, form=form, step_days=0.1)["bone_mass_percent"]
    return float(mass.min()), float(mass.iloc[-1])


def table_of(given, pairs):
    """Return the learner's table with a pair of numbers for each of the two sites."""
    import pandas as pd

    rows = [[extra, *pair] for extra, pair in zip((given["few"], given["many"]), pairs, strict=True)]
    return pd.DataFrame(rows, columns=["extra_osteoclasts", "lowest_percent", "end_percent"])


def factors(given):
    """Return the factor on each rate that changes by some per cent."""
    return {rate: 1 + (-1 if rate in SLOWED else 1) * given[rate] / 100 for rate in CHANGES}


def changed_sites(given):
    """Return four healthy sites with one changed rate each."""
    return [remodelling.HEALTHY.times(**{rate: factor}) for rate, factor in factors(given).items()]


def at_rest(sites, *, form="balanced"):
    """Return cell numbers at the steady state of four sites, and what bone mass does there in a year."""
    cells = [remodelling.steady_state(site) for site in sites]
    slopes = [remodelling.bone_mass_rate(*each, site, form=form) for each, site in zip(cells, sites, strict=True)]
    return rates_table(cells, slopes)


def with_cells(given, moved):
    """Return the table of somebody who moves the cell numbers in another way; `moved` gives the factors on them."""
    healthy = remodelling.steady_state()
    effects = {rate: 1 / factor if rate.startswith("beta") else factor for rate, factor in factors(given).items()}
    cells = [tuple(prod(both) for both in zip(healthy, moved(*each), strict=True)) for each in effects.items()]
    return rates_table(cells, [remodelling.bone_mass_rate(*each) for each in cells])


def rates_table(cells, slopes):
    """Return one row for each of the four rates; slopes come in % per day."""
    import pandas as pd

    rows = [[rate, *each, 365 * float(slope)] for rate, each, slope in zip(CHANGES, cells, slopes, strict=True)]
    return pd.DataFrame(rows, columns=["rate", "osteoclasts", "osteoblasts", "percent_per_year"])


def readings(given, *, whose=(False, True)):
    """Return the two rows of the learner's site, first as printed, then per source."""
    acting = tuple(given["edges"]), given["strength_percent"]
    return readings_table([reading(*acting, per_source) for per_source in whose])


@lru_cache(64)
def reading(edges, strength_percent, per_source):
    """Return the factor on alpha2 and the change of bone mass in % a year for some cargos, whose sign counts."""
    acting = effects().loc[list(edges)]
    factor = cargos.factors_of(acting, strength_percent=strength_percent, per_source=per_source)
    return [factor["alpha2"], 365 * remodelling.chronic_slope(remodelling.HEALTHY.times(**factor))]


def from_factors(given, together):
    """Return the same two rows, where `together` makes one factor of the directions on a constant and a strength."""
    acting, strength = effects().loc[given["edges"]], given["strength_percent"] / 100
    rows = []
    for column in ("direction", "direction_per_source"):
        turns = acting[column].fillna(acting["direction"]).astype(int)
        factor = {each: together(turns[acting["parameter"] == each], strength) for each in ("alpha1", "alpha2")}
        rows.append([factor["alpha2"], 365 * remodelling.chronic_slope(remodelling.HEALTHY.times(**factor))])
    return readings_table(rows)


def readings_table(rows):
    """Return two rows of factor and slope with the names of the readings."""
    import pandas as pd

    named_rows = [[name, *row] for name, row in zip(("as printed", "per source"), rows, strict=True)]
    return pd.DataFrame(named_rows, columns=["reading", "alpha2_factor", "percent_per_year"])


def joined(tables):
    """Return tables one below the other."""
    import pandas as pd

    return pd.concat(tables, ignore_index=True)


@cache
def effects():
    """Return the constants that cargos act on, by the number of their signal."""
    return ev.load("cargo_effects").set_index("edge")


def described(edge):
    """Return a cargo with the way it goes, as "miR-218 (osteocyte to OB)"."""
    row = effects().loc[edge]
    return f"{row['cargo']} ({row['origin_cell']} to {row['target_cell']})"
