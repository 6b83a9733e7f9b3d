"""One question of each kind, for the tests of the engine; its subject is geometry, so that nobody looks here for facts."""

import random

from evcourse.questions import (
    Chart,
    Choice,
    Choices,
    FreeText,
    Function,
    Lesson,
    Number,
    OrderedList,
    Set,
    SignedPath,
    Table,
    VirtualStudy,
    misconception,
)

lesson = Lesson("A lesson for tests")


@lesson.question(points=2, minutes=3, bloom="apply")
class circle(Number):
    """How long is the circumference of a circle of diameter {d_mm} mm?

    - `pi` is in Python's `math` module
    - **one** number
    """

    unit, tolerance = "mm", 0.001
    hints = ("How often does the diameter go into the circumference?", "Multiply the diameter by `math.pi`.")
    solution = "The circumference is pi times the diameter, pi × {d_mm} mm = {answer} mm."

    def given(self, rng: random.Random):
        return {"d_mm": rng.randint(1000, 9999) / 100}

    def expected(self, given):
        return 3.141592653589793 * given["d_mm"]

    @misconception(hint="You were given the diameter, not the radius.")
    def takes_the_diameter_for_the_radius(self, given):
        return 2 * self.expected(given)

    @misconception(hint="That is the area.")
    def gives_the_area(self, given):
        return self.expected(given) * given["d_mm"] / 4


@lesson.question(points=1, minutes=1, bloom="remember")
class corners(Choice):
    """Which shape has sides of {a}, {a} and {a} mm?"""

    options = {"equilateral": "a regular triangle", "square": "a square", "cube": "a cube"}
    hints = ("Count the sides.", "Are all of them equally long?")
    solution = "Three equal sides: {answer}."

    def given(self, rng):
        return {"a": rng.randint(2, 90)}

    def expected(self, given):
        return "equilateral"

    @misconception(hint="A plane shape has no depth.")
    def thinks_in_space(self, given):
        return "cube"


@lesson.question(points=3, minutes=2, bloom="understand")
class flat(Choices):
    """Which of these are plane shapes?"""

    options = {"circle": "a circle", "ball": "a ball", "square": "a square", "cone": "a cone", "kite": "a kite"}
    hints = ("Which can be drawn without perspective?", "Two dimensions only.")
    solution = "{answer}"

    def expected(self, given):
        return {"circle", "square", "kite"}

    @misconception(hint="Not everything round is plane.")
    def takes_round_for_plane(self, given):
        return {"circle", "ball", "cone"}


@lesson.question(points=2, minutes=2, bloom="apply")
class divisors(Set):
    """Which whole numbers divide {n}?"""

    noun, tolerance = "divisor", 0.0
    shared = "few numbers have few divisors, and two learners may get the same number"
    hints = ("Try every number up to the number itself.", "Divisors come in pairs.")
    solution = "{answer}"

    def given(self, rng):
        return {"n": rng.randint(30, 900) * 6}

    def expected(self, given):
        return {each for each in range(1, given["n"] + 1) if given["n"] % each == 0}

    @misconception(hint="One divides everything, and so does the number itself.")
    def leaves_out_the_ends(self, given):
        return self.expected(given) - {1, given["n"]}


@lesson.question(points=2, minutes=2, bloom="remember")
class planets(OrderedList):
    """Name the three innermost planets, from the sun outwards."""

    noun = "planet"
    hints = ("The hottest is not the innermost.", "The evening star is in the middle.")
    solution = "{answer}"

    def expected(self, given):
        return ["Mercury", "Venus", "Earth"]

    @misconception(hint="You counted towards the sun.")
    def counts_inwards(self, given):
        return self.expected(given)[::-1]


@lesson.question(points=4, minutes=8, bloom="analyse")
class circles(Table):
    """Circumference and area of circles of {diameters} mm."""

    row_key, columns = ("d_mm",), {"circumference_mm": "mm", "area_mm2": "mm²", "size": "text"}
    tolerance = 0.002
    hints = ("One row for each diameter.", "Which power of the diameter is an area?")
    solution = "Circumference pi × d, area pi × d² / 4."

    def given(self, rng):
        return {"diameters": sorted(rng.sample(range(20, 900), 4))}

    def expected(self, given):
        return self.table(given, 4)

    @misconception(hint="The area uses the radius, half the diameter.")
    def takes_the_diameter_for_the_radius(self, given):
        return self.table(given, 1)

    def table(self, given, divisor):
        import pandas as pd

        rows = [(d, 3.14159265 * d, 3.14159265 * d**2 / divisor, "big" if d > 400 else "small") for d in given["diameters"]]
        return pd.DataFrame(rows, columns=["d_mm", "circumference_mm", "area_mm2", "size"])


