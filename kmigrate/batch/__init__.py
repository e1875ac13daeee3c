"""Many repositories: which they are, what became of each, how a batch goes on after an interruption, and the roll-up."""
