"""How the work of a run is divided and done: tasks of some files each, performed here, by processes, or by a cluster."""
