"""Grade a demonstration class with nbgrader: `python -m rnnlib.grading.demo`.

A small class hands in what students hand in: right, right in unusual ways, wrong in the usual ways,
unfinished, broken. nbgrader releases the problem set, grades it and keeps the scores, in a
temporary course folder; a table says who has how many points, and why.
"""
