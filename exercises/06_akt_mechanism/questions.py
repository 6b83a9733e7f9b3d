"""The questions of lesson 06: a steady state, what drugs leave alone, hours, two readings of a text, scales, arms.

Every question is after one thing that is easily misunderstood, named by its first misconception. The model is the
course's teaching model; what a learner's cells or doses are is drawn for each learner and invented. The study whose
sentences one question quotes has been retracted: it asks what is printed and what follows from the mechanism, each for
itself, and takes neither result nor print as a fact.
"""

from dataclasses import replace
from functools import cache
from math import log, log2

from evcourse.models import akt, epistasis, laboratory
from evcourse.questions import Choices, Function, Lesson, Number, Table, VirtualStudy, misconception

lesson = Lesson("Does it go through AKT?")


@lesson.question(points=4, minutes=12, bloom="apply")
class phosphorylated(Function):
    """Write `phosphorylated(pi3k, pten, bpv_umol_per_l, mk_umol_per_l)`: the share of AKT that carries a phosphate at T308
    when nothing changes any more, for **your** cells.

    - PI3K makes PIP3 from PIP2, at a rate of PI3K × (1 - P), where P is the share of PIP3 in both lipids.
    - PTEN undoes it, at a rate of {kappa} × PTEN × P. bpV(phen) at a concentration of B µmol/L leaves
      1/(1 + B/{ki_bpv}) of PTEN's activity.
    - AKT gains phosphates at a rate of {r308} × P × (1 - A)/(1 + M/{ki_mk}), with M µmol/L of MK-2206, and loses them at a
      rate of A, the share that carries one.

    Your function is tried on the six cells in `q.phosphorylated.given["cells"]`: PI3K, PTEN, bpV(phen), MK-2206.
    """

    signature = "phosphorylated(pi3k, pten, bpv_umol_per_l, mk_umol_per_l)"
    unit, tolerance = "1", 0.002
    hints = (
        "Settled means that gain and loss are equal. Do it twice: first for the lipid, which gives P, then for AKT.",
        "With the constants of the lesson, `akt.steady_state(akt.Condition(...))` should agree with your function:"
        " `dataclasses.replace(akt.TEACHING, ...)` takes yours.",
    )
    solution = (
        "The lipid: PI3K × (1 - P) = {kappa} × PTEN × b × P with b = 1/(1 + B/{ki_bpv}), so P = PI3K/(PI3K + {kappa} × PTEN"
        " × b). AKT: with x = {r308} × P/(1 + M/{ki_mk}), x × (1 - A) = A, so return x/(1 + x). MK-2206 is not in the first"
        " line, and bpV(phen) is in it with the activity of PTEN, not with how much of it there is."
    )

    def given(self, rng):
        constants = {"kappa": rng.randint(250, 600) / 100, "r308": rng.randint(350, 800) / 100}
        constants |= {"ki_bpv": rng.randint(20, 90) / 100, "ki_mk": rng.randint(6, 30) / 100}
        return constants | {"cells": [[rng.randint(*between) / 100 for between in cell] for cell in CELLS]}

    def inputs(self, given):
        return [tuple(cell) for cell in given["cells"]]

    def expected(self, given):
        return settled(given, lambda lipid, drive, _: drive * lipid / (1 + drive * lipid))

    @misconception(
        hint="Look at your PIP3: does MK-2206 appear in it? Which of the two rates of the lipid does it change?"
    )
    def lets_mk_lower_pip3(self, given):
        def share(pi3k, pten, bpv, mk):
            blocked = pi3k / (1 + mk / given["ki_mk"])
            lipid = blocked / (blocked + given["kappa"] * pten / (1 + bpv / given["ki_bpv"]))
            return given["r308"] * lipid / (1 + given["r308"] * lipid)

        return share

    @misconception(hint="Does your share grow without limit? Only AKT that has no phosphate yet can gain one.")
    def forgets_that_akt_runs_out(self, given):
        return settled(given, lambda lipid, drive, _: drive * lipid)

    @misconception(hint="More bpV(phen) should leave PTEN less to do. Which way does it go in your formula?")
    def turns_bpv_round(self, given):
        return settled(given, lambda lipid, drive, _: drive * lipid / (1 + drive * lipid), bpv_power=-1)

    @misconception(hint="Look at the cells with bpV(phen): in yours, does PTEN work on as if there were none?")
    def forgets_bpv(self, given):
        return settled(given, lambda lipid, drive, _: drive * lipid / (1 + drive * lipid), bpv_power=0)

    @misconception(
        hint="Only PIP2 can become PIP3, and there is less of it the more PIP3 there is. Is that in your balance?"
    )
    def forgets_that_pip2_runs_out(self, given):
        def share(pi3k, pten, bpv, mk):
            drive = (
                given["r308"] * pi3k * (1 + bpv / given["ki_bpv"]) / (given["kappa"] * pten * (1 + mk / given["ki_mk"]))
            )
            return drive / (1 + drive)

        return share

    @misconception(
        hint="MK-2206 slows the gain of phosphates. Does it also change the phosphates that are there, afterwards?"
    )
    def blocks_after_the_balance(self, given):
        return settled(given, lambda lipid, _, free: given["r308"] * lipid / (1 + given["r308"] * lipid) * free)

    @misconception(hint="You stop at the lipid. One more balance leads from PIP3 to AKT.")
    def stops_at_pip3(self, given):
        return settled(given, lambda lipid, *_: lipid)


