"""The questions of lesson 04: what old cells send, what it does to a site, and how much of it is shown.

Every question is after one thing that is easily misunderstood, named by its first misconception. What the review says
is read from the course's tables; what the four cited studies say is noted from their abstracts, in our own words. No
row of the retracted study is used. All numbers of experiments are invented or simulated, and say so.
"""

from dataclasses import replace
from functools import cache
from math import exp, pi

from evcourse.models import ageing, donors, remodelling, vesicle_physics
from evcourse.questions import Chart, Choices, FreeText, Function, Lesson, Number, Table, misconception

lesson = Lesson("Ageing: vesicles of old cells")


@lesson.question(points=3, minutes=5, bloom="understand")
class secretome(Choices):
    """Cells are made senescent in a dish; at the end {alive_percent} % of them are alive. Their medium is spun at
    100 000 g into a **pellet** and a **rest** that stays above it. Young stem cells then grow for two weeks with one of
    the two, or with the whole medium. What they deposit as mineral, in % of cells with medium of young cells (invented
    numbers, means of six wells, each within 2 % of the mean):

    - with the whole medium: {whole_percent} %
    - with the pellet alone: {pellet_percent} %
    - with the rest alone: {rest_percent} %

    Which of the statements agree with the review's meaning of SASP and claim no more than this experiment shows? Each
    statement that belongs earns a point, each that does not belong costs one.
    """

    options = {
        "both_belong": "The pellet and the rest both hold parts of the SASP.",
        "soluble_only": "Only the rest belongs to the SASP, because the SASP is made of soluble signals.",
        "more_in_pellet": "Most of the effect of this medium goes with the pellet.",
        "more_in_rest": "Most of the effect of this medium goes with the rest.",
        "other_things_sink": "Other things than vesicles may be in the pellet and have a part in its effect.",
        "mirna_did_it": "A miRNA in vesicles is what lowers the mineral here.",
        "leaked": "What acts here has leaked out of dying cells.",
        "rest_harmless": "Without its pellet the medium of senescent cells does no harm.",
    }
    hints = (
        "Keep two things apart: what a word means (that is settled by a definition), and what acts (that by numbers).",
        "How far does each number lie below 100 %? And did anybody look at what the pellet consists of?",
    )
    solution = (
        "SASP is the name of what a senescent cell releases, and the review counts vesicles in. Below 100 % lie both the"
        " pellet ({pellet_percent} %) and the rest ({rest_percent} %), so both act, the lower one more. A pellet holds"
        " whatever sinks at 100 000 g, clumps of protein included, and no miRNA was measured, let alone blocked. The"
        " cells were alive.\n\nThe statements that belong: {answer}."
    )

    def given(self, rng):
        much, little = rng.randint(560, 700) / 10, rng.randint(860, 930) / 10
        pellet, rest = rng.sample([much, little], 2)
        whole = round(much + little - 100 + rng.randint(-10, 10) / 10, 1)
        numbers = {"whole_percent": whole, "pellet_percent": pellet, "rest_percent": rest}
        return numbers | {"alive_percent": rng.randint(930, 985) / 10}

    def expected(self, given):
        return {"both_belong", "other_things_sink", *carriers(given)[:1]}

    @misconception(hint="Look at the word SASP: is it a list of soluble signals, or all that the cell releases?")
    def takes_the_sasp_for_soluble_signals(self, given):
        return {"soluble_only", "other_things_sink", *carriers(given)[:1]}

    @misconception(hint="You let only what is dissolved belong and act. Read the word SASP again, then the two numbers.")
    def lets_only_the_soluble_act(self, given):
        return {"soluble_only", *carriers(given)[1:]}

    @misconception(hint="Look at the pellet: is everything that sinks at this force a vesicle?")
    def takes_the_pellet_for_vesicles(self, given):
        return {"both_belong", *carriers(given)[:1]}

    @misconception(hint="Which molecule was measured or blocked in this experiment? A carrier is not yet a cargo.")
    def jumps_to_a_molecule(self, given):
        return self.expected(given) | {"mirna_did_it"}

    @misconception(hint="Two leaps at once: from what sinks to vesicles, and from vesicles to one kind of molecule.")
    def takes_the_pellet_for_its_mirna(self, given):
        return {"both_belong", "mirna_did_it", *carriers(given)[:1]}

    @misconception(hint="Compare the two numbers again: the lower one means the larger effect.")
    def reads_the_numbers_the_wrong_way(self, given):
        return {"both_belong", "other_things_sink", *carriers(given)[1:]}

    @misconception(hint="Senescent is not dying: how many of the cells were alive?")
    def takes_senescent_for_dying(self, given):
        return self.expected(given) | {"leaked"}

    @misconception(hint="Look at the number of the rest: is it 100 %, within 2 %?")
    def takes_the_rest_for_harmless(self, given):
        return self.expected(given) | {"rest_harmless"}


