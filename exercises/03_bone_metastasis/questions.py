"""The questions of lesson 03: what a percentage, an arrow, a tumour's size and a model of a lesion say, and what not.

Every question is after one thing that is easily misunderstood, named by its first misconception. Directions are taken
as the review prints them (Bianciardi et al., 2021) or as the cited source has them, and each question says which. The
lesions are the course's teaching model of one remodelling site: signs follow the review, sizes are invented.
"""

from dataclasses import replace
from functools import cache, lru_cache
from math import log, sqrt

import evcourse as ev
from evcourse.models import metastasis, myeloma, remodelling
from evcourse.questions import Chart, Choices, FreeText, Function, Lesson, Number, Table, misconception

lesson = Lesson("Bone metastasis: two ways to lose the balance")


@lesson.question(points=2, minutes=5, bloom="apply")
class two_shares(Number):
    """Two reports on the same tumour disagree, or so it seems. They count the same patients, all {patients} of one
    (invented) register:

    - Report 1: bone metastases in {of_all} % of **all** patients.
    - Report 2: bone metastases in {of_spread} % of the patients **whose tumour has spread**, wherever to.

    In how many of the {patients} patients has the tumour spread? A whole number of patients is exact enough.
    """

    unit, tolerance, absolute = "patients", 0.0, 0.6
    hints = (
        "Draw three circles, one inside the other: all patients, those whose tumour has spread, those with metastases"
        " in bone. Which two circles does each report divide?",
        "Above the line both reports have the same patients. How many are these? Then ask of which number they are the"
        " share that report 2 gives.",
    )
    solution = (
        "Bone metastases have {patients} × {of_all} / 100 patients: this is what stands above the line in both reports."
        " Divided by {of_spread} / 100 it gives those whose tumour has spread: {answer}. Nobody contradicts anybody."
    )

    def given(self, rng):
        shares = {"of_all": rng.randint(801, 1899) / 100, "of_spread": rng.randint(5501, 7899) / 100}
        return {"patients": rng.randint(4001, 9999)} | shares

    def expected(self, given):
        return given["patients"] * given["of_all"] / given["of_spread"]

    @misconception(hint="You took the second percentage as a share of all patients. Of whom is it a share?")
    def takes_both_as_shares_of_all(self, given):
        return given["patients"] * given["of_spread"] / 100

    @misconception(hint="These are the patients with metastases in bone. The question is about a larger circle.")
    def stops_at_the_numerator(self, given):
        return given["patients"] * given["of_all"] / 100

    @misconception(hint="You multiplied the two shares. That would be right if report 1 counted those who have spread.")
    def multiplies_the_shares(self, given):
        return given["patients"] * given["of_all"] * given["of_spread"] / 1e4

    @misconception(hint="That is more patients than the register has. Which of the two shares belongs below the line?")
    def turns_the_fraction_round(self, given):
        return given["patients"] * given["of_spread"] / given["of_all"]

    @misconception(hint="You settled a dispute in the middle. Is there one, if the two count different groups?")
    def takes_the_mean(self, given):
        return given["patients"] * (given["of_all"] + given["of_spread"]) / 200

    @misconception(hint="A difference of two percentages means something only if both are shares of the same whole.")
    def subtracts_the_shares(self, given):
        return given["patients"] * (given["of_spread"] - given["of_all"]) / 100

    @misconception(hint="That is a share or a percentage. For what does the question ask?")
    def gives_a_percentage(self, given):
        return 100 * given["of_all"] / given["of_spread"]

    @misconception(hint="That is a share. For what does the question ask?")
    def gives_a_share(self, given):
        return given["of_all"] / given["of_spread"]