@lesson.question(points=4, minutes=8, bloom="understand")
class what_changes(Table):
    """Something is done to a cell of a PMO mouse, one thing at a time, and all has settled. What goes up, what goes down,
    and what stays the **same**, in the lesson's model?

    {cases_as_list}

    Give a table with the column `case` and the columns `pten_level`, `pten_activity`, `pip3` and `akt_t308` (the share of
    AKT with a phosphate at T308), each filled with "up", "down" or "same".
    """

    row_key = ("case",)
    columns = {"pten_level": "text", "pten_activity": "text", "pip3": "text", "akt_t308": "text"}
    hints = (
        "Go along each row from left to right: does it change how much PTEN there is? What it does? The lipid? And AKT, by"
        " the lipid or directly?",
        "A drug needs its target. Is it there in each of your cases?",
    )
    solution = (
        "bpV(phen) blocks what PTEN does and leaves how much there is; without PTEN it has nothing to block. MK-2206 acts"
        " on AKT, and nothing above AKT hears of it in this model, which has no feedback. Without PTEN all of the lipid is"
        " PIP3, so that more PI3K cannot raise it.\n\n{rows}"
    )

    def given(self, rng):
        cases = [*ALWAYS_ASKED, *rng.sample(sorted(set(CASES) - set(ALWAYS_ASKED)), 2)]
        shuffled = {"cases": rng.sample(cases, len(cases)), "letters": sorted(rng.sample(LETTERS, len(cases)))}
        return shuffled | {"dose_umol_per_l": rng.randint(3, 30) / 10}

    def prompt(self, given):
        """Return the text, with the learner's own cases as a list."""
        told = [f"- {letter}: {CASES[case][0]}" for letter, case in lettered(given, "cases")]
        dose = f"{given['dose_umol_per_l']} µmol/L"
        return super().prompt(given | {"cases_as_list": "\n".join(told).replace("DOSE", dose)})

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return changes(given)

    @misconception(
        hint="In the row of bpV(phen): an inhibitor blocks what an enzyme does. Does it also remove the enzyme?"
    )
    def lets_an_inhibitor_lower_the_level(self, given):
        return changes(given, bpv={"pten_level": "down"})

    @misconception(
        hint="Look at PIP3 wherever MK-2206 is given: which two enzymes make and remove it, and is AKT one of them?"
    )
    def lets_mk_lower_pip3(self, given):
        return changes(given, mk={"pip3": "down"}, mk_without_pten={"pip3": "down"})

    @misconception(hint="You let PIP3 pile up in front of the block. Does AKT use it up when it is not blocked?")
    def lets_pip3_pile_up(self, given):
        return changes(given, mk={"pip3": "up"}, mk_without_pten={"pip3": "up"})

    @misconception(hint="Is PTEN an engine or a brake of AKT? Go through your first row with bpV(phen) once more.")
    def takes_pten_for_an_engine(self, given):
        return changes(given, bpv={"pip3": "down", "akt_t308": "down"})

    @misconception(hint="Level and activity are two columns. Which of them does a blocked enzyme keep?")
    def takes_the_level_for_the_activity(self, given):
        return changes(given, bpv={"pten_activity": "same", "pip3": "same", "akt_t308": "same"})

    @misconception(hint="In one of your cases bpV(phen) finds nothing to block. What can it change there?")
    def lets_a_drug_act_without_its_target(self, given):
        return changes(given, bpv_without_pten={"pten_activity": "down", "pip3": "up", "akt_t308": "up"})


@lesson.question(points=3, minutes=6, bloom="apply")
class hours_to_wait(Number):
    """Exosomes halve the rate at which **PTEN** is made, all at once. PTEN that is there is removed as before, half of it
    in **{half_life_h} hours**. You will blot its level when at least **{percent} %** of the change that is to come has
    come. After how many **hours** is that? (Invented numbers.)

    Give it to within half a per cent.
    """

    unit, tolerance = "h", 0.005
    hints = (
        "After one half-life half of the change has come. How much of the rest comes in the second one?",
        "What is left of the change falls by half every half-life: 1/2, 1/4, 1/8 … How many half-lives until what is left"
        " is as small as you want?",
    )
    solution = (
        "What is left of the change after t hours is 2^(-t/{half_life_h}). It must be 1 - {percent}/100, so t ="
        " {half_life_h} × log2(1/(1 - {percent}/100)) = {answer}. How large the change is does not come into it, and an"
        " inhibitor, which need not wait for PTEN to be removed, would have acted within minutes."
    )

    def given(self, rng):
        return {"half_life_h": rng.randint(20, 140) / 10, "percent": rng.choice([70, 72, 80, 82, 85, 90, 92, 95, 97])}

    def expected(self, given):
        return given["half_life_h"] * log2(100 / (100 - given["percent"]))

    @misconception(hint="In a straight line all would be over after two half-lives. Is it?")
    def draws_a_straight_line(self, given):
        return given["half_life_h"] * 2 * given["percent"] / 100

    @misconception(
        hint="You took the half-life for the time after which 1/e is left. Which logarithm goes with halves?"
    )
    def takes_the_half_life_for_a_time_constant(self, given):
        return given["half_life_h"] * log(100 / (100 - given["percent"]))

    @misconception(hint="When so much of the change has come, how much of it is left? You waited for the wrong one.")
    def waits_until_so_much_is_left(self, given):
        return given["half_life_h"] * log2(100 / given["percent"])

    @misconception(
        hint="The level falls to a half, and not to nothing. Does that change when a share of its way is done?"
    )
    def asks_for_a_level_below_the_last(self, given):
        return given["half_life_h"] * log2(200 / (100 - given["percent"]))

    @misconception(hint="Look at the unit that is asked for.")
    def gives_minutes(self, given):
        return 60 * self.expected(given)


