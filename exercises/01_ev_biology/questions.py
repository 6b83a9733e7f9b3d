"""The questions of lesson 01: what a size, a spin and a size curve say about vesicles, and what they do not.

Every question is after one thing that is easily misunderstood, named by its first misconception. The protocol and the
two size ranges are those that Ren et al. (2022) reported, a paper that has been retracted; the limits of the classes
are those of Bianciardi et al. (2021). Both are read from the course's tables.
"""

from functools import cache
from math import exp, log, sqrt

import evcourse as ev
from evcourse.models import isolation, sedimentation, size_distribution
from evcourse.questions import Chart, Choices, FreeText, Function, Lesson, Number, Table, misconception

lesson = Lesson("Vesicles, sizes, and what a centrifuge really isolates")


@lesson.question(points=4, minutes=6, bloom="understand")
class classify(Choices):
    """Four vesicles, and all that is known of each. Which of the statements claim no more than what was shown?

    - Vesicle 1: {nm_1} nm; a blot of the preparation shows CD9 and CD63.
    - Vesicle 2: {nm_2} nm; {seen_2}
    - Vesicle 3: {nm_3} nm; {seen_3}
    - Vesicle 4: {nm_4} nm; nothing else was looked at.

    Take the limits and the routes from the review's table, `ev.load("ev_classes")`. Leave oncosomes aside: the review
    gives them no lower limit. Each statement that belongs earns a point, each that does not belong costs one.
    """

    options = {
        "one_exosome": "Vesicle 1 is an exosome.",
        "one_small": "Vesicle 1 is a small extracellular vesicle.",
        "two_exosome": "Vesicle 2 is an exosome.",
        "two_microvesicle": "Vesicle 2 is a microvesicle.",
        "three_exosome": "Vesicle 3 is an exosome.",
        "three_microvesicle": "Vesicle 3 is a microvesicle.",
        "four_no_exosome": "Vesicle 4 is not an exosome.",
        "four_apoptotic": "Vesicle 4 is an apoptotic body.",
    }
    hints = (
        "Ask two things of each vesicle: which classes does its size leave over, and has somebody seen how it was made?",
        "Write the classes that contain the size next to each vesicle. Where two are left, only a route that was seen"
        " decides; where a class does not contain the size, that class is out.",
    )
    solution = (
        "Vesicles 1 to 3 all lie in two ranges at once, so their sizes decide nothing. Of vesicle 1 no route is known, and"
        " its markers do not show one (general knowledge: vesicles of several routes carry them): it keeps the careful"
        " name. Vesicles 2 and 3"
        " were watched while they formed or left, and that decides. Vesicle 4 lies beyond the review's exosomes, but in"
        " the ranges of microvesicles and apoptotic bodies: its size excludes one class and proves none."
        "\n\nThe statements that belong: {answer}."
    )

    def given(self, rng):
        routes = ["budding", "endosomal"]
        rng.shuffle(routes)
        # The budding one is the small one, so that neither a range nor a line at 100 nm gives the right answer.
        between = {"budding": (550, 950), "endosomal": (1050, 1550)}
        nm_2, nm_3 = (rng.randint(*between[route]) / 10 for route in routes)
        nm_1, nm_4 = rng.randint(550, 950) / 10, rng.randint(510, 990)
        return {"nm_1": nm_1, "nm_2": nm_2, "nm_3": nm_3, "nm_4": nm_4, "routes": routes}

    def prompt(self, given):
        """Return the text; what was seen of vesicles 2 and 3 depends on their routes."""
        seen_2, seen_3 = (SEEN[route] for route in given["routes"])
        return super().prompt(given | {"seen_2": seen_2, "seen_3": seen_3})

    def expected(self, given):
        return {"one_small", "four_no_exosome"} | named_by_route(given)

    @misconception(hint="Three of these sizes lie in two ranges of the review. What else was shown of each?")
    def takes_size_for_origin(self, given):
        return {"one_exosome", "two_exosome", "three_exosome", "four_no_exosome"}

    @misconception(hint="The review draws no line at 100 nm. Read both pairs of limits again, and then what was seen.")
    def draws_a_line_at_100_nm(self, given):
        size = {2: given["nm_2"], 3: given["nm_3"]}
        by_size = {f"{NUMERAL[vesicle]}_{'exosome' if nm < 100 else 'microvesicle'}" for vesicle, nm in size.items()}
        return {"one_exosome", "four_no_exosome"} | by_size

    @misconception(hint="Look at vesicle 1: does a marker protein show where in the cell a membrane was folded?")
    def takes_markers_for_origin(self, given):
        return {"one_exosome", "four_no_exosome"} | named_by_route(given)

    @misconception(hint="Two statements about vesicle 1 cannot both claim as little as possible. Which one says more?")
    def accepts_two_names_for_one_vesicle(self, given):
        return self.expected(given) | {"one_exosome"}

    @misconception(hint="Careful is right where nothing was seen. Of two of these vesicles something was.")
    def overlooks_what_was_seen(self, given):
        return {"one_small", "four_no_exosome"}

    @misconception(hint="Look at vesicle 4: a range that contains its size is possible. Is it the only one?")
    def takes_a_possible_class_for_a_proven_one(self, given):
        return self.expected(given) | {"four_apoptotic"}

    @misconception(hint="Look at vesicle 4: a size proves no class, but can it exclude one?")
    def lets_size_exclude_nothing(self, given):
        return self.expected(given) - {"four_no_exosome"}