@lesson.question(points=4, minutes=9, bloom="analyse")
class lines(Table):
    """What are the vesicles of these six tumour lines reported to do to bone cells, and to which of the review's two
    kinds of lesion does that point? Take everything **as printed**, from `ev.load("signals")`.

    {list}

    Give a table with one row for each line, named like these in a column `origin_cell`, and with

    - `osteoclasts`: 1 if more of them are formed, -1 if fewer are, 0 if nothing is printed on that
    - `osteoblasts`: 1 if they are more, more active or more viable; -1 if fewer or less active; 0 if nothing is printed
    - `points_to`: `"osteolytic"`, `"osteosclerotic"` or `"neither"`, judged from these two directions alone

    In an osteolytic lesion resorption prevails, in an osteosclerotic one formation. You are asked for directions only:
    whether a change lasts, no direction tells.
    """

    row_key = ("origin_cell",)
    columns = {"osteoclasts": "1", "osteoblasts": "1", "points_to": "text"}
    tolerance, absolute = 0.0, 0.01
    shared = "there are only nine lines"
    hints = (
        "Print the columns origin_cell, target_cell, process, sign_as_printed and mechanism of your lines, and read row"
        " by row: what is said of the number or the activity of bone cells, and what is about something else?",
        "An osteoclast takes bone away, an osteoblast adds it. A plus at one of them and a minus at the other point to"
        " the same side.",
    )
    solution = (
        "The process says what is counted: osteoclastogenesis belongs to osteoclasts, even where the target is their"
        " precursor (BMM); osteoblastogenesis, osteoblast activity and viability to osteoblasts; a release of factors to"
        " neither. Then bone gains where osteoblasts minus osteoclasts is above zero (osteosclerotic) and loses where it"
        " is below (osteolytic). Where only one cell is named, it decides."
    )

    def given(self, rng):
        # The first four tell the misconceptions apart: both cells, a precursor, osteoclasts alone, osteoblasts alone.
        others = rng.sample(["PC-3", "MDA PCa 2c", "PC3-DU145", "CRL-2868 A549", ""], 2)
        names = [tumour_line(each) for each in ("breast", "A549", "TRAMP-C1", "LNCaP", *others)]
        rng.shuffle(names)
        return {"lines": names}

    def prompt(self, given):
        """Return the text with the lines as a list."""
        return super().prompt(given | {"list": "\n".join(f"- {name}" for name in given["lines"])})

    def expected(self, given):
        return judged(given, to_bone=lambda osteoclasts, osteoblasts: osteoblasts - osteoclasts)

    @misconception(hint="Not every metastasis eats bone. Read the signs of the prostate lines once more.")
    def takes_all_metastases_for_lytic(self, given):
        return judged(given, to_bone=lambda osteoclasts, osteoblasts: -1)

    def slip(self, answer, given):
        """Return a hint for whoever has every lesion eat bone, whatever stands in the other columns."""
        judgements = {dict(zip(answer["names"], row, strict=True)).get("points_to") for row in answer["rows"]}
        if judgements == {"osteolytic"}:
            return "all lytic", "Not every metastasis eats bone. Read the signs of the prostate lines once more."
        return super().slip(answer, given)

    @misconception(hint="You added the two signs. Is a plus at the osteoclasts good for bone?")
    def adds_the_signs(self, given):
        return judged(given, to_bone=lambda osteoclasts, osteoblasts: osteoclasts + osteoblasts)

    @misconception(hint="You turned round which lesion is which. In which of the two does resorption prevail?")
    def swaps_the_two_words(self, given):
        return judged(given, to_bone=lambda osteoclasts, osteoblasts: osteoclasts - osteoblasts)

    @misconception(hint="You judged by the osteoclasts alone. What about lines that act on osteoblasts only?")
    def judges_by_osteoclasts_alone(self, given):
        return judged(given, to_bone=lambda osteoclasts, osteoblasts: -osteoclasts)

    @misconception(hint="Lines that act on osteoclasts alone: the model may settle again, but where do directions point?")
    def judges_by_osteoblasts_alone(self, given):
        return judged(given, to_bone=lambda osteoclasts, osteoblasts: osteoblasts)

    @misconception(hint="Look at A549: from which cell do osteoclasts arise? Read the process beside the target.")
    def overlooks_the_precursors(self, given):
        return judged(given | {"overlooked": "BMM"}, to_bone=lambda osteoclasts, osteoblasts: osteoblasts - osteoclasts)

    @misconception(hint="Look at breast cancer: a cell that releases more of something, is it a cell that builds more?")
    def counts_released_factors(self, given):
        return judged(given | {"factors": True}, to_bone=lambda osteoclasts, osteoblasts: osteoblasts - osteoclasts)