@lesson.question(points=4, minutes=8, bloom="analyse")
class two_readings(Table):
    """Five questions on sentences of the study, which has been **retracted**: all quotations are what it **printed**. Answer
    each twice, once **as printed**, taken at its word, and once **by mechanism**, as the pathway of the lesson has it.
    Sometimes both are the same.

    {claims_as_list}

    Give a table with the columns `claim` (the letter), `as_printed` and `by_mechanism`, each filled with one of the words
    offered with the claim.
    """

    row_key = ("claim",)
    columns = {"as_printed": "text", "by_mechanism": "text"}
    hints = (
        "Fill one column at a time. For the first, forget what you know and read the quotation word by word;"
        " \"respectively\" keeps the order.",
        "For the second, forget the quotation and follow the arrows of section 2 of the lesson.",
    )
    solution = (
        "As printed is what the words say, in their order. By mechanism: PTEN is a brake, so blocking it adds to AKT's"
        " function, and blocking AKT takes it away; MK-2206 keeps AKT from being phosphorylated; PI3K and PTEN work on a"
        " lipid. Where the two columns differ, words most likely changed places, and the experiments are described the"
        " right way round elsewhere.\n\n{rows}"
    )

    def given(self, rng):
        drawn = [*ORDER_OF_TWO, *rng.sample(WORD_FOR_ITS_NEIGHBOUR, 2), rng.choice(BOTH_THE_SAME)]
        return {"claims": rng.sample(drawn, len(drawn)), "letters": sorted(rng.sample(LETTERS, len(drawn)))}

    def prompt(self, given):
        """Return the text, with the learner's own claims as a list."""
        told = [f"- {letter}: {CLAIMS[claim][0]}" for letter, claim in lettered(given, "claims")]
        return super().prompt(given | {"claims_as_list": "\n".join(told)})

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return readings(given, lambda printed, mechanism: (printed, mechanism))

    @misconception(hint="Your first column says what should stand there. What does stand there? Read word by word.")
    def mends_the_print(self, given):
        return readings(given, lambda printed, mechanism: (mechanism, mechanism))

    @misconception(hint="Your second column repeats the print. Follow the arrows of the pathway instead.")
    def trusts_the_print(self, given):
        return readings(given, lambda printed, mechanism: (printed, printed))

    @misconception(hint="Look at the names of your two columns: which is which?")
    def swaps_the_columns(self, given):
        return readings(given, lambda printed, mechanism: (mechanism, printed))

    @misconception(hint="By mechanism: does an inhibitor always take away? What if it blocks a brake?")
    def takes_every_inhibitor_for_a_loss(self, given):
        lost = {"gained": "lost"}
        return readings(given, lambda printed, mechanism: (printed, lost.get(mechanism, mechanism)))

    @misconception(
        hint="Two of the claims hang on the word \"respectively\": which comes first in each of the two pairs?"
    )
    def turns_respectively_round(self, given):
        turned = {"lost": "gained", "gained": "lost"}
        return readings(given, lambda printed, mechanism: (turned.get(printed, printed), mechanism))