@lesson.question(points=2, minutes=6, bloom="apply")
class overlap(Number):
    """Your laboratory's vesicles measure from {low_nm} to {high_nm} nm. In what share of **your** range does the
    review leave both classes open, exosome and microvesicle?

    Take the limits of the two classes from `ev.load("ev_classes")`. Give a share between 0 and 1 with at least four
    decimal places.
    """

    unit, tolerance, absolute = "1", 0.0, 0.0001
    hints = (
        "Draw three bars on one line: your range, exosomes, microvesicles. Where do all three lie above each other?",
        "That part begins at the highest of the three lower limits and ends at the lowest of the three upper ones. What"
        " is the whole that the question asks about?",
    )
    solution = (
        "All three bars lie above each other from 50 to 160 nm, on 110 nm. Your range is {high_nm} - {low_nm} nm wide,"
        " and 110 nm divided by that width is {answer}."
    )

    def given(self, rng):
        # Between these limits no two of the wrong ways below happen to give the same number.
        return {"low_nm": rng.randint(410, 459) / 10, "high_nm": rng.randint(1750, 2390) / 10}

    def expected(self, given):
        return shared_nm(given) / (given["high_nm"] - given["low_nm"])

    @misconception(hint="You divided by all that the three ranges cover together. Of whose range is the share asked?")
    def divides_by_the_union(self, given):
        limits = class_limits()
        return shared_nm(given) / (limits["max_nm"].max() - min(given["low_nm"], limits["min_nm"].min()))

    @misconception(hint="That is the share of the exosome range, as in the lesson. Here another range is the whole.")
    def divides_by_the_exosome_range(self, given):
        return shared_nm(given) / (class_limits().loc["exosome", "max_nm"] - class_limits().loc["exosome", "min_nm"])

    @misconception(hint="Compare with both classes: at the small end of your shared part, is each of the two possible?")
    def forgets_where_microvesicles_begin(self, given):
        exosome = class_limits().loc["exosome"]
        return (exosome["max_nm"] - max(given["low_nm"], exosome["min_nm"])) / (given["high_nm"] - given["low_nm"])

    @misconception(hint="Compare with both classes: at the large end of your shared part, is each of the two possible?")
    def forgets_where_exosomes_end(self, given):
        begin = class_limits().loc["microvesicle", "min_nm"]
        return (given["high_nm"] - begin) / (given["high_nm"] - given["low_nm"])

    @misconception(hint="That is a length in nm. The question asks for a share: which length is the whole?")
    def gives_a_length(self, given):
        return shared_nm(given)

    @misconception(hint="That is the rest of your range, where at most one of the two classes is possible.")
    def gives_the_rest(self, given):
        return 1 - self.expected(given)