@lesson.question(points=4, minutes=9, bloom="analyse")
class readings(Table):
    """The review writes that PC-3 exosomes hold osteoclasts back “by way of miR-214”. Two readings come to mind:

    - **brought**: the exosomes bring miR-214 into the osteoclasts, and miR-214 **holds** osteoclasts **back**.
    - **lowered**: the exosomes lower the miR-214 of the osteoclasts, and miR-214 **favours** osteoclasts.

    What would each of the two predict for these arms of an experiment on osteoclast precursors?

    {list}

    A **mimic** adds miR-214, an **inhibitor** takes it away; the cells have some of their own. Where two things act
    together, suppose that opposite effects on miR-214 cancel exactly.

    Give a table with one row for each arm, named like these in a column `arm`, and with

    - `if_brought`, `if_lowered`: 1 for more osteoclasts than in untreated cells, -1 for fewer, 0 for as many
    - `tells_apart`: `"yes"` if this arm alone would decide between the two readings, `"no"` if not
    """

    row_key = ("arm",)
    columns = {"if_brought": "1", "if_lowered": "1", "tells_apart": "text"}
    tolerance, absolute = 0.0, 0.01
    shared = "there are only five arms"
    hints = (
        "Two steps for every cell of the table: does miR-214 go up, down or stay, and what does that mean for"
        " osteoclasts in this reading?",
        "Begin with the exosomes alone. Both readings were made to explain the same observation, so what must stand"
        " there twice?",
    )
    solution = (
        "First what happens to miR-214, then its sign. Exosomes alone: up and held back, or down and favoured less; -1"
        " both times, which is why the sentence can be read both ways. Mimic alone: -1 if miR-214 holds back, +1 if it"
        " favours; the inhibitor the other way round. Exosomes with mimic: still up (-1), or made up for (0). Exosomes"
        " with inhibitor: made up for (0), or still down (-1). Every arm but the first tells them apart; per its"
        " abstract the cited study found that more miR-214 promotes osteoclasts, so that it was lowered."
    )

    def given(self, rng):
        both = rng.choice(["PC-3 exosomes and mimic", "PC-3 exosomes and inhibitor"])
        arms = ["PC-3 exosomes", "mimic", "inhibitor", both]
        rng.shuffle(arms)
        return {"arms": arms}

    def prompt(self, given):
        """Return the text with the arms as a list."""
        return super().prompt(given | {"list": "\n".join(f"- {arm}" for arm in given["arms"])})

    def expected(self, given):
        return predicted(given, brought=(1, -1), lowered=(-1, 1))

    @misconception(hint="Your two columns are one reading. In the second, what do exosomes do to miR-214, and it to cells?")
    def thinks_one_reading_twice(self, given):
        return predicted(given, brought=(1, -1), lowered=(1, -1))

    @misconception(hint="Your second reading gives more osteoclasts with exosomes alone. What was observed?")
    def lets_a_lowered_mirna_raise_osteoclasts(self, given):
        return predicted(given, brought=(1, -1), lowered=(-1, -1))

    @misconception(hint="Your first reading gives more osteoclasts with exosomes alone. What was observed?")
    def lets_a_brought_mirna_favour_osteoclasts(self, given):
        return predicted(given, brought=(1, 1), lowered=(-1, 1))

    @misconception(hint="Something is exchanged: the two readings, or mimic and inhibitor. Which of these adds miR-214?")
    def exchanges_the_readings(self, given):
        return predicted(given, brought=(-1, 1), lowered=(1, -1))

    @misconception(hint="Look at the arm with two things in it: what has become of miR-214 when both have acted?")
    def overlooks_the_exosomes_beside_a_reagent(self, given):
        return predicted(given, brought=(1, -1), lowered=(-1, 1), beside_a_reagent=0)

    @misconception(hint="Look at the exosomes alone: compare the two predictions. Could the result decide anything?")
    def takes_the_observation_for_a_proof(self, given):
        arms = self.expected(given)
        return arms.assign(tells_apart="yes")


@lesson.question(points=4, minutes=7, bloom="evaluate")
class claims(Choices):
    """A direction has an owner: the page that prints it, or the source that it comes from. Which of these notes say no
    more than their owner does?

    The review's row on prostate cancer and miR-940 is row 3 of `ev.load("metastasis")`. What a look at the sources
    showed stands in `ev.load("critical_reading")`, B04 and M02. The sources were read for this course as far as it
    says there; nothing else is known of them. Each note that belongs earns a point, each that does not belong costs
    one.
    """

    hints = (
        "Ask two things of each note: who says it, and is it in what they say? Two notes that contradict each other may"
        " both be right as notes, if their owners do.",
        "A note does not belong if it puts into a source what you know from elsewhere, if it fills in a missing"
        " denominator, or if it knows how a difference came about.",
    )
    solution = (
        "As printed the gene goes up; per the abstract of the source miR-940 acts by targeting it, which usually means"
        " down: both notes are right, because each names its owner. More osteoblasts are common ground. The two percentages for"
        " prostate cancer are both quoted properly. RhoA is not in the abstract, however plausible the arrow; a share"
        " without denominator is nobody's risk; and how the difference came about is not known, a shortened sentence"
        " being the innocent explanation.\n\nThe notes that belong: {answer}."
    )

    def given(self, rng):
        gene = rng.choice(["ARHGAP1", "FAM134A"])
        return {"gene": gene, "other": {"ARHGAP1": "FAM134A", "FAM134A": "ARHGAP1"}[gene]}

    def options_for(self, given):
        return {key: words.format(**given) for key, words in NOTES.items()}

    def expected(self, given):
        return {"up_printed", "down_source", "effect_both", "two_figures"}

    @misconception(hint="You kept what is printed. May a note on the source stand beside it, if it says so?")
    def trusts_the_print(self, given):
        return {"up_printed", "effect_both"}

    @misconception(hint="You corrected the print. A note that begins with “as printed” has to say what the page says.")
    def corrects_the_print_silently(self, given):
        return {"down_printed", "down_source", "effect_both", "two_figures"}

    @misconception(hint="Look at the note on RhoA: is it in the abstract, or do you know it from elsewhere?")
    def fills_in_the_pathway(self, given):
        return self.expected(given) | {"rhoa_source"}

    @misconception(hint="Look at the note on ten men. Of whom is the percentage a share, according to its source?")
    def takes_a_share_for_a_risk(self, given):
        return self.expected(given) | {"seven_of_ten"}

    @misconception(hint="One note knows how a difference came about. Who has looked, and is there a duller explanation?")
    def finds_somebody_guilty(self, given):
        return self.expected(given) | {"misread"}

    @misconception(hint="Two notes that contradict each other need not be wrong: each tells what its owner says.")
    def strikes_out_whatever_is_contested(self, given):
        return {"effect_both"}

    @misconception(hint="Right as far as it goes. Is there a note on percentages that quotes both owners properly?")
    def overlooks_the_percentages(self, given):
        return self.expected(given) - {"two_figures"}


