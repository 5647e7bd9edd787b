"""The mistakes of the way back through gates: one name and one hint each, as in `known`."""

from rnnlib.grading.mistake import Known

# From h to c

PATH_THROUGH_H_LOST = Known(
    "the memory's path through h is dropped",
    "The memory c reaches the loss in two ways: through the next memory, and through what else?",
)
MEMORY_CARRY_LOST = Known(
    "the carry dc from later steps is lost",
    "The memory c reaches the loss in two ways: through h, and through what else?",
)
BOTH_CARRIES_LOST = Known(
    "both carries from later steps, dh and dc, are lost",
    "What do later steps say of this state and of this memory?",
)
MEMORY_CARRY_THROUGH_H = Known(
    "the carry dc is sent through o and tanh' too",
    "The carry is a gradient of c already. What would it have to pass on its way?",
)
MEMORY_CARRY_THROUGH_TANH = Known(
    "the carry dc is sent through tanh' too",
    "The carry is a gradient of c already. What would it have to pass on its way?",
)
OUTPUT_GATE_LEFT_OUT = Known(
    "o is left out on the way from h back to c", "With o = 0, what does h still say of c?"
)
OUTPUT_SLOPE_LEFT_OUT = Known(
    "tanh' is left out on the way from h back to c",
    "h = o ⊙ tanh(c). What are all the factors between h and c?",
)
OUTPUT_SLOPE_TWICE = Known(
    "tanh' is taken twice on the way from h back to c",
    "How often does a gradient pass through tanh between h and c?",
)
OUTPUT_SLOPE_OF_TANH = Known(
    "tanh' is taken at tanh(c) instead of c",
    "Is what you square the tanh of c, or the tanh of a tanh?",
)
OUTPUT_SLOPE_OF_C = Known(
    "tanh' is computed as 1 - c²", "Can the slope of tanh be negative? Yours is where c is above 1."
)
OUTPUT_SLOPE_OF_H = Known(
    "tanh' is computed as 1 - h²", "Of what is tanh taken in this cell, and is h its value?"
)
OUTPUT_SLOPE_SQUARE_OUTSIDE = Known(
    "tanh' is computed as (1 - tanh(c))²", "What exactly is squared in the slope of tanh?"
)
OUTPUT_SLOPE_NOT_SQUARED = Known(
    "tanh' is computed as 1 - tanh(c)", "Can the slope of tanh be above 1?"
)

# Through the gates