@lesson.question(points=3, minutes=10, bloom="apply")
class convert(Function):
    """Write `convert(value, unit, rmin_mm, rmax_mm)`, which turns a speed into a force and a force into a speed.

    - `unit` is `"rpm"` (turns per minute): return the force as a multiple of g
    - `unit` is `"g"`: return the speed in turns per minute

    Force means the force at the bottom of the tube. `rmin_mm` and `rmax_mm` are the rotor's smallest and largest radius
    in millimetres. The formula in rotor manuals is RCF = 1.118e-5 × r × n², with r in **centimetres** and n in turns
    per minute. Answers within 0.2 % are right, so it does not matter how exactly you write the constant.

    Your function is tried on three rotors, in both directions; the numbers are in `q.convert.given["spins"]`.
    """

    signature, unit, tolerance = "convert(value, unit, rmin_mm, rmax_mm)", "", 0.002
    hints = (
        "Write the units next to every symbol of the formula, and next to every number that you are given.",
        "For the second direction solve the formula for n: divide by the constant and by r, then undo the square.",
    )
    solution = (
        "With r_cm = rmax_mm / 10: force = 1.118e-5 * r_cm * value**2, and the other way round"
        " speed = (value / (1.118e-5 * r_cm)) ** 0.5."
    )

    def given(self, rng):
        rotors = rng.sample(ev.load("rotors").to_dict("records"), 3)
        return {"spins": [spin for unit in ("rpm", "g") for spin in drawn_settings(rng, rotors, unit)]}

    def inputs(self, given):
        return [tuple(each) for each in given["spins"]]

    def expected(self, given):
        return lambda value, unit, rmin, rmax: converted(value, unit, rmax)

    @misconception(hint="The formula wants the radius in centimetres. In which unit do the rotors come?")
    def takes_millimetres_for_centimetres(self, given):
        return lambda value, unit, rmin, rmax: converted(value, unit, 10 * rmax)

    @misconception(hint="A speed and a force are not the same number: between them stands the radius.")
    def takes_speed_for_force(self, given):
        return lambda value, unit, rmin, rmax: value

    @misconception(hint="Turns per minute or per second? Look at what n means in the formula.")
    def takes_seconds_for_minutes(self, given):
        return lambda value, unit, rmin, rmax: converted(value, unit, rmax, turns_in=60)

    @misconception(hint="Where in the tube does a pellet lie: at the smallest radius of the rotor, or at the largest?")
    def takes_the_smallest_radius(self, given):
        return lambda value, unit, rmin, rmax: converted(value, unit, rmin)

    @misconception(hint="That is the force halfway down; manuals print it, too. Which place does the task name?")
    def takes_the_mean_radius(self, given):
        return lambda value, unit, rmin, rmax: converted(value, unit, (rmin + rmax) / 2)

    @misconception(hint="Twice the speed gives more than twice the force. Which power has n in the formula?")
    def forgets_the_square(self, given):
        def straight(value, unit, _rmin, rmax):
            per_turn = 1.118e-5 * rmax / 10
            return per_turn * value if unit == "rpm" else value / per_turn

        return straight


@lesson.question(points=5, minutes=13, bloom="apply")
class pelleted(Function):
    """Write `pelleted(diameter_nm, rcf_g, minutes)`: the fraction of the vesicles of one size that a spin pellets in
    **your** swing-out rotor, {rotor}, from 0 to 1.

    - The liquid reaches from {rmin_mm} mm (top) to {rmax_mm} mm (bottom of the tube), measured from the axis.
    - In your medium a vesicle of 100 nm has the sedimentation coefficient s = {s_100} svedberg; 1 svedberg is 1e-13
      seconds. s grows with the **square** of the diameter.
    - A force in multiples of g at the bottom gives ω² = force × 9.80665 / rmax, with rmax in **metres**.
    - A vesicle sinks faster and faster, because the force grows on its way down. One that just reaches the bottom after
      t **seconds** started at r = rmax × exp(-ω² × s × t). All that started below it have arrived.
    - At the beginning the vesicles are spread evenly from top to bottom.

    Your function is tried on the five spins in `q.pelleted.given["spins"]`: diameter in nm, force in g, minutes.
    """

    signature, unit, tolerance = "pelleted(diameter_nm, rcf_g, minutes)", "1", 0.005
    hints = (
        "Go step by step and print each: s in seconds, ω², the exponent ω² × s × t, the radius r. Is r between the axis"
        " and rmax?",
        "The fraction is the length from r to the bottom, divided by the length of the liquid. What if r lies above the"
        " top of the liquid?",
    )
    solution = (
        "s = {s_100} * 1e-13 * (diameter_nm / 100) ** 2; omega_squared = rcf_g * 9.80665 / ({rmax_mm} / 1000);"
        " r = {rmax_mm} * math.exp(-omega_squared * s * minutes * 60);"
        " and then min(1, ({rmax_mm} - r) / ({rmax_mm} - {rmin_mm}))."
    )

    def given(self, rng):
        rotors = ev.load("rotors")
        rotor = rng.choice(rotors[rotors["kind"] == "swing-out"].to_dict("records"))
        density = rng.randint(1090, 1170) / 1000
        s_100 = round(sedimentation.sedimentation_coefficient(100, particle_density_g_per_ml=density), 2)
        tube = {"rotor": rotor["rotor"], "rmin_mm": rotor["rmin_mm"], "rmax_mm": rotor["rmax_mm"], "s_100": s_100}
        return tube | {"spins": [drawn_spin(rng, tube, *between) for between in CLEARED]}

    def inputs(self, given):
        return [tuple(each) for each in given["spins"]]

    def expected(self, given):
        tube = {"rmin_mm": given["rmin_mm"], "rmax_mm": given["rmax_mm"]}
        return lambda diameter_nm, rcf_g, minutes: sedimentation.pelleted_fraction_swing_out(
            given["s_100"] * (diameter_nm / 100) ** 2, rcf_g, minutes, **tube
        )

    @misconception(hint="You let vesicles sink at a steady pace. What does the growing force do to them on their way?")
    def takes_a_steady_pace(self, given):
        def straight(*spin):
            return min(1, given["rmax_mm"] * run(given, *spin) / (given["rmax_mm"] - given["rmin_mm"]))

        return straight

    @misconception(hint="Two things: does the force stay the same on the way down, and can more arrive than there are?")
    def takes_a_steady_pace_without_end(self, given):
        return lambda *spin: given["rmax_mm"] * run(given, *spin) / (given["rmax_mm"] - given["rmin_mm"])

    @misconception(hint="Look at the largest vesicles: can a spin pellet more of them than there are?")
    def lets_fractions_exceed_one(self, given):
        return lambda *spin: below_start(given, run(given, *spin))

    @misconception(hint="Twice the diameter sinks more than twice as fast: read again how s grows.")
    def lets_s_grow_with_the_diameter(self, given):
        return lambda *spin: min(1, below_start(given, run(given, *spin, power=1)))

    @misconception(hint="The duration comes in minutes. What does the formula for r want?")
    def leaves_minutes(self, given):
        return lambda *spin: min(1, below_start(given, run(given, *spin) / 60))

    @misconception(hint="Does every spin pellet everything? Look at the unit of s: one svedberg is a very short time.")
    def leaves_svedberg(self, given):
        return lambda *spin: 1.0

    @misconception(hint="Look at the units in ω²: g is in metres per square second, and your radius?")
    def leaves_millimetres(self, given):
        return lambda *spin: min(1, below_start(given, run(given, *spin) / 1000))

    @misconception(hint="Your whole reaches to the axis of the rotor. Where does the liquid begin?")
    def divides_by_the_largest_radius(self, given):
        return lambda *spin: 1 - exp(-run(given, *spin))

    @misconception(hint="That is what stays in the liquid. The question asks for the pellet.")
    def gives_what_stays(self, given):
        return lambda *spin: 1 - min(1, below_start(given, run(given, *spin)))


