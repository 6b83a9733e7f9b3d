"""The questions of lesson 05: a design read as data, ratios and primers, thresholds, and what small samples allow.

Every question is after one thing that is easily misunderstood, named by its first misconception. Two questions take
rows of the retracted study, to count what it states and to describe sequences that it prints; no question asks whether
its treatment works. All other numbers are SIMULATED: not data of Ren et al.
"""

from functools import cache
from itertools import combinations, product
from math import comb, log, sqrt

import evcourse as ev
from evcourse.models import error_rates, image_analysis, micrographs, primers, study_design
from evcourse.questions import Choices, FreeText, Function, Lesson, Number, Table, misconception

lesson = Lesson("From mice and dishes to a p value")


@lesson.question(points=4, minutes=10, bloom="analyse")
class groups_by_place(Table):
    """Which groups had an assay, by **Methods** and by **Results**? For your six assays

    {assays_as_list}

    give a table with one row for each `assay`, named as above, and three whole numbers:

    - `methods`: how many different groups Methods tell of
    - `results`: how many different groups Results tell of; legends of figures count as Results
    - `only_in_results`: how many of these Methods do not tell of

    The data are in `ev.load("assay_groups")`, a row for each assay, group and place. Take the groups from `group_std`,
    the course's common names, as they stand there; a group that has to be inferred (`stated` says "implied") counts
    like one that is named.
    """

    row_key = ("assay",)
    columns = {"methods": "1", "results": "1", "only_in_results": "1"}
    tolerance = absolute = 0
    shared = "there are only eleven assays to draw from"
    hints = (
        "Take one assay first, and make two sets of group names by hand: what is in the second and not in the first?",
        '`rows[rows["place"] == "methods"]` has what Methods say. A group may stand in several rows: `nunique()` '
        "counts different names, and two sets can be subtracted from each other.",
    )
    solution = (
        "For each assay make the set of `group_std` where the place is methods, and the set where it is not (results and "
        "legends). Their sizes are the first two columns; the size of the second set minus the first is the third. It "
        "is not the difference of the two numbers: for the second alizarin red each part tells of four groups, and only"
        " two of them are the same.\n\n{rows}"
    )

    def given(self, rng):
        drawn = ["EdU", "alizarin red (Fig. 4)"]
        drawn += [rng.choice(["qPCR pathway genes", "western blot p-AKT"]), rng.choice(["HE", "Masson", "IHC p-AKT"])]
        others = sorted(set(assay_rows()["assay"].astype(str)) - set(drawn))
        return {"assays": drawn + rng.sample(others, 2)}

    def prompt(self, given):
        """Return the text, with the learner's own assays as a list."""
        return super().prompt(given | {"assays_as_list": "\n".join(f"- {assay}" for assay in given["assays"])})

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return counted(given)

    @misconception(
        hint="Your Methods repeat Results. Look at the place of each row: do both parts list the same groups?"
    )
    def copies_results_into_methods(self, given):
        rows = counted(given)
        return rows.assign(methods=rows["results"], only_in_results=0)

    @misconception(hint="A number of groups minus a number of groups: do the two parts tell of the same ones?")
    def subtracts_the_counts(self, given):
        rows = counted(given)
        return rows.assign(only_in_results=rows["results"] - rows["methods"])

    @misconception(hint="Sham and control may be the same mice. Does the text say so? Take the names as they stand.")
    def takes_sham_for_the_control(self, given):
        return counted(given, "sham is the control")

    @misconception(hint="The column `place` has three words. Which of them belong to Results here?")
    def leaves_out_the_legends(self, given):
        return counted(given, "without legends")

    @misconception(hint="You counted only what is named. What does the task say of groups that have to be inferred?")
    def leaves_out_what_is_inferred(self, given):
        return counted(given, "named only")

    @misconception(hint="A group can stand in Results and in a legend. Did you count rows, or different groups?")
    def counts_rows(self, given):
        rows = assay_rows()
        results = rows[rows["place"] != "methods"]["assay"].astype(str).value_counts()
        right = counted(given)
        return right.assign(results=right["assay"].map(results))