@lesson.question(points=4, minutes=9, bloom="analyse")
class by_scale(Table):
    """Four arms of PMO cells, and the share of cells with phosphorylated AKT in each (invented numbers):

    - neither exosomes nor inhibitor: {neither}
    - exosomes, no inhibitor: {first}
    - inhibitor, no exosomes: {second}
    - both: {both}

    Is the **effect of exosomes** smaller under the inhibitor? That depends on the scale. Give a table with one row for each
    `scale`, named "difference", "ratio" and "odds ratio", and three columns:

    - `without`: the effect of exosomes without the inhibitor, within 0.5 %
    - `under`: their effect under the inhibitor, within 0.5 %
    - `verdict`: "smaller", "same" or "larger" under the inhibitor; call them the same if they differ by less than 3 %

    An effect is with exosomes against without them. The odds of a share p are p/(1 - p).
    """

    row_key = ("scale",)
    columns = {"without": "1", "under": "1", "verdict": "text"}
    tolerance = 0.005
    hints = (
        "Write the four shares down as two by two and cover the lower row: how much higher, how many times higher, how many"
        " times higher the odds? Then cover the upper one.",
        "`epistasis.interaction` of the lesson gives the effects; look up in which order it wants the arms.",
    )
    solution = (
        "Without inhibitor: {first} - {neither}, {first}/{neither}, and the same ratio of p/(1 - p). Under it: the same with"
        " {both} and {second}. The verdict is not the same on every scale, so that \"interaction\" without a scale"
        " says nothing.\n\n{rows}"
    )

    def given(self, rng):
        neither, second = rng.randint(280, 400) / 1000, rng.randint(60, 120) / 1000
        kept, size = rng.choice(sorted(KEPT)), rng.randint(0, 100) / 100
        first, both = (round(KEPT[kept](share, size), 3) for share in (neither, second))
        return {"neither": neither, "first": first, "second": second, "both": both}

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return effects(given, ("neither", "first", "second", "both"))

    @misconception(hint="You compare with and without the inhibitor. Whose effect is asked for?")
    def gives_the_effect_of_the_inhibitor(self, given):
        return effects(given, ("second", "neither", "both", "first"))

    @misconception(hint="An effect is with against without. Do exosomes raise or lower in your table?")
    def turns_the_effect_round(self, given):
        return effects(given, ("first", "neither", "both", "second"))

    @misconception(hint="Which two of the four arms are without the inhibitor?")
    def swaps_the_rows(self, given):
        return effects(given, ("second", "both", "neither", "first"))

    @misconception(hint="Your last row repeats the one before. The odds of a share are larger than the share.")
    def takes_shares_for_odds(self, given):
        rows = self.expected(given).set_index("scale")
        rows.loc["odds ratio"] = rows.loc["ratio"]
        return rows.reset_index()

    @misconception(
        hint="Two of your verdicts are those of another row. Compare the two numbers of each row for themselves."
    )
    def judges_all_by_the_difference(self, given):
        rows = self.expected(given)
        return rows.assign(verdict=rows["verdict"].iloc[0])

    @misconception(hint="In the last row you give the logarithm. An odds ratio says how many times.")
    def gives_the_logarithm(self, given):
        rows = self.expected(given).set_index("scale")
        rows.loc["odds ratio", ["without", "under"]] = [
            log(each) for each in rows.loc["odds ratio", ["without", "under"]]
        ]
        return rows.reset_index()


@lesson.question(points=3, minutes=7, bloom="evaluate")
class what_it_can_ask(Choices):
    """A study of cells in dishes has these arms, {dishes} dishes each, and measures bone formation after three days:

    {arms_as_list}

    MK is an inhibitor of AKT, bpV an inhibitor of PTEN, Exo are exosomes. **Which questions can this design answer at
    all**, however its numbers come out? Each that belongs earns a point, each that does not belong costs one.
    """

    options = {
        "disease": "Is bone formation lower in PMO cells than in control cells?",
        "raises": "Do exosomes raise bone formation in PMO cells?",
        "heals": "Do exosomes bring PMO cells to within 10 % of control cells?",
        "drop": "Does the inhibitor of AKT lower bone formation in cells that have exosomes?",
        "inhibitor_alone": "Does the inhibitor of AKT lower bone formation in PMO cells without exosomes?",
        "acts_under": "Do exosomes raise bone formation while AKT is blocked?",
        "brake": "Does the inhibitor of PTEN add at least half of the bone formation that exosomes add to PMO cells?",
        "same_effect": "Is the gain from exosomes smaller while AKT is blocked than without the block?",
        "route": "Do exosomes act through AKT, which is so if the inhibitor lowers what they have reached?",
        "more_dishes": "Is the gain from exosomes smaller while AKT is blocked, if each arm had three times as many dishes?",
    }
    hints = (
        "Write behind each question the arms that have to be compared for it: two, or four. Are they all there?",
        "Does an inhibitor that lowers everything tell by which way something had been raised?",
    )
    solution = (
        "A question is open to a design that has all the arms it compares: two for most, and all four of PMO, PMO+Exo, PMO+MK"
        " and PMO+Exo+MK to see whether an effect is smaller under the block. Here {missing} is missing, which no number of"
        " dishes replaces. And that an inhibitor lowers what exosomes have reached does not tell by which way they reached"
        " it: it may lower everything.\n\nThe questions that belong: {answer}."
    )

    def given(self, rng):
        missing = rng.choice(["PMO", "PMO+MK", "PMO+MK", "PMO+Exo+MK"])
        others = rng.choice([["Control"], ["PMO+bpV"], ["Control", "PMO+bpV"]])
        arms = [arm for arm in (*others, "PMO", "PMO+Exo", "PMO+MK", "PMO+Exo+MK") if arm != missing]
        return {"dishes": rng.randint(4, 12), "arms": rng.sample(arms, len(arms))}

    def prompt(self, given):
        """Return the text, with the learner's own arms as a list."""
        return super().prompt(given | {"arms_as_list": "\n".join(f"- {arm}" for arm in given["arms"])})

    def worked_solution(self, given):
        """Return the text, with the arm that is not there."""
        return super().worked_solution(given | {"missing": missing_arm(given)})

    def expected(self, given):
        return {question for question, needed in ARMS_NEEDED.items() if needed <= set(given["arms"])}

    @misconception(
        hint="An inhibitor may lower bone formation with or without exosomes. Does a drop then show a route?"
    )
    def takes_a_drop_for_a_route(self, given):
        return self.expected(given) | {"route"}

    @misconception(
        hint="To see whether an effect is smaller under the block, it is measured twice. How many arms is that?"
    )
    def finds_four_arms_in_three(self, given):
        return self.expected(given) | {"same_effect"}

    @misconception(hint="More dishes make what is compared more precise. Do they add what is not compared?")
    def asks_for_more_dishes(self, given):
        return self.expected(given) | {"more_dishes"}

    @misconception(hint="For at least one of your questions an arm is not there. Write the arms behind each question.")
    def compares_with_an_absent_arm(self, given):
        arms = {*given["arms"], missing_arm(given)}
        return {question for question, needed in ARMS_NEEDED.items() if needed <= arms} - {"same_effect"}