@lesson.question(points=4, minutes=12, bloom="analyse")
class recovery(Table):
    """You follow the five spins that the study printed (a **retracted** paper: its protocol is an example here, and no
    recommendation), but your rotor is the {rotor}, your vesicles have a density of {density_g_per_ml} g/mL, and you run
    **both** of the last two spins at {last_g} g. What is left of vesicles of {nm_1}, {nm_2}, {nm_3} and {nm_4} nm?

    Give a table with one row for each diameter and spin (spins 1 to 5):

    - `pelleted_fraction`: which fraction of what was in the tube this spin pellets, 0 to 1
    - `share_kept`: which share of the **original** vesicles goes on after this spin, 0 to 1
    - `final_yield`: which share of the original vesicles is there after spin 5 (the same in all rows of a diameter)

    The printed spins are in `ev.load("centrifugation")` (sample "HUC-MSC culture supernatant"; `kept` says what goes
    on), the rotors in `ev.load("rotors")`. All forces are forces at the rotor's largest radius. Further columns do no
    harm.
    """

    row_key = ("diameter_nm", "spin")
    columns = {"pelleted_fraction": "1", "share_kept": "1", "final_yield": "1"}
    tolerance, absolute = 0.0, 0.002
    hints = (
        "`isolation.protocol_recovery` from the lesson does the work. Three things differ from the lesson's call: the"
        " rotor, the density, and two forces in the table of spins.",
        "Change the forces first and print the five spins. The density goes into the call by its name,"
        " `particle_density_g_per_ml=`.",
    )
    solution = (
        "Take the five printed spins and put {last_g} g into steps 4 and 5; then call"
        " isolation.protocol_recovery([{nm_1}, {nm_2}, {nm_3}, {nm_4}], spins, rotor,"
        " particle_density_g_per_ml={density_g_per_ml}) with the row of {rotor}. The supernatant goes on after spins 1"
        " to 3, the pellet after spins 4 and 5, and each share is multiplied with the one before."
    )

    def given(self, rng):
        # Not the lesson's rotors, nor one that pellets as theirs do, nor one whose wash loses nothing of these sizes.
        rotor = rng.choice(["MLS-50", "Type 50.2 Ti", "Type 60 Ti"])
        sizes = [rng.randint(*between) / 10 for between in ((241, 289), (300, 360), (800, 1300), (1600, 2400))]
        lower = {"density_g_per_ml": rng.randint(1100, 1120) / 1000, "last_g": rng.randint(900, 1200) * 100}
        return {"rotor": rotor} | lower | {f"nm_{place}": nm for place, nm in enumerate(sizes, start=1)}

    def expected(self, given):
        return recovered(given, own_spins(given))

    @misconception(hint="Look at spin 3: the pellet of 10 000 g holds what is too large. Which of the two goes on?")
    def keeps_the_pellet_of_the_third_spin(self, given):
        spins = own_spins(given)
        spins[2] = spins[2] | {"kept": "pellet"}
        return recovered(given, spins)

    @misconception(hint="Look at the last spin: is all of the washed pellet found again, even the smallest vesicles?")
    def takes_the_wash_for_complete(self, given):
        import pandas as pd

        rows = recovered(given, own_spins(given)[:4])
        washed = rows[rows["spin"] == 4].assign(spin=5, pelleted_fraction=1.0)
        return pd.concat([rows, washed], ignore_index=True)

    @misconception(hint="Each share counts from the very beginning; yours starts afresh with every spin.")
    def starts_afresh_with_every_spin(self, given):
        rows = recovered(given, own_spins(given))
        pellet = rows["pelleted_fraction"]
        # The last spin alone then gives the final yield.
        share = pellet.where(rows["spin"] > 3, 1 - pellet)
        return rows.assign(share_kept=share, final_yield=share[rows["spin"] == 5].repeat(5).to_numpy())

    @misconception(hint="Which force do your own last two spins have? Print the table of spins before you use it.")
    def leaves_the_printed_force(self, given):
        return recovered(given, printed_spins())

    @misconception(hint="Two spins differ from the print. Look at the last row of your table of spins.")
    def changes_the_fourth_spin_alone(self, given):
        return recovered(given, [*own_spins(given)[:4], printed_spins()[4]])

    @misconception(hint="Your vesicles have a density of their own. Which one does the model take if you say nothing?")
    def leaves_the_usual_density(self, given):
        return recovered(given | {"density_g_per_ml": sedimentation.VESICLE_DENSITY}, own_spins(given))

    @misconception(hint="Which rotor is yours? This looks like the first one of the lesson.")
    def takes_the_rotor_of_the_lesson(self, given):
        return recovered(given | {"rotor": "SW 32 Ti"}, own_spins(given))

    @misconception(hint="The rotor is yours. Two more things differ from the lesson's call: read the task again.")
    def changes_the_rotor_alone(self, given):
        return recovered(given | {"density_g_per_ml": sedimentation.VESICLE_DENSITY}, printed_spins())

    @misconception(hint="This is the lesson's call with your sizes. Three things differ in your laboratory: which?")
    def repeats_the_call_of_the_lesson(self, given):
        theirs = {"rotor": "SW 32 Ti", "density_g_per_ml": sedimentation.VESICLE_DENSITY}
        return recovered(given | theirs, printed_spins())

    # The last one, because a table without a spin agrees with every other one in all that it has.
    @misconception(hint="Five spins are asked for: washing the pellet is a spin of its own, with a loss of its own.")
    def leaves_out_the_wash(self, given):
        return recovered(given, own_spins(given)[:4])


