"""The mistakes that turn up in several exercises: one name and one hint each.

An exercise says what the mistake changes in its own solution:

    TANH_SLOPE_LEFT_OUT(("dh * (1 - h**2)", "dh"))

Names say what was done. Hints ask a question or say where to look, and never give the line.
"""

from rnnlib.grading.mistake import Known

# The forward equations

TANH_LEFT_OUT = Known(
    "tanh is left out", "In what range should a state lie, and in what range do yours lie?"
)
SIGMOID_FOR_TANH = Known(
    "the sigmoid stands where tanh belongs", "Can one of your states be negative?"
)
SOFTMAX_OVER_EVERYTHING = Known(
    "the sum of the softmax runs over everything",
    "What does each row of your probabilities add up to?",
)
SOFTMAX_OVER_STEPS = Known(
    "the sum of the softmax runs over the steps instead of the classes",
    "What does each row of your probabilities add up to, and what each column?",
)
SOFTMAX_OVER_BATCH = Known(
    "the sum of the softmax runs over the batch instead of the classes",
    "What does each row of your probabilities add up to, and what each column?",
)
READOUT_BIAS_LEFT_OUT = Known(
    "the bias of the readout is left out", "What comes out when the state is zero?"
)
RELU_FOR_TANH = Known(
    "the rectifier (ReLU) stands where tanh belongs", "Can one of your states be negative?"
)
BIAS_BEYOND_TANH = Known(
    "the bias is added after tanh", "In what range should a state lie, and in what do yours?"
)
TANH_OF_A_PART = Known(
    "tanh is taken of one summand only", "In what range should a state lie, and in what do yours?"
)
BIAS_LEFT_OUT = Known(
    "the bias is left out", "With x = 0 and a zero state before, what should come out?"
)
BIAS_TWICE = Known("the bias is added twice", "With x = 0 and a zero state before, what comes out?")
W_TRANSPOSED = Known(
    "W and its transpose are mixed up",
    "W is square, so no shape complains. Write one entry of this product as a sum, and look which "
    "index of W is summed over.",
)
U_TRANSPOSED = Known(
    "U and its transpose are mixed up",
    "U is (H, D) and x is (B, D). Which of their axes has to be summed over?",
)
STATE_WITHOUT_W = Known(
    "the state before is added without W", "Which of the three parameters did you not use?"
)
STATE_LEFT_OUT = Known(
    "the state before is left out", "What does the network still know of the step before?"
)
INPUT_LEFT_OUT = Known("the input is left out", "Change x: does anything move?")
FIRST_STATE_FORGOTTEN = Known(
    "the initial state h0 is forgotten: the first step starts from zeros",
    "What is the state before the first step?",
)
FIRST_STATE_EVERYWHERE = Known(
    "h0 is used at every step",
    "What is the state before the third step, and where does it come from?",
)
FIRST_STATE_FROM_THE_END = Known(
    "the last state stands where the initial state h0 belongs",
    "In Python, which state is h[t - 1] at t = 0?",
)
CURRENT_STATE_FOR_PREVIOUS = Known(
    "h_t stands where the state before, h_{t-1}, belongs",
    "Which state is it that W multiplies at step t?",
)
LAST_STATE_EVERYWHERE = Known(
    "every step has the last state",
    "Compare h[0] with h[-1]. Do all entries of your list lead to one and the same array?",
)
ONE_STEP_LATE = Known(
    "the states are one step late", "Is the first state that you return made from the first input?"
)
LAST_STEP_ONLY = Known(
    "the loop goes through the last step only",
    "Print the steps that your loop goes through. Where does your return stand?",
    together=True,
)
STEPS_REVERSED = Known(
    "the loop over the steps runs the wrong way",
    "Which step has to be known first?",
    together=True,
)
SOFTMAX_ADDED = Known(
    "a softmax is applied", "Should the numbers of one sequence add up to 1 here?"
)


# The loss

LOSS_MEAN_OVER_TIME = Known(
    "the loss is averaged over the steps instead of summed",
    "A sequence twice as long: should its loss be the same, or about twice as large?",
)
BASE_2 = Known(
    "the logarithm to base 2 is taken",
    "The loss is in nats. What is the loss of two classes, each with the probability 1/2?",
)
CLASSES_FROM_1 = Known(
    "the classes are counted from 1",
    "Which of K = 4 probabilities belongs to the class 3?",
)
LOSS_WRONG_SIGN = Known(
    "the loss has the wrong sign", "Can the logarithm of a probability be positive?"
)

# The way back through one step