@lesson.question(points=4, minutes=9, bloom="evaluate")
class arrows_or_sizes(Table):
    """Somebody draws the constants of the lesson's model at random, 5,000 times, and finds that reported directions come
    out every time: "this supports the report". It does not, if the arrows decide and the sizes do not matter.

    Which of these statements hold in the model for **every** choice of sizes? All hold with the course's own. The arrows
    are given: PMO lowers PI3K and raises PTEN, exosomes raise PI3K and lower PTEN; all sizes and doses above zero are
    allowed, and no drug blocks completely.

    {claims_as_list}

    Give a table with the columns `claim` (the letter) and `decided_by`: "arrows" if it holds whatever the sizes, "sizes" if
    others would turn it round.
    """

    row_key = ("claim",)
    columns = {"decided_by": "text"}
    hints = (
        "Take a very weak drug, then a very strong one: does the statement survive both? Then weak and strong exosomes.",
        "Two conditions that differ in **one** thing are decided by one arrow. Where two things differ and pull apart, sizes"
        " decide. `epistasis.noisy_pathways(5000, spread=1)` tries wide ones.",
    )
    solution = (
        "If two conditions differ in one treatment only, its arrow decides; the same if they differ in two things that pull"
        " the same way. Where they pull apart (healthier against treated, exosomes against a drug, exosomes with inhibitor"
        " against neither), sizes decide, and other sizes turn it round. What arrows decide comes out in 5,000 of 5,000"
        " draws, and would if no mouse had ever been looked at.\n\n{rows}"
    )

    def given(self, rng):
        drawn = [STRONG_INHIBITOR, rng.choice(AGAINST_CONTROL), rng.choice(DRUG_AGAINST_EXOSOMES)]
        drawn += rng.sample(ONE_ARROW, 3)
        return {"claims": rng.sample(drawn, len(drawn)), "letters": sorted(rng.sample(LETTERS, len(drawn)))}

    def prompt(self, given):
        """Return the text, with the learner's own claims as a list."""
        told = [f"- {letter}: {DIRECTIONS[claim][0]}" for letter, claim in lettered(given, "claims")]
        return super().prompt(given | {"claims_as_list": "\n".join(told)})

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return decided(given, {})

    @misconception(hint="All of them hold with the course's sizes. Make one drug very weak: what then?")
    def takes_the_courses_sizes_for_all(self, given):
        return decided(given, dict.fromkeys(DIRECTIONS, "arrows"))

    @misconception(
        hint="Look for a pair of conditions that differ in one treatment only: can a size turn its arrow round?"
    )
    def trusts_no_arrow(self, given):
        return decided(given, dict.fromkeys(DIRECTIONS, "sizes"))

    @misconception(hint="How strong does an inhibitor have to be to undo more than exosomes have added?")
    def takes_every_inhibitor_for_the_stronger(self, given):
        return decided(given, {STRONG_INHIBITOR: "arrows"})

    @misconception(hint="Look at the comparison with a healthy cell: can a treatment overshoot?")
    def takes_health_for_the_limit(self, given):
        return decided(given, dict.fromkeys(AGAINST_CONTROL, "arrows"))

    @misconception(hint="A drug against exosomes: does an arrow say which of the two is stronger?")
    def ranks_treatments_by_arrows(self, given):
        return decided(given, dict.fromkeys(DRUG_AGAINST_EXOSOMES, "arrows"))

    @misconception(hint="Your two words have changed places. Which of them means that nothing can turn it round?")
    def swaps_the_words(self, given):
        right = decided(given, {})
        return right.assign(decided_by=right["decided_by"].map({"arrows": "sizes", "sizes": "arrows"}))