@lesson.question(points=4, minutes=12, bloom="apply")
class fold_changes(Table):
    """Cells of three groups, {replicates} mice each, one dish of cells per mouse; in each dish a target gene and a
    reference gene (SIMULATED: not data of Ren et al.). How much of the target is there, relative to Control?

    The table is `dishes`, made in the cell above: group, mouse, target_ct, reference_ct. Both genes double in each
    cycle.

    Give a table with one row for each `group` other than Control, and three columns:

    - `fold_change`: from the mean ΔCt of the group and that of Control
    - `low`, `high`: its ends if ΔΔCt is moved up and down by **one standard deviation s**; s² is the sum of the squared
      standard deviations of ΔCt in both groups (with n - 1), ΔCt taken **dish by dish**
    """

    row_key = ("group",)
    columns = {"fold_change": "1", "low": "1", "high": "1"}
    tolerance = 0.005
    hints = (
        "Stay in cycles as long as you can: ΔCt of each dish, mean and standard deviation by group, ΔΔCt, its ends. Turn"
        " to ratios in the last line.",
        "One more cycle means half the amount: which sign has to stand in the exponent of 2? And which end of ΔΔCt gives"
        " the low end of the ratio?",
    )
    solution = (
        'dishes["target_ct"] - dishes["reference_ct"] is ΔCt; by group take mean and std. ΔΔCt is the mean of the'
        " group minus that of Control, s the root of the two squared standard deviations added. The fold change is"
        " 2 ** -ΔΔCt, low is 2 ** -(ΔΔCt + s), high is 2 ** -(ΔΔCt - s). The high end is further away than the low"
        ' one. `qpcr.fold_changes(…, interval="sd")` gives the same.\n\n{rows}'
    )

    def given(self, rng):
        # Drawn again until every wrong way leads somewhere else than the right one.
        while True:
            drawn = drawn_dishes(rng)
            if all(0.2 < spread < 0.55 for spread in spreads(drawn)) and apart(drawn):
                return drawn

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return ratios(given, by_dish)

    @misconception(hint="A higher Ct means less, not more: try one dish by hand. Which sign belongs into the exponent?")
    def turns_the_sign(self, given):
        rows = ratios(given, by_dish).set_index("group")
        return (1 / rows.rename(columns={"low": "high", "high": "low"})).reset_index()

    @misconception(hint="You averaged ratios. Where are errors symmetric: in ratios, or in cycles?")
    def averages_fold_changes(self, given):
        rows = []
        for name, own in by_group(given).items():
            middle = mean(by_group(given)["Control"])
            single = [2 ** -(each - middle) for each in own]
            rows.append([name, mean(single), mean(single) - deviation(single), mean(single) + deviation(single)])
        return as_ratios(rows[1:])

    @misconception(hint="Look at how the two spreads are put together: lengths add up like this, errors do not.")
    def adds_the_spreads(self, given):
        return ratios(given, lambda own, control: sum(deviation(each["delta"]) for each in (own, control)))

    @misconception(hint="Target and reference of one dish rise and fall together. Is their spread taken dish by dish?")
    def tears_the_pairs_apart(self, given):
        genes = ("target", "reference")
        return ratios(given, lambda own, control: root(each[gene] for each in (own, control) for gene in genes))

    @misconception(hint="Control has dishes that differ, too. Is its spread in your s?")
    def takes_the_control_for_exact(self, given):
        return ratios(given, lambda own, control: deviation(own["delta"]))

    @misconception(
        hint="You have s of a mean in the ends. Which spread does the task ask for, that of dishes or of means?"
    )
    def takes_standard_errors(self, given):
        return ratios(given, lambda own, control: by_dish(own, control) / sqrt(given["replicates"]))

    @misconception(hint="Your s is a little too small: is the sum of squares divided by n, or by n - 1?")
    def divides_by_n(self, given):
        n = given["replicates"]
        return ratios(given, lambda own, control: by_dish(own, control) * sqrt((n - 1) / n))

    @misconception(hint="Your ends lie equally far from the fold change. Are they what the two ends of ΔΔCt give?")
    def draws_symmetric_ends(self, given):
        rows = ratios(given, by_dish)
        cycles = [abs(log(high / low)) / 2 for low, high in zip(rows["low"], rows["high"], strict=True)]
        half = rows["fold_change"] * cycles
        return rows.assign(low=rows["fold_change"] - half, high=rows["fold_change"] + half)

    @misconception(hint="The numbers are right, but look at their order: which of the two ends is the smaller number?")
    def swaps_the_ends(self, given):
        return ratios(given, by_dish).rename(columns={"low": "high", "high": "low"})

    @misconception(hint="More RNA in a dish lets every gene come earlier. What is the reference gene there for?")
    def forgets_the_reference(self, given):
        return ratios(given | {"reference_ct": [0.0] * len(given["reference_ct"])}, by_dish)


@lesson.question(points=4, minutes=10, bloom="apply")
class primer_report(Table):
    """Describe four of the printed primers: {names}. The sequences are in `ev.load("primers")`; take
    `sequence_as_printed`, with the gaps that the printed lines left, **and clean it yourself**.

    Give a table with one row for each `primer`, named as there, and three columns:

    - `length_nt`: bases
    - `gc_percent`: share of G and C, in %
    - `tm_c`: melting temperature in °C, within 0.1, with the library of the lesson (primer3) **and its convention**:
      the concentration is divided by 4. Your conditions: {salt_mmol_per_l} mmol/L salt, no magnesium,
      {oligo_nmol_per_l} nmol/L primer.

    In the course `primers.melting_temperature(sequence, conditions)` does that; `primers.Conditions(…)` has
    `monovalent_mmol_per_l` and `oligo_nmol_per_l`.
    """

    row_key = ("primer",)
    columns = {"length_nt": "1", "gc_percent": "%", "tm_c": "°C"}
    tolerance, absolute = 0.0, 0.1
    hints = (
        "Print the sequences between quotation marks before you count: what is in them that is no base?",
        '`.replace(" ", "")` takes spaces out of a text, and `.count("G")` counts. `primers.Conditions` has values of '
        "its own for what you leave out: which are not yours?",
    )
    solution = (
        "First take the spaces out of each sequence: a printed line ended there. len(sequence) is the length, and the"
        " count of G plus that of C, times 100, divided by it the share. tm_c is primers.melting_temperature(sequence, "
        "primers.Conditions(monovalent_mmol_per_l={salt_mmol_per_l}, oligo_nmol_per_l={oligo_nmol_per_l})). A "
        "calculator that takes the primer in excess, without the division by 4, gives 1.6 to 2.0 °C more.\n\n{rows}"
    )

    def given(self, rng):
        gapped = [row.primer for row in printed() if row.gap != "none"]
        others = [row.primer for row in printed() if row.gap == "none"]
        names = [*rng.sample(gapped, 2), *rng.sample(others, 2)]
        # Both rise together: otherwise more salt and less primer could give another learner's temperatures.
        step = rng.randint(0, 36)
        salt, oligo = round(55 * 1.03**step), round(300 * 1.03**step)
        return {"primers": names, "salt_mmol_per_l": salt, "oligo_nmol_per_l": oligo}

    def prompt(self, given):
        """Return the text, with the names of the learner's own primers."""
        return super().prompt(given | {"names": ", ".join(f"`{name}`" for name in given["primers"])})

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return described(given)

    @misconception(
        hint="Count the letters of the longest sequence once by hand. What stands where a printed line ended?"
    )
    def counts_the_gap(self, given):
        rows = described(given)
        letters = {row.primer: len(row.sequence_as_printed) for row in printed()}
        length = rows["primer"].map(letters)
        return rows.assign(length_nt=length, gc_percent=rows["gc_percent"] * rows["length_nt"] / length)

    @misconception(
        hint="Your temperatures are 1 to 2 °C too high throughout. What does the convention do to the concentration?"
    )
    def leaves_out_the_division(self, given):
        return described(given, oligo_nmol_per_l=4 * given["oligo_nmol_per_l"])

    @misconception(
        hint="Which salt and which concentration are in your temperatures: yours, or those one gets unasked?"
    )
    def takes_the_conditions_unasked(self, given):
        unasked = primers.Conditions()
        mix = {"salt": unasked.monovalent_mmol_per_l, "oligo_nmol_per_l": unasked.oligo_nmol_per_l}
        return described(given, **mix)

    @misconception(hint="Two degrees for one pair and four for the other: up to which length does that rule hold?")
    def takes_the_rule_of_thumb(self, given):
        rows = described(given)
        sequences = {row.primer: row.sequence for row in printed()}
        return rows.assign(tm_c=[primers.rule_of_thumb(sequences[name]) for name in rows["primer"]])

    @misconception(hint="Look at which letters you counted: which two belong to the share that is asked for?")
    def counts_the_other_pair(self, given):
        rows = described(given)
        return rows.assign(gc_percent=100 - rows["gc_percent"])

    @misconception(hint="One of the two letters is missing in your share.")
    def counts_g_alone(self, given):
        rows = described(given)
        sequences = {row.primer: row.sequence for row in printed()}
        return rows.assign(
            gc_percent=[100 * sequences[name].count("G") / len(sequences[name]) for name in rows["primer"]]
        )