@lesson.question(points=4, minutes=12, bloom="apply")
class weighting_chart(Chart):
    """Draw your sample twice in one chart: as a curve **by number** and as a curve **by scattered light** (intensity).

    Your sample is log-normal, with a median by number of {median_nm} nm and a spread of {spread}.

    - `size_distribution.lognormal_density(diameter_nm, median_nm, spread, weighting="number")` gives the height of a
      curve at a diameter, per nm. It always wants the median by **number**; only the word for the weighting changes.
    - Use the diameters in `q.weighting_chart.given["diameters_nm"]`, for both curves.
    - Two lines in different colours; diameter on x and height on y, both on plain linear axes; titles with the unit in
      brackets, (nm) and (1/nm).

    Heights within 1 % are right. Columns and curves may have any names.
    """

    channels, tolerance, absolute = ("x", "y", "color"), 0.01, 1e-6
    weights = {"data": 0.6}
    hints = (
        "One long table is easiest: three columns for diameter, height and weighting, the two curves one below the other.",
        "Make one table for each curve, put them together with `pd.concat([…, …])`, and let the column that names the"
        " weighting choose the colour.",
    )
    solution = (
        "One table for each weighting with"
        " size_distribution.lognormal_density(diameter, {median_nm}, {spread}, weighting=…), once with number and once"
        " with intensity; pd.concat; then alt.Chart(curves).mark_line() with x, y and color. The median by light lies at"
        " {median_nm} × exp(6 × {spread}²) nm."
    )

    def given(self, rng):
        median_and_spread = {"median_nm": rng.randint(600, 1100) / 10, "spread": rng.randint(140, 240) / 1000}
        return median_and_spread | {"diameters_nm": list(range(20, 321, 5))}

    def expected(self, given):
        return drawn(curve(given, "number"), curve(given, "intensity"))

    @misconception(hint="One of your curves is weighted by volume, the third power. Which power does light follow?")
    def weights_by_volume(self, given):
        return drawn(curve(given, "number"), curve(given, "volume"))

    @misconception(hint="Under each curve the area is 1: it shows shares. One of yours is far larger than that.")
    def leaves_the_weights_unscaled(self, given):
        by_number = curve(given, "number")
        return drawn(by_number, [(diameter, height * diameter**6) for diameter, height in by_number])

    @misconception(hint="One curve has moved twice: the median that the function wants is the one by number.")
    def weights_twice(self, given):
        shifted = size_distribution.weighted_median(given["median_nm"], given["spread"])
        return drawn(curve(given, "number"), curve(given | {"median_nm": shifted}, "intensity"))

    @misconception(hint="Your curves are equally high. Two curves of shares have something else in common: what?")
    def scales_to_the_peak(self, given):
        by_number, by_light = curve(given, "number"), curve(given, "intensity")
        return drawn(at_height_one(by_number), at_height_one(by_light))

    @misconception(hint="Two curves are asked for. Is there a second table, and a colour for each weighting?")
    def draws_one_curve(self, given):
        return drawn(curve(given, "number"))