@lesson.question(points=4, minutes=9, bloom="analyse")
class evidence(Table):
    """A colleague's slide makes six claims. Say for each **where it stands, and in which species**:

    {claims_as_list}

    Give a table with the columns

    - `claim`: the letter of the claim
    - `review`: the species in which the **review** places it, "rat" or "human"; "not stated" if the review makes the
      claim without a species; "absent" if it does not make this claim
    - `source`: the species in which the **abstract of the cited study** shows it, going by the notes below: "rat",
      "mouse" or "human"; "several" for more than one; "not stated" or "absent" as above

    The review is in `ev.load("ageing_signals")`, an effect a row, with the species **as printed**; where none is
    printed, the cell says `NaN`. Our notes on the abstracts that the review cites (read, and no more than them):

    - Reference 21, miR-31a-5p: raised in stem cells of old rats and in their exosomes. Raised and lowered in these
      cells on purpose: more of it means less SATB2 and less osteogenesis, less E2F2 and more ageing of the cells.
      Exosomes with less of it give fewer osteoclasts. Blocking it prevented loss of bone in old rats.
    - Reference 22, miR-31: raised in the plasma of old people and of patients with osteoporosis; senescent endothelial
      cells (species not named) release it in vesicles, and stem cells that take it up differentiate less.
    - Reference 23, miR-34a: rises with age in muscle and in serum vesicles of mice; vesicles of stressed muscle cells, of
      mice and of humans alike, lower the viability of stem cells.
    - Reference 24, miR-214-3p: raised in osteoclasts and serum of women with fractures and of mice without ovaries,
      where bone formation is low; mice whose osteoclasts were made to hold more of it form less bone, and an antagomir
      brought to their osteoclasts mended that.
    """

    row_key = ("claim",)
    columns = {"review": "text", "source": "text"}
    hints = (
        "Fill one column at a time: first only from the table of the review, as if there were no notes, then only from"
        " the notes. Never carry a word from one column into the other.",
        "Search the table for the miRNA, then for the process or gene that the claim names. If the gene or the treatment"
        " is nowhere in the review's rows, what does that mean?",
    )
    solution = (
        "One column at a time. The review: rat for miR-31a-5p, human for miR-214-3p, no species for miR-31 and miR-34,"
        " and absent where the gene, the tissue or the treatment of the claim is in none of its rows. The notes: the"
        " species in which the thing itself was done or measured, and absent where they do not mention it."
        "\n\n{rows}"
    )

    def given(self, rng):
        return {"claims": sorted(letter for group, size in DRAWN for letter in rng.sample(group, size))}

    def prompt(self, given):
        """Return the text, with the learner's own claims as a list."""
        claims = "\n".join(f"- {letter}: {CLAIMS[letter][0]}" for letter in given["claims"])
        return super().prompt(given | {"claims_as_list": claims})

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return placed(given, lambda review, source, of: (review, source))

    @misconception(hint="Look at the rows without a species: what did the review print there, and what did you fill in?")
    def fills_the_gap_with_humans(self, given):
        return placed(given, lambda review, source, of: ("human" if review == "not stated" else review, source))

    @misconception(hint="Some claims the review does make, only without a species. How does the task want that written?")
    def takes_not_stated_for_absent(self, given):
        return placed(given, lambda review, source, of: ("absent" if review == "not stated" else review, source))

    @misconception(hint="Your column `review` knows things that stand only in the notes. Search its table again.")
    def credits_the_review_with_its_sources(self, given):
        return placed(given, lambda review, source, of: (source if review == "absent" else review, source))

    @misconception(hint="Your column `source` repeats the review. In which animals do the notes say it was done?")
    def takes_the_review_for_the_source(self, given):
        return placed(given, lambda review, source, of: (review, source if review == "absent" else review))

    @misconception(hint="Women with fractures were compared; in whom was something changed? And who else was compared?")
    def carries_the_women_into_every_finding(self, given):
        changed = {"several": "human", "mouse": "human"}
        return placed(given, lambda review, source, of: (review, changed.get(source, source) if of == "miR-214-3p" else source))

    @misconception(hint="Read the notes to the end: is the first species named the only one? One word stands for more.")
    def stops_at_the_first_species(self, given):
        first = {"miR-34": "mouse", "miR-214-3p": "human"}
        return placed(given, lambda review, source, of: (review, first[of] if source == "several" else source))

    @misconception(hint="Does every claim on a slide stand somewhere? Look for the one that neither place makes.")
    def believes_the_slide(self, given):
        return placed(given, lambda review, source, of: (review, SENDER[of] if source == "absent" else source))

    @misconception(hint="In both columns a claim may be absent. Does each of these claims stand somewhere?")
    def believes_the_slide_in_both_columns(self, given):
        return placed(given, lambda review, source, of: (SENDER[of],) * 2 if source == "absent" else (review, source))