@lesson.question(points=3, minutes=9, bloom="apply")
class one_threshold(Table):
    """Four dishes are stained with alizarin red and photographed on one day: a blank one and three of your treatments
    (SIMULATED: not data of Ren et al.). The fields are

    `micrographs.batch("alizarin red", shares={shares}, size_px={size_px}, seed={seed})`

    How much of each field is called stained? Give a table with one row for each `field`, from 1 to 4, and two columns,
    both in % of the field, within 0.3:

    - `own`: with Otsu's threshold taken of **each field by itself**
    - `common`: with **one** of Otsu's thresholds for the whole batch, taken of all four fields together

    `image_analysis.stain_amount(field)` gives the amount of stain in each pixel, `image_analysis.otsu_threshold(…)`
    takes one such map or several; `image_analysis.measured(fields, …)` does both steps, with "each its own" or with
    "one for all".
    """

    row_key = ("field",)
    columns = {"own": "%", "common": "%"}
    tolerance, absolute = 0.0, 0.3
    hints = (
        "Look at the blank field before you look at the others: what should a good measurement say of it?",
        "A share becomes a percentage when it is multiplied by 100. For one threshold, all four maps go into one call.",
    )
    solution = (
        'fields = micrographs.batch("alizarin red", shares=…, size_px=…, seed=…); then'
        ' image_analysis.measured(fields, "each its own")["area_share"] and the same with "one for all", both times'
        " 100. By itself the blank field is called stained to a large part, because Otsu's method always finds two"
        " groups of pixels. With one threshold for all it is blank.\n\n{rows}"
    )

    def given(self, rng):
        shares = [0.0, rng.randint(40, 90) / 1000, rng.randint(150, 240) / 1000, rng.randint(330, 480) / 1000]
        return {"shares": shares, "size_px": 96, "seed": rng.randint(1, 9999)}

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return shares_found(given, image_analysis.EACH, image_analysis.ALL)

    @misconception(hint="Both columns are the same. Which of them uses one threshold for all fields?")
    def lets_each_field_choose_twice(self, given):
        return shares_found(given, image_analysis.EACH, image_analysis.EACH)

    @misconception(hint="Both columns are the same. In which of them should each field have its own threshold?")
    def takes_one_threshold_twice(self, given):
        return shares_found(given, image_analysis.ALL, image_analysis.ALL)

    @misconception(
        hint="Your columns are there, but look at the blank field: which way of setting the threshold blames it?"
    )
    def swaps_the_columns(self, given):
        return shares_found(given, image_analysis.ALL, image_analysis.EACH)

    @misconception(hint="The blank field knows nothing of stain. From which fields should the one threshold come?")
    def takes_the_threshold_of_the_blank(self, given):
        return shares_found(given, image_analysis.EACH, own_thresholds(given)[0])

    @misconception(hint="Stained pixels hold more than the threshold. Which side of it did you count?")
    def counts_the_unstained_side(self, given):
        rows = self.expected(given)
        return rows.assign(own=100 - rows["own"], common=100 - rows["common"])