@lesson.question(points=2, minutes=6, bloom="analyse")
class large_particles(Number):
    """A report on light scattering shows two peaks: {light_percent} % of the **light** comes from a peak at {large_nm}
    nm, the rest from a peak at {small_nm} nm. How many large particles are there for every **1000 small** ones?

    Work with the rule that one particle scatters light with the sixth power of its diameter. It is an exercise: real
    particles of the size of your large ones scatter less than this rule says, so that the true number is higher. Take
    each peak as particles of one size.
    """

    unit, tolerance = "1", 0.005
    hints = (
        "How much light does a single large particle give, if that of a single small one is the unit?",
        "Light of all large ones = their number × light of one. Write the same for the small ones, divide the two lines,"
        " and solve for the numbers.",
    )
    solution = (
        "One large particle gives ({large_nm} / {small_nm})⁶ times the light of a small one. The light of the two peaks"
        " has the ratio {light_percent} : (100 - {light_percent}). Dividing this ratio by that power and multiplying by"
        " 1000 gives {answer}."
    )

    def given(self, rng):
        small_nm = rng.randint(700, 950) / 10
        large_nm = round(small_nm * rng.uniform(2.5, 3.6), 1)
        return {"light_percent": rng.randint(200, 500) / 10, "small_nm": small_nm, "large_nm": large_nm}

    def expected(self, given):
        return per_thousand(given, size_distribution.WEIGHTINGS["intensity"])

    @misconception(hint="That is the share of the light. A few particles that shine strongly are still few.")
    def takes_light_for_number(self, given):
        return 10 * given["light_percent"]

    @misconception(hint="That is the ratio of the light. How much more of it comes from one large particle?")
    def forgets_that_large_ones_shine_more(self, given):
        return per_thousand(given, 0)

    @misconception(hint="You used the third power, as for volume. Light goes with a higher one.")
    def takes_light_for_volume(self, given):
        return per_thousand(given, size_distribution.WEIGHTINGS["volume"])

    @misconception(hint="You used the ratio of the diameters as it is. Light goes with a power of it.")
    def takes_light_for_diameter(self, given):
        return per_thousand(given, 1)

    @misconception(hint="The small ones do not give 100 % of the light. How much is left for them?")
    def gives_all_the_light_to_the_small_ones(self, given):
        return per_thousand(given, 6) * (100 - given["light_percent"]) / 100

    @misconception(hint="Yours is for one small particle. For how many does the question ask?")
    def counts_for_one_small_particle(self, given):
        return self.expected(given) / 1000

    @misconception(hint="Your large particles outnumber the small ones. Did you multiply where you had to divide?")
    def turns_the_power_round(self, given):
        return per_thousand(given, -6)