@lesson.question(points=5, minutes=30, bloom="create")
class virtual_laboratory(VirtualStudy):
    """Exosomes raise the bone-forming output of cells of PMO mice. Does the gain need AKT, and how do they reach it?

    You lead a laboratory with {budget} points to spend. In it, one of four things is true, each as probable as the
    others: exosomes act **through PTEN**, **through PI3K**, through **both**, or the gain comes **not through AKT**, and
    PTEN, PI3K, both or neither change as bystanders: four patterns, each with a quarter of this quarter. A pilot study has found a standard deviation of {spread} between
    animals, in multiples of the mean of sham-operated animals. Everything is SIMULATED.

    - Design the study: `laboratory.facts()` says what things cost and how long they take, `widgets.design_bench(…)` what a design could tell. The question is one of **differences** of output, not of ratios. A plan is made by `laboratory.plan`, which says what can be planned.
    - Write the plan down, `laboratory.commit`; only then are there data, `laboratory.run`. Your own laboratory is `q.virtual_laboratory.given`; both the bench and `commit` take it.
    - Analyse them as planned, `laboratory.analyse`; `laboratory.contrasts`, `laboratory.expectations` and `charts.laboratory_findings` show the rest.
    - State a probability for each alternative, and the planned contrast with its 95 % interval: `laboratory.conclusion`.

    Judged are the design (could it tell the four apart?), the analysis (is it the planned one?), and whether you are as sure as your data allow. Whether you hit the truth is **not** judged: with a good design and bad luck you lose nothing, and looking the truth up gains nothing.
    """

    hints = (
        "Write down, for each alternative, what every arm would show. Which two alternatives differ in no arm of yours?",
        "Blocking AKT changes the cells even without exosomes. Set what exosomes do with the inhibitor beside something "
        "that has the inhibitor, too; and spend what is left on animals.",
    )
    solution = (
        "Two by two: exosomes or not, inhibitor of AKT or not. What exosomes still add **under** the inhibitor is nearly "
        "nothing if the gain needs AKT, and the whole gain if it does not; the study's own arms cannot show it, because "
        "without the inhibitor alone nobody knows where the inhibited cells start from. The levels of PTEN and PI3K tell "
        "the other three apart. Animals are n, replicates are not; the reader does not know the arms; three days let the "
        "output change."
    )

    def given(self, rng):
        return {"laboratory": rng.randrange(10**9), "spread": rng.randint(12, 15) / 100, "budget": 260}

    def design(self, given, **changed):
        plan = {"arms": ["PMO", "PMO+Exo", "PMO+MK", "PMO+Exo+MK"], "assays": ["output", "PI3K level", "PTEN level"]}
        plan |= {"animals": 8, "hours": 72, "blinded": True, "contrast": "gain under inhibitor"}
        return laboratory.plan(**plan | changed)

    def concluded(self, given, **changed):
        return self.answered(self.design(given, **changed), given)

    @misconception(hint="With these arms two of the four alternatives predict the same data, however many animals you buy. What would the inhibited cells make without exosomes?")
    def leaves_out_the_inhibitor_alone(self, given):
        arms = ["Control", "PMO", "PMO+Exo", "PMO+bpV", "PMO+Exo+MK"]
        return self.concluded(given, arms=arms, animals=6, contrast="drop")

    @misconception(hint="Look at the half-life of the output: at your read-out it still shows mostly what was there before the treatment.")
    def reads_before_the_output_can_change(self, given):
        return self.concluded(given, hours=6)

    @misconception(hint="Dishes of one animal share that animal: they tell more about it, and nothing about other animals. What is the independent unit?")
    def counts_replicates_as_animals(self, given):
        return self.concluded(given, animals=6, replicates=2, unit="replicate")

    @misconception(hint="Somebody who knows the arms reads a little of what is hoped for. Count what it costs to prevent that, and what it costs not to.")
    def lets_the_reader_know_the_arms(self, given):
        return self.concluded(given, blinded=False)

    @misconception(hint="Add up what the plan costs: which of its parts tells nothing that another part does not tell?")
    def spends_beyond_the_budget(self, given):
        return self.concluded(given, animals=12)

    @misconception(hint="Which bar of the bench is short? Routes are told apart by the levels of PTEN and PI3K, and a gain that needs AKT from one that does not by more animals, or by a later read-out.")
    def takes_three_animals_in_each_arm(self, given):
        return self.concluded(given, animals=3)

    @misconception(hint="Your contrast is above zero whether the gain needs AKT or not. Which comparison of arms comes out differently?")
    def takes_the_drop_for_the_need(self, given):
        return self.concluded(given, contrast="drop")

    @misconception(hint="On which scale do the effects of the laboratory add up? A ratio to a small number can be large though little was gained.")
    def compares_ratios(self, given):
        return self.concluded(given, scale="ratio")

    @misconception(hint="Your interval is not the planned one: is it that of `laboratory.analyse`, with as many standard errors as 95 % asks for at these degrees of freedom?")
    def gives_one_standard_error(self, given):
        answer = self.concluded(given)
        low, high = answer["interval"]
        return answer | {"interval": [0.75 * answer["estimate"] + 0.25 * end for end in (low, high)]}

    @misconception(hint="Before the data all four were equally probable. How much better than the next did each of them predict what you found, first the levels, then the output?")
    def learns_nothing_from_the_data(self, given):
        return self.concluded(given) | {"probabilities": dict.fromkeys(laboratory.ALTERNATIVES, 0.25)}


# --- what the questions are made from --------------------------------------------------------------------------------

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters for claims and cases, without those that look like numbers; each learner has some of them."""

CELLS = (
    ((90, 110), (90, 110), (0, 0), (0, 0)),
    ((40, 70), (140, 220), (0, 0), (0, 0)),
    ((40, 70), (140, 220), (50, 200), (0, 0)),
    ((40, 70), (140, 220), (0, 0), (20, 150)),
    ((70, 160), (70, 160), (30, 120), (10, 90)),
    ((120, 250), (30, 60), (10, 80), (50, 200)),
)
"""Ranges of PI3K, PTEN, bpV(phen) and MK-2206 of the cells on which a function is tried, in hundredths."""

CASES = {
    "bpv": ("bpV(phen), DOSE, is given", {"bpv_umol_per_l": 1}, {}),
    "mk": ("MK-2206, DOSE, is given", {"mk2206_umol_per_l": 1}, {}),
    "bpv_without_pten": (
        "bpV(phen), DOSE, is given to a cell that has no PTEN",
        {"bpv_umol_per_l": 1},
        {"pten_share": 0.0},
    ),
    "exosomes": ("exosomes, 80 µg/mL, are given", {"exosomes_ug_per_ml": 80}, {}),
    "one_copy": ("one of the two copies of the gene of PTEN is lost", {"pten_share": 0.5}, {}),
    "active_pi3k": ("a mutation makes PI3K twice as active", {"pi3k_share": 2.0}, {}),
    "less_pi3k": ("half of PI3K is silenced", {"pi3k_share": 0.5}, {}),
    "mk_without_pten": (
        "MK-2206, DOSE, is given to a cell that has no PTEN",
        {"mk2206_umol_per_l": 1},
        {"pten_share": 0.0},
    ),
    "active_pi3k_without_pten": (
        "a mutation makes PI3K twice as active in a cell that has no PTEN",
        {"pi3k_share": 2.0},
        {"pten_share": 0.0},
    ),
}
"""What is done to a cell: in words, as a change of its condition, and which cell it is. DOSE stands for the learner's."""
ALWAYS_ASKED = ("bpv", "mk", "bpv_without_pten")