@lesson.question(points=4, minutes=14, bloom="apply")
class anova_lsd(Function):
    """Write `anova_lsd(groups, first, second)`: F of a one-way analysis of variance, and the p value of Fisher's LSD for
    one pair, as a pair `(F, p)`.

    - `groups` is a list of lists of numbers, one list for each group; groups may differ in size.
    - `first` and `second` are the places of the two groups to compare, counted from 0.
    - p is two-sided and **unprotected**: it is returned whatever F is.

    Compute the sums yourself, without a ready-made analysis of variance; only for the last step, from t to p, take
    `2 * stats.t.sf(abs(t), df)`. Your function is tried on three SIMULATED experiments,
    `q.anova_lsd.given["experiments"]`: groups, first, second. Try it first on the groups of the lesson, whose answer
    you know: `anova_lsd([[1.02, 0.95, 1.03], [0.48, 0.55, 0.50], [0.86, 0.80, 0.92], [1.21, 1.10, 1.24]], 0, 2)` should
    return 79.597 and 0.0147.
    """

    signature, unit, tolerance = "anova_lsd(groups, first, second)", "", 0.002
    hints = (
        "Three sums in a row: of all groups the squared distances within, then of the group means to the mean of all,"
        " each counted once for every value of its group. What are the two numbers of degrees of freedom?",
        "LSD is a t test that borrows its spread: from which groups does the variance in its denominator come, and how"
        " many degrees of freedom does that variance have?",
    )
    solution = (
        "within = sum of (value - mean of its group)², between = sum of size × (mean of the group - mean of all)². With k"
        " groups and N values, F = (between / (k - 1)) / mse and mse = within / (N - k). The pair has t = difference of"
        " the means / sqrt(mse × (1/n1 + 1/n2)) with N - k degrees of freedom: the variance of **all** groups, also of"
        " those that are not compared."
    )

    def given(self, rng):
        # In the last one F is not significant: p is asked for all the same.
        drawn = [drawn_experiment(rng, sizes) for sizes in ((3, 3, 3, 3), (3, 5, 4, 6))]
        return {"experiments": [*drawn, drawn_experiment(rng, (6, 4, 3), significant=False)]}

    def inputs(self, given):
        return [tuple(each) for each in given["experiments"]]

    def expected(self, given):
        return lambda groups, first, second: compared(groups, first, second)

    @misconception(hint="Your p uses the spread of the two groups alone. What does LSD borrow from the others?")
    def pools_the_pair_alone(self, given):
        return lambda groups, first, second: compared(groups, first, second, pooled=[first, second])

    @misconception(hint="Your spread is that of all groups, but which number of degrees of freedom belongs to it?")
    def takes_the_degrees_of_the_pair(self, given):
        return lambda groups, first, second: compared(
            groups, first, second, freedom=len(groups[first]) + len(groups[second]) - 2
        )

    @misconception(hint="Each mean has its own error. Are both sizes of groups in your standard error?")
    def forgets_one_of_the_two_means(self, given):
        return lambda groups, first, second: compared(groups, first, second, error=lambda one, other: 1 / one)

    @misconception(
        hint="Look at the experiment whose groups differ in size: which two sizes belong into the standard error?"
    )
    def takes_groups_for_equally_large(self, given):
        return lambda groups, first, second: compared(
            groups, first, second, error=lambda one, other: 2 / len(groups[0])
        )

    @misconception(
        hint="From how many values do the group means take away freedom? Look at the denominator of the spread."
    )
    def divides_by_all_values(self, given):
        return lambda groups, first, second: compared(groups, first, second, lost=0)

    @misconception(hint="You hold p back where F is not significant. Does the task want LSD protected?")
    def hides_p_behind_f(self, given):
        return lambda groups, first, second: behind_f(groups, compared(groups, first, second))

    @misconception(hint="Is your p that of one side, or of both?")
    def looks_at_one_side(self, given):
        return lambda groups, first, second: halved(compared(groups, first, second))

    @misconception(hint="You multiplied p for several comparisons. Is that still Fisher's LSD?")
    def corrects_for_all_pairs(self, given):
        return lambda groups, first, second: multiplied(compared(groups, first, second), comb(len(groups), 2))

    @misconception(hint="Your p belongs to F, and so to all groups at once. What does LSD ask?")
    def gives_the_p_of_f(self, given):
        return lambda groups, first, second: with_p_of_f(groups)

    @misconception(hint="Look at F: does a group of six weigh as much as a group of three?")
    def weighs_groups_alike(self, given):
        return lambda groups, first, second: compared(groups, first, second, weigh=lambda group: 1)