@lesson.question(points=3, minutes=8, bloom="apply")
class two_scans(Number):
    """A tumour grows after Gompertz, as in the lesson, with a constant of growth of its own: γ = {growth} per day. On a
    first scan it has {first} % of its limit. After how many days will a second scan show {second} %?

    In the formula of the lesson, T(t) = L × (T0 / L)^e^(−γt), in per cent: L = 100, T0 is the size on day 0, and you
    may begin to count days wherever you like. Solve it for t, or try days with `myeloma.tumour_size(day, tumour)` until
    the size fits; `tumour` is then `myeloma.Tumour(start_percent=…, growth_per_day=…)`. Whole days are exact enough,
    rounded up or down.
    """

    unit, tolerance, absolute = "days", 0.0, 1.0
    hints = (
        "Let day 0 be the day of the first scan. What is T0 then?",
        "Take logarithms twice. After the first, the distance to the limit, ln(L / T), shrinks by the factor e^(−γt):"
        " how large is it on each of the two scans?",
    )
    solution = (
        "Day 0 is the first scan. The distance to the limit, ln(100 / T), is ln(100 / {first}) on the first scan and"
        " ln(100 / {second}) on the second; it shrinks by e^(−{growth} t). So t is the logarithm of the ratio of the two"
        " distances, divided by {growth}: {answer}."
    )

    def given(self, rng):
        # With a larger second size, exponential growth would happen to give the same day.
        sizes = {"first": rng.randint(300, 850) / 100, "second": rng.randint(4500, 6500) / 100}
        return sizes | {"growth": rng.randint(1400, 4400) / 1e6}

    def expected(self, given):
        return days_between(given["first"], given["second"], given["growth"])

    @misconception(hint="You let it grow by the same factor in the same time, without end. What does the limit do?")
    def grows_exponentially(self, given):
        return log(given["second"] / given["first"]) / given["growth"]

    @misconception(hint="You let it grow by the same amount every day. Does a tumour of double size grow no faster?")
    def grows_in_a_straight_line(self, given):
        return (given["second"] / given["first"] - 1) / given["growth"]

    @misconception(hint="You counted from the lesson's start. Which size has this tumour on your day 0?")
    def counts_from_the_start_of_the_lesson(self, given):
        return days_between(1, given["second"], given["growth"])

    @misconception(hint="That is the growth of the lesson's tumour. This one has a constant of its own.")
    def leaves_the_growth_of_the_lesson(self, given):
        return days_between(given["first"], given["second"], myeloma.TUMOUR.growth_per_day)

    @misconception(hint="That is another S-shaped curve, the logistic one. The lesson's has a double exponent.")
    def takes_a_logistic_curve(self, given):
        odds = [size / (100 - size) for size in (given["first"], given["second"])]
        return log(odds[1] / odds[0]) / given["growth"]

    @misconception(hint="One logarithm in your last step is to the base 10. Which base belongs to e?")
    def takes_the_wrong_base(self, given):
        return self.expected(given) / log(10)


