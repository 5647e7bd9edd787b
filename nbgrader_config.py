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

# A check stops by itself after 10 seconds; this is for cells that are not checks.
c.Execute.timeout = 60
