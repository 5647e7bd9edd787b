"""The mistakes in the slope of tanh on the way back: one name and one hint each, as in `known`.

tanh'(a) = 1 - h²,   h = tanh(a)
"""

from rnnlib.grading.mistake import Known

LEFT_OUT = Known(
    "tanh' is left out",
    "What happens to a gradient on its way from h back to a = U x + W h_prev + b?",
)
TWICE = Known("tanh' is taken twice", "How often does a gradient pass through tanh in one step?")
OF_H = Known(
    "tanh' is taken at h instead of a",
    "You have h = tanh(a) already. Is what you square the tanh of a, or the tanh of a tanh?",
)
OF_A = Known(
    "tanh' is computed as 1 - a², with a in the place of h",
    "The slope of tanh at a can be written with a, or shorter with h. Is it between 0 and 1?",
)
NOT_SQUARED = Known(
    "tanh' is computed as 1 - h", "Differentiate tanh once more: can its slope be above 1?"
)
SQUARE_OUTSIDE = Known(
    "tanh' is computed as (1 - h)²", "What exactly is squared in the slope of tanh?"
)
PLUS = Known("tanh' is computed as 1 + h²", "Can a slope of tanh be above 1? Yours is everywhere.")
IS_SQUARE = Known(
    "tanh' is computed as h²", "What is the slope of tanh at 0, and what is yours there?"
)
SUBTRACTED = Known(
    "h² is subtracted from dh: parentheses are missing",
    "Multiplication comes before subtraction. What exactly does dh multiply?",
)
OF_SIGMOID = Known(
    "the slope of the sigmoid stands where that of tanh belongs",
    "Which function made h, and what is its slope at 0?",
)
OF_UPSTREAM = Known(
    "tanh' is taken of the upstream gradient",
    "The slope of tanh depends on where the step is, the gradient multiplies it. Which is which?",
)
OF_OTHER_STEP = Known(
    "tanh' is taken of the state before", "Which state does this step's gradient arrive at?"
)