@lesson.question(points=7, minutes=15, bloom="evaluate")
class critique(FreeText):
    """Is the size claim of the study well supported? Write 100 to 200 words, as a fair referee would: for each point
    what is printed, the most innocent explanation, and what would settle it.

    This is what the study of 2022 (Ren et al., a **retracted** paper) says about size in its text:

    - Introduction: "extracellular vesicles with diameters of approximately 40–100 nm"
    - Methods: size distribution by "dynamic light scattering (DLS) (Malvern, London, Britain, Mastersizer 3000)"
    - Results: "the overall size distribution was 70 to 130 nm, which was consistent with previous reports [10]"
    - Figure 1, legend: size and morphology by electron microscopy (A), size distribution by DLS (B)

    Look up the paper's status yourself, too. Write first, check, and look at `q.critique.solution()` only then; it has
    seven criteria, with which you score your own text.
    """

    rubric = {
        "method": (1, "says that the instrument named works by laser diffraction and not by dynamic light scattering"),
        "weighting": (1, "asks whether the range is one of number, volume or light, and of which share of the sample"),
        "replicates": (1, "points out that no number of preparations or measurements is given, and no spread"),
        "ranges": (1, "compares 40–100 nm with 70–130 nm and looks at the report that is cited"),
        "claim": (1, "says what even a perfect size could not show: how the vesicles were made"),
        "status": (1, "has checked the paper's status, says where, and guesses no reason"),
        "tone": (1, "offers innocent explanations and says what would settle each point"),
    }
    least_words = 60
    hints = (
        "Ask of the sentence: measured with what, weighted how, on how many samples, compared with what, and in a paper"
        " of which status?",
        "Section 5 of the lesson has the first two, section 1 the last; for the others look for what is not there.",
    )
    solution = "One answer that has everything; yours may say it differently. Then score your own text, honestly:"

    def expected(self, given):
        return MODEL_CRITIQUE

    @misconception(hint="Which classes of the review contain 70 to 130 nm? A size that fits several proves none.")
    def takes_size_for_proof(self, given):
        return "proves that they are exosomes"

    @misconception(hint="Its nominal range does include 100 nm. The point is which principle was used, and its name.")
    def says_that_the_instrument_cannot(self, given):
        return "cannot measure 100 nm"

    @misconception(hint="The reason is not known. Write what is: that it was retracted, when, and where it says so.")
    def guesses_the_reason(self, given):
        return "retracted because"

    @misconception(hint="A fair referee describes the text and not the authors. Which everyday slip would explain it?")
    def accuses(self, given):
        return "the authors lied"


SEEN = {
    "budding": "filmed while it was pinched off outwards from the cell's outer membrane.",
    "endosomal": "filmed while a body inside the cell fused with the outer membrane and set it free.",
}
NUMERAL = {2: "two", 3: "three"}
NAMED = {"budding": "microvesicle", "endosomal": "exosome"}

#: Forces in g, minutes, and how far the spin clears the tube for the vesicle drawn (1 is the cut-off).
CLEARED = (
    ((8_000, 14_000), (20, 45), (0.08, 0.20)),
    ((8_000, 14_000), (20, 45), (0.30, 0.50)),
    ((90_000, 150_000), (40, 100), (0.55, 0.75)),
    ((90_000, 150_000), (40, 100), (0.80, 0.95)),
    ((90_000, 150_000), (40, 100), (1.20, 1.60)),
)

MODEL_CRITIQUE = """\
The study reports 70 to 130 nm by dynamic light scattering and names a Mastersizer 3000, which works by laser
diffraction: another principle, although 100 nm lies within its nominal range. The same maker sells instruments of both
kinds, so perhaps only a model name was mistyped; the file that the instrument exported would settle it.

The sentence does not say whether the range counts particles, volume or light, nor how much of the sample lies in it.
It gives no number of preparations or repeats and no spread. All this may simply have been cut for length, and the
authors could add it in one line.

The introduction says about 40 to 100 nm. Half of that range lies below what was measured. The report that is cited may
well give wider limits: I would look there before calling it a contradiction.

Even a perfect curve from 70 to 130 nm would fit exosomes and microvesicles alike. It shows small extracellular
vesicles, and their route would need evidence of another kind.

Status: the publisher's page says that the paper was retracted on 14 December 2023. I do not know why, and I connect it
with nothing above; but I would quote the size as reported only, and not as evidence."""


def named_by_route(given):
    """Return the names that vesicles 2 and 3 have by the routes that were seen."""
    return {f"{NUMERAL[place]}_{NAMED[route]}" for place, route in enumerate(given["routes"], start=2)}


def drawn_settings(rng, rotors, unit):
    """Return for each rotor a speed or a force within its limits, the unit, and its two radii in mm."""
    lowest, highest = {"rpm": (900, "max_speed_rpm"), "g": (300, "published_rcf_g")}[unit]
    return [[rng.randint(lowest, int(each[highest])), unit, each["rmin_mm"], each["rmax_mm"]] for each in rotors]


@cache
def class_limits():
    """Return the review's limits of exosomes and microvesicles, in nm."""
    return ev.load("ev_classes").set_index("ev_class").loc[["exosome", "microvesicle"], ["min_nm", "max_nm"]]


def shared_nm(given):
    """Return how many nm of a range belong to exosomes and to microvesicles as well."""
    limits = class_limits()
    return min(given["high_nm"], limits["max_nm"].min()) - max(given["low_nm"], limits["min_nm"].max())


def converted(value, unit, radius_mm, *, turns_in=1):
    """Return g for rpm and rpm for g at a radius; `turns_in` is 60 for one who counts turns in seconds."""
    if unit == "rpm":
        return float(sedimentation.relative_centrifugal_force(radius_mm, value * turns_in))
    return float(sedimentation.rotor_speed(value, radius_mm)) / turns_in