@lesson.question(points=4, minutes=11, bloom="analyse")
class lasting_slope(Function):
    """Write `lasting_slope(osteoclast_factor, osteoblast_factor, blocked_share)`: the lasting slope of the bone mass in
    the balanced form, in % of the bone per day, for a lesion under treatment.

    - The tumour's vesicles multiply the formation of osteoclasts (`alpha1`) by `osteoclast_factor` and the formation of
      osteoblasts (`alpha2`) by `osteoblast_factor`.
    - The drug lets fewer osteoclasts form: it blocks the share `blocked_share` of that formation, from 0 (no drug)
      to 0.9.
    - All else is as in `remodelling.HEALTHY`, and lasting means: once the cells have settled.

    Before you write, guess: which of the three numbers decide whether bone is lost or gained, and which only how fast?
    Your function is tried on the five lesions in `q.lasting_slope.given["lesions"]`. Any way of the lesson will do.
    """

    signature, unit = "lasting_slope(osteoclast_factor, osteoblast_factor, blocked_share)", "% per day"
    tolerance, absolute = 0.005, 0.00001
    hints = (
        "Make the site first: remodelling.HEALTHY.times(alpha1=…, alpha2=…). By what does the drug multiply alpha1, if"
        " it blocks a quarter?",
        "The slope is k1 × osteoclasts × (f - 1), where f is the factor on the formation of osteoblasts. The osteoclasts"
        " are those in the new steady state of this very site: remodelling.steady_state(site) returns them first.",
    )
    solution = (
        "site = remodelling.HEALTHY.times(alpha1=osteoclast_factor * (1 - blocked_share), alpha2=osteoblast_factor);"
        " osteoclasts, _ = remodelling.steady_state(site); return site.k1 * osteoclasts * (osteoblast_factor - 1)."
        " Osteoblast formation alone decides the sign; the other two only decide how fast."
    )

    def given(self, rng):
        more, fewer = rng.randint(1300, 1700) / 1000, rng.randint(650, 850) / 1000
        building = [rng.randint(700, 850) / 1000, rng.randint(1300, 1600) / 1000]
        shares = [rng.randint(200, 450) / 1000, rng.randint(550, 800) / 1000]
        alone = [rng.randint(1300, 1700) / 1000, 1.0, 0.0]
        return {"lesions": [alone, [more, fewer, 0.0], [more, fewer, shares[0]], [*building, 0.0], [*building, shares[1]]]}

    def inputs(self, given):
        return [tuple(each) for each in given["lesions"]]

    def expected(self, given):
        return slope

    def slip(self, answer, given):
        """Return a hint for a share taken for what is left, where the model refuses a site without osteoclasts."""
        untreated = [output for output, lesion in zip(answer, given["lesions"], strict=True) if lesion[2] == 0]
        if all("alpha1 must be above zero" in output.get("error", "") for output in untreated):
            return "what is left", "Blocked, or left over? Without drug the share is 0: what is left of the osteoclasts then?"
        return super().slip(answer, given)

    @misconception(hint="Look at the first lesion: osteoclasts alone are raised. What do osteoblasts do, once settled?")
    def takes_more_osteoclasts_for_lasting_loss(self, given):
        return lambda first, second, share: healthy_turnover() * (second - first * (1 - share))

    # The next two are wrong in one lesion alone: they come before those that are wrong in more.
    @misconception(hint="Your drug works where bone is lost, and not where it is gained. Whom do osteoblasts follow?")
    def lets_the_drug_slow_loss_alone(self, given):
        return lambda first, second, share: slope(first, second, share if second < 1 else 0)

    @misconception(hint="Your drug speeds up the lesion that builds. With fewer osteoclasts, who calls the osteoblasts?")
    def lets_the_drug_speed_up_building(self, given):
        return lambda first, second, share: slope(first, second, share) if second < 1 else slope(first, second, -share)

    @misconception(hint="Your number of osteoclasts is the healthy one. How many are there in this lesion?")
    def takes_the_healthy_osteoclasts(self, given):
        return lambda first, second, share: healthy_turnover() * (second - 1)

    @misconception(hint="Your osteoclasts are healthy ones, thinned by the drug. Do the vesicles not change them?")
    def takes_treated_healthy_osteoclasts(self, given):
        return lambda first, second, share: healthy_turnover() * (1 - share) * (second - 1)

    @misconception(hint="Osteoblasts act back on osteoclasts. Does your number of osteoclasts know of their factor?")
    def forgets_that_osteoblasts_act_back(self, given):
        return lambda first, second, share: healthy_turnover() * first * (1 - share) * (second - 1)

    @misconception(hint="The drug has no effect in your function. On which of the two formations does it act?")
    def leaves_the_drug_out(self, given):
        return lambda first, second, share: slope(first, second, 0)

    @misconception(hint="Blocked, or left over? Without drug the share is 0: what is left of the osteoclasts then?")
    def takes_the_blocked_share_for_what_is_left(self, given):
        return lambda first, second, share: slope(first, second, 1 - share)

    @misconception(hint="Where does your drug act? It blocks the formation of osteoclasts, not of osteoblasts.")
    def blocks_osteoblasts(self, given):
        return lambda first, second, share: slope(first, second * (1 - share), 0)

    @misconception(hint="Yours is the slope of a year. Per what is it asked?")
    def gives_the_slope_of_a_year(self, given):
        return lambda first, second, share: 365 * slope(first, second, share)