@lesson.question(points=4, minutes=9, bloom="apply")
class aged_sites(Table):
    """In **your** aged site α2 is {less_percent} % lower than in health, and α1 is {more_percent} % higher (invented
    sizes). Which part of the change costs what? Compare three sites:

    - "fewer osteoblasts": only α2 is changed
    - "more osteoclasts": only α1 is changed
    - "both": your aged site

    Give a table with one row for each `site`, named as above, and two columns:

    - `lasting_slope`: the lasting change of bone mass once the cells have settled, in % of the start **per day**,
      negative for a loss; within 0.0001, so give five decimal places
    - `mass_after_a_year`: bone mass on day 365, in % of the start; within 0.1 %

    Healthy is `remodelling.HEALTHY`, each course starts from its steady state, and bone mass is that of the lesson (the
    balanced form).
    """

    row_key = ("site",)
    columns = {"lasting_slope": "% per day", "mass_after_a_year": "%"}
    tolerance, absolute = 0.001, 0.0001
    hints = (
        "`remodelling.HEALTHY.times(alpha1=…, alpha2=…)` wants factors, not percentages. What is the factor of something"
        " that is 5 % lower?",
        "Two functions of section 3 of the lesson give the two columns. The last row of a course of 365 days is day 365.",
    )
    solution = (
        "The factors are 1 - {less_percent}/100 for α2 and 1 + {more_percent}/100 for α1. For each site"
        " remodelling.chronic_slope(site) is the first column, and the last bone_mass_percent of"
        " remodelling.simulate(site, days=365) the second. More osteoclasts alone cost bone once, while the cells settle,"
        " and nothing that lasts; on top of too few osteoblasts they make the lasting loss larger, because they multiply"
        " it.\n\n{rows}"
    )

    def given(self, rng):
        return {"less_percent": rng.randint(60, 150) / 10, "more_percent": rng.randint(80, 200) / 10}

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return rows_of_sites(*factors(given))

    @misconception(hint="Look at the site with both changes: is its loss the sum of the others, or does one multiply?")
    def adds_the_effects(self, given):
        rows = rows_of_sites(*factors(given)).set_index("site")
        first, second = rows.loc["fewer osteoblasts"], rows.loc["more osteoclasts"]
        rows.loc["both"] = first + second - [0, 100]
        return rows.reset_index()

    @misconception(hint="In the first year the cells also settle, which costs once. What is left when that is over?")
    def takes_the_first_year_for_lasting(self, given):
        rows = rows_of_sites(*factors(given))
        return rows.assign(lasting_slope=(rows["mass_after_a_year"] - 100) / 365)

    @misconception(hint="You drew the slope back to day 0. What happens to the mass while the cells are still settling?")
    def forgets_the_settling(self, given):
        rows = rows_of_sites(*factors(given))
        return rows.assign(mass_after_a_year=100 + 365 * rows["lasting_slope"])

    @misconception(hint="Which constant belongs to which cell? Read the names of your three sites aloud.")
    def mixes_up_the_cells(self, given):
        less, more = factors(given)
        return rows_of_sites(more, less)

    @misconception(hint="One of your constants went the wrong way: what is the factor of something that is lower?")
    def raises_both(self, given):
        less, more = factors(given)
        return rows_of_sites(2 - less, more)

    @misconception(hint="Your course uses the published bone mass, made for single cycles. Which form is asked for?")
    def takes_the_published_form(self, given):
        return rows_of_sites(*factors(given), form="published")

    @misconception(hint="The sizes are right. Which sign has a change that is a loss?")
    def gives_losses_without_their_sign(self, given):
        rows = rows_of_sites(*factors(given))
        return rows.assign(lasting_slope=-rows["lasting_slope"])

    @misconception(hint="Look at the unit of the slope: per day, or per year?")
    def gives_the_slope_per_year(self, given):
        rows = rows_of_sites(*factors(given))
        return rows.assign(lasting_slope=365 * rows["lasting_slope"])


@lesson.question(points=3, minutes=8, bloom="analyse")
class rescue(Function):
    """Write `rescue(alpha1, alpha2, beta2)`: the factor by which a treatment must multiply α2, **as it is now**, so that
    a changed site stops losing (or gaining) bone.

    The three arguments are factors too: what multiplies α1, α2 and β2 of the healthy site. `rescue(1.1, 0.9, 1)` is
    asked of the lesson's aged site.

    - Osteoblasts are formed at a rate of α2 × osteoclasts, and removed at a rate of β2 × osteoblasts.
    - Bone mass stays where it is when each osteoclast is followed by as many osteoblasts as in health.

    Your function is tried on the five sites in `q.rescue.given["sites"]`: α1, α2, β2.
    """

    signature, unit, tolerance = "rescue(alpha1, alpha2, beta2)", "1", 0.002
    hints = (
        "When the numbers no longer change, formation and removal of osteoblasts are equal. Solve that for osteoblasts"
        " per osteoclast: which constants are in it?",
        "Test your function before you check it: multiply α2 of such a site by your factor and look whether"
        " `remodelling.chronic_slope` of it is zero.",
    )
    solution = (
        "Settled means α2 × osteoclasts = β2 × osteoblasts, so there are α2/β2 osteoblasts for each osteoclast. In health"
        " that is α2/β2 with all factors 1; to get back to it, α2 × factor / β2 must be 1: return beta2 / alpha2. α1 is"
        " not in it: it sets how many such groups of cells there are, and not how they are made up."
    )

    def given(self, rng):
        return {"sites": [[rng.randint(*between) / 1000 for between in site] for site in SITES]}

    def inputs(self, given):
        return [tuple(site) for site in given["sites"]]

    def expected(self, given):
        return lambda alpha1, alpha2, beta2: beta2 / alpha2

    @misconception(hint="You bring osteoclasts back to health. Try that on a site: does the loss stop, or is it slower?")
    def lowers_alpha1(self, given):
        return lambda alpha1, alpha2, beta2: 1 / alpha1

    @misconception(hint="You also make up for α1. Does α1 change how many osteoblasts follow *each* osteoclast?")
    def makes_up_for_alpha1(self, given):
        return lambda alpha1, alpha2, beta2: alpha1 * beta2 / alpha2

    @misconception(hint="You make up for α1, and leave β2 out. Which of the two changes osteoblasts per osteoclast?")
    def takes_alpha1_for_beta2(self, given):
        return lambda alpha1, alpha2, beta2: alpha1 / alpha2

    @misconception(hint="You add back the part that is missing. Multiply α2 by your factor: do you arrive at health?")
    def adds_what_is_missing(self, given):
        return lambda alpha1, alpha2, beta2: 2 - alpha2

    @misconception(hint="You bring back the number of osteoblasts. What has to be as in health: number, or balance?")
    def restores_the_number_of_osteoblasts(self, given):
        return lambda alpha1, alpha2, beta2: beta2 / (alpha2 * alpha1**2)

    @misconception(hint="Look at the sites where β2 is not 1: osteoblasts that leave sooner are missing as well.")
    def forgets_beta2(self, given):
        return lambda alpha1, alpha2, beta2: 1 / alpha2

    @misconception(hint="If osteoblasts are removed faster, does it take more formation to keep up, or less?")
    def turns_beta2_round(self, given):
        return lambda alpha1, alpha2, beta2: 1 / (alpha2 * beta2)

    @misconception(hint="That is where α2 has to arrive, as a multiple of health. From where does the treatment start?")
    def gives_the_aim(self, given):
        return lambda alpha1, alpha2, beta2: beta2

    @misconception(hint="That is the value that α2 has to reach. The question asks for a factor on the value it has now.")
    def gives_the_value_of_alpha2(self, given):
        return lambda alpha1, alpha2, beta2: remodelling.HEALTHY.alpha2 * beta2

    @misconception(hint="That is by how much α2 has fallen short. A treatment has to undo it: which way round?")
    def turns_the_factor_round(self, given):
        return lambda alpha1, alpha2, beta2: alpha2 / beta2