OWN_FACTORS = Known(
    "i and g have changed places in their gradients",
    "c holds the product of i and g. What is its derivative with respect to i?",
)
SIGMOID_SLOPE_LEFT_OUT = Known(
    "the sigmoid's slope is left out at the gates",
    "What happens to a gradient on its way from a gate back to its pre-activation?",
)
SIGMOID_SLOPE_TWICE = Known(
    "the sigmoid's slope is taken twice at the gates",
    "How often does a gradient pass through the sigmoid of a gate?",
)
SIGMOID_SLOPE_OF_GATE = Known(
    "the sigmoid's slope is taken at the gate's value instead of its pre-activation",
    "A gate's value is σ(a) already. Is yours the σ of a, or the σ of a σ?",
)
TANH_SLOPE_FOR_SIGMOID = Known(
    "the gates have the slope of tanh instead of the sigmoid's",
    "Which function made a gate, and what is the slope of that one?",
)
INPUT_SLOPE_LEFT_OUT = Known(
    "the sigmoid's slope is left out at the input gate",
    "Compare the three gates: do all of their gradients pass the same function?",
)
FORGET_SLOPE_LEFT_OUT = Known(
    "the sigmoid's slope is left out at the forget gate",
    "Compare the three gates: do all of their gradients pass the same function?",
)
READING_SLOPE_LEFT_OUT = Known(
    "the sigmoid's slope is left out at the output gate",
    "Compare the three gates: do all of their gradients pass the same function?",
)
UPDATE_SLOPE_LEFT_OUT = Known(
    "the sigmoid's slope z(1 - z) is left out at the update gate",
    "Compare the two gates: do both of their gradients pass the same function?",
)
RESET_SLOPE_LEFT_OUT = Known(
    "the sigmoid's slope r(1 - r) is left out at the reset gate",
    "Compare the two gates: do both of their gradients pass the same function?",
)
SIGMOID_SLOPE_IS_GATE = Known(
    "the sigmoid's slope is taken for the gate itself",
    "How fast does a gate move that is already fully open?",
)
CANDIDATE_SLOPE_LEFT_OUT = Known(
    "tanh' is left out at the candidate",
    "What happens to a gradient on its way from the candidate back to its pre-activation?",
)
CANDIDATE_SLOPE_TWICE = Known(
    "tanh' is taken twice at the candidate",
    "How often does a gradient pass through the candidate's tanh?",
)
CANDIDATE_SLOPE_OF_TANH = Known(
    "tanh' is taken at the candidate's value instead of its pre-activation",
    "The candidate is a tanh already. Is what you square the tanh of a, or the tanh of a tanh?",
)
CANDIDATE_SIGMOID_SLOPE = Known(
    "the candidate has the slope of the sigmoid instead of that of tanh",
    "Which function made the candidate, and what is the slope of that one?",
)
CANDIDATE_SLOPE_NOT_SQUARED = Known(
    "tanh' is taken for one minus the candidate", "Can the slope of tanh be above 1?"
)
OUTPUT_GATE_OF_C = Known(
    "the output gate's gradient has c instead of tanh(c)",
    "What exactly does the output gate multiply?",
)
OUTPUT_GATE_FROM_C = Known(
    "the output gate's gradient is taken from that of c instead of h",
    "Which of the two, h or c, is made with the output gate?",
)
FACTORS_SWAPPED = Known(
    "the factors of the input and the forget gate are in each other's place",
    "Which of the two gates multiplies the candidate, and which the old memory?",
)
CURRENT_MEMORY_FOR_PREVIOUS = Known(
    "c_t stands where the memory before, c_{t-1}, belongs",
    "Which memory does the forget gate multiply?",
)
INPUT_FACTOR_LEFT_OUT = Known(
    "the candidate is left out of the input gate's gradient",
    "With a candidate of 0, does the input gate matter?",
)
FORGET_FACTOR_LEFT_OUT = Known(
    "the old memory is left out of the forget gate's gradient",
    "With nothing in the memory, does the forget gate matter?",
)
OUTPUT_FACTOR_LEFT_OUT = Known(
    "tanh(c) is left out of the output gate's gradient",
    "With nothing in the memory, does the output gate matter?",
)
CANDIDATE_FACTOR_LEFT_OUT = Known(
    "the input gate is left out of the candidate's gradient",
    "With the input gate closed, does the candidate matter?",
)

# To the step before

MEMORY_CARRY_WITHOUT_F = Known(
    "the carry dc is not multiplied by f",
    "With f = 0, what does a memory still say of the one before it?",
)
MEMORY_CARRY_OF_CARRY = Known(
    "the carry dc hands on what came from later only, not what came through h",
    "What arrives at c_t in all? All of it goes on to c_{t-1}.",
)
MEMORY_CARRY_WITH_I = Known(
    "the carry dc is multiplied by i instead of f", "Which gate multiplies the old memory?"
)
MEMORY_GRADIENT_SET_TO_UPSTREAM = Known(
    "the gradient of the memory before is set to the upstream gradient",
    "How does c_prev enter c? Follow that way back.",
)
MEMORY_GRADIENT_ZERO = Known(
    "the gradient of the initial memory is left zero",
    "The memory before the first step is an argument like any other: move it, and the loss moves.",
)
MEMORY_CARRY_PILES_UP = Known(
    "the carry dc is added up over the steps instead of replaced",
    "How much of what step t + 2 sent back reaches step t without passing through step t + 1?",
)
MEMORY_FOR_STATE = Known(
    "the memory before stands where the state before belongs, in the gradient of W",
    "Of the two things that a step hands on, which does W multiply?",
)
