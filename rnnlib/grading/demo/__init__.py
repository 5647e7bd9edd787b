"""Grade a demonstration class: `python -m rnnlib.grading.demo`.

A small class hands in what students hand in: right, right in unusual ways, wrong in the usual ways,
unfinished, broken. `rnnlib grade` grades it in a temporary course folder; a table says who has how
many points, and why.
"""
