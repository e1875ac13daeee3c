"""What names mean: rope finds and parses the modules, a flow-sensitive evaluator says what each expression can be."""
