"""What do other ways to rewrite Python cost for ten of our rules, in units of `ast.parse` of the same files?"""