TWO_INHIBITORS = (
    '"we used a PTEN inhibitor and AKT inhibitor to lose and gain, respectively, the function of AKT signaling"'
    " (Discussion)"
)
CLAIMS = {
    "pten_inhibitor": (
        f"{TWO_INHIBITORS}. With the inhibitor of **PTEN**, AKT's function is … (lost, gained)",
        "lost",
        "gained",
    ),
    "akt_inhibitor": (
        f"{TWO_INHIBITORS}. With the inhibitor of **AKT**, AKT's function is … (lost, gained)",
        "gained",
        "lost",
    ),
    "mk": (
        '"MK-2206, an inhibitor to inhibit the expression of AKT" (Results). MK-2206 lowers AKT\'s … (expression, phosphorylation)',
        "expression",
        "phosphorylation",
    ),
    "pten_substrate": (
        '"PTEN dephosphorylated PI3K" (Discussion). PTEN takes a phosphate from … (PI3K, PIP3)',
        "PI3K",
        "PIP3",
    ),
    "pi3k_substrate": (
        '"PI3KCA promoted the phosphorylation of PI3K" (Discussion). What this gene makes adds a phosphate to … (PI3K, PIP2)',
        "PI3K",
        "PIP2",
    ),
    "bpv_bone": (
        '"bpV(phen) inhibited PTEN to activate the AKT signaling pathway to promote new bone formation" (Results). Blocking PTEN makes bone formation … (higher, lower)',
        "higher",
        "higher",
    ),
    "mk_pakt": (
        '"MK-2206 significantly inhibited the expression of p-AKT" (Results). It makes phosphorylated AKT … (higher, lower)',
        "lower",
        "lower",
    ),
    "pten_in_pmo": (
        '"exosomes inhibited the expression of PTEN" (Results). If they do, AKT\'s phosphorylation becomes … (higher, lower)',
        "higher",
        "higher",
    ),
}
"""Quotation and question, with the answer as printed and by mechanism."""
ORDER_OF_TWO = ("pten_inhibitor", "akt_inhibitor")
WORD_FOR_ITS_NEIGHBOUR = ("mk", "pten_substrate", "pi3k_substrate")
BOTH_THE_SAME = ("bpv_bone", "mk_pakt")

KEPT = {
    "difference": lambda share, size: share + 0.1 + 0.08 * size,
    "ratio": lambda share, size: share * (1.4 + 0.3 * size),
    "odds ratio": lambda share, size: 1 / (1 + (1 / share - 1) / (1.8 + 0.8 * size)),
}
"""What exosomes do to a share, by the scale on which it is the same for every share; size from 0 to 1."""

FOUR = {"PMO", "PMO+Exo", "PMO+MK", "PMO+Exo+MK"}
ARMS_NEEDED = {
    "disease": {"Control", "PMO"},
    "raises": {"PMO", "PMO+Exo"},
    "heals": {"Control", "PMO+Exo"},
    "drop": {"PMO+Exo", "PMO+Exo+MK"},
    "inhibitor_alone": {"PMO", "PMO+MK"},
    "acts_under": {"PMO+MK", "PMO+Exo+MK"},
    "brake": {"PMO", "PMO+Exo", "PMO+bpV"},
    "same_effect": FOUR,
}