@lesson.question(points=4, minutes=11, bloom="apply")
class with_drug(Chart):
    """Draw the bone mass of a lesion twice in one chart, **without** and **with** a drug, over {days} days.

    The vesicles multiply the formation of osteoclasts (`alpha1`) by {osteoclast_factor} and that of osteoblasts
    (`alpha2`) by {osteoblast_factor}. The drug begins on day {from_day} and blocks the share {blocked_share} of the
    formation of osteoclasts.

    - `metastasis.lesion_course(site, days={days}, step_days=50, drug=…)` gives a course as a table, with a row for
      **every 50 days** and one for the end; leave `drug` out for none. The site is `remodelling.HEALTHY.times(…)`, the drug `metastasis.AntiResorptive(from_day=…,
      blocked_share=…)`.
    - A course ends at the moment when no bone is left. It says nothing about the days that follow.
    - Two lines in different colours; the day on x and the bone mass on y, both on plain linear axes; titles with the
      unit in brackets, (days) and (%).

    Columns and courses may have any names.
    """

    channels, tolerance, absolute = ("x", "y", "color"), 0.002, 0.05
    hints = (
        "One long table is easiest: make a course, give it a column that names it, do the same for the other, and put"
        " the two one below the other with `pd.concat([…, …])`.",
        "Look at the last row of each course before you draw: on which day does it end, and with how much bone? Then let"
        " the column with the names choose the colour.",
    )
    solution = (
        "site = remodelling.HEALTHY.times(alpha1={osteoclast_factor}, alpha2={osteoblast_factor});"
        " drug = metastasis.AntiResorptive(from_day={from_day}, blocked_share={blocked_share}); one course with"
        " drug=drug and one without, each with .assign(course=…); pd.concat; then alt.Chart(courses).mark_line() with x,"
        " y and color. Without the drug the bone is gone before the last day, and the line ends there."
    )

    def given(self, rng):
        factors = {"osteoclast_factor": rng.randint(1300, 1450) / 1000, "osteoblast_factor": rng.randint(730, 780) / 1000}
        drug = {"from_day": rng.randrange(150, 350, 50), "blocked_share": rng.randint(600, 750) / 1000}
        return factors | drug | {"days": 1500}

    def expected(self, given):
        return drawn(course(given, drug=False), course(given))

    @misconception(hint="One of your curves goes below zero. How much bone is there, and what may the equation know of it?")
    def draws_bone_below_zero(self, given):
        return drawn(gone_on(given), course(given))

    @misconception(hint="One of your curves lies flat at zero to the end. What does the model know of those days?")
    def lets_it_lie_flat_at_zero(self, given):
        return drawn([(day, max(0.0, mass)) for day, mass in gone_on(given)], course(given))

    @misconception(hint="Your drug begins on day 0. When does it here?")
    def begins_at_once(self, given):
        return drawn(course(given, drug=False), course(given | {"from_day": 0}))

    @misconception(hint="Your drug lets through what it should block. Is your share the one blocked, or the one left?")
    def takes_the_blocked_share_for_what_is_left(self, given):
        return drawn(course(given, drug=False), course(given | {"blocked_share": 1 - given["blocked_share"]}))

    @misconception(hint="On the first day of the drug your bone is whole again. What was lost before that day?")
    def begins_again_with_whole_bone(self, given):
        start = given["from_day"]
        after = [(day + start, mass) for day, mass in course(given | {"from_day": 0}) if day + start <= given["days"]]
        return drawn(course(given, drug=False), [point for point in course(given) if point[0] < start] + after)

    @misconception(hint="Two curves are asked for. Is there a second table, and a colour for each course?")
    def draws_one_curve(self, given):
        return drawn(course(given))

    def compare(self, answer, key, asked):
        """Return the items; the curves themselves earn six tenths of the points, all the rest the other four."""
        items = super().compare(answer, key, asked)
        shares = {"data": 0.6} | {item.about: 0.4 / (len(items) - 1) for item in items if item.about != "data"}
        return [replace(item, share=shares[item.about]) for item in items]

    def slip(self, answer, given):
        """Return a hint for rows at other distances than asked, or for more than one row without bone."""
        rows = [row for view in answer for row in view["rows"]]
        # The end of a course lies between: one such day for each of the two.
        if sum(day % STEP_DAYS != 0 for day in numbers_in(rows, "x")) > 2:
            return "step", "Your courses have rows at other distances. Look at the call in the task: which step has it?"
        if sum(mass == 0 for mass in numbers_in(rows, "y")) > 2:
            return "flat", "One of your curves lies flat at zero to the end. What does the model know of those days?"
        return super().slip(answer, given)