@lesson.question(points=3, minutes=9, bloom="analyse")
class family_error(Number):
    """An experiment has {groups} groups of {replicates} dishes each. In truth **one** group differs from the others by
    very much (ten standard deviations), and the other {alike} are exactly alike. Fisher's LSD is used as in many
    papers: first the F test, and if it is significant each pair, everything at a level of {alpha}.

    In which **share** of such experiments is at least one pair called different that is alike?

    `error_rates.error_rates(means, replicates=…, alpha=…)` simulates it, with the true means in standard deviations.
    Unasked it takes 20,000 experiments, and the share then has a standard error of less than 0.004; with fewer, chance
    alone can take you out of the tolerance. Or think: which test is left when F is significant anyway?
    """

    unit, tolerance, absolute = "1", 0.0, 0.01
    shared = "the share depends on the groups and on the level, and hardly on the number of dishes"
    hints = (
        "Which of the pairs can be called different by error here? Count them; pairs with the outlying group do not"
        " belong to them.",
        "Simulate: a list of true means with one ten and otherwise zeros. Which row of the table is the procedure, and"
        " which column the share?",
    )
    solution = (
        'error_rates.error_rates([10, 0, 0, …], replicates={replicates}, alpha={alpha}).loc["lsd_protected",'
        ' "family_wise_error"]: {answer:.3f} or near it. The F test is significant in practically every experiment,'
        " because of the outlying group; so it lets everything pass, and the pairs among the other {alike} groups are"
        " tested without any correction. They share groups and spread, so that the share is smaller than for independent"
        " tests. With three groups only one such pair would be left, and LSD keeps its level."
    )

    def given(self, rng):
        groups = rng.choice([4, 5, 6])
        # With five groups and more dishes, two of the wrong ways below would lead to the same number.
        replicates = 3 if groups == 5 else rng.randint(3, 8)
        drawn = {"groups": groups, "alike": groups - 1, "replicates": replicates}
        return drawn | {"alpha": rng.choice([0.04, 0.06, 0.08])}

    def worked_solution(self, given):
        """Return the text, with the learner's own share in it."""
        return super().worked_solution(given).replace("{answer:.3f}", f"{self.expected(given):.3f}")

    def expected(self, given):
        return false_alarms(given, "lsd_protected", alike=given["alike"])

    @misconception(hint="The F test protects as long as all groups are alike. What does it say in your experiments?")
    def trusts_the_f_test(self, given):
        return given["alpha"]

    @misconception(hint="Your formula is that of independent tests. Do the pairs have groups and a spread in common?")
    def takes_tests_for_independent(self, given):
        return 1 - (1 - given["alpha"]) ** comb(given["alike"], 2)

    @misconception(hint="How many pairs can be called different by error? A pair that truly differs cannot.")
    def counts_every_pair(self, given):
        return 1 - (1 - given["alpha"]) ** comb(given["groups"], 2)

    @misconception(
        hint="In your experiments all groups are alike, and the F test is not asked. Which one differs here?"
    )
    def lets_all_groups_be_alike(self, given):
        return false_alarms(given, "lsd")

    @misconception(hint="That is a procedure which keeps its promise whatever the truth is. Which one is asked for?")
    def quotes_tukey(self, given):
        return false_alarms(given, "tukey", alike=given["alike"])


@lesson.question(points=4, minutes=9, bloom="evaluate")
class no_difference(Choices):
    """Four treatments, each compared with the same control; the larger the value, the more mineral (SIMULATED: not data
    of Ren et al.). Before the experiment it was written down that a difference of less than {margin} would not
    matter. For each treatment: treated minus control, and the standard error of this difference, with {df} degrees of
    freedom.

    {comparisons_as_list}

    For these degrees of freedom, t is {t95:.3f} for an interval of 95 % and {t90:.3f} for one of 90 %. Test at 0.05: a
    difference by the usual two-sided test, equivalence by two one-sided tests (TOST). What has been **shown**? Each
    statement that belongs earns a point, each that does not belong costs one.
    """

    hints = (
        "For each treatment draw a line with zero and both margins on it, and the interval above. Where does it end?",
        "A difference is shown if the interval of 95 % leaves out zero. Equivalence is shown if an interval lies inside"
        " both margins; two one-sided tests at 0.05 leave 5 % out on each side: which interval is that?",
    )
    solution = (
        "Difference: the interval of 95 % (difference ± {t95:.3f} standard errors) does not contain zero. Equivalence:"
        " the interval of 90 % (± {t90:.3f} standard errors) lies within ±{margin}. The two questions are independent: a"
        " difference can be shown that is too small to matter, and a test that finds none can go with an interval that"
        " leaves everything open.\n\n{rows}\n\nThe statements that belong: {answer}."
    )

    def given(self, rng):
        kinds = rng.sample(list(KINDS_OF_COMPARISON), 4)
        df, margin = rng.choice([8, 10, 12, 15, 20]), rng.choice([0.08, 0.10, 0.12, 0.15])
        names = rng.sample("PQRSTUVW", 4)
        drawn = {
            "df": df,
            "margin": margin,
            "t95": quantile(df, 0.95),
            "t90": quantile(df, 0.90),
            "names": sorted(names),
        }
        sizes = [drawn_comparison(rng, kind, drawn) for kind in kinds]
        return drawn | {"differences": [each[0] for each in sizes], "errors": [each[1] for each in sizes]}

    def options_for(self, given):
        """Return two statements for each of the learner's four treatments."""
        words = {"differs": "a difference is shown", "equivalent": "equivalence is shown"}
        return {f"{name}_{key}": f"For {name} {said}." for name in given["names"] for key, said in words.items()}

    def prompt(self, given):
        """Return the text, with the learner's own comparisons as a list."""
        lines = [
            f"- {name}: difference {size:+.3f}, standard error {error:.3f}" for name, size, error in each_of(given)
        ]
        return super().prompt(given | {"comparisons_as_list": "\n".join(lines)})

    def worked_solution(self, given):
        """Return the text, with the learner's own intervals in it."""
        wide, narrow = (intervals(given, given[each]) for each in ("t95", "t90"))
        lines = [
            f"- {name}: 95 % from {low:.3f} to {high:.3f}, 90 % from {narrow[name][0]:.3f} to {narrow[name][1]:.3f}"
            for name, (low, high) in wide.items()
        ]
        return super().worked_solution(given | {"rows": "\n".join(lines)})

    def expected(self, given):
        return shown(given, differs(given), within(given, given["t90"]))

    @misconception(hint="A test that found nothing has not shown that there is nothing. How wide is the interval?")
    def takes_not_significant_for_equivalent(self, given):
        return shown(given, differs(given), set(given["names"]) - differs(given))

    @misconception(
        hint="Can a difference be real and yet too small to matter? Look at the interval between the margins."
    )
    def takes_significant_for_not_equivalent(self, given):
        return shown(given, differs(given), within(given, given["t90"]) - differs(given))

    @misconception(hint="An estimate inside the margin is not enough: where could the truth still be?")
    def looks_at_the_estimate_alone(self, given):
        return shown(given, differs(given), within(given, 0))

    @misconception(
        hint="You asked more of equivalence than two one-sided tests at 0.05: which interval belongs to them?"
    )
    def takes_the_wider_interval(self, given):
        return shown(given, differs(given), within(given, given["t95"]))

    @misconception(
        hint="The margin says what matters, not what is shown. What does a test of a difference hold it against?"
    )
    def takes_large_for_shown(self, given):
        large = {name for name, size, _ in each_of(given) if abs(size) >= given["margin"]}
        return shown(given, large, within(given, given["t90"]))

    @misconception(hint="Which interval belongs to a two-sided test at 0.05?")
    def takes_the_narrower_interval(self, given):
        return shown(given, differs(given, given["t90"]), within(given, given["t90"]))