@lesson.question(points=3, minutes=6, bloom="apply")
class cone(Function):
    """Write `cone(radius_cm, height_cm)`, the volume of a cone."""

    signature, unit, tolerance = "cone(radius_cm, height_cm)", "cm³", 0.005
    hints = ("A cone is part of a cylinder.", "How many cones fill the cylinder?")
    solution = "`return math.pi * radius_cm**2 * height_cm / 3`"

    def given(self, rng):
        return {"sizes": [[rng.randint(10, 99) / 10, rng.randint(10, 99) / 10] for _ in range(4)]}

    def inputs(self, given):
        return [tuple(each) for each in given["sizes"]]

    def expected(self, given):
        return lambda radius, height: 3.141592653589793 * radius**2 * height / 3

    @misconception(hint="That is the whole cylinder.")
    def gives_the_cylinder(self, given):
        return lambda radius, height: 3.141592653589793 * radius**2 * height


@lesson.question(points=4, minutes=8, bloom="apply")
class growth(Chart):
    """Draw square and cube of 1 to {n} as two lines over a linear axis in mm."""

    channels, tolerance = ("x", "y", "color"), 0.001
    shared = "there are only so many lengths of a line"
    hints = ("Two series in one long table.", "Colour tells the series apart.")
    solution = "A table with the columns side, value and power; `mark_line`."

    def given(self, rng):
        return {"n": rng.randint(4, 90)}

    def expected(self, given):
        return self.chart(given, 3)

    @misconception(hint="One of the lines is of the wrong power.")
    def draws_the_fourth_power(self, given):
        return self.chart(given, 4)

    def chart(self, given, power):
        import altair as alt
        import pandas as pd

        rows = [(float(x), float(x**p), f"power {p}") for p in (2, power) for x in range(1, given["n"] + 1)]
        powers = pd.DataFrame(rows, columns=["side", "value", "series"])
        x, y = alt.X("side:Q").title("Side (mm)"), alt.Y("value:Q").title("Value")
        return alt.Chart(powers).mark_line().encode(x=x, y=y, color="series:N")


@lesson.question(points=2, minutes=4, bloom="analyse")
class chain(SignedPath):
    """Along which path does sun act on ice, and with which sign?"""

    hints = ("Follow the arrows.", "Two minus signs make a plus.")
    solution = "{answer}"

    def edges(self, given):
        return [("sun", "+", "warmth"), ("warmth", "-", "ice"), ("ice", "-", "sea level"), ("sun", "+", "ice")]

    def expected(self, given):
        return [("sun", "+", "warmth"), ("warmth", "-", "ice")]

    @misconception(hint="The sign of the last arrow is part of the path's.")
    def stops_after_the_first_sign(self, given):
        return [("sun", "+", "ice")]


@lesson.question(points=4, minutes=20, bloom="create")
class study(VirtualStudy):
    """Find out in laboratory {laboratory} how exosomes act, with {budget} points."""

    hints = ("Which two worlds would look the same?", "What would be seen without exosomes?")
    solution = "Four arms."

    def given(self, rng):
        return {"laboratory": rng.randrange(10**9), "spread": 0.15, "budget": 260}

    def design(self, given, **changed):
        from evcourse.models import laboratory

        plan = {"arms": ["PMO", "PMO+Exo", "PMO+MK", "PMO+Exo+MK"], "assays": ["output", "PI3K level", "PTEN level"]}
        plan |= {"animals": 8, "hours": 72, "blinded": True, "contrast": "gain under inhibitor"}
        return laboratory.plan(**plan | changed)

    @misconception(hint="Who reads the plates?")
    def reads_unblinded(self, given):
        return self.answered(self.design(given, blinded=False), given)

    @misconception(hint="What would be left of the gain?")
    def leaves_out_an_arm(self, given):
        arms = ["PMO", "PMO+Exo", "PMO+Exo+MK"]
        return self.answered(self.design(given, arms=arms, contrast="drop"), given)

    @misconception(hint="Data change what one knew before.")
    def learns_nothing(self, given):
        from evcourse.models import laboratory

        return self.answered(self.design(given), given, probabilities=dict.fromkeys(laboratory.ALTERNATIVES, 0.25))


@lesson.question(points=3, minutes=10, bloom="evaluate")
class roundness(FreeText):
    """Is the earth a ball?"""

    rubric = {"shape": (2, "says how it differs from a ball"), "evidence": (1, "gives an observation")}
    least_words = 8
    hints = ("Think of ships.", "Think of the poles, too.")
    solution = "A model answer:"

    def expected(self, given):
        return "Nearly: ships sink below the horizon hull first, and the earth is a little flattened at its poles."

    @misconception(hint="What would a traveller going straight on find?")
    def thinks_it_flat(self, given):
        return "the earth is flat"