@lesson.question(points=7, minutes=15, bloom="evaluate")
class forecast(FreeText):
    """A colleague says: “Denosumab makes sense in lesions of breast and lung, which eat bone. In prostate cancer, where
    lesions build bone, it is pointless.” Write 120 to 220 words: what would you predict for both kinds of lesion, from
    which mechanism, what is uncertain, and which experiment would tell?

    Denosumab is an antibody against RANKL, without which few osteoclasts form (general knowledge). You have

    - the lesion explorer and the slopes of section 3, for directions and not for sizes
    - the review's own words on the vesicles of each tumour, in `ev.load("signals")`, column `mechanism`
    - a review of trials (PMC5378096; for this course its abstract was read): in patients with castration-resistant
      prostate cancer and metastases, denosumab delayed skeletal events compared with zoledronic acid, which is an
      anti-resorptive drug as well (general knowledge)

    You are writing for a seminar, and give no advice to patients. Write first, check, and look at
    `q.forecast.solution()` only then; it has seven criteria, with which you score your own text.
    """

    rubric = {
        "mechanism": (1, "says how the drug acts: without RANKL fewer osteoclasts form; it does not act on the tumour"),
        "prediction": (1, "predicts for both kinds of lesion, with a reason; the model has slower loss and slower gain"),
        "coupling": (1, "names the assumption behind it, that osteoblasts follow osteoclasts, and what if they do not"),
        "escape": (1, "sees that breast vesicles are reported to act independently of RANKL, which the drug may not reach"),
        "outcome": (1, "says what the trial counted and compared: events, not bone mass, and with another such drug"),
        "test": (1, "proposes an experiment: both kinds of lesion, with and without drug, resorption and formation read"),
        "certainty": (1, "says how sure each step is: culture, model with invented sizes, trial; and stays polite"),
    }
    least_words = 60
    hints = (
        "Follow the drug: whom does it stop, who follows these cells, and what then becomes of loss and of gain?",
        "For the uncertain part look at three places: at what the model assumes of the two cells, at how breast vesicles"
        " are printed to act, and at what a trial counts.",
    )
    solution = "One answer that has everything; yours may say it differently. Then score your own text, honestly:"

    def expected(self, given):
        return MODEL_FORECAST

    @misconception(hint="Osteoclasts are at work in lesions that build, too. Who calls the osteoblasts in the model?")
    def takes_it_for_useless_where_bone_is_built(self, given):
        return "no osteoclasts in prostate"

    @misconception(hint="Whom does the drug stop? Look at where it enters the model, and whether the tumour notices.")
    def lets_the_drug_act_on_the_tumour(self, given):
        return "kills the tumour"

    @misconception(hint="Once osteoclasts are fewer, what do osteoblasts do that follow them? Look past the first weeks.")
    def lets_building_go_faster(self, given):
        return "builds bone even faster"

    @misconception(hint="A trial counts events, the model mass. Which was shown, and compared with whom?")
    def takes_events_for_mass(self, given):
        return "restores bone mass"

    @misconception(hint="The sizes in the model are invented. Which kind of statement does it support?")
    def takes_the_model_for_a_proof(self, given):
        return "the model proves"


#: Each note of `claims`: its key, and its words for a gene of the learner's own.
NOTES = {
    "up_printed": "As printed in the review: miR-940 raises {gene}.",
    "down_printed": "As printed in the review: miR-940 lowers {other}.",
    "down_source": "Per the abstract of the source: miR-940 acts by targeting {gene}, which usually lowers a gene.",
    "rhoa_source": "Per the abstract of the source: miR-940 raises the activity of RhoA.",
    "effect_both": "Print and source agree on the effect of miR-940: more osteoblasts are formed.",
    "two_figures": "Bone metastases of prostate cancer: 80 % as printed; 70 %, together with breast cancer, per the source.",
    "seven_of_ten": "Per the source: seven of ten men with prostate cancer get metastases in bone.",
    "misread": "The arrows at {gene} differ because the authors of the review misread the study.",
}

#: Distance of the rows of a course, in days: as the prompt of `with_drug` has it.
STEP_DAYS = 50

#: What the process of a signal says about which bone cell; a release of factors is about neither.
CELL_OF = {
    "osteoclastogenesis": "osteoclasts",
    "osteoblastogenesis": "osteoblasts",
    "osteoblast activity": "osteoblasts",
    "cell viability": "osteoblasts",
}
LESION = {-1: "osteolytic", 0: "neither", 1: "osteosclerotic"}

MODEL_FORECAST = """\
The antibody binds RANKL, so fewer osteoclasts form. The tumour itself it leaves alone, and its vesicles go on.

Our model slows both lesions: loss where bone is eaten, gain where it is built, and neither changes its sign. So I would
not call the drug pointless in prostate cancer; whether less building helps a patient is another question.

This rests on coupling: osteoblasts follow osteoclasts. If vesicles drive osteoblasts directly, as those with miR-141-3p
are reported to do, building may hardly slow. Where coupling is weakened, the model even turns a loss into a small gain.

The review has breast vesicles promote osteoclasts independently of RANKL. That part of the loss might escape the drug,
in the very lesion of which my colleague is sure.

The trial counted skeletal events, such as fractures, not bone mass or strength. In prostate cancer they came later than
with zoledronic acid: of two anti-resorptive drugs one did better, and nobody there went without.

A test: mice with a lesion that eats or one that builds, antibody or control, read blind: markers of resorption and of
formation, microCT, a bending test. If formation stays high under the drug, coupling fails.

How sure am I? Of the first step, very; of directions, fairly; of sizes not at all, for ours are invented. My colleague
may still be right about some patients."""


def tumour_line(name):
    """Return a tumour line as `signals` names it; no name stands for the row in which none is printed."""
    if name == "breast":
        return "breast cancer"
    tumour = "lung cancer" if "A549" in name else "prostate cancer"
    return f"{tumour} ({name})" if name else tumour


def judged(given, *, to_bone):
    """Return the directions printed for the learner's lines, and the lesion that they point to.

    `to_bone` turns the directions of osteoclasts and of osteoblasts into one for bone.
    """
    import pandas as pd

    rows = []
    for name in given["lines"]:
        osteoclasts, osteoblasts = (direction(name, cell, given) for cell in ("osteoclasts", "osteoblasts"))
        bone = to_bone(osteoclasts, osteoblasts)
        rows.append([name, osteoclasts, osteoblasts, LESION[(bone > 0) - (bone < 0)]])
    return pd.DataFrame(rows, columns=["origin_cell", "osteoclasts", "osteoblasts", "points_to"])


