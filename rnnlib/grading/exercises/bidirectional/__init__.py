"""Two plain networks on one sequence, one in each direction."""