@lesson.question(points=6, minutes=13, bloom="create")
class analysis_plan(FreeText):
    """Write the paragraph "Image and statistical analysis" for an experiment that has **not been done yet**, in 120 to
    200 words. Five groups of mice with {mice} mice each: control, and without ovaries untreated, treated, treated with
    an inhibitor, inhibitor alone. From each mouse {fields} fields of a stained section are photographed; what is
    measured is the stained area. The question is whether treated mice come **back to the level of the control**.

    Write it so that nothing is left to choose once the pictures are there. Check it, and look at
    `q.analysis_plan.solution()` only then; it has six criteria, with which you score your own text.
    """

    rubric = {
        "unit": (1, "names the mouse as the unit, and says what happens to its fields (a mean, or a model with mice)"),
        "threshold": (1, "fixes one threshold for all groups, and says from which pictures it comes"),
        "blinding": (1, "says who does not know the groups, and how fields are chosen"),
        "comparisons": (1, "names the comparisons that count, and a procedure that keeps the error of their family"),
        "equivalence": (1, "treats 'back to the level' as equivalence, with a margin fixed beforehand"),
        "report": (1, "reports every mouse, differences with intervals, exact p, and what was left out and why"),
    }
    least_words = 70
    hints = (
        "Go through the lesson's sections on images and on statistics: each has one choice that is best made beforehand.",
        "Imagine a reader who suspects that you chose the threshold, the fields and the test after seeing the result.",
    )
    solution = "One answer that has everything; yours may say it differently. Then score your own text, honestly:"

    def given(self, rng):
        return {"mice": rng.randint(6, 12), "fields": rng.randint(4, 9)}

    def expected(self, given):
        mice, fields = given["mice"], given["fields"]
        return MODEL_PARAGRAPH.format(mice=mice, fields=fields)

    @misconception(hint="Fields of one mouse resemble each other. What was allotted to a group: a field, or a mouse?")
    def counts_fields_as_mice(self, given):
        return f"n = {given['mice'] * given['fields']}"

    @misconception(hint="What would this make of a blank section?")
    def lets_every_picture_choose(self, given):
        return "threshold for each image"

    @misconception(hint="That a difference was not found: does it say that there is none? What would you have to show?")
    def takes_not_significant_for_restored(self, given):
        return "if there is no significant difference"

    @misconception(hint="Which fields represent a section, if somebody picks them who knows the groups?")
    def picks_typical_fields(self, given):
        return "representative fields"


MODEL_PARAGRAPH = """
The unit of analysis is the mouse ({mice} in each group). In each section {fields} fields lie on a grid whose start is
drawn at random, and all of them are measured. Sections carry codes; nobody who photographs, measures or computes knows
the groups before the results table is closed. All sections are stained in one batch. One threshold is used for all
groups: it is taken once, from all fields together, and applied to a blank section as a check. The {fields} stained areas
of a mouse are averaged; a mouse is one value. Groups are compared by one-way analysis of variance. Four comparisons
count: untreated against control, treated against untreated, treated with inhibitor against treated, inhibitor alone
against untreated, with Holm's correction. Whether treated mice are back at the level of the control is asked by two
one-sided tests with a margin of a tenth of the mean of the control, fixed today; a test that finds no difference will
not be read as an answer. Every mouse is shown as a point, with differences, 95 % intervals and exact p values; what was
left out is listed with its reason.
""".strip()

#: Whether zero lies in the interval of 95 %, and the margins around those of 90 % and of 95 %.
KINDS_OF_COMPARISON = {
    "nothing shown": (False, False, False),
    "equivalent by the right interval only": (False, True, False),
    "small but real": (True, True, True),
    "large": (True, False, False),
}
GROUPS = ("Control", "PMO", "PMO+Exo")


def listed(rows):
    """Return a table as a list for reading, numbers to five digits."""
    lines = [", ".join(f"{name} {shown_as(cell)}" for name, cell in row.items()) for row in rows.to_dict("records")]
    return "\n".join(f"- {line}" for line in lines)


def shown_as(cell):
    """Return a cell as it is read: a number to five digits, text as it is."""
    return cell if isinstance(cell, str) else f"{cell:.5g}"


@cache
def assay_rows():
    """Return the table of groups by assay and place; nobody changes it."""
    return ev.load("assay_groups")


@cache
def printed():
    """Return the printed primers, one row each."""
    return list(ev.load("primers").itertuples())


@cache
def told(reading):
    """Return what each part tells of each group and assay, in one way of reading the table."""
    rows = assay_rows()
    readings = {
        "as it stands": rows,
        "sham is the control": rows.assign(group_std=rows["group_std"].astype(str).replace("Sham", "Control")),
        "without legends": rows[rows["place"] != "figure legend"],
        "named only": rows[rows["stated"] == "explicit"],
    }
    return study_design.stated_groups(readings[reading])