@lesson.question(points=3, minutes=8, bloom="apply")
class vesicles_needed(Number):
    """How many vesicles does a cell have to take up for **{copies_wanted} copies** of a miRNA in its cytosol?

    - All vesicles are spheres of {diameter_nm} nm, membrane included; the membrane is 5 nm thick.
    - The miRNA stands at {nmol_per_l} nmol/L in the lumen, on average.
    - Of the vesicles that a cell takes up, {release_percent} % set their content free in the cytosol; the others are
      digested (an invented share).

    Avogadro's number is 6.022e23 per mol; 1 nm is 1e-8 dm, and 1 dm³ is one litre. Do not round to whole vesicles.
    """

    unit, tolerance = "vesicles per cell", 0.001
    hints = (
        "First the lumen: how wide is it, if there is a membrane on both sides? Its volume in litres, times mol per litre,"
        " times Avogadro's number, are copies in one vesicle.",
        "`vesicle_physics.molecules_per_vesicle` checks your copies, and wants µmol/L. Then ask: do more vesicles or fewer"
        " have to be taken up, if only a part of them delivers?",
    )
    solution = (
        "The lumen is {diameter_nm} - 10 nm wide. Its volume, π/6 × width³ with the width in dm, times"
        " {nmol_per_l}e-9 mol/L times 6.022e23 gives the copies in one vesicle, less than one. Each vesicle taken up"
        " delivers {release_percent} % of that on average. {copies_wanted} copies divided by what one vesicle delivers:"
        " {answer}."
    )

    def given(self, rng):
        vesicle = {"diameter_nm": rng.randint(800, 1400) / 10, "nmol_per_l": rng.randint(150, 900)}
        return vesicle | {"release_percent": rng.randint(12, 90) / 10, "copies_wanted": rng.randint(50, 400)}

    def expected(self, given):
        return needed(given)

    @misconception(hint="A vesicle's content is in its lumen. How wide is that, if the size includes the membrane?")
    def forgets_the_membrane(self, given):
        return needed(given, membrane_nm=0)

    @misconception(hint="You met the membrane once on your way through the vesicle. How often does one pass it?")
    def takes_the_membrane_once(self, given):
        return needed(given, membrane_nm=2.5)

    @misconception(hint="Look at your volume: is it made from the diameter of the lumen, or from its radius?")
    def takes_the_diameter_for_the_radius(self, given):
        return needed(given) / 8

    @misconception(hint="That many would do if each vesicle delivered. What happens to most of them?")
    def forgets_the_digestion(self, given):
        return needed(given) * given["release_percent"] / 100

    @misconception(hint="If only a part delivers, are more vesicles needed or fewer?")
    def turns_the_release_round(self, given):
        return needed(given) * (given["release_percent"] / 100) ** 2

    @misconception(hint="You let each vesicle bring one copy. How many does one hold on average?")
    def takes_one_copy_per_vesicle(self, given):
        return 100 * given["copies_wanted"] / given["release_percent"]

    @misconception(hint="You counted the vesicles that hold any copy at all. Some hold two: what counts is the mean.")
    def counts_vesicles_with_a_copy(self, given):
        copies = in_one_vesicle(given)
        return needed(given) * copies / (1 - exp(-copies))

    @misconception(hint="That is what one vesicle holds. The question asks how many of them it takes.")
    def stops_at_one_vesicle(self, given):
        return in_one_vesicle(given)


