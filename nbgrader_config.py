"""The course as nbgrader sees it; `solutions/README.md` says how a problem set is run."""

c = get_config()

c.CourseDirectory.course_id = "rnn"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# What nbgrader writes while it works; git ignores all of it.
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"
c.CourseDirectory.db_url = "sqlite:///gradebook.db"

# nbgrader's own steps, with two of ours: everything except the students' own answers is restored to
# the release; and where nbgrader would run a check in the student's process, that process is asked
# for answers, and judged here.
c.Autograde.sanitize_preprocessors = [
    "rnnlib.grading.verification.preprocessors.RestoreCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "rnnlib.grading.verification.preprocessors.VerifiedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Students' code runs in a sandbox; where there is none, nothing is graded. False turns it off:
# students' code then runs with your rights, on your files and your network.
c.VerifiedExecute.sandbox = True

# To repeat a run, the seed that its graded notebooks have in their metadata; None draws a new one.
c.VerifiedExecute.seed = None

# A check stops by itself after 10 seconds; this is for the other cells, and for a whole notebook.
c.VerifiedExecute.timeout = 60
c.VerifiedExecute.notebook_timeout = 600
