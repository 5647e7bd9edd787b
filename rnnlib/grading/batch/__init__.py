"""Grade a class: many submissions at once, in processes or a cluster, and one writer."""