def counted(given, reading="as it stands"):
    """Return how many groups each part tells of, for the learner's own assays."""
    import pandas as pd

    cells = told(reading)
    table = [[assay, *tallies(cells[cells["assay"] == assay])] for assay in given["assays"]]
    return pd.DataFrame(table, columns=["assay", *groups_by_place.columns])


def tallies(cells):
    """Return the number of groups in Methods, in Results, and only there."""
    alone = cells["stated"] == study_design.RESULTS_ONLY
    return [int((cells["methods"] != "").sum()), int((cells["results"] != "").sum()), int(alone.sum())]


def drawn_dishes(rng):
    """Return SIMULATED threshold cycles of three groups; a dish with more RNA has both genes earlier."""
    replicates = rng.choice([3, 4])
    rows = []
    for group, delta in zip(GROUPS, (6.0, 6.0 + rng.uniform(0.8, 1.6), 6.0 + rng.uniform(0.3, 0.7)), strict=True):
        for mouse in range(1, replicates + 1):
            loading = rng.gauss(0, 0.5)
            reference = 17.5 + loading + rng.gauss(0, 0.1)
            rows.append([group, mouse, round(reference + delta + rng.gauss(0, 0.35), 2), round(reference, 2)])
    columns = zip(("group", "mouse", "target_ct", "reference_ct"), zip(*rows, strict=True), strict=True)
    return {"replicates": replicates} | {name: list(values) for name, values in columns}


def by_group(given):
    """Return ΔCt of each dish, by group."""
    found = {}
    for group, target, reference in zip(given["group"], given["target_ct"], given["reference_ct"], strict=True):
        found.setdefault(group, []).append(target - reference)
    return found


def columns_of(given, group):
    """Return target, reference and ΔCt of the dishes of one group."""
    places = [place for place, name in enumerate(given["group"]) if name == group]
    target, reference = ([given[f"{gene}_ct"][place] for place in places] for gene in ("target", "reference"))
    return {"target": target, "reference": reference, "delta": by_group(given)[group]}


def ratios(given, spread):
    """Return fold changes with their ends; `spread` gives s in cycles from the columns of a group and of Control."""
    control, rows = columns_of(given, "Control"), []
    for group in GROUPS[1:]:
        own = columns_of(given, group)
        size, half = mean(own["delta"]) - mean(control["delta"]), spread(own, control)
        rows.append([group, *(2 ** -(size + side * half) for side in (0, 1, -1))])
    return as_ratios(rows)


def as_ratios(rows):
    """Return rows of group, fold change, low and high as a table."""
    import pandas as pd

    return pd.DataFrame(rows, columns=["group", "fold_change", "low", "high"])


def by_dish(own, control):
    """Return s of the difference of two groups, from ΔCt of each dish."""
    return root([own["delta"], control["delta"]])


def root(samples):
    """Return the root of the sum of the squared standard deviations of samples."""
    return sqrt(sum(deviation(each) ** 2 for each in samples))


def spreads(given):
    """Return the standard deviation of ΔCt in each group."""
    return [deviation(each) for each in by_group(given).values()]


def apart(given):
    """Return whether other ways to take the spread give other numbers, in every group."""
    control, *groups = (columns_of(given, group) for group in GROUPS)
    torn = [root([each["target"], each["reference"]]) / deviation(each["delta"]) for each in (control, *groups)]
    exact = [deviation(each["delta"]) * sqrt(given["replicates"]) / by_dish(each, control) for each in groups]
    by_n = sqrt(given["replicates"] - 1)
    return min(torn) > 1.2 and all(min(abs(each - 1), abs(each - by_n)) > 0.05 for each in exact)


def mean(values):
    """Return the mean of numbers."""
    return sum(values) / len(values)


def deviation(values):
    """Return the standard deviation of a sample."""
    middle = mean(values)
    return sqrt(sum((each - middle) ** 2 for each in values) / (len(values) - 1))


def described(given, salt=None, oligo_nmol_per_l=None):
    """Return length, GC and melting temperature of the learner's own primers."""
    import pandas as pd

    mix = primers.Conditions(
        monovalent_mmol_per_l=float(salt or given["salt_mmol_per_l"]),
        oligo_nmol_per_l=float(oligo_nmol_per_l or given["oligo_nmol_per_l"]),
    )
    cleaned = {row.primer: primers.cleaned(row.sequence_as_printed) for row in printed()}
    rows = [
        [name, len(cleaned[name]), primers.gc_percent(cleaned[name]), primers.melting_temperature(cleaned[name], mix)]
        for name in given["primers"]
    ]
    return pd.DataFrame(rows, columns=["primer", "length_nt", "gc_percent", "tm_c"])


def shares_found(given, own, common):
    """Return the stained share of each field in % for two ways of setting the threshold."""
    import pandas as pd

    rows = [[place, 100 * first, 100 * second] for place, (first, second) in enumerate(both(given, own, common), 1)]
    return pd.DataFrame(rows, columns=["field", "own", "common"])


def both(given, *ways):
    """Return the stained shares of the learner's own fields, side by side for each way."""
    found = [tuple(image_analysis.measured(fields_of(*key_of(given)), way)["area_share"]) for way in ways]
    return zip(*found, strict=True)


def own_thresholds(given):
    """Return Otsu's threshold of each of the learner's own fields."""
    amounts = [image_analysis.stain_amount(field) for field in fields_of(*key_of(given))]
    return image_analysis.thresholds(amounts, image_analysis.EACH)


def key_of(given):
    """Return what a batch of fields is drawn from."""
    return tuple(given["shares"]), given["size_px"], given["seed"]


@cache
def fields_of(shares, size_px, seed):
    """Return a SIMULATED batch of stained fields."""
    return micrographs.batch("alizarin red", shares=shares, size_px=size_px, seed=seed)


