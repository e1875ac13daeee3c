"""What does a run cost, in units of the work that nobody can avoid: parsing the same files once?"""