@lesson.question(points=4, minutes=10, bloom="apply")
class dose_chart(Chart):
    """What would an antagomir do to the **loss of bone** in your aged site, where α1 is {alpha1} times and α2 {alpha2}
    times that of health? Draw the lasting change of bone mass, in % per year, over the dose. All this is **SIMULATED**.

    - Half dose {half_nmol_per_l} nmol/L, steepness (`hill`) {hill}; the half dose is uncertain by a factor of
      {uncertainty} either way. All invented.
    - `ageing.antagomir_doses(doses, half_dose_nmol_per_l=…, uncertainty=…, hill=…, site=…)` gives the numbers: the
      columns `rate_percent_per_year`, `rate_low` and `rate_high`. The site is
      `remodelling.HEALTHY.times(alpha1=…, alpha2=…)`. Doses: `q.dose_chart.given["doses_nmol_per_l"]`.
    - A line for the rate, and a **band** (`mark_area`, with y and y2) from `rate_low` to `rate_high`, in one chart: two
      charts with a `+` between them lie on top of each other.
    - Dose on x on a **logarithmic** axis, rate on y on a plain one; titles with units in brackets, (nmol/L) and
      (% per year). For yourself: let the y axis reach up to 0, where the loss has stopped.

    Rates within 1 % or 0.001 % per year are right. Columns may have any names.
    """

    channels, tolerance, absolute = ("x", "y", "y2"), 0.01, 0.001
    hints = (
        "First the table alone: print it. At the lowest dose the rate should be nearly that of the untreated site, at the"
        " highest nearly 0.",
        "`alt.X(…).scale(type=…)` sets the kind of axis. Make line and band from the same table, with the same x.",
    )
    solution = (
        "table = ageing.antagomir_doses(doses, half_dose_nmol_per_l={half_nmol_per_l}, uncertainty={uncertainty},"
        " hill={hill}, site=remodelling.HEALTHY.times(alpha1={alpha1}, alpha2={alpha2})); then"
        " alt.Chart(table).mark_area(opacity=0.3) with x, y=rate_low, y2=rate_high, plus alt.Chart(table).mark_line()"
        " with x and y=rate_percent_per_year; x with .scale(type='log'). The band is what you do not know about the half"
        " dose; it is not the spread between animals."
    )

    def given(self, rng):
        site = {"alpha1": rng.randint(105, 160) / 100, "alpha2": rng.randint(72, 92) / 100}
        antagomir = {"half_nmol_per_l": rng.randint(15, 48), "uncertainty": rng.randint(20, 28) / 10}
        doses = [round(0.5 * 2**step, 1) for step in range(12)]
        return site | antagomir | {"hill": rng.randint(12, 22) / 10, "doses_nmol_per_l": doses}

    def expected(self, given):
        return drawn(dosed(given))

    @misconception(hint="You drew the share of the miRNA that is blocked. What has the question on its y axis?")
    def draws_what_is_blocked(self, given):
        columns = {"rate_percent_per_year": "blocked", "rate_low": "blocked_low", "rate_high": "blocked_high"}
        rows = dosed(given)
        return drawn(rows.assign(**{rate: rows[share] for rate, share in columns.items()}))

    @misconception(hint="Your doses crowd at the left edge. Which kind of axis gives each doubling the same room?")
    def leaves_the_dose_axis_plain(self, given):
        return drawn(dosed(given), scale="linear")

    @misconception(hint="A line alone says that the half dose is known. What shows that it is not?")
    def draws_no_band(self, given):
        return drawn(dosed(given), band=False)

    @misconception(hint="This is the lesson's aged site. Whose α1 and α2 are asked for?")
    def leaves_the_lessons_site(self, given):
        return drawn(dosed(given, site=ageing.AGED))

    @misconception(hint="Your curve is too flat. Which steepness does the model take if you say nothing?")
    def leaves_the_usual_steepness(self, given):
        return drawn(dosed(given, hill=1.0))

    @misconception(hint="Your line is right, your band is not. How uncertain is the half dose if you say nothing?")
    def leaves_the_usual_band(self, given):
        return drawn(dosed(given, uncertainty=3.0))

    @misconception(hint="This is the lesson's series with your doses. Which numbers of your own have to go into the call?")
    def repeats_the_call_of_the_lesson(self, given):
        usual = {"half_dose_nmol_per_l": 50.0, "hill": 1.0, "uncertainty": 3.0}
        return drawn(dosed(given, site=ageing.AGED, **usual))

    def compare(self, answer, key, asked):
        """Return the items; it does not matter which side of a band is y2, and the data earn six tenths of the points."""
        items = super().compare(either_way_up(answer), either_way_up(key), asked)
        items = [item for item in items if item.about != "label of y2"]
        if not has_band(answer) and not has_band(key):
            # Only when a chart is compared with the misconception that draws no band.
            items = [replace(item, holds=item.holds or item.about == "y2") for item in items]
        shares = {"data": 0.6} | {item.about: 0.4 / (len(items) - 1) for item in items if item.about != "data"}
        return [replace(item, share=shares[item.about]) for item in items]


