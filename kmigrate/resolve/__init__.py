"""What names mean: a flow-sensitive evaluator says what each expression can be, and rope what it takes an unknown object for."""