TREATED = akt.GROUPS | akt.MISSING_ARM | {"Exo": akt.Condition(exosomes_ug_per_ml=akt.EXOSOMES_UG_PER_ML)}
DIRECTIONS = {
    "exo": ("AKT's phosphorylation is higher in PMO+Exo than in PMO", "akt_t308", "PMO+Exo", "PMO"),
    "bpv": ("AKT's phosphorylation is higher in PMO+bpV than in PMO", "akt_t308", "PMO+bpV(phen)", "PMO"),
    "mk": ("bone formation is higher in PMO+Exo than in PMO+Exo+MK", "output", "PMO+Exo", "PMO+Exo+MK-2206"),
    "pmo": ("AKT's phosphorylation is higher in Control than in PMO", "akt_t308", "Control", "PMO"),
    "exo_under_mk": (
        "bone formation is higher in PMO+Exo+MK than in PMO+MK",
        "output",
        "PMO+Exo+MK-2206",
        "PMO+MK-2206",
    ),
    "pip3_under_mk": ("PIP3 is higher in PMO+Exo+MK than in PMO", "pip3", "PMO+Exo+MK-2206", "PMO"),
    "healthy_exo": ("bone formation is higher in Control+Exo than in PMO+Exo", "output", "Exo", "PMO+Exo"),
    "undone": ("bone formation is higher in PMO than in PMO+Exo+MK", "output", "PMO", "PMO+Exo+MK-2206"),
    "control_exo": ("AKT's phosphorylation is higher in Control than in PMO+Exo", "akt_t308", "Control", "PMO+Exo"),
    "control_bpv": ("bone formation is higher in Control than in PMO+bpV", "output", "Control", "PMO+bpV(phen)"),
    "bpv_exo": ("AKT's phosphorylation is higher in PMO+bpV than in PMO+Exo", "akt_t308", "PMO+bpV(phen)", "PMO+Exo"),
    "bpv_exo_bone": ("bone formation is higher in PMO+bpV than in PMO+Exo", "output", "PMO+bpV(phen)", "PMO+Exo"),
}
"""A statement in words, the quantity, and the two conditions, the first of which is said to be higher."""
STRONG_INHIBITOR = "undone"
AGAINST_CONTROL = ("control_exo", "control_bpv")
DRUG_AGAINST_EXOSOMES = ("bpv_exo", "bpv_exo_bone")
ONE_ARROW = ("exo", "bpv", "mk", "pmo", "exo_under_mk", "pip3_under_mk", "healthy_exo")


def settled(given, share, bpv_power=1):
    """Return a function of a cell: `share` of its PIP3, of what drives AKT, and of what MK-2206 leaves of that."""

    def of_a_cell(pi3k, pten, bpv, mk):
        free = 1 / (1 + mk / given["ki_mk"])
        activity = pten / (1 + bpv / given["ki_bpv"]) ** bpv_power
        return share(pi3k / (pi3k + given["kappa"] * activity), given["r308"] * free, free)

    return of_a_cell


def lettered(given, what):
    """Return each of a learner's claims or cases with its letter."""
    return list(zip(given["letters"], given[what], strict=True))


def changes(given, **mistaken):
    """Return what each case changes, as a table; `mistaken` replaces cells of a case."""
    import pandas as pd

    rows = [{"case": letter} | change(case) | mistaken.get(case, {}) for letter, case in lettered(given, "cases")]
    return pd.DataFrame(rows)


@cache
def change(case):
    """Return in words what a case does to each quantity of a PMO cell."""
    _, done, cell = CASES[case]
    before = akt.Condition(pmo=True, **cell)
    one, other = akt.steady_state(before), akt.steady_state(replace(before, **done))
    names = {"pten_level": "pten", "pten_activity": "pten_activity", "pip3": "pip3", "akt_t308": "akt_t308"}
    return {column: moved(one[name], other[name]) for column, name in names.items()}


def moved(before, after):
    """Return whether a number went up, went down or stayed."""
    return "same" if abs(after - before) < 1e-12 else "up" if after > before else "down"


def readings(given, words):
    """Return both readings of each claim, as a table; `words` makes them from those that are right."""
    import pandas as pd

    rows = [(letter, *words(*CLAIMS[claim][1:])) for letter, claim in lettered(given, "claims")]
    return pd.DataFrame(rows, columns=["claim", "as_printed", "by_mechanism"])


def missing_arm(given):
    """Return the arm of the two by two design that a learner's study has not."""
    (missing,) = FOUR - set(given["arms"])
    return missing


def effects(given, arms):
    """Return effects on three scales and a verdict, as a table, from the arms in this order."""
    rows = epistasis.interaction(*(given[arm] for arm in arms)).reset_index()
    rows = rows.rename(columns={"with": "under"})[["scale", "without", "under"]]
    return rows.assign(verdict=[compared(row.without, row.under) for row in rows.itertuples()])


def compared(without, under):
    """Return whether the second of two effects is smaller, larger, or the same within 3 %."""
    return "same" if abs(under / without - 1) < 0.03 else "smaller" if under < without else "larger"


def decided(given, mistaken):
    """Return for each claim what decides it, as a table; `mistaken` replaces words."""
    import pandas as pd

    rows = [(letter, mistaken.get(claim, decides(claim))) for letter, claim in lettered(given, "claims")]
    return pd.DataFrame(rows, columns=["claim", "decided_by"])


@cache
def decides(claim):
    """Return "arrows" if a claim holds in the model for widely different sizes with the same arrows, else "sizes"."""
    _, quantity, high, low = DIRECTIONS[claim]
    values = [akt.steady_state(TREATED[group], wide_pathways())[quantity] for group in (high, low)]
    return "arrows" if (values[0] > values[1]).all() else "sizes"


@cache
def wide_pathways():
    """Return pathways with widely different sizes, in which every arrow still points the way it does."""
    import numpy as np

    drawn = epistasis.noisy_pathways(5000, spread=1.0, seed=6)
    kept = {
        "u_pmo": np.minimum(drawn.u_pmo, 0.95),
        "n_pmo": np.maximum(drawn.n_pmo, 1.05),
        "e_n": np.minimum(drawn.e_n, 0.95),
    }
    return replace(drawn, **kept)


def listed(table):
    """Return the rows of a table as lines of text, below the names of its columns."""
    cells = [[f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row] for row in table.to_numpy().tolist()]
    return "\n".join("- " + " · ".join(row) for row in [list(table.columns), *cells])