UPSTREAM_LEFT_OUT = Known(
    "the upstream gradient is ignored", "If the loss did not depend on h, what should come out?"
)
H_GRADIENT_SET_TO_UPSTREAM = Known(
    "the gradient of the state before is set to the upstream gradient",
    "How does h_prev enter h? Follow that way back.",
)
STATE_GRADIENT_ZERO = Known(
    "the gradient of the initial state is left zero",
    "The state before the first step is an argument like any other: move it a little, and the loss "
    "moves.",
)
W_GRADIENT_TRANSPOSED = Known(
    "dW is transposed",
    "W is square, so no shape complains. Does row i of dW belong to row i of W?",
)

U_GRADIENT_TRANSPOSED = Known("dU is transposed", "A gradient has the shape of what it belongs to.")
U_FOR_W = Known(
    "U stands where W belongs", "Which of the two matrices was it that multiplied the state before?"
)
STATE_GRADIENT_BEFORE_W = Known(
    "the gradient of the initial state stops short of W",
    "da is the gradient of a at the first step. How does h0 enter that a?",
)

SLOPE_ON_COLUMNS = Known(
    "tanh' multiplies the columns of W instead of its rows",
    "Which entry of the new state does a row of W make? Its slope belongs there.",
)

# Sums

MEAN_OVER_BATCH = Known(
    "the mean over the batch is taken instead of the sum",
    "Where is the division by B in the function that you differentiate?",
)
MEAN_OVER_TIME = Known(
    "the mean over the steps is taken instead of the sum",
    "Where is the division by T in the function that you differentiate?",
)
MEAN_OVER_BATCH_AND_TIME = Known(
    "the mean over the batch and the steps is taken instead of the sum",
    "Where is the division by B and T in the function that you differentiate?",
)
BIAS_MEAN = Known(
    "the bias's gradient is a mean over the batch, not a sum",
    "Why should the bias be treated otherwise than the weights? Put a 1 in the place of x.",
)
SUM_OVER_BATCH = Known(
    "the sum over the batch is taken instead of the mean",
    "If every sequence came twice, what should happen to the value?",
)
BIAS_OVER_EVERYTHING = Known(
    "the bias's gradient is summed over everything",
    "Every unit has a bias of its own. Over which axes is it shared?",
)
BIAS_FROM_ROWS = Known(
    "the rows of the weights' gradient are summed for the bias",
    "What stands in the place of x where the bias enters?",
)
BIAS_NOT_SUMMED = Known(
    "the bias's gradient is not summed over the batch",
    "One bias serves all sequences. How many gradients does it receive?",
)
BIAS_BECOMES_A_MATRIX = Known(
    "a row is added to a column: the bias's gradient becomes a matrix",
    "What shape does the bias have, and what shape has what you add to its gradient?",
)
OVERWRITTEN = Known(
    "the gradients are overwritten at every step, not summed",
    "The same parameters are used at every step. What is left of what the other steps said?",
)

# Time

CARRY_LOST = Known(
    "the carry from later steps is lost",
    "A state moves the loss in two ways, directly and through the state after it. Which of the two "
    "is there?",
)
CARRY_BEYOND_TANH = Known(
    "the carry is added behind tanh'",
    "The carry is a gradient of h, not of a. What lies between the two?",
)
CARRY_WITHOUT_TANH = Known(
    "the carry passes through W, but not through tanh'",
    "Between h_t and h_{t-1} lie two functions. Which of them does your carry pass?",
)
CARRY_WITHOUT_W = Known(
    "the carry does not pass through W", "How does h_{t-1} enter a_t? Follow that way back."
)
CARRY_PILES_UP = Known(
    "the carry is added up over the steps instead of replaced",
    "How much of what step t + 2 sent back reaches step t without passing through step t + 1?",
)
TRUNCATED_AT_ONE_STEP = Known(
    "the gradient is cut off after one step",
    "What does the carry hand on: what arrived at this step in all, or the direct part only?",
)
CARRY_COUNTED_TWICE = Known(
    "the last step's direct gradient is counted twice",
    "What reaches the last step from later ones? Look at what your carry starts with.",
)
DIRECT_PART_LOST = Known(
    "only the last step's direct gradient is used",
    "A state moves the loss directly too. At which steps do you add that?",
)
BACK_FROM_ZEROS = Known(
    "on the way back the first step is taken to begin at zeros, not at h0",
    "Which state did the first step start from when you went forward?",
)
FIRST_STEP_MISSED = Known(
    "the loop ends before the first step",
    "Print the steps that your loop goes through.",
    together=True,
)