@lesson.question(points=4, minutes=10, bloom="analyse")
class like_with_like(Table):
    """Four studies, A to D, compare a miRNA in vesicles of stem cells from young and old donors. Their data are
    **SIMULATED**, with a truth that you do not know, and stand in `people` (made in the cell above): study, group,
    passage, sex, log2_level. One unit of `log2_level` is a doubling.

    For each study, what does the simple comparison say, and what remains when like is compared with like?

    Give a table with one row for each `study`, and the columns

    - `old_minus_young`: mean level of all the old minus that of all the young, in doublings; within 0.005
    - `like_with_like`: compare old and young donors of the **same passage and the same sex**, take the mean of these
      differences, and write "higher" or "lower" if the old differ by more than 0.4 doublings, "the same" if by less,
      and "not comparable" if there are no such donors
    """

    row_key = ("study",)
    columns = {"old_minus_young": "doublings", "like_with_like": "text"}
    tolerance, absolute = 0.0, 0.005
    hints = (
        "One study at a time: `people.query(\"study == 'A'\")`. `donors.simple_difference` of the lesson gives the first"
        " column.",
        "`people.pivot_table(index=['study', 'passage', 'sex'], columns='group', values='log2_level')` puts young and old"
        " side by side. What does an empty cell in such a line mean?",
    )
    solution = (
        "The first column is donors.simple_difference(study). For the second, the pivot table by passage and sex:"
        " keep the lines that have both young and old, subtract, and take the mean; a study without such a line says"
        " nothing about age, however many donors it has. In three"
        " studies the old stand higher in the simple comparison, and it means something else each time; in the fourth,"
        " younger cultures of the old hid what was there.\n\n{rows}"
    )

    def given(self, rng):
        worlds = rng.sample(list(WORLDS), len(WORLDS))
        rows = [[study, *row] for study, world in zip("ABCD", worlds, strict=True) for row in drawn_donors(rng, world)]
        return {name: list(column) for name, column in zip(PEOPLE, zip(*rows, strict=True), strict=True)}

    def worked_solution(self, given):
        """Return the text, with the learner's own table in it."""
        return super().worked_solution(given | {"rows": listed(self.expected(given))})

    def expected(self, given):
        return compared(given, lambda lines, simple: verdict(lines["passage_and_sex"]))

    @misconception(hint="You read the simple comparison as an effect of age. What else differs between these groups?")
    def takes_the_simple_difference_for_age(self, given):
        return compared(given, lambda lines, simple: verdict([simple]))

    @misconception(hint="You held the passage fixed. Look at who the old and the young of each study are, besides.")
    def forgets_the_sex(self, given):
        return compared(given, lambda lines, simple: verdict(lines["passage"]))

    @misconception(hint="No donors to compare is not the same as no difference. Look for the study where that happens.")
    def takes_missing_for_no_difference(self, given):
        return compared(given, lambda lines, simple: verdict(lines["passage_and_sex"] or [0]))

    @misconception(hint="Culture is a suspect, and not always the culprit. Compare at the same passage, study by study.")
    def blames_the_culture_each_time(self, given):
        return compared(given, lambda lines, simple: "the same" if lines["passage_and_sex"] else "not comparable")

    @misconception(hint="The sizes are right. Whose mean is subtracted from whose?")
    def subtracts_the_old(self, given):
        rows = self.expected(given)
        return rows.assign(old_minus_young=-rows["old_minus_young"])

    @misconception(hint="Those are ratios. The levels are logarithms already: their difference is in doublings.")
    def gives_ratios(self, given):
        rows = self.expected(given)
        return rows.assign(old_minus_young=2 ** rows["old_minus_young"])


@lesson.question(points=8, minutes=13, bloom="create")
class plan(FreeText):
    """Does blocking miR-214-3p **in osteoclasts** help bone that is old? Plan the experiment that could answer it, in
    150 to 250 words, in mice. Write as for a colleague who will run it on Monday.

    What is known (Li et al. 2016, reference 24 of the review, https://doi.org/10.1038/ncomms10872; abstract read, no
    more): mice whose osteoclasts hold more miR-214-3p form less bone; an antagomir brought to their osteoclasts mended
    that; and blocking it in osteoclasts raised bone **formation** in ageing mice without ovaries.

    Write first, check, and look at `q.plan.solution()` only then; it has eight criteria, with which you score your own
    text.
    """

    rubric = {
        "question": (1, "says what is new, beyond what reference 24 has shown, in one testable sentence"),
        "controls": (1, "has untreated, scrambled and young groups, or says which of them is not needed and why"),
        "target": (1, "shows that the antagomir reached osteoclasts, lowered the miRNA there, and spared other cells"),
        "both_sides": (1, "measures formation and resorption separately, and not bone mass alone"),
        "balance": (1, "balances or randomises age, sex, litter and cage, and starts at a stated age"),
        "blinding": (1, "says who does not know the groups, and that the analysis is fixed in advance"),
        "number": (1, "gives a number of animals with the effect and spread it rests on; the animal is the unit"),
        "stop": (1, "names the result that would make one give up the idea, and a harm to look for"),
    }
    least_words = 80
    hints = (
        "Imagine the result that you hope for, and then a colleague who does not believe it. What would she ask first?",
        "Sections 4 and 7 of the lesson: which treatments look alike in bone mass, and how would you tell them apart?",
    )
    solution = "One answer that has everything; yours may say it differently. Then score your own text, honestly:"

    def expected(self, given):
        return MODEL_PLAN

    @misconception(hint="Bone mass rises when less is resorbed, too. Which two rates would tell the reasons apart?")
    def measures_bone_mass_alone(self, given):
        return "measure only bone mass"

    @misconception(hint="Three of what, and against which spread? Say which effect you could miss with so few.")
    def takes_three_animals(self, given):
        return "three animals per group"

    @misconception(hint="Many slices or cells of one mouse are still one mouse. What was assigned to the groups?")
    def counts_slices_as_animals(self, given):
        return "each slice as one sample"

    @misconception(hint="Untreated mice are one control. What if any short RNA did the same?")
    def leaves_out_the_scrambled_control(self, given):
        return "no scrambled control"

    @misconception(hint="Could any result of this experiment prove that? Write which result would make you give it up.")
    def wants_to_prove_it(self, given):
        return "will prove that"