def drawn_spin(rng, tube, forces_g, durations_min, clears):
    """Return diameter, force and minutes of a spin that clears a tube of such vesicles as far as wanted."""
    rcf_g, minutes = rng.randint(*(each // 10 for each in forces_g)) * 10, rng.randint(*durations_min)
    exponent = rng.uniform(*clears) * log(tube["rmax_mm"] / tube["rmin_mm"])
    return [round(100 * sqrt(exponent / run(tube, 100, rcf_g, minutes)), 1), rcf_g, minutes]


def run(tube, diameter_nm, rcf_g, minutes, *, power=2):
    """Return the exponent ω²st of a spin; `power` is that of the diameter in s."""
    s = tube["s_100"] * sedimentation.SVEDBERG * (diameter_nm / 100) ** power
    return rcf_g * sedimentation.STANDARD_GRAVITY / (tube["rmax_mm"] / 1000) * s * minutes * 60


def below_start(tube, exponent):
    """Return the length below the start of the last vesicle to arrive, as a share of the liquid, not cut at 1."""
    return tube["rmax_mm"] * (1 - exp(-exponent)) / (tube["rmax_mm"] - tube["rmin_mm"])


def printed_spins():
    """Return the five spins of the study (retracted) as printed: force in g, minutes, and what is kept."""
    return [dict(spin) for spin in protocol()]


@cache
def protocol():
    """Return the printed spins, read once."""
    steps = ev.load("centrifugation").query("sample == 'HUC-MSC culture supernatant'")
    return steps[["rcf_g", "duration_min", "kept"]].to_dict("records")


def own_spins(given):
    """Return the printed spins with the learner's force in the last two."""
    spins = printed_spins()
    return [*spins[:3], *(spin | {"rcf_g": given["last_g"]} for spin in spins[3:])]


def recovered(given, spins):
    """Return what a protocol recovers of the learner's vesicles in the learner's rotor, as a table."""
    import pandas as pd

    sizes = [given[f"nm_{place}"] for place in (1, 2, 3, 4)]
    rotor, density = rotors_by_name()[given["rotor"]], given["density_g_per_ml"]
    rows = [row for nm in sizes for row in followed(nm, spins, rotor, density)]
    return pd.DataFrame(rows, columns=["diameter_nm", "spin", "pelleted_fraction", "share_kept", "final_yield"])


def followed(nm, spins, rotor, density):
    """Return one row for each spin that vesicles of one size go through (`isolation.protocol_recovery`, but faster)."""
    left, rows = 1.0, []
    for number, spin in enumerate(spins, start=1):
        pellet = isolation.pelleted_fraction(
            nm, spin["rcf_g"], spin["duration_min"], rotor, particle_density_g_per_ml=density
        )
        left *= pellet if spin["kept"] == "pellet" else 1 - pellet
        rows.append([nm, number, float(pellet), float(left)])
    return [[*row, float(left)] for row in rows]


@cache
def rotors_by_name():
    """Return the rotors, by name."""
    return {rotor["rotor"]: rotor for rotor in ev.load("rotors").to_dict("records")}


def curve(given, weighting):
    """Return the learner's sample in one weighting, as pairs of diameter in nm and height per nm."""
    import numpy as np

    diameters, sample = np.array(given["diameters_nm"]), (given["median_nm"], given["spread"])
    heights = size_distribution.lognormal_density(diameters, *sample, weighting=weighting)
    return list(zip(diameters.tolist(), heights.tolist(), strict=True))


def at_height_one(pairs):
    """Return a curve scaled to a greatest height of 1."""
    peak = max(height for _, height in pairs)
    return [(diameter, height / peak) for diameter, height in pairs]


def drawn(*curves):
    """Return curves as an Altair chart, in colours where there are several."""
    import altair as alt
    import pandas as pd

    rows = [(*point, place) for place, points in enumerate(curves) for point in points]
    channels = encodings() if len(curves) > 1 else {axis: encodings()[axis] for axis in ("x", "y")}
    return alt.Chart(pd.DataFrame(rows, columns=["diameter_nm", "height", "curve"])).mark_line().encode(**channels)


@cache
def encodings():
    """Return the channels of the chart, made once: Altair takes longer for them than for all the rest."""
    import altair as alt

    x, y = alt.X("diameter_nm:Q").title("diameter (nm)"), alt.Y("height:Q").title("share per nm (1/nm)")
    return {"x": x, "y": y, "color": alt.Color("curve:N").title("weighting")}


def per_thousand(given, power):
    """Return large particles per 1000 small ones, if light goes with a power of the diameter."""
    light = given["light_percent"] / (100 - given["light_percent"])
    return 1000 * light / (given["large_nm"] / given["small_nm"]) ** power