def direction(name, cell, given):
    """Return 1, -1 or 0: what is printed of a line and a kind of cell, or read by one who overlooks or adds something."""
    cell_of = CELL_OF | ({"release of factors": "osteoblasts"} if given.get("factors") else {})
    signs = [
        signal["sign_as_printed"]
        for signal in tumour_signals()
        if signal["origin_cell"] == name
        and cell_of.get(signal["process"]) == cell
        and signal["target_cell"] != given.get("overlooked")
    ]
    return (sum(signs) > 0) - (sum(signs) < 0)


@cache
def tumour_signals():
    """Return the signals of tumours, read once."""
    signals = ev.load("signals")
    tumours = signals[signals["origin_cell"].str.contains("cancer")]
    return tumours[["origin_cell", "target_cell", "process", "sign_as_printed"]].to_dict("records")


def predicted(given, *, brought, lowered, beside_a_reagent=1):
    """Return what two readings predict for the learner's arms.

    A reading is a pair: what exosomes do to miR-214 in the cell, and what miR-214 does to osteoclasts, 1 or -1 each.
    The last is for a misconception: 0 for exosomes that no longer act.
    """
    import pandas as pd

    rows = []
    for arm in given["arms"]:
        reagent = ("mimic" in arm) - ("inhibitor" in arm)
        acting = ("exosomes" in arm) * (beside_a_reagent if reagent else 1)
        levels = [(acting * by_exosomes + reagent, sign) for by_exosomes, sign in (brought, lowered)]
        first, second = (((level > 0) - (level < 0)) * sign for level, sign in levels)
        rows.append([arm, first, second, "no" if first == second else "yes"])
    return pd.DataFrame(rows, columns=["arm", "if_brought", "if_lowered", "tells_apart"])


def days_between(first, second, growth):
    """Return the days from one size to another, in per cent of the limit: `myeloma.tumour_size` solved for the day."""
    return log(log(100 / first) / log(100 / second)) / growth


def slope(osteoclast_factor, osteoblast_factor, blocked_share):
    """Return the lasting slope in % per day: `remodelling.coupled_chronic_slope` with the steady state written out."""
    osteoclasts = osteoclast_factor * (1 - blocked_share) / sqrt(osteoblast_factor)
    return healthy_turnover() * osteoclasts * (osteoblast_factor - 1)


def healthy_turnover():
    """Return what healthy osteoclasts resorb, in % per day."""
    return remodelling.HEALTHY.k1 * remodelling.steady_state()[0]


def course(given, *, drug=True):
    """Return the learner's course as pairs of day and bone mass, with or without the drug, to its end."""
    factors = given["osteoclast_factor"], given["osteoblast_factor"]
    return computed(factors, (given["from_day"], given["blocked_share"]) if drug else None, given["days"])


@lru_cache(maxsize=16)
def computed(factors, drug, days):
    """Return a course as pairs; the same few are needed for the right answer and for most of the wrong ones."""
    treatment = metastasis.AntiResorptive(*drug) if drug else None
    rows = metastasis.lesion_course(site(*factors), days=days, step_days=STEP_DAYS, drug=treatment)
    return list(zip(rows["day"].tolist(), rows["bone_mass_percent"].tolist(), strict=True))


def gone_on(given):
    """Return the course without the drug as the equation goes on, below zero as well."""
    untreated = site(given["osteoclast_factor"], given["osteoblast_factor"])
    rows = remodelling.simulate(untreated, days=given["days"], step_days=STEP_DAYS)
    return list(zip(rows["day"].tolist(), rows["bone_mass_percent"].tolist(), strict=True))


def site(osteoclast_factor, osteoblast_factor):
    """Return the healthy site with both formations multiplied."""
    return remodelling.HEALTHY.times(alpha1=osteoclast_factor, alpha2=osteoblast_factor)


def numbers_in(rows, channel):
    """Return the numbers drawn on a channel."""
    return [row[channel] for row in rows if isinstance(row.get(channel), float)]


def drawn(*courses):
    """Return courses as an Altair chart, in colours where there are several."""
    import altair as alt
    import pandas as pd

    rows = [(*point, place) for place, points in enumerate(courses) for point in points]
    channels = encodings() if len(courses) > 1 else {axis: encodings()[axis] for axis in ("x", "y")}
    return alt.Chart(pd.DataFrame(rows, columns=["day", "mass", "course"])).mark_line().encode(**channels)


@cache
def encodings():
    """Return the channels of the chart, made once: Altair takes longer for them than for all the rest."""
    import altair as alt

    x, y = alt.X("day:Q").title("time (days)"), alt.Y("mass:Q").title("bone mass (%)")
    return {"x": x, "y": y, "color": alt.Color("course:N").title("treatment")}