#: Letter → claim, miRNA, and where it stands: the species in the review as printed, and in the notes on the abstract.
CLAIMS = {
    "A": ("Exosomes with miR-31a-5p promote the formation of osteoclasts.", "miR-31a-5p", "rat", "rat"),
    "B": ("miR-31a-5p promotes senescence by way of E2F2.", "miR-31a-5p", "rat", "rat"),
    "C": ("miR-31 of senescent endothelial cells lowers osteogenic differentiation.", "miR-31", *["not stated"] * 2),
    "D": ("Vesicles with miR-34 (miR-34a) lower the viability of stem cells.", "miR-34", "not stated", "several"),
    "E": ("Osteoclasts hold more miR-214-3p where bone fares badly.", "miR-214-3p", "human", "several"),
    "F": ("More miR-214-3p in osteoclasts is a cause of weaker bone formation.", "miR-214-3p", "human", "mouse"),
    "G": ("miR-31a-5p lowers SATB2.", "miR-31a-5p", "absent", "rat"),
    "H": ("Blocking miR-31a-5p prevents loss of bone with age.", "miR-31a-5p", "absent", "rat"),
    "J": ("miR-31 is raised in the blood plasma of the old.", "miR-31", "absent", "human"),
    "K": ("Vesicles in serum hold more miR-34 (miR-34a) with age.", "miR-34", "absent", "mouse"),
    "L": ("An antagomir brought to osteoclasts mends bone formation.", "miR-214-3p", "absent", "mouse"),
    "M": ("miR-214-3p lowers SATB2.", "miR-214-3p", "absent", "absent"),
    "N": ("Exosomes of young donors remove miR-31a-5p from old bone.", "miR-31a-5p", "absent", "absent"),
    "P": ("miR-31 and miR-34 were measured in the same patients.", "miR-31", "absent", "absent"),
    "R": ("Exercise lowers miR-34 in the vesicles of muscle.", "miR-34", "absent", "absent"),
}

#: From each group of claims so many are drawn: every learner meets every kind of trap.
DRAWN = (("ABC", 1), ("D", 1), ("EF", 1), ("GHJKL", 2), ("MNPR", 1))

#: What somebody who believes a slide takes for the species: that of the best-known finding on the miRNA.
SENDER = {"miR-31a-5p": "rat", "miR-31": "human", "miR-34": "human", "miR-214-3p": "human"}

#: Factors in thousandths of α1, α2 and β2: fallen α2; raised β2; both, with few osteoclasts; longer life; all worse.
SITES = (
    ((1100, 1800), (600, 940), (1000, 1000)),
    ((1100, 1800), (1000, 1000), (1060, 1400)),
    ((500, 900), (600, 940), (1060, 1400)),
    ((1100, 1800), (600, 760), (800, 940)),
    ((1100, 1800), (600, 940), (1060, 1400)),
)

#: Effects of age and of one passage in doublings, first passage of the young and of the old, sexes of young and old.
WORLDS = {
    "culture": (0.0, 0.5, 2, 4, "mf", "mf"),
    "age": (1.0, 0.3, 3, 3, "mf", "mf"),
    "sex": (1.0, 0.3, 3, 3, "mm", "ff"),
    "masked": (1.0, 0.5, 4, 2, "mf", "mf"),
}
PEOPLE = ("study", "group", "passage", "sex", donors.LEVEL)
SEXES = {"m": "male", "f": "female"}

MODEL_PLAN = """\
Question: reference 24 showed more bone formation in ageing mice without ovaries. New here are old mice of both sexes
with their ovaries: does blocking miR-214-3p in osteoclasts raise their formation rate within eight weeks, and does
resorption stay as it is?

Mice of 20 months, in four groups: antagomir in the osteoclast-seeking carrier, scrambled antagomir in the same carrier,
empty carrier, nothing; and young mice of 4 months with nothing, to show what old means. Litters and sexes are spread
over the old groups by lot, cages mixed.

Did it arrive? In five mice per group that are kept for this: the miRNA in sorted osteoclasts, in osteoblasts and in
liver, a week after the first dose; and the labelled carrier in sections.

Formation: two labels of mineral, rate per surface. Resorption: osteoclast surface in the same sections, and a marker
of resorption in blood before and after. Bone mass by µCT comes last, because fewer osteoclasts would raise it, too.

Treatment has codes; those who inject, measure and analyse do not know them. One main outcome, the formation rate,
antagomir against scrambled, is written down before the first dose.

Number: to see a difference of one standard deviation (my guess; a pilot must give the spread) with a power of 80 %
takes 17 mice per group, the mouse being the unit, so 20.

I give the idea up if the miRNA falls in osteoclasts by more than half and the formation rate does not move, or moves
just as much with the scrambled one. Harm to look for: liver values, weight, spleen, cracks in bone."""


def carriers(given):
    """Return the options that name the part with the larger effect, and the one with the smaller."""
    options = ["more_in_pellet", "more_in_rest"]
    return options if given["pellet_percent"] < given["rest_percent"] else options[::-1]


def placed(given, place):
    """Return the table of a learner's claims; `place` gives review and source from review, source and miRNA."""
    import pandas as pd

    claims = {letter: CLAIMS[letter] for letter in given["claims"]}
    rows = [[letter, *place(review, source, mirna)] for letter, (_, mirna, review, source) in claims.items()]
    return pd.DataFrame(rows, columns=["claim", "review", "source"])


def listed(table):
    """Return the rows of a table as lines of text, below the names of its columns."""
    cells = [[f"{cell:.5f}" if isinstance(cell, float) else cell for cell in row] for row in table.to_numpy().tolist()]
    return "\n".join("- " + " · ".join(row) for row in [list(table.columns), *cells])


def factors(given):
    """Return what multiplies α2 and α1 in a learner's aged site."""
    return 1 - given["less_percent"] / 100, 1 + given["more_percent"] / 100


def rows_of_sites(alpha2, alpha1, *, form="balanced"):
    """Return lasting slope and mass after a year of the three sites."""
    import pandas as pd

    changed = {"fewer osteoblasts": (1.0, alpha2), "more osteoclasts": (alpha1, 1.0), "both": (alpha1, alpha2)}
    rows = [[name, *slope_and_mass(*site, form)] for name, site in changed.items()]
    return pd.DataFrame(rows, columns=["site", "lasting_slope", "mass_after_a_year"])