def drawn_experiment(rng, sizes, *, significant=True):
    """Return SIMULATED groups of these sizes, and the places of two of them to compare; F significant or not."""
    reach = (0.5, 1.2) if significant else (0.75, 0.9)
    while True:
        middles = [rng.uniform(*reach) for _ in sizes]
        drawn = [
            [round(middle + rng.gauss(0, 0.12), 2) for _ in range(size)]
            for middle, size in zip(middles, sizes, strict=True)
        ]
        first, second = rng.choice([pair for pair in combinations(range(len(sizes)), 2) if unlike(sizes, *pair)])
        if 0.002 < compared(drawn, first, second)[1] < 0.15 and (with_p_of_f(drawn)[1] < 0.05) == significant:
            return [drawn, first, second]


def unlike(sizes, first, second):
    """Return whether a pair shows which sizes belong into its standard error, where sizes differ at all."""
    return len(set(sizes)) == 1 or abs(1 / sizes[first] + 1 / sizes[second] - 2 / sizes[0]) > 0.03


def compared(groups, first, second, *, pooled=None, freedom=None, error=None, lost=1, weigh=len):
    """Return F of all groups, and p of LSD for a pair; the keywords are ways to go wrong."""
    from scipy.special import stdtr

    everything = [each for group in groups for each in group]
    between = sum(weigh(group) * (mean(group) - mean(everything)) ** 2 for group in groups)
    mse, own = spread_within(groups, lost)
    ratio = between / (len(groups) - 1) / mse
    if pooled is not None:
        mse, own = spread_within([groups[place] for place in pooled], lost)
    sizes = len(groups[first]), len(groups[second])
    share = error(*sizes) if error else 1 / sizes[0] + 1 / sizes[1]
    t = (mean(groups[first]) - mean(groups[second])) / sqrt(mse * share)
    return ratio, float(2 * stdtr(freedom or own, -abs(t)))


def spread_within(groups, lost):
    """Return the mean square within groups and its degrees of freedom; `lost` for each group."""
    squares = sum((each - mean(group)) ** 2 for group in groups for each in group)
    freedom = sum(map(len, groups)) - lost * len(groups)
    return squares / freedom, freedom


def halved(found):
    """Return F and the p of one side."""
    return found[0], found[1] / 2


def multiplied(found, times):
    """Return F and p times a number, at most 1."""
    return found[0], min(1.0, found[1] * times)


def behind_f(groups, found):
    """Return F and p, and 1 for p where F is not significant."""
    return found if with_p_of_f(groups)[1] < 0.05 else (found[0], 1.0)


def with_p_of_f(groups):
    """Return F and its own p."""
    from scipy.special import fdtrc

    ratio, _ = compared(groups, 0, 1)
    return ratio, float(fdtrc(len(groups) - 1, sum(map(len, groups)) - len(groups), ratio))


def false_alarms(given, procedure, alike=None):
    """Return the exact family-wise error of the learner's own experiment."""
    size = {"groups": given["groups"], "replicates": given["replicates"], "alpha": given["alpha"]}
    return error_rates.exact_family_wise_error(procedure, alike=alike, **size)


def quantile(df, confidence):
    """Return the quantile of Student's t for an interval, to three decimal places as it is shown."""
    from scipy.special import stdtrit

    return round(float(stdtrit(df, (1 + confidence) / 2)), 3)


def drawn_comparison(rng, kind, drawn):
    """Return difference and standard error of a kind, drawn again until it is a clear case."""
    while True:
        size = round(rng.choice([-1, 1]) * rng.uniform(0.01, 2.2) * drawn["margin"], 3)
        error = round(rng.uniform(0.12, 0.6) * drawn["margin"], 3)
        if found_of(size, error, drawn) == KINDS_OF_COMPARISON[kind] and clear(kind, size, error, drawn):
            return size, error


def found_of(size, error, drawn):
    """Return whether zero is outside the interval of 95 %, and whether those of 90 % and 95 % are inside the margin."""
    inside = [abs(size) + drawn[each] * error < drawn["margin"] for each in ("t90", "t95")]
    return abs(size) > drawn["t95"] * error, *inside


def clear(kind, size, error, drawn):
    """Return whether rounding decides nothing, and whether each misconception goes wrong on its own kind."""
    margin, half = drawn["margin"], [drawn[each] * error for each in ("t95", "t90")]
    ends = [abs(abs(size) - limit) for limit in (half[0], half[1], *(margin - each for each in half))]
    # Nothing is shown, although the estimate lies inside the margin and the narrower interval leaves out zero.
    tempting = kind != "nothing shown" or half[1] < abs(size) < 0.8 * margin
    return min(ends) > 0.02 * margin and tempting


def each_of(given):
    """Return name, difference and standard error of each comparison."""
    return list(zip(given["names"], given["differences"], given["errors"], strict=True))


def intervals(given, times):
    """Return the interval of each comparison, so many standard errors to both sides."""
    return {name: (size - times * error, size + times * error) for name, size, error in each_of(given)}


def differs(given, times=None):
    """Return the comparisons whose interval leaves out zero."""
    return {name for name, (low, high) in intervals(given, times or given["t95"]).items() if low > 0 or high < 0}


def within(given, times):
    """Return the comparisons whose interval lies inside the margin."""
    margin = given["margin"]
    return {name for name, (low, high) in intervals(given, times).items() if -margin < low and high < margin}


def shown(given, different, equivalent):
    """Return the statements that say so."""
    said = product(given["names"], (("differs", different), ("equivalent", equivalent)))
    return {f"{name}_{key}" for name, (key, names) in said if name in names}