@cache
def slope_and_mass(alpha1, alpha2, form):
    """Return the lasting slope in % per day, and the bone mass on day 365 in %."""
    site = remodelling.HEALTHY.times(alpha1=alpha1, alpha2=alpha2)
    course = remodelling.simulate(site, days=365, step_days=365, form=form)
    return remodelling.chronic_slope(site), float(course["bone_mass_percent"].iloc[-1])


def in_one_vesicle(given, membrane_nm=vesicle_physics.MEMBRANE_NM):
    """Return the mean number of copies in the lumen of one vesicle."""
    width_dm = (given["diameter_nm"] - 2 * membrane_nm) * 1e-8
    return pi / 6 * width_dm**3 * given["nmol_per_l"] * 1e-9 * vesicle_physics.AVOGADRO


def needed(given, **membrane):
    """Return how many vesicles bring the copies wanted."""
    return given["copies_wanted"] / (in_one_vesicle(given, **membrane) * given["release_percent"] / 100)


def dosed(given, **other):
    """Return the learner's series of doses; `other` replaces arguments of `ageing.antagomir_doses`."""
    own = {"half_dose_nmol_per_l": given["half_nmol_per_l"], "uncertainty": given["uncertainty"], "hill": given["hill"]}
    own["site"] = remodelling.HEALTHY.times(alpha1=given["alpha1"], alpha2=given["alpha2"])
    return ageing.antagomir_doses(given["doses_nmol_per_l"], **(own | other))


def drawn(doses, *, scale="log", band=True):
    """Return a line over the dose, with its band."""
    # Altair takes longer for a chart than for its data, so that each kind of chart is made once.
    chart = without_data(scale, band).copy(deep=False)
    chart.data = doses[["dose_nmol_per_l", "rate_percent_per_year", "rate_low", "rate_high"]]
    return chart


@cache
def without_data(scale, band):
    """Return the chart of a line, with its band, that has no data yet."""
    import altair as alt

    title = "lasting change (% per year)"
    x = alt.X("dose_nmol_per_l:Q").scale(type=scale).title("dose (nmol/L)")
    line = alt.Chart().mark_line().encode(x=x, y=alt.Y("rate_percent_per_year:Q").title(title))
    area = alt.Chart().mark_area(opacity=0.3).encode(x=x, y=alt.Y("rate_low:Q").title(title), y2="rate_high:Q")
    return alt.layer(area, line) if band else line


def either_way_up(views):
    """Return the views of a chart with the two sides of each band in order of size."""
    return [view | {"rows": [upright(row) for row in view["rows"]]} for view in views]


def has_band(views):
    """Return whether anything is encoded on y2."""
    return any("y2" in view["channels"] for view in views)


def upright(row):
    """Return a row of a view with y not above y2, where it has both as numbers."""
    if not all(isinstance(row.get(side), float) for side in ("y", "y2")):
        return row
    low, high = sorted([row["y"], row["y2"]])
    return row | {"y": low, "y2": high}


def drawn_donors(rng, world):
    """Return sixteen SIMULATED donors of one study: group, passage, sex, level; drawn again until the case is clear."""
    by_age, by_passage = (each * rng.uniform(0.9, 1.1) for each in WORLDS[world][:2])
    while True:
        rows = [[*who, level(rng, *who[:2], by_age, by_passage)] for who in who_is_in(world)]
        differences = lines_of(rows)["passage_and_sex"]
        if not differences or abs(sum(differences) / len(differences) - by_age) < 0.15:
            return rows


def who_is_in(world):
    """Return group, passage and sex of a study's donors: two for each of four passages in each group."""
    *_, young_from, old_from, young_sexes, old_sexes = WORLDS[world]
    groups = (("young", young_from, young_sexes), ("old", old_from, old_sexes))
    return [(group, start + step, SEXES[sex]) for group, start, sexes in groups for step in range(4) for sex in sexes]


def level(rng, group, passage, by_age, by_passage):
    """Return a level in doublings, with some noise between donors."""
    return round(by_age * (group == "old") + by_passage * (passage - 3) + rng.gauss(0, 0.15), 3)


def lines_of(rows):
    """Return old minus young of donors alike, once in passage and once in passage and sex."""
    keys = {"passage": lambda row: row[1], "passage_and_sex": lambda row: row[1:3]}
    return {name: [old - young for young, old in side_by_side(rows, key)] for name, key in keys.items()}


def side_by_side(rows, key):
    """Return the mean levels of young and old for each line that has both."""
    levels = {}
    for row in rows:
        levels.setdefault(str(key(row)), {}).setdefault(row[0], []).append(row[3])
    return [(mean(line["young"]), mean(line["old"])) for line in levels.values() if len(line) == 2]


def mean(values):
    """Return the mean of numbers."""
    return sum(values) / len(values)


def verdict(differences):
    """Return in words what differences of like donors say."""
    if not differences:
        return "not comparable"
    size = mean(differences)
    return "the same" if abs(size) < 0.4 else "higher" if size > 0 else "lower"


def compared(given, like):
    """Return the table of the four studies; `like` gives the verdict from the lines of a study and its difference."""
    import pandas as pd

    rows = list(zip(*(given[name] for name in PEOPLE), strict=True))
    table = []
    for study in "ABCD":
        own = [list(row[1:]) for row in rows if row[0] == study]
        by_group = {group: mean([row[3] for row in own if row[0] == group]) for group in ("young", "old")}
        simple = by_group["old"] - by_group["young"]
        table.append([study, simple, like(lines_of(own), simple)])
    return pd.DataFrame(table, columns=["study", "old_minus_young", "like_with_like"])
